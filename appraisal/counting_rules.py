"""The counting rules of a session, as the manifest freezes and the report prints them (§5)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Annotated, Final

from appraisal.ballot_form import MAX_SUBJECTS
from appraisal.codec import Range

MAX_MEMBERS: Final = 1_000_000
MAX_TRIM: Final = 10
TRIM_ABOVE: Final = 5
"""Extremes are left out only where more answered than this: the practice has 5 raters."""


class BelowFloor(Enum):
    """What happens to a box below its floor: kept sealed, or merged with the contest's others."""

    WITHHOLD = "withhold"
    MERGE = "merge"


class EmptyClass(Enum):
    """What the weight of a class without answers does: spread over the others, or count as zero."""

    RENORMALISE = "renormalise"
    ZERO = "zero"


class Denominator(Enum):
    """What points and shares are divided by 分母.

    The answers on the scale; valid ballots 有效票; ballots returned 收回; slips issued, that is who
    was present 实到; or who is entitled 应到.
    """

    ANSWERS = "answers"
    VALID = "valid"
    RETURNED = "returned"
    PRESENT = "present"
    ENTITLED = "entitled"


class Percentages(Enum):
    """How printed percentages are made to sum to 100.

    By largest remainder; or each rounded half up, and the last that is not zero takes the rest.
    """

    LARGEST_REMAINDER = "largest-remainder"
    LAST_TAKES_REST = "last-takes-rest"


class EmptyBallot(Enum):
    """What a ballot without any answer is: valid, an abstention 弃权; or spoilt 无效."""

    VALID = "valid"
    SPOILT = "spoilt"


class Ties(Enum):
    """Who is recommended of equal scores on both sides of the quota: left open, all, or none."""

    OPEN = "open"
    ALL = "all"
    NONE = "none"


class Publication(Enum):
    """Who is told the results: everyone, those present, the branch, or each subject alone."""

    PUBLIC = "public"
    ON_THE_SPOT = "on-the-spot"
    BRANCH = "branch"
    SUBJECT = "subject"


@dataclass(frozen=True)
class Threshold:
    """A share (numerator, denominator) to be reached, ≥, or with `over` to be exceeded, >."""

    share: tuple[int, int]
    over: bool

    @property
    def limit(self) -> Fraction:
        """The share."""
        return Fraction(*self.share)

    def reached(self, value: Fraction) -> bool:
        """Whether a value reaches it."""
        return value > self.limit if self.over else value >= self.limit


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The counting rules; an absent threshold or quota is a rule that does not apply.

    `attendance` 到会: slips issued ÷ entitled; `turnout` 收回率: ballots returned ÷ slips issued.
    `members` 党员总数 is what shares in limits are of, 0 where no limit has one. `trim` answers are
    left out at either end of each question's. `self_appraisal`: whether subjects who vote may
    appraise themselves; if not they are asked to leave themselves blank, which nobody can check.
    """

    floor: Annotated[int, Range(2, 1000)]
    below_floor: BelowFloor
    empty_class: EmptyClass
    empty_ballot: EmptyBallot
    denominator: Denominator
    percentages: Percentages
    decimals: Annotated[int, Range(0, 6)]
    trim: Annotated[int, Range(0, MAX_TRIM)]
    attendance: Threshold | None
    turnout: Threshold | None
    positive: Threshold | None
    negative: Threshold | None
    quota: Annotated[int, Range(0, MAX_SUBJECTS)]
    quota_organisations: Annotated[int, Range(0, MAX_SUBJECTS)] | None
    ties: Ties
    members: Annotated[int, Range(0, MAX_MEMBERS)]
    self_appraisal: bool
    publication: Publication
    award: Annotated[str, Range(0, 200)]
