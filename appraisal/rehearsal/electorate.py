"""The people of a rehearsal: what each intends to do and to answer, from a seed.

Only people are drawn from the seed. Keys, codes and trackers come from the system's own source, so
that a rehearsal on a real service is as secret as a real session.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from appraisal.ballot_form import BallotForm, Bounds, Question, QuestionKind
from appraisal.ballots.ballot import fault_of
from appraisal.manifest import BoxNumber, Manifest

BLANK_SHARE: Final = 0.03
UNKNOWN_SHARE: Final = (0.01, 0.12)
"""How often a question is left blank; how often 不了解 is chosen, by the first class and others."""


class Habit(Enum):
    """What a person does with a slip."""

    VOTES = "votes"
    RETRIES = "retries"
    """Casts, loses the answer on the way, and sends the same ballots again."""
    GIVES_UP = "gives-up"
    """Draws, and never casts."""
    STAYS_AWAY = "stays-away"
    """Holds an active slip and never uses it."""


@dataclass(frozen=True)
class Person:
    """One holder of a slip: class, habit, and the answers of each ballot, one a place."""

    voter_class: int
    habit: Habit
    answers: tuple[tuple[int, ...], ...]

    @property
    def casts(self) -> bool:
        """Whether this person's ballots end in the box."""
        return self.habit in {Habit.VOTES, Habit.RETRIES}


def people(
    manifest: Manifest, *, casting: Sequence[int], gave_up: int, away: int, seed: int
) -> tuple[Person, ...]:
    """So many of each class that cast, and so many in all that draw in vain or stay away.

    They come in a random order; one in ten of those that cast sends twice.
    """
    rng = random.Random(seed)  # noqa: S311 - people, not keys
    merits = [rng.uniform(0.4, 0.85) for _ in manifest.subjects]
    habits = [
        (voter_class, Habit.RETRIES if rng.random() < 0.1 else Habit.VOTES)
        for voter_class, count in enumerate(casting)
        for _ in range(count)
    ]
    habits += [
        (i % len(casting), Habit.GIVES_UP if i < gave_up else Habit.STAYS_AWAY)
        for i in range(gave_up + away)
    ]
    rng.shuffle(habits)
    return tuple(
        Person(
            voter_class,
            habit,
            tuple(
                _answers(form, [merits[n] for n in contest.subjects], voter_class, rng)
                for form, contest in zip(manifest.forms, manifest.contests, strict=True)
            ),
        )
        for voter_class, habit in habits
    )


def _answers(
    form: BallotForm, merits: Sequence[float], voter_class: int, rng: random.Random
) -> tuple[int, ...]:
    """A ballot that keeps the form's limits; one without any answer where that cannot be done."""
    answers = [
        value
        for merit in merits
        for question in form.instrument.questions
        for value in _answer(question, merit, voter_class, rng)
    ]
    for bounds in form.bounds:
        _keep(bounds, answers, form, rng)
    # A step down for one limit may break another.
    return tuple(answers) if fault_of(answers, form) is None else (0,) * form.size


def _keep(bounds: Bounds, answers: list[int], form: BallotForm, rng: random.Random) -> None:
    """Give the limited option to a number of subjects that is allowed, drawn by chance."""
    places = [subject * form.width + bounds.place for subject in bounds.subjects]
    given = [place for place in places if answers[place] == bounds.value]
    others = [place for place in places if answers[place] != bounds.value]
    for place in rng.sample(given, max(len(given) - bounds.most, 0)):
        # A grade one step down; a choice is not made.
        answers[place] = bounds.value + 1 if bounds.value < form.places[place] else 0
    for place in rng.sample(others, max(bounds.least - len(given), 0)):
        answers[place] = bounds.value


def _answer(
    question: Question, merit: float, voter_class: int, rng: random.Random
) -> tuple[int, ...]:
    match question.kind:
        case QuestionKind.GRADES:
            outside = [option.points is None for option in question.options]
            return (_grade(outside, merit, voter_class, rng),)
        case QuestionKind.CHOICE:
            return (int(rng.random() < merit),)
        case QuestionKind.TICKS:
            ticked = [rng.random() < (1 - merit) / 2 for _ in question.options]
            most = question.most or len(ticked)
            chosen = [i for i, one in enumerate(ticked) if one]
            kept = set(rng.sample(chosen, min(most, len(chosen))))
            return tuple(int(i in kept) for i in range(len(ticked)))
        case QuestionKind.SCORE:
            if rng.random() < BLANK_SHARE:
                return (0,)
            highest = question.highest or 0
            points = round(highest * min(1, max(0, rng.gauss(0.5 + merit / 2, 0.1))))
            return (points + 1,)


def _grade(outside: list[bool], merit: float, voter_class: int, rng: random.Random) -> int:
    if rng.random() < BLANK_SHARE:
        return 0
    unknown = [i for i, is_outside in enumerate(outside, 1) if is_outside]
    if unknown and rng.random() < UNKNOWN_SHARE[min(voter_class, 1)]:
        return unknown[0]
    scale = [i for i, is_outside in enumerate(outside, 1) if not is_outside]
    # The better the subject, the sooner a person stops walking down the scale.
    for grade in scale[:-1]:
        if rng.random() < merit:
            return grade
    return scale[-1]


def known_counts(
    manifest: Manifest, cast: Iterable[Person]
) -> dict[BoxNumber, tuple[tuple[int, ...], ...]]:
    """What the boxes must hold: per box and place the ballots with answer 0, 1 and so on."""
    chosen: Counter[tuple[BoxNumber, int, int]] = Counter()
    for person in cast:
        for contest, answers in enumerate(person.answers):
            box = manifest.box(contest=contest, voter_class=person.voter_class)
            chosen.update((box, place, answer) for place, answer in enumerate(answers))
    return {
        box: tuple(
            tuple(chosen[box, place, answer] for answer in range(most + 1))
            for place, most in enumerate(manifest.form_of(box).places)
        )
        for box in map(BoxNumber, range(len(manifest.boxes)))
    }


def unticked_lists(manifest: Manifest, cast: Iterable[Person]) -> dict[tuple[BoxNumber, int], int]:
    """How many ballots of a box left a whole list unticked, by the list's first place."""
    left: Counter[tuple[BoxNumber, int]] = Counter()
    lists = [tuple(_lists(form)) for form in manifest.forms]
    for person in cast:
        for contest, answers in enumerate(person.answers):
            box = manifest.box(contest=contest, voter_class=person.voter_class)
            for first, size in lists[contest]:
                left[box, first] += not any(answers[first : first + size])
    return left


def _lists(form: BallotForm) -> Iterator[tuple[int, int]]:
    """Where each list to tick begins on a ballot, and how many items it has."""
    for start in range(0, form.size, form.width):
        for question, place in zip(form.instrument.questions, form.starts, strict=True):
            if question.kind is QuestionKind.TICKS:
                yield start + place, len(question.places)
