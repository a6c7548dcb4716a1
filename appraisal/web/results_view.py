"""The result of a session as its pages show it, in both languages (protocol §5, §6.1).

Every number is printed as `appraisal.tally` printed it; only the widths of bars are worked out
here, from counts, in thousandths. Subjects stand in the order of the report,
organisations first and persons by strokes, so that nobody is named first by score. A form with
limits has its subjects on one ballot and is therefore shown as a whole, every subject on the same
scale.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from appraisal.ballot_form import Instrument, Question, QuestionKind, SubjectKind, Text
from appraisal.documents.listing import in_order, labels
from appraisal.documents.ranking import Ranked
from appraisal.manifest import Manifest
from appraisal.tally.results import (
    ContestResult,
    Figure,
    GroupResult,
    GroupStatus,
    Outcome,
    QuestionCount,
    QuestionResult,
    Results,
    Status,
)
from appraisal.web import result_words

SHOWN_IN_BAR: Final = 80
"""Thousandths of a bar from which a part of it has room for its number."""
PATTERNS: Final = 6
"""Grades from the sixth on share a pattern."""


@dataclass(frozen=True)
class Part:
    """One answer's part of a bar; `start` and `width` in thousandths of the bar."""

    name: Text
    pattern: str
    count: int
    percent: str
    start: int
    width: int

    @property
    def labelled(self) -> bool:
        """Whether there is room for its number."""
        return self.width >= SHOWN_IN_BAR


@dataclass(frozen=True)
class Bar:
    """The answers of one group to a question about one subject; the last part is 弃权."""

    label: Text
    parts: tuple[Part, ...]
    blank: Part
    valid: int
    score: str
    positive: str
    negative: str

    @property
    def answers(self) -> tuple[Part, ...]:
        """Every option and, last, 弃权."""
        return (*self.parts, self.blank)


@dataclass(frozen=True)
class Marks:
    """S, P and N of a question over all groups, as printed; empty where there is none.

    A choice has its share of votes alone, and no answer to it is negative.
    """

    score: str
    positive: str
    negative: str


@dataclass(frozen=True)
class AskedView:
    """A question: its kind, what its options are called, and their patterns."""

    kind: str
    text: Text
    positive_called: Text
    legend: tuple[tuple[Text, str], ...]
    blank_called: Text


@dataclass(frozen=True)
class QuestionView:
    """A question about one subject: a bar for each opened group, and what they come to."""

    asked: AskedView
    bars: tuple[Bar, ...]
    marks: Marks


@dataclass(frozen=True)
class GroupView:
    """Issued, returned, valid and spoilt of one group; `sealed`: why two are not told."""

    label: Text
    issued: int
    returned: int
    valid: int | None
    spoilt: int | None
    sealed: Text | None


@dataclass(frozen=True)
class FormView:
    """A subject's own ballot under one form; `title` where the session has several forms."""

    title: Text | None
    score: str
    groups: tuple[GroupView, ...]
    questions: tuple[QuestionView, ...]
    notes: tuple[Text, ...]


@dataclass(frozen=True)
class SubjectView:
    """A subject with its outcome, why, and its own ballots.

    `label`: its name, with what tells it apart from others of that name. `verdict`: whether the
    rules are met, in short. `findings`: the same in full. `standing`: its
    place, or why there is none. `flags`: red flags. `parts` are its scores under several forms.
    `votes` where it is ranked by their share alone, which is then `score` in per cent.
    """

    number: int
    name: str
    label: str
    post: str
    kind: SubjectKind
    outcome: Outcome
    outcome_said: Text
    rank: int | None
    votes: int | None
    score: str
    turnout: str
    verdict: tuple[Text, ...]
    findings: tuple[Text, ...]
    standing: tuple[Text, ...]
    flags: tuple[Text, ...]
    forms: tuple[FormView, ...]
    parts: tuple[tuple[Text, str], ...]

    @property
    def reasons(self) -> tuple[Text, ...]:
        """Red flags; then why it has its outcome: verdict, place, what its own ballots lack."""
        lacking = (note for form in self.forms for note in form.notes)
        return (*self.flags, *self.verdict, *self.standing, *lacking)


@dataclass(frozen=True)
class RowView:
    """One subject's answers on a ballot that has several; `place` by votes, for a selection."""

    number: int
    place: int
    name: str
    kind: SubjectKind
    bars: tuple[Bar, ...]
    marks: Marks


@dataclass(frozen=True)
class WholeQuestion:
    """One question of a ballot with several subjects: a row each, on one scale."""

    asked: AskedView
    rows: tuple[RowView, ...]


@dataclass(frozen=True)
class WholeView:
    """A ballot with several subjects on it."""

    number: int
    title: Text
    groups: tuple[GroupView, ...]
    questions: tuple[WholeQuestion, ...]
    notes: tuple[Text, ...]


@dataclass(frozen=True)
class ResultsView:
    """Everything that a page of results says; a void session has neither subjects nor ballots.

    `by_votes`: all are ranked by their share of votes, and no other score is told.
    """

    void: bool
    results: Results
    subjects: tuple[SubjectView, ...]
    whole: tuple[WholeView, ...]
    quota: int
    quota_organisations: int | None
    by_votes: bool

    @property
    def organisations(self) -> tuple[SubjectView, ...]:
        """Organisations in their order."""
        return tuple(s for s in self.subjects if s.kind is SubjectKind.ORGANISATION)

    @property
    def persons(self) -> tuple[SubjectView, ...]:
        """Persons in their order."""
        return tuple(s for s in self.subjects if s.kind is SubjectKind.PERSON)

    @property
    def ranked(self) -> tuple[SubjectView, ...]:
        """Persons as the recommendation has them: by rank, then those outside it as listed."""
        return _by_rank(self.persons)

    @property
    def ranked_organisations(self) -> tuple[SubjectView, ...]:
        """Organisations by rank where they have one."""
        return _by_rank(self.organisations)


def results_view(manifest: Manifest, results: Results) -> ResultsView:
    """The results of an opened session, or of one that is void."""
    void = results.status is Status.VOID
    named, ranked = labels(manifest), Ranked(manifest, results)
    return ResultsView(
        void=void,
        results=results,
        subjects=tuple(
            _subject(ranked, number, named[number])
            for number in (() if void else in_order(manifest))
        ),
        whole=tuple(
            _whole(manifest, contest)
            for contest in results.contests
            if manifest.forms[contest.contest].instrument.whole
        ),
        quota=manifest.rules.quota,
        quota_organisations=manifest.rules.quota_organisations,
        by_votes=ranked.by_votes,
    )


def _by_rank(subjects: Sequence[SubjectView]) -> tuple[SubjectView, ...]:
    return tuple(sorted(subjects, key=lambda s: (s.rank is None, s.rank or 0, s.number)))


def _subject(ranked: Ranked, number: int, label: str) -> SubjectView:
    manifest, results = ranked.manifest, ranked.results
    subject, result = manifest.subjects[number], ranked.result(number)
    own = [(results.contests[contest], place) for contest, place in manifest.stands[number]]
    scores = [
        (
            manifest.forms[one.contest].instrument.title,
            # The one choice of a form is told as a share of votes.
            _printed(found.score) + "%" * _selects(manifest.forms[one.contest].instrument),
        )
        for one, place in own
        if (found := one.subjects[place]).score is not None
    ]
    return SubjectView(
        number=number,
        name=subject.name,
        label=label,
        post=subject.post,
        kind=subject.kind,
        outcome=result.outcome,
        outcome_said=result_words.outcome_of(manifest, subject.kind, result),
        rank=result.rank,
        votes=ranked.votes(number),
        score=_printed(result.score),
        turnout=result.turnout.printed,
        verdict=tuple(result_words.verdict(manifest, result)),
        findings=tuple(result_words.findings(manifest, result)),
        standing=tuple(result_words.standing(ranked, number)),
        flags=tuple(result_words.flags(manifest, result)),
        forms=tuple(
            _form(manifest, one)
            for one, _ in own
            if not manifest.forms[one.contest].instrument.whole
        ),
        parts=tuple(scores) if len(own) > 1 else (),
    )


def _selects(instrument: Instrument) -> bool:
    """Whether a form's score is the share of votes of its one choice."""
    return [q.kind for q in instrument.questions if q.scaled] == [QuestionKind.CHOICE]


def _form(manifest: Manifest, contest: ContestResult) -> FormView:
    """The one subject's ballot of a form without limits."""
    instrument = manifest.forms[contest.contest].instrument
    opened = [g for g in contest.groups if g.status is GroupStatus.OPENED]
    (found,) = contest.subjects
    return FormView(
        title=instrument.title if len(manifest.instruments) > 1 else None,
        score=_printed(found.score),
        groups=tuple(_group(manifest, group) for group in contest.groups),
        questions=tuple(
            QuestionView(
                _asked(question),
                tuple(_bar(manifest, question, g, g.subjects[0][n]) for g in opened),
                _marks(question, found.questions[n]),
            )
            for n, question in enumerate(instrument.questions if opened else ())
        ),
        notes=(
            *result_words.notes(manifest, contest),
            *result_words.unanswered(manifest, contest, 0),
        ),
    )


def _whole(manifest: Manifest, contest: ContestResult) -> WholeView:
    instrument = manifest.forms[contest.contest].instrument
    opened = [g for g in contest.groups if g.status is GroupStatus.OPENED]
    return WholeView(
        number=contest.contest,
        title=instrument.title,
        groups=tuple(_group(manifest, group) for group in contest.groups),
        questions=tuple(
            WholeQuestion(_asked(question), _rows(manifest, contest, opened, n))
            for n, question in enumerate(instrument.questions if opened else ())
        ),
        notes=tuple(result_words.notes(manifest, contest, spoilt=False)),
    )


def _rows(
    manifest: Manifest, contest: ContestResult, opened: Sequence[GroupResult], number: int
) -> tuple[RowView, ...]:
    """A row for each subject; those of a selection by votes, with the place of each."""
    question = manifest.forms[contest.contest].instrument.questions[number]
    on_ballot = manifest.contests[contest.contest].subjects
    marks = [one.questions[number] for one in contest.subjects]
    listed = {subject: at for at, subject in enumerate(in_order(manifest))}
    found = sorted(
        zip(on_ballot, range(len(on_ballot)), marks, strict=True), key=lambda one: listed[one[0]]
    )
    if question.kind is QuestionKind.CHOICE:
        found.sort(key=lambda one: -_exact(one[2].positive))
    kinds = [subject.kind for subject in manifest.subjects]
    before: Counter[SubjectKind] = Counter()
    places: dict[tuple[SubjectKind, Fraction], int] = {}
    for subject, _, mark in found:
        before[kinds[subject]] += 1
        # Each kind among its own; equal shares stand on one place: 1-2-2-4.
        places.setdefault((kinds[subject], _exact(mark.positive)), before[kinds[subject]])
    names = labels(manifest)
    return tuple(
        RowView(
            number=subject,
            place=places[kinds[subject], _exact(mark.positive)],
            name=names[subject],
            kind=kinds[subject],
            bars=tuple(_bar(manifest, question, g, g.subjects[place][number]) for g in opened),
            marks=_marks(question, mark),
        )
        for subject, place, mark in found
    )


def _exact(figure: Figure | None) -> Fraction:
    return Fraction(figure.exact) if figure is not None else Fraction(-1)


def _asked(question: Question) -> AskedView:
    return AskedView(
        kind=question.kind.value,
        text=question.text,
        positive_called=result_words.positive_of(question),
        legend=tuple(
            (result_words.option_of(question, place), _pattern(question, place))
            for place in range(len(question.options))
        ),
        blank_called=result_words.blank_of(question),
    )


def _pattern(question: Question, place: int) -> str:
    """The pattern of an answer: by its place from the best, or that of answers off the scale."""
    option = question.options[place]
    if question.kind is QuestionKind.GRADES and option.points is None:
        return "outside"
    if question.kind is QuestionKind.TICKS:
        return "grade-0"
    return f"grade-{min(place, PATTERNS - 1)}"


def _bar(manifest: Manifest, question: Question, group: GroupResult, counted: QuestionCount) -> Bar:
    """Parts beside each other; of a list to tick each from the left edge, of all valid ballots."""
    ticks = question.kind is QuestionKind.TICKS
    whole = (group.valid or 0) if ticks else sum(counted.counts) + counted.blank
    parts: list[Part] = []
    before = 0
    for place, count in enumerate((*counted.counts, counted.blank)):
        # Edges are rounded, not widths, so that no gap and no overlap is left between parts.
        start = 0 if ticks else _thousandths(before, whole)
        before = count if ticks else before + count
        last = place == len(counted.counts)
        parts.append(
            Part(
                name=(
                    result_words.blank_of(question)
                    if last
                    else result_words.option_of(question, place)
                ),
                pattern="blank" if last else _pattern(question, place),
                count=count,
                percent=counted.percent[place],
                start=start,
                width=_thousandths(before, whole) - start,
            )
        )
    marks = _marks(question, counted)
    return Bar(
        label=result_words.group_of(manifest, group),
        parts=tuple(parts[:-1]),
        blank=parts[-1],
        valid=group.valid or 0,
        score=marks.score,
        positive=marks.positive,
        negative=marks.negative,
    )


def _thousandths(part: int, whole: int) -> int:
    return part * 1000 // whole if whole else 0


def _group(manifest: Manifest, group: GroupResult) -> GroupView:
    return GroupView(
        label=result_words.group_of(manifest, group),
        issued=group.issued,
        returned=group.returned,
        valid=group.valid,
        spoilt=group.spoilt,
        sealed=result_words.sealed_of(manifest, group),
    )


def _marks(question: Question, found: QuestionResult | QuestionCount) -> Marks:
    """What is told of them: 0.00 where no answer could be negative would be no finding."""
    opposed = any(option.negative for option in question.options)
    return Marks(
        "" if question.kind is QuestionKind.CHOICE else _printed(found.score),
        _printed(found.positive),
        _printed(found.negative) if opposed else "",
    )


def _printed(figure: Figure | None) -> str:
    return figure.printed if figure is not None else ""
