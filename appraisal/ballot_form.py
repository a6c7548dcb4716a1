"""Ballot forms 测评表: what is asked about a subject, and where its answers stand (protocol §4.1).

An instrument asks the same questions about each subject; each question takes one byte of a ballot
or, as a list to tick, one an option. An instrument with limits spans its subjects: they stand on
one ballot together.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Annotated, Final

from appraisal.codec import Range

MAX_QUESTIONS: Final = 32
MAX_OPTIONS: Final = 250
MAX_LIMITS: Final = 16
MAX_NOTES: Final = 20
MAX_POINTS: Final = 1000
MAX_HIGHEST: Final = 200
MAX_SUBJECTS: Final = 2000
MAX_BOTTOM: Final = 1_000_000
"""The denominator of a share, at most: with it every product stays below 2^53."""
WHOLE: Final = 100
"""Points of a chosen subject, and per cent."""


class SubjectKind(Enum):
    """What is appraised: an organisation or a person."""

    ORGANISATION = "organisation"
    PERSON = "person"


class QuestionKind(Enum):
    """How a question is answered.

    `GRADES`: one grade 等次. `CHOICE`: chosen or not, as in a selection 推选. `TICKS`: any options
    of a list. `SCORE`: whole points 打分 from 0, told in bands.
    """

    GRADES = "grades"
    CHOICE = "choice"
    TICKS = "ticks"
    SCORE = "score"


@dataclass(frozen=True)
class Text:
    """A text in Chinese and in English."""

    zh: str
    en: str


@dataclass(frozen=True)
class Option:
    """One answer: a grade, the choice, an item of a list, or a band of points.

    `points` are absent on a grade outside the scale (不了解), on items and on bands; `at_least` is
    the lowest number of points of a band.
    """

    text: Text
    positive: bool
    negative: bool
    points: Annotated[int, Range(0, MAX_POINTS)] | None = None
    at_least: Annotated[int, Range(0, MAX_HIGHEST)] | None = None


@dataclass(frozen=True)
class Question:
    """One question with its options: grades best first, the one choice, items, or bands.

    `note` explains it in a line. A `required` one is asked for on the voter's page; left blank all
    the same it counts as 弃权. `most` items may be ticked; `highest` is the best score.
    """

    kind: QuestionKind
    text: Text
    required: bool
    options: Annotated[tuple[Option, ...], Range(1, MAX_OPTIONS)]
    note: Text | None = None
    most: Annotated[int, Range(1, MAX_OPTIONS)] | None = None
    highest: Annotated[int, Range(1, MAX_HIGHEST)] | None = None

    @cached_property
    def places(self) -> tuple[int, ...]:
        """The largest value of each byte that an answer takes; 0 is blank in each."""
        match self.kind:
            case QuestionKind.GRADES | QuestionKind.CHOICE:
                return (len(self.options),)
            case QuestionKind.TICKS:
                return (1,) * len(self.options)
            case QuestionKind.SCORE:
                return ((self.highest or 0) + 1,)

    @cached_property
    def scaled(self) -> bool:
        """Whether its answers give a score: all but a list to tick."""
        return self.kind is not QuestionKind.TICKS


@dataclass(frozen=True)
class Limit:
    """How many subjects of a kind, or of any, one ballot may give an option: `least` to `most`.

    Instead of `most` a `share` of the session's members 党员总数, rounded down: (1, 3).
    """

    question: Annotated[int, Range(0, MAX_QUESTIONS - 1)]
    option: Annotated[int, Range(0, MAX_OPTIONS - 1)]
    least: Annotated[int, Range(0, MAX_SUBJECTS)]
    most: Annotated[int, Range(1, MAX_SUBJECTS)] | None = None
    share: tuple[int, int] | None = None
    kind: SubjectKind | None = None


@dataclass(frozen=True)
class Notes:
    """What is printed beside the questions, such as the ten negative behaviours 反向情形."""

    title: Text
    items: Annotated[tuple[Text, ...], Range(1, MAX_NOTES)]


@dataclass(frozen=True)
class Instrument:
    """A ballot form as data: questions, and limits that span subjects.

    `kind`: the only kind of subject it asks about, such as 五个好 about organisations; of any if
    None. Its limits are then of that kind and name none.
    """

    id: Annotated[str, Range(1, 60)]
    title: Text
    questions: Annotated[tuple[Question, ...], Range(1, MAX_QUESTIONS)]
    limits: Annotated[tuple[Limit, ...], Range(0, MAX_LIMITS)]
    instruction: Text | None = None
    notes: Notes | None = None
    kind: SubjectKind | None = None

    def limited(self, limit: Limit) -> SubjectKind | None:
        """Which kind of subject one of its limits counts; any if None."""
        return limit.kind or self.kind

    @property
    def whole(self) -> bool:
        """Whether all its subjects stand on one ballot."""
        return bool(self.limits)

    @cached_property
    def width(self) -> int:
        """How many bytes the answers about one subject take."""
        return sum(len(question.places) for question in self.questions)

    @cached_property
    def scaled(self) -> bool:
        """Whether any of its questions gives a score."""
        return any(question.scaled for question in self.questions)


@dataclass(frozen=True)
class Bounds:
    """A limit in numbers: how many of these subjects, by place on the ballot, may have the option.

    `place` is the byte of the question among those of one subject, `value` the option's value.
    """

    place: int
    value: int
    subjects: tuple[int, ...]
    least: int
    most: int


@dataclass(frozen=True)
class BallotForm:
    """One contest's ballot: its instrument, how many subjects it asks about, limits in numbers.

    `empty_spoils`: a ballot without any answer is spoilt, instead of counting as 弃权.
    """

    instrument: Instrument
    subjects: int
    bounds: tuple[Bounds, ...]
    empty_spoils: bool

    @property
    def width(self) -> int:
        """How many bytes the answers about one subject take."""
        return self.instrument.width

    @property
    def size(self) -> int:
        """How many bytes the answers of a ballot take."""
        return self.width * self.subjects

    @cached_property
    def places(self) -> tuple[int, ...]:
        """The largest value of every byte of a ballot's answers, subject by subject."""
        one = tuple(place for question in self.instrument.questions for place in question.places)
        return one * self.subjects

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Where each question's bytes begin among those of one subject."""
        return place_starts(self.instrument)


def place_starts(instrument: Instrument) -> tuple[int, ...]:
    """Where each question's bytes begin among those of one subject."""
    starts, at = [], 0
    for question in instrument.questions:
        starts.append(at)
        at += len(question.places)
    return tuple(starts)


def bounds_of(
    instrument: Instrument, kinds: tuple[SubjectKind, ...], *, members: int
) -> tuple[Bounds, ...]:
    """The limits of an instrument on a ballot with subjects of these kinds, in numbers."""
    starts = place_starts(instrument)
    return tuple(
        Bounds(
            place=starts[limit.question],
            value=limit.option + 1,
            subjects=tuple(i for i, kind in enumerate(kinds) if limit.kind in {None, kind}),
            least=limit.least,
            most=most_of(limit, members=members),
        )
        for limit in instrument.limits
    )


def most_of(limit: Limit, *, members: int) -> int:
    """How many subjects at most, as a number."""
    if limit.share is not None:
        top, bottom = limit.share
        return members * top // bottom
    return limit.most or 0
