"""Sessions drawn by chance, of every form and rule and their combinations, with plain ballots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from random import Random

from appraisal.ballot_form import (
    Instrument,
    Limit,
    Option,
    Question,
    QuestionKind,
    SubjectKind,
)
from appraisal.counting_rules import (
    BelowFloor,
    Denominator,
    EmptyBallot,
    EmptyClass,
    Percentages,
    Rules,
    Threshold,
    Ties,
)
from appraisal.errors import ManifestError
from appraisal.manifest import Box, Contest, Manifest, Subject, VoterClass
from appraisal.tally.results import SlipCount
from tests.manifest_cases import modulus
from tests.world import make_world, text

Ballot = tuple[str, tuple[int, ...]] | None
"""A tracker in hex and the answers; None where it cannot be read."""


@cache
def _base() -> Manifest:
    return make_world(subjects=1).manifest


@cache
def _modulus(number: int) -> bytes:
    return modulus(number)


def session(chance: Random) -> tuple[Manifest, list[SlipCount], list[list[Ballot]]]:
    """A manifest, slips by class and ballots by box, some of them spoilt."""
    while True:
        try:
            manifest = _manifest(chance)
            break
        except ManifestError:
            continue  # a limit that nobody could keep
    most = [chance.choice((0, 1, 3, 6, 9, 12)) for _ in manifest.classes]
    slips = []
    for number, voter_class in enumerate(manifest.classes):
        issued = max(most[number], voter_class.slips - chance.randint(0, 4))
        drawn = chance.randint(most[number], issued)
        slips.append(SlipCount(issued + 2, issued, drawn, 2))
    boxes = [
        [
            _ballot(manifest, box.contest, chance)
            for _ in range(max(most[box.voter_class] - chance.choice((0, 0, 0, 1)), 0))
        ]
        for box in manifest.boxes
    ]
    return manifest, slips, boxes


def _manifest(chance: Random) -> Manifest:
    base = _base()
    kinds = [chance.choice(tuple(SubjectKind)) for _ in range(chance.randint(1, 5))]
    instruments = [_instrument(n, chance) for n in range(chance.randint(1, 2))]
    contests: list[Contest] = []
    for number, instrument in enumerate(instruments):
        order = list(range(len(kinds)))
        if instrument.limits:
            chance.shuffle(order)
            contests.append(Contest(tuple(order), number))
        else:
            contests += [Contest((subject,), number) for subject in order]
    classes = chance.choice(((100,), (60, 40), (100, 0), (50, 30, 20)))
    boxes = [(c, v) for c in range(len(contests)) for v in range(len(classes))]
    shares = any(limit.share for instrument in instruments for limit in instrument.limits)
    return replace(
        base,
        instruments=tuple(instruments),
        subjects=tuple(Subject(kind, f"对象{n}", "") for n, kind in enumerate(kinds)),
        contests=tuple(contests),
        classes=tuple(
            VoterClass(text(f"类{n}"), chance.randint(2, 16), chance.randint(6, 12), weight)
            for n, weight in enumerate(classes)
        ),
        boxes=tuple(Box(c, v, (_modulus(n),)) for n, (c, v) in enumerate(boxes)),
        rules=_rules(chance, members=chance.randint(3, 9) if shares else 0),
    )


def _rules(chance: Random, *, members: int) -> Rules:
    denominator = chance.choice((Denominator.ANSWERS, *Denominator))
    return replace(
        _base().rules,
        floor=chance.randint(2, 6),
        below_floor=chance.choice(tuple(BelowFloor)),
        empty_class=chance.choice(tuple(EmptyClass)),
        empty_ballot=chance.choice(tuple(EmptyBallot)),
        denominator=denominator,
        percentages=chance.choice(tuple(Percentages)),
        decimals=chance.randint(0, 6),
        trim=chance.randint(0, 3) if denominator is Denominator.ANSWERS else 0,
        quorum=_threshold(chance),
        turnout=_threshold(chance),
        positive=_threshold(chance),
        negative=_threshold(chance),
        quota=chance.randint(0, 3),
        quota_organisations=chance.choice((None, 0, 1, 2)),
        ties=chance.choice(tuple(Ties)),
        members=members,
    )


def _threshold(chance: Random) -> Threshold | None:
    share = chance.choice((None, (1, 2), (2, 3), (4, 5), (1, 3), (1, 4), (2, 4)))
    return share and Threshold(share, over=chance.random() < 0.5)


def _instrument(number: int, chance: Random) -> Instrument:
    questions = tuple(_question(n, chance) for n in range(chance.randint(1, 4)))
    can_be_limited = [
        (n, option)
        for n, question in enumerate(questions)
        if question.kind in {QuestionKind.GRADES, QuestionKind.CHOICE}
        for option in range(len(question.options))
    ]
    limits = []
    if can_be_limited and chance.random() < 0.5:
        chosen = chance.sample(can_be_limited, min(len(can_be_limited), chance.randint(1, 2)))
        limits = [_limit(question, option, chance) for question, option in chosen]
    return Instrument(f"form-{number}", text(f"测评表{number}"), questions, tuple(limits))


def _limit(question: int, option: int, chance: Random) -> Limit:
    kind = chance.choice((None, None, *SubjectKind))
    least, most = chance.choice(((0, 1), (0, 2), (1, 1), (1, 2), (0, None)))
    share = None if most else chance.choice(((1, 3), (1, 2), (1, 1)))
    return Limit(question, option, least=least, most=most, share=share, kind=kind)


def _question(number: int, chance: Random) -> Question:
    kind = chance.choice(tuple(QuestionKind))
    names = [text(f"选项{n}") for n in range(6)]
    most = highest = None
    options: list[Option]
    match kind:
        case QuestionKind.GRADES:
            points = sorted(chance.choices((0, 20, 50, 70, 80, 100), k=chance.randint(1, 4)))[::-1]
            sides = [chance.choice("+- ") for _ in points]
            options = [
                Option(name, points=p, positive=side == "+", negative=side == "-")
                for name, p, side in zip(names, points, sides, strict=False)
            ]
            if chance.random() < 0.7:
                options.append(Option(text("不了解"), positive=False, negative=False))
        case QuestionKind.CHOICE:
            options = [Option(names[0], points=100, positive=True, negative=False)]
        case QuestionKind.TICKS:
            options = [
                Option(name, positive=False, negative=False)
                for name in names[: chance.randint(1, 5)]
            ]
            most = chance.choice((None, *range(1, len(options))))
        case QuestionKind.SCORE:
            highest = chance.choice((1, 5, 10, 100, 200))
            lowest = sorted({0, *chance.choices(range(highest + 1), k=2)}, reverse=True)
            options = [
                Option(name, positive=i == 0, negative=i == len(lowest) - 1 > 0, at_least=least)
                for i, (name, least) in enumerate(zip(names, lowest, strict=False))
            ]
    return Question(
        kind,
        text(f"问题{number}"),
        required=False,
        options=tuple(options),
        most=most,
        highest=highest,
    )


def _ballot(manifest: Manifest, contest: int, chance: Random) -> Ballot:
    form = manifest.forms[contest]
    if chance.random() < 0.03:
        return None
    if chance.random() < 0.08:
        answers: Sequence[int] = (0,) * form.size
    else:
        # Mostly within each place, now and then beyond.
        answers = [
            min(most + 1, 255) if chance.random() < 0.004 else _value(most, chance)
            for most in form.places
        ]
    tracker = "ab" * 16 if chance.random() < 0.03 else chance.randbytes(16).hex()
    return tracker, tuple(answers)


def _value(most: int, chance: Random) -> int:
    return 0 if chance.random() < 0.3 else chance.randint(0, most)
