"""The result of a session as the page shows it: words beside every figure, nothing computed anew.

Every number is printed as `appraisal.tally` printed it; only the widths of bars are worked out
here, from counts, in tenths of a per cent.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext

from appraisal.ballot_form import Instrument, SubjectKind
from appraisal.counting_rules import EmptyClass
from appraisal.manifest import Manifest, SessionId, Subject
from appraisal.steps import publish, setup
from appraisal.steps.service import Service
from appraisal.tally.results import (
    ContestResult,
    Finding,
    GroupResult,
    GroupStatus,
    Outcome,
    QuestionCount,
    Results,
    Rule,
    Status,
)
from appraisal.web.office import words

SHOWN_IN_BAR = 80
"""Tenths of a per cent from which a segment has room for its number."""


@dataclass(frozen=True)
class Segment:
    """One grade's part of a bar; `start` and `width` in thousandths of the bar."""

    name: str
    pattern: str
    count: int
    percent: str
    start: int
    width: int
    labelled: bool


@dataclass(frozen=True)
class Bar:
    """The answers of one group to one question; `blank` is 弃权."""

    label: str
    segments: tuple[Segment, ...]
    blank: int
    blank_percent: str
    valid: int
    score: str
    positive: str


@dataclass(frozen=True)
class QuestionView:
    """One question with a bar for each opened group, and what they come to together."""

    text: str
    bars: tuple[Bar, ...]
    score: str
    positive: str


@dataclass(frozen=True)
class GroupView:
    """Issued, returned, valid and spoilt of one group; `sealed`: why two are not told."""

    label: str
    issued: int
    returned: int
    valid: int | None
    spoilt: int | None
    sealed: str


@dataclass(frozen=True)
class SubjectView:
    """A subject with its outcome, the reasons for it in short and in full, its questions."""

    number: int
    subject: Subject
    outcome: Outcome
    outcome_words: str
    rank: int | None
    score: str
    turnout: str
    reasons: tuple[str, ...]
    findings: tuple[str, ...]
    groups: tuple[GroupView, ...]
    questions: tuple[QuestionView, ...]


@dataclass(frozen=True)
class ResultsView:
    """Everything that the result's page says."""

    void: bool
    results: Results
    subjects: tuple[SubjectView, ...]
    legend: tuple[tuple[str, str], ...]

    @property
    def ranked(self) -> tuple[SubjectView, ...]:
        """Persons as the recommendation has them: by rank, then those outside it as listed."""
        persons = [s for s in self.subjects if s.subject.kind is SubjectKind.PERSON]
        return tuple(sorted(persons, key=lambda s: (s.rank is None, s.rank or 0, s.number)))

    @property
    def organisations(self) -> tuple[SubjectView, ...]:
        """Organisations, which are not ranked."""
        return tuple(s for s in self.subjects if s.subject.kind is SubjectKind.ORGANISATION)


def results_view(service: Service, session: SessionId) -> ResultsView:
    """The result of an opened session."""
    manifest = setup.manifest_of(service, session)
    results = publish.results_of(service, session)
    subjects = tuple(_subject(manifest, contest) for contest in results.contests)
    first = manifest.instruments[0].questions[0].grades
    legend = tuple((words.texted(g.text), pattern_of(i, g.points)) for i, g in enumerate(first))
    return ResultsView(results.status is Status.VOID, results, subjects, legend)


def pattern_of(place: int, points: int | None) -> str:
    """The pattern of a grade: by its place from the best, or that of answers off the scale."""
    return "outside" if points is None else f"grade-{min(place, 5)}"


def _subject(manifest: Manifest, contest: ContestResult) -> SubjectView:
    instrument = manifest.instrument_of(contest.contest)
    opened = [g for g in contest.groups if g.status is GroupStatus.OPENED]
    further = _further(manifest, contest)
    questions = tuple(
        QuestionView(
            text=words.texted(question.text),
            bars=tuple(
                _bar(manifest, instrument, number, group, group.questions[number])
                for group in opened
            ),
            score=_printed(contest.questions[number].score),
            positive=_printed(contest.questions[number].positive),
        )
        for number, question in enumerate(instrument.questions)
        if number < len(contest.questions)
    )
    return SubjectView(
        number=contest.contest,
        subject=manifest.subject_of(contest.contest),
        outcome=contest.outcome,
        outcome_words=words.outcome_words(
            manifest.subject_of(contest.contest).kind, contest.outcome
        ),
        rank=contest.rank,
        score=_printed(contest.score),
        turnout=contest.turnout.printed,
        reasons=(*_verdict(contest, instrument), *further),
        findings=(*(_finding(finding, instrument) for finding in contest.findings), *further),
        groups=tuple(
            GroupView(
                label=group_label(manifest, group),
                issued=group.issued,
                returned=group.returned,
                valid=group.valid,
                spoilt=group.spoilt,
                sealed=_sealed(manifest, group),
            )
            for group in contest.groups
        ),
        questions=questions,
    )


def group_label(manifest: Manifest, group: GroupResult) -> str:
    """The classes of a group in words."""
    names = [words.texted(manifest.classes[number].name) for number in group.classes]
    return (" + " if words.english() else "、").join(names)


def _bar(
    manifest: Manifest,
    instrument: Instrument,
    number: int,
    group: GroupResult,
    counted: QuestionCount,
) -> Bar:
    grades = instrument.questions[number].grades
    whole = sum(counted.counts) + counted.blank
    segments: list[Segment] = []
    before = 0
    for place, (grade, count) in enumerate(zip(grades, counted.counts, strict=True)):
        # Edges are rounded, not widths, so that no gap and no overlap is left between segments.
        start = before * 1000 // whole if whole else 0
        before += count
        end = before * 1000 // whole if whole else 0
        segments.append(
            Segment(
                name=words.texted(grade.text),
                pattern=pattern_of(place, grade.points),
                count=count,
                percent=counted.percent[place],
                start=start,
                width=end - start,
                labelled=end - start >= SHOWN_IN_BAR,
            )
        )
    return Bar(
        label=group_label(manifest, group),
        segments=tuple(segments),
        blank=counted.blank,
        blank_percent=counted.percent[-1],
        valid=group.valid or 0,
        score=_printed(counted.score),
        positive=_printed(counted.positive),
    )


def _printed(figure: object) -> str:
    return getattr(figure, "printed", "") if figure is not None else ""


def _verdict(contest: ContestResult, instrument: Instrument) -> list[str]:
    """In short whether the rules are met: one sentence, or one for each that is not."""
    missed = [_finding(finding, instrument) for finding in contest.findings if not finding.met]
    if contest.findings and not missed:
        return [gettext("收回率和各问正面评价都达到要求。")]
    return missed


def _further(manifest: Manifest, contest: ContestResult) -> list[str]:
    """What else explains the outcome: boxes not opened, classes without answers, the ranking."""
    said: list[str] = []
    said.extend(
        gettext("%(group)s：%(reason)s。", group=group_label(manifest, group), reason=reason)
        for group in contest.groups
        if (reason := _sealed(manifest, group))
    )
    said.extend(_unanswered(manifest, contest))
    # A question that nobody answered has no score at all: no weight of it went anywhere.
    scored = [n for n, question in enumerate(contest.questions) if question.score is not None]
    empty = [
        g
        for g in contest.groups
        if g.status is GroupStatus.OPENED and any(not g.questions[n].answers for n in scored)
    ]
    rule = (
        gettext("权重已按比例分给其他票种")
        if manifest.rules.empty_class is EmptyClass.RENORMALISE
        else gettext("按零分计")
    )
    said.extend(
        gettext(
            "%(group)s有题目没有有效答案，%(rule)s。",
            group=group_label(manifest, group),
            rule=rule,
        )
        for group in empty
    )
    quota = manifest.rules.quota
    match contest.outcome:
        case Outcome.RECOMMENDED if contest.rank is not None:
            said.append(
                gettext(
                    "综合得分列第 %(rank)s，在 %(quota)s 个名额之内。",
                    rank=contest.rank,
                    quota=quota,
                )
            )
        case Outcome.TIED:
            said.append(
                gettext(
                    "与其他人同分，并列第 %(rank)s，正在 %(quota)s 个名额的界线上，请研究确定。",
                    rank=contest.rank,
                    quota=quota,
                )
            )
        case Outcome.BELOW_QUOTA:
            said.append(
                gettext(
                    "综合得分列第 %(rank)s，在 %(quota)s 个名额之外。",
                    rank=contest.rank,
                    quota=quota,
                )
            )
        case Outcome.RECOMMENDED | Outcome.NOT_MET | Outcome.WITHHELD:
            pass
    return said


def _unanswered(manifest: Manifest, contest: ContestResult) -> list[str]:
    """The questions without a score, where anything was opened."""
    if not any(g.status is GroupStatus.OPENED for g in contest.groups):
        return []
    without = [n for n, question in enumerate(contest.questions) if question.score is None]
    if without and len(without) == len(contest.questions):
        return [gettext("各题都没有得分，所以没有综合得分。")]
    texts = manifest.instrument_of(contest.contest).questions
    return [
        gettext(
            "“%(question)s”没有得分，综合得分只按其余题平均。",
            question=words.texted(texts[number].text),
        )
        for number in without
    ]


def _sealed(manifest: Manifest, group: GroupResult) -> str:
    """Why nothing is told of a group, or nothing if it is (protocol §5.1)."""
    if group.status is GroupStatus.OPENED:
        return ""
    if not group.returned:
        return gettext("没有收到选票")
    floor = manifest.rules.floor
    if group.returned < floor:
        return gettext("收回不足 %(floor)s 张，未开箱", floor=floor)
    return gettext("有效票不足 %(floor)s 张，不予公布", floor=floor)


def _finding(finding: Finding, instrument: Instrument) -> str:
    values = {
        "value": finding.value.printed,
        "limit": finding.limit.printed,
    }
    match finding.rule:
        case Rule.TURNOUT if finding.met:
            return gettext("收回率 %(value)s%%，达到要求的 %(limit)s%%。", **values)
        case Rule.TURNOUT:
            return gettext("收回率 %(value)s%%，低于要求的 %(limit)s%%。", **values)
        case Rule.POSITIVE:
            question = (
                words.texted(instrument.questions[finding.question].text)
                if finding.question is not None
                else ""
            )
            if finding.met:
                return gettext(
                    "“%(question)s”正面评价 %(value)s%%，达到要求的 %(limit)s%%。",
                    question=question,
                    **values,
                )
            return gettext(
                "“%(question)s”正面评价 %(value)s%%，低于要求的 %(limit)s%%。",
                question=question,
                **values,
            )
