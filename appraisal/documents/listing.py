"""What the documents say of each subject, in the order they list them.

Organisations first as given, then persons by surname strokes. Report, annex, sheets and
spreadsheets share it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from appraisal.ballot_form import Instrument, Question, SubjectKind
from appraisal.counting_rules import Rules
from appraisal.documents import words
from appraisal.documents.ranking import Ranked
from appraisal.documents.strokes import stroke_key
from appraisal.manifest import Contest, Manifest, Subject
from appraisal.tally.figures import of_valid
from appraisal.tally.results import (
    Figure,
    GroupResult,
    GroupStatus,
    QuestionCount,
    Results,
    Status,
    SubjectResult,
)

NONE = "—"
"""What stands where there is no figure."""
TOGETHER = "合计"
MERGED = "合并"
"""What a group of several classes is called where there is little room."""


def in_order(manifest: Manifest) -> tuple[int, ...]:
    """The subjects as documents list them: organisations first, then persons by strokes."""

    def key(number: int) -> tuple[bool, tuple[tuple[int, str], ...], int]:
        subject = manifest.subjects[number]
        person = subject.kind is SubjectKind.PERSON
        return person, stroke_key(subject.name) if person else (), number

    return tuple(sorted(range(len(manifest.subjects)), key=key))


def labels(manifest: Manifest) -> tuple[str, ...]:
    """The name of every subject, by number; those who share one are told apart.

    By their posts; by their number in the documents where those are alike too.
    """
    named = Counter(subject.name for subject in manifest.subjects)
    known = Counter((subject.name, subject.post) for subject in manifest.subjects)
    place = {number: n for n, number in enumerate(in_order(manifest), 1)}

    def label(number: int, subject: Subject) -> str:
        if named[subject.name] == 1:
            return subject.name
        alike = known[subject.name, subject.post] > 1
        apart = [subject.post, f"序号{place[number]}" if alike or not subject.post else ""]
        return f"{subject.name}（{'，'.join(part for part in apart if part)}）"

    return tuple(label(number, subject) for number, subject in enumerate(manifest.subjects))


def ballot_names(manifest: Manifest) -> tuple[str, ...]:
    """What each contest's ballot is called: by its subject, by its form, or by both."""
    named = labels(manifest)

    def name(contest: Contest) -> str:
        title = manifest.instruments[contest.instrument].title.zh
        if len(contest.subjects) > 1:
            return f"《{title}》"
        subject = named[contest.subjects[0]]
        return f"{subject}《{title}》" if len(manifest.instruments) > 1 else subject

    return tuple(name(contest) for contest in manifest.contests)


def contests_in_order(manifest: Manifest) -> tuple[int, ...]:
    """The contests as documents list them: by their first subject, then by form."""
    place = {number: n for n, number in enumerate(in_order(manifest))}

    def key(number: int) -> tuple[bool, int, int]:
        subjects = manifest.contests[number].subjects
        return len(subjects) > 1, min(place[subject] for subject in subjects), number

    return tuple(sorted(range(len(manifest.contests)), key=key))


@dataclass(frozen=True)
class Answers:
    """Answers to one question: `counts` an option, `blank`, `percent` of each and of blank.

    `group` names the group, `label` in short. Score and shares are as printed, a dash where there
    is none; those of several groups together are by weight, their counts are sums.
    """

    group: str
    label: str
    valid: int
    counts: Sequence[int]
    blank: int
    percent: Sequence[str]
    answers: int
    score: str
    positive: str
    negative: str

    @property
    def columns(self) -> tuple[int, ...]:
        """The ballots an option, and last those left blank."""
        return (*self.counts, self.blank)


@dataclass(frozen=True)
class QuestionBlock:
    """One question about a subject: the answers of each opened group, and of all together.

    `together` has S(q), P(q) and N(q) with the sums of the opened groups' ballots, which are not
    weighted; None if no group was opened.
    """

    number: int
    question: Question
    answers: Sequence[Answers]
    together: Answers | None

    @property
    def score(self) -> str:
        """S(q) as printed."""
        return self.together.score if self.together else NONE

    @property
    def positive(self) -> str:
        """P(q) as printed, per cent without the sign."""
        return self.together.positive if self.together else NONE

    @property
    def negative(self) -> str:
        """N(q) as printed, per cent without the sign."""
        return self.together.negative if self.together else NONE


@dataclass(frozen=True)
class FormBlock:
    """A subject under one ballot form: its groups by name, and its questions.

    `sealed` has a text for each group: why it tells nothing, empty if it is opened. `score` is that
    of this form alone.
    """

    contest: int
    instrument: Instrument
    groups: Sequence[tuple[str, GroupResult]]
    sealed: Sequence[str]
    questions: Sequence[QuestionBlock]
    score: str

    @property
    def opened(self) -> bool:
        """Whether any of its groups was opened."""
        return any(group.status is GroupStatus.OPENED for _, group in self.groups)


@dataclass(frozen=True)
class Block:
    """One subject; `number` counts from 1 in the documents' order, `index` is the manifest's.

    `name` tells it apart from others; `flags` are its red flags, a sentence each. `votes` are those
    that rank it, where subjects are ranked by votes alone: its score is then their share.
    """

    number: int
    index: int
    subject: Subject
    name: str
    result: SubjectResult
    forms: Sequence[FormBlock]
    outcome: str
    reason: str
    flags: Sequence[str]
    votes: int | None = None

    @property
    def score(self) -> str:
        """The combined score as printed; a dash where there is none."""
        return shown(self.result.score)

    @property
    def verdict(self) -> str:
        """The outcome for a cell of a table; a red flag stands before it, on a line of its own."""
        return f"{words.FLAG}\n{self.outcome}" if self.flags else self.outcome

    @property
    def post(self) -> str:
        """The post, unless the name tells it already."""
        return "" if self.name != self.subject.name else self.subject.post

    @property
    def lines(self) -> str:
        """The name and, on a line of its own, the post; a number that tells apart stays in it."""
        if self.name in {self.subject.name, f"{self.subject.name}（{self.subject.post}）"}:
            return "\n".join(filter(None, (self.subject.name, self.subject.post)))
        return self.name


def shown(figure: Figure | None) -> str:
    """A figure as printed; a dash where there is none."""
    return figure.printed if figure else NONE


def listing(manifest: Manifest, results: Results) -> tuple[Block, ...]:
    """The blocks of all subjects; none of a void session."""
    if results.status is Status.VOID:
        return ()
    named, ranked = labels(manifest), Ranked(manifest, results)
    return tuple(
        _block(ranked, number, index, named[index])
        for number, index in enumerate(in_order(manifest), 1)
    )


def _block(ranked: Ranked, number: int, index: int, name: str) -> Block:
    manifest, results = ranked.manifest, ranked.results
    subject, result = manifest.subjects[index], ranked.result(index)
    return Block(
        number,
        index,
        subject,
        name,
        result,
        tuple(
            _form(manifest, results, contest, place) for contest, place in manifest.stands[index]
        ),
        words.outcome(
            subject.kind,
            result.outcome,
            quota=words.quota_of(manifest.rules, subject.kind),
            conditions=words.conditioned(manifest.rules),
        ),
        words.reason(ranked, index),
        words.flags(manifest, result),
        ranked.votes(index),
    )


def _form(manifest: Manifest, results: Results, number: int, place: int) -> FormBlock:
    contest = results.contests[number]
    return FormBlock(
        number,
        manifest.forms[number].instrument,
        [(words.classes_of(manifest, group), group) for group in contest.groups],
        [
            words.sealed(group, floor=manifest.rules.floor)
            if group.status is GroupStatus.WITHHELD
            else ""
            for group in contest.groups
        ],
        tuple(_questions(manifest, results, number, place)),
        shown(contest.subjects[place].score),
    )


def _questions(
    manifest: Manifest, results: Results, contest: int, place: int
) -> Iterator[QuestionBlock]:
    result = results.contests[contest]
    opened = [group for group in result.groups if group.status is GroupStatus.OPENED]
    for number, question in enumerate(manifest.forms[contest].instrument.questions):
        answers = [_answers(manifest, g, g.subjects[place][number]) for g in opened]
        combined = result.subjects[place].questions[number]
        together = summed(question, answers, manifest.rules)
        if together:
            together = replace(
                together,
                score=shown(combined.score),
                positive=shown(combined.positive),
                negative=shown(combined.negative),
            )
        yield QuestionBlock(number, question, answers, together)


def summed(question: Question, answers: Sequence[Answers], rules: Rules) -> Answers | None:
    """The ballots of all these answers to one question; sums have no score. None of none."""
    if not answers:
        return None
    counts = tuple(map(sum, zip(*(one.columns for one in answers), strict=True)))
    valid = sum(one.valid for one in answers)
    percent = of_valid(question, counts, valid=valid, rules=rules)
    scale = sum(one.answers for one in answers)
    return Answers(
        TOGETHER, TOGETHER, valid, counts[:-1], counts[-1], percent, scale, NONE, NONE, NONE
    )


def _answers(manifest: Manifest, group: GroupResult, count: QuestionCount) -> Answers:
    name = words.classes_of(manifest, group)
    return Answers(
        name,
        name if len(group.classes) == 1 else MERGED,
        group.valid or 0,
        count.counts,
        count.blank,
        count.percent,
        count.answers,
        shown(count.score),
        shown(count.positive),
        shown(count.negative),
    )


def returned(results: Results, voter_class: int, fullest: Sequence[int] = ()) -> tuple[int, ...]:
    """How many ballots of one class the boxes had, ascending.

    Results tell nothing of a box that was merged, nor of any in a void session; the board lists
    every sealed ballot by its box. `fullest` has the ballots of each class in its fullest box.
    """
    counts = {group.returned for group in alone(results, voter_class)}
    if fullest and (merged(results, voter_class) or results.status is Status.VOID):
        counts.add(fullest[voter_class])
    return tuple(sorted(counts))


def merged(results: Results, voter_class: int) -> bool:
    """Whether a box of one class was opened together with those of others."""
    return any(
        voter_class in group.classes and len(group.classes) > 1
        for contest in results.contests
        for group in contest.groups
    )


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
