"""A draft: a session while the secretary describes it, before freezing makes it a manifest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Final

from appraisal import codec
from appraisal.ballot_form import (
    MAX_LIMITS,
    MAX_SUBJECTS,
    Instrument,
    QuestionKind,
    SubjectKind,
)
from appraisal.codec import Range
from appraisal.counting_rules import (
    BelowFloor,
    Denominator,
    EmptyBallot,
    EmptyClass,
    Percentages,
    Publication,
    Rules,
    Threshold,
    Ties,
)
from appraisal.manifest import (
    MAX_CLASSES,
    MAX_COMMENT,
    MAX_READERS,
    MAX_SLIPS,
    MAX_TELLERS,
    MAX_WITNESSES,
    Period,
    Signer,
    Subject,
)

LIMIT: Final = 4 * 2**20
FULL_WEIGHT: Final = 100
MAX_FORMS: Final = 20
SIGNERS: Final = (Signer("registrar"),)
CUSTODIAN: Final = "custodian"
COMMENT_LENGTH: Final = 600
"""Bytes of a comment unless a session says otherwise: two hundred characters."""
RETENTION_MONTHS: Final = 12
"""For how long the sealed ballots are kept after the opening, unless a session says otherwise."""
USUAL_RULES: Final = Rules(
    floor=5,
    below_floor=BelowFloor.WITHHOLD,
    empty_class=EmptyClass.RENORMALISE,
    empty_ballot=EmptyBallot.VALID,
    denominator=Denominator.ANSWERS,
    percentages=Percentages.LARGEST_REMAINDER,
    decimals=2,
    trim=0,
    attendance=None,
    turnout=Threshold((1, 2), over=False),
    positive=Threshold((2, 3), over=False),
    negative=Threshold((1, 3), over=False),
    quota=0,
    quota_organisations=None,
    ties=Ties.OPEN,
    members=0,
    self_appraisal=False,
    publication=Publication.PUBLIC,
    award="",
)
"""What a new session starts from; quota and award are each session's own."""
OF_VOTES: Final = Threshold((1, 2), over=True)
"""The positive share that is usual where votes are counted: more than half of the valid ballots."""


def usual_positive(instruments: Iterable[Instrument]) -> Threshold | None:
    """The positive share that a session with these forms starts from.

    Grades are asked for two thirds; a selection is won by votes in order, and a majority 过半数.
    """
    scaled = [one.kind for form in instruments for one in form.questions if one.scaled]
    votes = scaled and all(kind is QuestionKind.CHOICE for kind in scaled)
    return OF_VOTES if votes else USUAL_RULES.positive


@dataclass(frozen=True)
class ClassDraft:
    """A class of voters: its names, how many slips are printed, its weight in per cent.

    `entitled` 应到 is 0 where it is as many as there are slips.
    """

    name_zh: Annotated[str, Range(0, 100)]
    name_en: Annotated[str, Range(0, 100)]
    slips: Annotated[int, Range(0, MAX_SLIPS)]
    weight: Annotated[int, Range(0, FULL_WEIGHT)]
    entitled: Annotated[int, Range(0, MAX_SLIPS)] = 0


@dataclass(frozen=True)
class LimitDraft:
    """The numbers of a form's limit for this session; without `most` the form's own stands."""

    least: Annotated[int, Range(0, MAX_SUBJECTS)]
    most: Annotated[int, Range(0, MAX_SUBJECTS)] | None = None


@dataclass(frozen=True)
class FormDraft:
    """A ballot form that is chosen, by id, and for which kind of subject (None: for all).

    `limits` are this session's numbers, one a limit of the form; none: the form's own.
    """

    instrument: Annotated[str, Range(1, 60)]
    kind: SubjectKind | None = None
    limits: Annotated[tuple[LimitDraft, ...], Range(0, MAX_LIMITS)] = ()


@dataclass(frozen=True)
class CommentsDraft:
    """The comment box 意见箱: what it asks, how many bytes a text may have, who is shown them."""

    text_zh: Annotated[str, Range(1, 200)]
    text_en: Annotated[str, Range(0, 200)]
    readers: Annotated[tuple[Annotated[str, Range(1, 100)], ...], Range(0, MAX_READERS)]
    length: Annotated[int, Range(30, MAX_COMMENT)] = COMMENT_LENGTH


@dataclass(frozen=True)
class Draft:
    """What the secretary decides; it may be incomplete until it is frozen.

    `forms` name instruments of the organisation's library. `by_strokes`: persons stand in order of
    surname strokes 姓氏笔画, after the organisations; otherwise all as given. `tellers` are names,
    none of them if the service is custodian, and then `quorum` is 0. `signer` is the address of an
    enrolled second signer, or empty; `witnesses` are addresses too. Ballots are kept for
    `retention_months` after the opening.
    """

    title: Annotated[str, Range(0, 200)]
    organisation: Annotated[str, Range(0, 200)]
    sector: Annotated[str, Range(0, 40)]
    period: Period
    forms: Annotated[tuple[FormDraft, ...], Range(0, MAX_FORMS)]
    subjects: Annotated[tuple[Subject, ...], Range(0, MAX_SUBJECTS)]
    classes: Annotated[tuple[ClassDraft, ...], Range(0, MAX_CLASSES)]
    rules: Rules
    publish_factors: bool
    demonstration: bool
    by_strokes: bool = False
    comments: CommentsDraft | None = None
    tellers: Annotated[tuple[Annotated[str, Range(0, 100)], ...], Range(0, MAX_TELLERS)] = ()
    quorum: Annotated[int, Range(0, MAX_TELLERS)] = 0
    signer: Annotated[str, Range(0, 200)] = ""
    witnesses: Annotated[tuple[Annotated[str, Range(1, 200)], ...], Range(0, MAX_WITNESSES)] = ()
    retention_months: Annotated[int, Range(1, 120)] = RETENTION_MONTHS


def encode_draft(draft: Draft) -> bytes:
    """Canonical JSON."""
    return codec.encode(draft)


def decode_draft(data: bytes) -> Draft:
    """The draft of canonical JSON."""
    return codec.decode(Draft, data, limit=LIMIT)
