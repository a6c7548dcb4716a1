"""What the documents say of each subject, in the order they list them.

Organisations first, then persons by surname strokes. Report, annex and spreadsheets share it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from appraisal.ballot_form import Question, SubjectKind
from appraisal.documents import words
from appraisal.documents.strokes import stroke_key
from appraisal.manifest import Manifest, Subject
from appraisal.tally.results import (
    ContestResult,
    GroupResult,
    GroupStatus,
    QuestionCount,
    Results,
    Status,
)


def in_order(manifest: Manifest) -> tuple[int, ...]:
    """The contests as documents list them: organisations first, then persons by strokes."""

    def key(contest: int) -> tuple[bool, tuple[tuple[int, str], ...], int]:
        subject = manifest.subject_of(contest)
        person = subject.kind is SubjectKind.PERSON
        return person, stroke_key(subject.name) if person else (), contest

    return tuple(sorted(range(len(manifest.contests)), key=key))


@dataclass(frozen=True)
class Answers:
    """One opened group's answers to one question; `group` is its name, `label` a short one."""

    group: str
    label: str
    count: QuestionCount


@dataclass(frozen=True)
class QuestionBlock:
    """One question of a subject: the answers of each opened group, S(q) and P(q) as printed."""

    question: Question
    answers: Sequence[Answers]
    score: str
    positive: str


@dataclass(frozen=True)
class Block:
    """One contest; `number` counts from 1 in the documents' order, `groups` are named.

    `sealed` has a text for each group: why it tells nothing, empty if it is opened.
    """

    number: int
    subject: Subject
    name: str
    contest: ContestResult
    groups: Sequence[tuple[str, GroupResult]]
    sealed: Sequence[str]
    questions: Sequence[QuestionBlock]
    outcome: str
    reason: str

    @property
    def score(self) -> str:
        """The combined score as printed; a dash where there is none."""
        return self.contest.score.printed if self.contest.score else NONE


NONE = "—"
"""What stands where there is no figure."""


def listing(manifest: Manifest, results: Results) -> tuple[Block, ...]:
    """The blocks of all contests; none of a void session."""
    if results.status is Status.VOID:
        return ()
    return tuple(
        _block(manifest, results, number, index)
        for number, index in enumerate(in_order(manifest), 1)
    )


def _block(manifest: Manifest, results: Results, number: int, index: int) -> Block:
    contest = results.contests[index]
    subject = manifest.subject_of(index)
    instrument = manifest.instrument_of(index)
    several = len(manifest.instruments) > 1
    return Block(
        number,
        subject,
        f"{subject.name}（{instrument.title.zh}）" if several else subject.name,
        contest,
        [(words.classes_of(manifest, group), group) for group in contest.groups],
        [
            words.sealed(group, floor=manifest.rules.floor)
            if group.status is GroupStatus.WITHHELD
            else ""
            for group in contest.groups
        ],
        tuple(_questions(manifest, contest)),
        words.outcome(subject.kind, contest.outcome),
        words.reason(manifest, results, contest),
    )


def returned(results: Results, voter_class: int) -> tuple[int, ...]:
    """How many ballots of one class the subjects had, ascending; none where it was merged."""
    return tuple(sorted({group.returned for group in alone(results, voter_class)}))


def alone(results: Results, voter_class: int) -> tuple[GroupResult, ...]:
    """The groups that are one class's own box, of all contests."""
    return tuple(
        group
        for contest in results.contests
        for group in contest.groups
        if group.classes == (voter_class,)
    )


def spread(ascending: Iterable[int | str]) -> str:
    """One value, or from the first to the last; a dash where there is none."""
    texts = [str(value) for value in ascending]
    if not texts:
        return NONE
    return texts[0] if len(texts) == 1 else f"{texts[0]}～{texts[-1]}"


def _questions(manifest: Manifest, contest: ContestResult) -> Iterator[QuestionBlock]:
    for number, question in enumerate(manifest.instrument_of(contest.contest).questions):
        combined = contest.questions[number]
        yield QuestionBlock(
            question,
            [
                _answers(manifest, group, number)
                for group in contest.groups
                if group.status is GroupStatus.OPENED
            ],
            combined.score.printed if combined.score else NONE,
            combined.positive.printed if combined.positive else NONE,
        )


def _answers(manifest: Manifest, group: GroupResult, number: int) -> Answers:
    name = words.classes_of(manifest, group)
    return Answers(name, name if len(group.classes) == 1 else "合并", group.questions[number])
