"""Ballot forms of every kind, drawn by Hypothesis; they keep §4.1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import strategies as st

from appraisal.ballot_form import (
    Instrument,
    Limit,
    Option,
    Question,
    QuestionKind,
    SubjectKind,
    Text,
    most_of,
)
from tests.reference.drawing import flip, pick, whole

SIDES = [(True, False), (False, True), (False, False)]
KINDS = [None, None, *SubjectKind]
LIMITED = {QuestionKind.GRADES, QuestionKind.CHOICE}


def named(prefix: str, number: int) -> Text:
    return Text(f"{prefix}{number}", f"{prefix}{number}")


def grades(draw: st.DrawFn) -> Question:
    """Grades, best first; up to two more stand outside the scale, anywhere."""
    scale = [pick(draw, [100, 80, 60, 40, 0, 1000, 33]) for _ in range(whole(draw, 1, 5))]
    points: list[int | None] = [*sorted(scale, reverse=True)]
    for _ in range(pick(draw, [0, 1, 1, 2])):
        points.insert(whole(draw, 0, len(points)), None)
    options = []
    for number, value in enumerate(points):
        positive, negative = (False, False) if value is None else pick(draw, SIDES)
        options.append(Option(named("等次", number), positive, negative, points=value))
    return Question(QuestionKind.GRADES, named("题", 0), flip(draw), tuple(options))


def choice() -> Question:
    chosen = Option(Text("推选", "chosen"), positive=True, negative=False, points=100)
    return Question(QuestionKind.CHOICE, named("题", 0), required=False, options=(chosen,))


def ticks(draw: st.DrawFn) -> Question:
    count = whole(draw, 1, 5)
    items = tuple(Option(named("项", n), positive=False, negative=False) for n in range(count))
    most = pick(draw, [None, *range(1, count)])
    return Question(QuestionKind.TICKS, named("题", 0), flip(draw), items, most=most)


def score(draw: st.DrawFn) -> Question:
    """A score with bands; a band may begin at the highest score itself."""
    highest = pick(draw, [1, 5, 10, 100, 200])
    lowest = {whole(draw, 1, highest) for _ in range(whole(draw, 0, 3))}
    bands = []
    for number, at_least in enumerate([*sorted(lowest, reverse=True), 0]):
        positive, negative = pick(draw, SIDES)
        bands.append(Option(named("段", number), positive, negative, at_least=at_least))
    return Question(QuestionKind.SCORE, named("题", 0), flip(draw), tuple(bands), highest=highest)


def question(draw: st.DrawFn, kinds: Sequence[QuestionKind]) -> Question:
    match pick(draw, kinds):
        case QuestionKind.GRADES:
            return grades(draw)
        case QuestionKind.CHOICE:
            return choice()
        case QuestionKind.TICKS:
            return ticks(draw)
        case QuestionKind.SCORE:
            return score(draw)


def limits(draw: st.DrawFn, questions: Sequence[Question]) -> tuple[Limit, ...]:
    """One to three limits on options of grades and choices, each by number or by share."""
    able = [
        (q, o)
        for q, asked in enumerate(questions)
        if asked.kind in LIMITED
        for o in range(len(asked.options))
    ]
    made: dict[tuple[int, int, SubjectKind | None], Limit] = {}
    for _ in range(pick(draw, [1, 1, 2, 3])):
        number, option = pick(draw, able)
        kind = pick(draw, KINDS)
        least = pick(draw, [0, 0, 1, 2])
        share = pick(draw, [None, None, (1, 3), (1, 2), (2, 7), (1, 1)])
        most = None if share else least + whole(draw, 0 if least else 1, 2)
        made[number, option, kind] = Limit(number, option, least, most, share, kind)
    return tuple(made.values())


def instruments(draw: st.DrawFn) -> list[Instrument]:
    """One to three forms, with limits or without."""
    forms = []
    for number in range(pick(draw, [1, 1, 2, 3])):
        asked = [question(draw, list(QuestionKind)) for _ in range(pick(draw, [1, 1, 2, 3]))]
        own: tuple[Limit, ...] = ()
        if flip(draw):
            if not any(one.kind in LIMITED for one in asked):
                asked.append(question(draw, [QuestionKind.GRADES, QuestionKind.CHOICE]))
            own = limits(draw, asked)
        forms.append(Instrument(f"form-{number}", named("表", number), tuple(asked), own))
    return forms


def kept(form: Instrument, ballots: Sequence[Sequence[SubjectKind]], members: int) -> Instrument:
    """The form, its limits eased until ballots with subjects of these kinds can keep them."""
    return replace(form, limits=tuple(_eased(limit, ballots, members) for limit in form.limits))


def _eased(limit: Limit, ballots: Sequence[Sequence[SubjectKind]], members: int) -> Limit:
    there = min(sum(limit.kind in {None, kind} for kind in kinds) for kinds in ballots)
    if not most_of(limit, members=members):
        limit = replace(limit, share=(1, 1))
    return replace(limit, least=min(limit.least, there, most_of(limit, members=members)))
