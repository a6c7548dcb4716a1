"""The ballots of a session, or a form with example names, as the voter's page will show them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from flask_babel import gettext

from appraisal.ballot_form import (
    Bounds,
    Instrument,
    Limit,
    Question,
    QuestionKind,
    SubjectKind,
    bounds_of,
)
from appraisal.manifest import Contest, Subject
from appraisal.web.office.setup.ballots_form import limit_words
from appraisal.web.office.words import texted


@dataclass(frozen=True)
class Ballot:
    """One page of the voter's: its form, whom it is about, how far each limit is.

    `named`: its subject has other ballots too, so the form's title stands there.
    """

    instrument: Instrument
    subjects: tuple[Subject, ...]
    limits: tuple[str, ...] = ()
    named: bool = False

    @property
    def ticking(self) -> bool:
        """Whether names are ticked instead of questions answered."""
        questions = self.instrument.questions
        return len(questions) == 1 and questions[0].kind is QuestionKind.CHOICE

    @property
    def groups(self) -> list[tuple[str, list[Subject]]]:
        """The subjects to tick, with a heading where organisations and persons are mixed."""
        mixed = len({subject.kind for subject in self.subjects}) > 1
        return [
            (_heading(kind) if mixed else "", list(found))
            for kind, found in groupby(self.subjects, key=lambda subject: subject.kind)
        ]

    @property
    def asked_once(self) -> Question | None:
        """The one question of all rows, unless the title says it."""
        question, *more = self.instrument.questions
        said = texted(question.text) in texted(self.instrument.title)
        return None if more or said else question


def ballots_of(
    instruments: Sequence[Instrument],
    subjects: Sequence[Subject],
    contests: Sequence[Contest],
    *,
    members: int,
) -> list[Ballot]:
    """The ballots of a session in the voter's order."""
    times = Counter(number for contest in contests for number in contest.subjects)
    return [
        Ballot(
            instruments[contest.instrument],
            about := tuple(subjects[number] for number in contest.subjects),
            tuple(_lines(instruments[contest.instrument], about, members=members)),
            named=times[contest.subjects[0]] > 1,
        )
        for contest in contests
    ]


def example_of(instrument: Instrument) -> Ballot:
    """A form with example subjects of the kinds that it is made for, as many as it needs."""
    kinds = {instrument.limited(limit) for limit in instrument.limits} or {instrument.kind}
    found: list[Subject] = []
    for kind in (SubjectKind.ORGANISATION, SubjectKind.PERSON):
        if kind not in kinds and not (None in kinds and kind is SubjectKind.PERSON):
            continue
        limited = [limit.least for limit in instrument.limits if limit.kind in {None, kind}]
        for number in range(1, 2 + max(3, *limited) if instrument.whole else 2):
            if kind is SubjectKind.PERSON:
                name, post = gettext("示例%(number)s", number=number), gettext("职务")
            else:
                name, post = gettext("示例党支部%(number)s", number=number), ""
            found.append(Subject(kind, name, post))
    return Ballot(instrument, tuple(found), tuple(_lines(instrument, found, members=0)))


def _lines(instrument: Instrument, subjects: Sequence[Subject], *, members: int) -> Iterator[str]:
    """Each limit as the page begins to tell it, with nobody chosen yet."""
    kinds = tuple(subject.kind for subject in subjects)
    bounds = bounds_of(instrument, kinds, members=members)
    for limit, numbers in zip(instrument.limits, bounds, strict=True):
        if limit.share is not None and not members:
            yield limit_words(instrument, limit, members=0)
        else:
            yield _begun(instrument, limit, numbers)


def _begun(instrument: Instrument, limit: Limit, bounds: Bounds) -> str:
    question = instrument.questions[limit.question]
    option = texted(question.options[limit.option].text)
    alone = len(instrument.questions) == 1 and question.kind is QuestionKind.CHOICE
    values = {
        "least": bounds.least,
        "most": bounds.most,
        "unit": _unit(instrument.limited(limit)),
    }
    if bounds.least == bounds.most:
        said = gettext("须选 %(most)s %(unit)s · 已选 0", **values)
    elif bounds.least and bounds.most >= len(bounds.subjects):
        said = gettext("至少 %(least)s %(unit)s · 已选 0", **values)
    elif bounds.least:
        said = gettext("须选 %(least)s 到 %(most)s %(unit)s · 已选 0", **values)
    else:
        said = gettext("最多 %(most)s %(unit)s · 已选 0", **values)
    return said if alone else gettext("%(option)s：%(said)s", option=option, said=said)


def _unit(kind: SubjectKind | None) -> str:
    match kind:
        case SubjectKind.ORGANISATION:
            return gettext("个组织")
        case SubjectKind.PERSON:
            return gettext("人")
        case None:
            return gettext("个")


def _heading(kind: SubjectKind) -> str:
    return gettext("组织") if kind is SubjectKind.ORGANISATION else gettext("个人")
