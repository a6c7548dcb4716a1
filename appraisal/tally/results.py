"""The results of a session as values and as `results.json` (protocol §5, §6).

    {"contests":[{"contest":0,"findings":[…],"groups":[…],"outcome":"recommended", …

They follow from the manifest, the slip counts and the openings alone: anyone gets the same bytes.
Canonical JSON; an absent value is left out. A `Figure` that is a share (turnout, positive) prints
in per cent without the sign, a score in points; both with the manifest's `decimals`, half up.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Final

from appraisal.codec import Range

FORMAT: Final = "appraisal-results/1"


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
    """What the report says of a subject (protocol §5.4)."""

    RECOMMENDED = "recommended"
    TIED = "tied"
    BELOW_QUOTA = "below-quota"
    NOT_MET = "not-met"
    WITHHELD = "withheld"


class Rule(Enum):
    """The rules that a subject must meet."""

    TURNOUT = "turnout"
    POSITIVE = "positive"


class Status(Enum):
    """Counted; or void, because a box held more ballots than slips were drawn."""

    COUNTED = "counted"
    VOID = "void"


@dataclass(frozen=True)
class QuestionCount:
    """One question in one opened group.

    `counts` has one number a grade; `percent` one text a grade and a last one for blank, of valid
    ballots, by largest remainder (all zero without a valid ballot). `answers` are those on the
    scale; score and positive share are of these, absent if there are none.
    """

    counts: Annotated[tuple[int, ...], Range(1, 250)]
    blank: int
    answers: int
    percent: tuple[str, ...]
    score: Figure | None
    positive: Figure | None


@dataclass(frozen=True)
class GroupResult:
    """One group of boxes of a contest; what an opening would tell is absent while withheld."""

    classes: Annotated[tuple[int, ...], Range(1, 32)]
    status: GroupStatus
    issued: int
    returned: int
    valid: int | None
    spoilt: int | None
    questions: tuple[QuestionCount, ...]


@dataclass(frozen=True)
class QuestionResult:
    """One question over all classes by weight: S(q) and P(q), absent where nobody answered."""

    score: Figure | None
    positive: Figure | None


@dataclass(frozen=True)
class Finding:
    """One rule held against a subject; `question` where the rule is about one."""

    rule: Rule
    question: int | None
    value: Figure
    limit: Figure
    met: bool


@dataclass(frozen=True)
class ContestResult:
    """One contest; `rank` for persons that meet the rules, `findings` unless it is withheld."""

    contest: int
    groups: tuple[GroupResult, ...]
    questions: tuple[QuestionResult, ...]
    score: Figure | None
    turnout: Figure
    findings: tuple[Finding, ...]
    rank: int | None
    outcome: Outcome


@dataclass(frozen=True)
class SlipCount:
    """The slips of one class at close: printed = void + issued, drawn ≤ issued."""

    printed: int
    issued: int
    drawn: int
    void: int


@dataclass(frozen=True)
class Results:
    """Everything that the report, the sheets and the spreadsheet say, in numbers.

    One slip count a class, one contest result a contest; a void session has no contests.
    """

    format: str
    session: str
    status: Status
    slips: Annotated[tuple[SlipCount, ...], Range(1, 32)]
    contests: tuple[ContestResult, ...]
