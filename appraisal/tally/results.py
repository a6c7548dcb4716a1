"""The results of a session as values and as `results.json` (protocol §5, §6).

    {"contests":[{"contest":0,"groups":[…],"subjects":[…]}, …],"format":"appraisal-results/1", …

They follow from the manifest, the slip counts and the openings alone: anyone gets the same bytes.
Canonical JSON; an absent value is left out; no list is longer than a manifest can ask for. A
`Figure` that is a share (turnout, positive, …) prints in per cent without the sign, a score in
points; both with the manifest's `decimals`, half up.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Final, TypeAlias

from appraisal.ballot_form import MAX_OPTIONS, MAX_QUESTIONS, MAX_SUBJECTS
from appraisal.codec import Range
from appraisal.encoding import MAX_INTEGER
from appraisal.errors import MalformedError
from appraisal.manifest import MAX_CLASSES, MAX_CONTESTS

FORMAT: Final = "appraisal-results/1"

Number: TypeAlias = Annotated[int, Range(0, MAX_INTEGER)]
"""How many there are of something, or the number of something in its list."""


@dataclass(frozen=True)
class Figure:
    """A number ≥ 0: exact as ``numerator/denominator`` in lowest terms, and as printed."""

    exact: str
    printed: str


class GroupStatus(Enum):
    """Whether a group of boxes was opened, or kept sealed because it is below its floor."""

    OPENED = "opened"
    WITHHELD = "withheld"


class Outcome(Enum):
    """What the report says of a subject (protocol §5.4); `UNSCORED` is under lists to tick only."""

    RECOMMENDED = "recommended"
    TIED = "tied"
    BELOW_QUOTA = "below-quota"
    NOT_MET = "not-met"
    UNSCORED = "unscored"
    WITHHELD = "withheld"


class Rule(Enum):
    """The rules that a subject must meet; a negative share is a red flag, and decides nothing."""

    ATTENDANCE = "attendance"
    TURNOUT = "turnout"
    POSITIVE = "positive"
    NEGATIVE = "negative"


class Status(Enum):
    """Counted; or void, because a box held more ballots than slips were drawn."""

    COUNTED = "counted"
    VOID = "void"


@dataclass(frozen=True)
class QuestionCount:
    """One question about one subject in one opened group.

    `counts` has one number an option (bands of a score); `percent` one text an option and a last
    one for blank, of valid ballots: items of a list each for itself, the others summing to 100 (all
    zero without a valid ballot). `answers` are those on the scale. Score and shares are absent
    where there are none.
    """

    counts: Annotated[tuple[Number, ...], Range(1, MAX_OPTIONS)]
    blank: Number
    answers: Number
    percent: Annotated[tuple[str, ...], Range(2, MAX_OPTIONS + 1)]
    score: Figure | None
    positive: Figure | None
    negative: Figure | None


@dataclass(frozen=True)
class GroupResult:
    """One group of boxes of a contest; what its ballots are is absent if it is withheld.

    `subjects` has the questions of each subject of the contest, in its order.
    """

    classes: Annotated[tuple[Number, ...], Range(1, MAX_CLASSES)]
    status: GroupStatus
    issued: Number
    returned: Number
    valid: Number | None
    spoilt: Number | None
    subjects: Annotated[
        tuple[Annotated[tuple[QuestionCount, ...], Range(1, MAX_QUESTIONS)], ...],
        Range(0, MAX_SUBJECTS),
    ]


@dataclass(frozen=True)
class QuestionResult:
    """One question over all classes by weight: S, P and N, absent where nobody answered."""

    score: Figure | None
    positive: Figure | None
    negative: Figure | None


@dataclass(frozen=True)
class ContestSubject:
    """A subject of a contest over all classes: its questions and their mean score."""

    questions: Annotated[tuple[QuestionResult, ...], Range(1, MAX_QUESTIONS)]
    score: Figure | None


@dataclass(frozen=True)
class ContestResult:
    """One contest: its groups, and its subjects in its order."""

    contest: Number
    groups: Annotated[tuple[GroupResult, ...], Range(1, MAX_CLASSES)]
    subjects: Annotated[tuple[ContestSubject, ...], Range(1, MAX_SUBJECTS)]


@dataclass(frozen=True)
class Finding:
    """One rule held against a subject; `contest` and `question` where the rule is about one."""

    rule: Rule
    contest: Number | None
    question: Number | None
    value: Figure
    limit: Figure
    over: bool
    met: bool


@dataclass(frozen=True)
class SubjectResult:
    """What a subject comes to over its contests; `rank` for those that meet the rules.

    `score` is the mean of its contests' scores. No findings while it is withheld or unscored.
    """

    score: Figure | None
    turnout: Figure
    findings: tuple[Finding, ...]
    rank: Annotated[int, Range(1, MAX_INTEGER)] | None
    outcome: Outcome


@dataclass(frozen=True)
class SlipCount:
    """The slips of one class at close: printed = void + issued, drawn ≤ issued."""

    printed: Number
    issued: Number
    drawn: Number
    void: Number


@dataclass(frozen=True)
class Results:
    """Everything that the report, the sheets and the spreadsheet say, in numbers.

    One slip count a class, one result a contest and a subject; a void session has neither.
    """

    format: str
    session: str
    status: Status
    slips: Annotated[tuple[SlipCount, ...], Range(1, MAX_CLASSES)]
    contests: Annotated[tuple[ContestResult, ...], Range(0, MAX_CONTESTS)]
    subjects: Annotated[tuple[SubjectResult, ...], Range(0, MAX_SUBJECTS)]

    def __post_init__(self) -> None:
        """Refuse another format."""
        if self.format != FORMAT:
            raise MalformedError(f"results.format: not {FORMAT}")
