"""Ballots in plain out of bytes drawn at random: most are honest, some break each rule of §4.5."""

from __future__ import annotations

from appraisal.ballot_form import BallotForm

Plain = bytes | None
"""A plaintext, or None for a ballot that does not decrypt."""


def length_of(form: BallotForm, size: int) -> int:
    """How many bytes are drawn for a box of so many ballots."""
    return size * (len(form.places) + 2)


def box_of(form: BallotForm, drawn: bytes, size: int, *, box: int) -> tuple[Plain, ...]:
    """Box number `box` with so many ballots, each out of its share of the drawn bytes."""
    length = length_of(form, 1)
    ballots: list[Plain] = []
    for number in range(size):
        fate, extra, *answers = drawn[number * length : (number + 1) * length]
        # Not in order of casting; some agree on one tracker.
        own = bytes([extra]) + box.to_bytes(12, "big") + number.to_bytes(3, "big")
        tracker = bytes(16) if 233 <= fate < 243 else own
        ballots.append(plain_of(form, fate, extra, bytes(answers), tracker))
    return tuple(ballots)


def plain_of(form: BallotForm, fate: int, extra: int, drawn: bytes, tracker: bytes) -> Plain:
    """One ballot; `fate` says what its voter, or whoever wrote its program, does."""
    answers = [byte % (most + 1) for byte, most in zip(drawn, form.places, strict=True)]
    first = 1
    if 200 <= fate < 214:
        answers = [0 for _ in answers]
    elif 214 <= fate < 222:
        place = extra % len(answers)
        answers[place] = min(form.places[place] + 1 + drawn[place] % 3, 255)
        first = 1 if extra % 5 else 0
    elif 222 <= fate < 227:
        first = extra if extra != 1 else 2
    elif 227 <= fate < 233:
        return None
    elif not 180 <= fate < 200:
        keep_limits(form, answers, extra)
    return bytes([first]) + tracker + bytes(answers)


def keep_limits(form: BallotForm, answers: list[int], extra: int) -> None:
    """Change answers until lists are not overticked and, limit by limit, each limit is kept."""
    for start, question in zip(form.starts, form.instrument.questions, strict=True):
        for subject in range(form.subjects if question.most else 0):
            places = range(
                start + subject * form.width, start + subject * form.width + len(question.places)
            )
            ticked = [place for place in places if answers[place]]
            for place in ticked[question.most :]:
                answers[place] = 0
    for bounds in form.bounds:
        places_of = [subject * form.width + bounds.place for subject in bounds.subjects]
        most = min(bounds.most, len(places_of))
        wanted = bounds.least + extra % (most - bounds.least + 1)
        given = [place for place in places_of if answers[place] == bounds.value]
        for place in given[wanted:]:
            answers[place] = 0
        others = [place for place in places_of if answers[place] != bounds.value]
        for place in others[: max(wanted - len(given), 0)]:
            answers[place] = bounds.value
