"""The manifest: the frozen public description of a voting session (protocol §4.1).

    {"board":{"key":"…","origin":"example.org/b/k3m9x7q2wp"},"boxes":[{"class":0,"contest":0, …

Canonical JSON of at most 4 MiB. Its SHA-256 is entry 0 of the board and bound into every token,
share and ballot; its first 128 bits are printed on each slip.
"""

from __future__ import annotations

import datetime
import hashlib
import re
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Annotated, Final, NewType

from appraisal.codec import Named, Range, Size, decode, encode
from appraisal.encoding import base32encode
from appraisal.errors import MalformedError, ManifestError

FORMAT: Final = "appraisal-manifest/1"
LIMIT: Final = 4 * 2**20
MAX_CLASSES: Final = 32
MAX_TELLERS: Final = 9
MAX_SIGNERS: Final = 4
MAX_CONTESTS: Final = 2000
MAX_QUESTIONS: Final = 32
MAX_GRADES: Final = 250
MAX_BOXES: Final = 2**16 - 1
MAX_SLIPS: Final = 1_000_000
MODULUS_SIZE: Final = 256
KEY_SIZE: Final = 32
SESSION_SYMBOLS: Final = 10
FINGERPRINT_BYTES: Final = 16
_SESSION: Final = re.compile(r"[0-9a-hjkmnp-tv-z]{10}")
_IDENTIFIER: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ORIGIN: Final = re.compile(r"[!-*,-~]{1,255}")

SessionId = NewType("SessionId", str)
"""Ten symbols of lower-case base32 that name a session in addresses and documents."""

ManifestHash = NewType("ManifestHash", bytes)
"""SHA-256 of the manifest's canonical bytes; M in the protocol."""

Fingerprint = NewType("Fingerprint", str)
"""Base32 of the first 16 bytes of the manifest hash, 26 symbols; what a slip carries."""

BoxNumber = NewType("BoxNumber", int)
"""Index of a box (contest × class) in the manifest."""

SECTORS: Final = (
    "农村",
    "街道社区",
    "国有企业和金融机构",
    "机关",
    "高等学校",
    "事业单位",
    "非公有制经济组织和社会组织",
)
"""The seven sectors of the seed's 分类指导."""


class SubjectKind(Enum):
    """What is appraised: an organisation or a person."""

    ORGANISATION = "organisation"
    PERSON = "person"


class BelowFloor(Enum):
    """What happens to a box below its floor: kept sealed, or merged with the contest's others."""

    WITHHOLD = "withhold"
    MERGE = "merge"


class EmptyClass(Enum):
    """What the weight of a class without answers does: spread over the others, or count as zero."""

    RENORMALISE = "renormalise"
    ZERO = "zero"


@dataclass(frozen=True)
class Text:
    """A text in Chinese and in English."""

    zh: str
    en: str


@dataclass(frozen=True)
class Grade:
    """One answer to a question; `points` is None for a grade outside the scale (不了解)."""

    text: Text
    points: Annotated[int, Range(0, 1000)] | None
    positive: bool


@dataclass(frozen=True)
class Question:
    """One question with its grades, best first."""

    text: Text
    grades: Annotated[tuple[Grade, ...], Range(1, MAX_GRADES)]


@dataclass(frozen=True)
class Instrument:
    """A questionnaire: questions and scale."""

    id: Annotated[str, Range(1, 60)]
    title: Text
    questions: Annotated[tuple[Question, ...], Range(1, MAX_QUESTIONS)]


@dataclass(frozen=True)
class Subject:
    """Who or what is appraised."""

    kind: SubjectKind
    name: Annotated[str, Range(1, 100)]
    post: Annotated[str, Range(0, 200)]


@dataclass(frozen=True)
class Contest:
    """One ballot form: a subject under an instrument, both by number."""

    subject: Annotated[int, Range(0, MAX_CONTESTS)]
    instrument: Annotated[int, Range(0, MAX_CONTESTS)]


@dataclass(frozen=True)
class VoterClass:
    """A class of voters with its number of slips and its weight in per cent."""

    name: Text
    slips: Annotated[int, Range(1, MAX_SLIPS)]
    weight: Annotated[int, Range(0, 100)]


@dataclass(frozen=True)
class Box:
    """Where the ballots of one class for one contest go; one RSA modulus (256 bytes) a signer."""

    contest: Annotated[int, Range(0, MAX_CONTESTS)]
    voter_class: Annotated[int, Range(0, MAX_CLASSES), Named("class")]
    token_keys: Annotated[tuple[Annotated[bytes, Size(MODULUS_SIZE)], ...], Range(1, MAX_SIGNERS)]


@dataclass(frozen=True)
class Teller:
    """A teller 监票人 with an X25519 public key, 32 bytes."""

    name: Annotated[str, Range(1, 100)]
    key: Annotated[bytes, Size(KEY_SIZE)]


@dataclass(frozen=True)
class Opening:
    """Who opens the boxes: `quorum` of the tellers; with `custodian` the service is the only one."""

    custodian: bool
    quorum: Annotated[int, Range(1, MAX_TELLERS)]
    publish_keys: bool
    tellers: Annotated[tuple[Teller, ...], Range(1, MAX_TELLERS)]


@dataclass(frozen=True)
class Rules:
    """The counting rules (protocol §5); fractions as (numerator, denominator)."""

    floor: Annotated[int, Range(2, 1000)]
    below_floor: BelowFloor
    empty_class: EmptyClass
    decimals: Annotated[int, Range(0, 6)]
    turnout: tuple[int, int]
    positive: tuple[int, int]
    quota: Annotated[int, Range(0, MAX_CONTESTS)]
    award: Annotated[str, Range(0, 200)]


@dataclass(frozen=True)
class Period:
    """The period of the campaign a session belongs to; ISO dates, the end may be empty."""

    start: Annotated[str, Named("from")]
    end: Annotated[str, Range(0, 10), Named("to")]
    theme: Annotated[str, Range(0, 200)]


@dataclass(frozen=True)
class BoardKey:
    """The board's name in checkpoints and its Ed25519 public key, 32 bytes."""

    origin: str
    key: Annotated[bytes, Size(KEY_SIZE)]


@dataclass(frozen=True)
class Signer:
    """Who signs tokens blindly; the registrar is the first."""

    name: Annotated[str, Range(1, 100)]


@dataclass(frozen=True)
class Manifest:
    """A frozen voting session. Build it with all parts; `encode` gives its one byte form."""

    format: str
    session: SessionId
    title: Annotated[str, Range(1, 200)]
    organisation: Annotated[str, Range(1, 200)]
    sector: str
    period: Period
    frozen: str
    demonstration: bool
    instruments: Annotated[tuple[Instrument, ...], Range(1, MAX_CONTESTS)]
    subjects: Annotated[tuple[Subject, ...], Range(1, MAX_CONTESTS)]
    contests: Annotated[tuple[Contest, ...], Range(1, MAX_CONTESTS)]
    classes: Annotated[tuple[VoterClass, ...], Range(1, MAX_CLASSES)]
    boxes: Annotated[tuple[Box, ...], Range(1, MAX_CONTESTS * MAX_CLASSES)]
    signers: Annotated[tuple[Signer, ...], Range(1, MAX_SIGNERS)]
    opening: Opening
    rules: Rules
    board: BoardKey

    def __post_init__(self) -> None:
        """Refuse what contradicts itself."""
        _check(self)

    @cached_property
    def encoded(self) -> bytes:
        """The canonical bytes."""
        return encode(self)

    @cached_property
    def hash(self) -> ManifestHash:
        """SHA-256 of the canonical bytes."""
        return ManifestHash(hashlib.sha256(self.encoded).digest())

    @cached_property
    def fingerprint(self) -> Fingerprint:
        """What each slip carries of the hash."""
        return Fingerprint(base32encode(self.hash[:FINGERPRINT_BYTES]))

    def instrument_of(self, contest: int) -> Instrument:
        """The instrument of a contest."""
        return self.instruments[self.contests[contest].instrument]

    def subject_of(self, contest: int) -> Subject:
        """The subject of a contest."""
        return self.subjects[self.contests[contest].subject]

    def box(self, *, contest: int, voter_class: int) -> BoxNumber:
        """The number of the box of a contest and a class."""
        return BoxNumber(contest * len(self.classes) + voter_class)

    def boxes_of_class(self, voter_class: int) -> tuple[BoxNumber, ...]:
        """The boxes of a class, in order: what one slip is good for."""
        return tuple(
            self.box(contest=contest, voter_class=voter_class)
            for contest in range(len(self.contests))
        )


def binding(label: str, manifest_hash: ManifestHash, box: BoxNumber) -> bytes:
    """What ties a use of a key to one box of one session: label ‖ 0x00 ‖ M ‖ u16 box (§2)."""
    return label.encode("ascii") + b"\x00" + manifest_hash + box.to_bytes(2, "big")


def decode_manifest(data: bytes) -> Manifest:
    """The manifest of canonical bytes; `ManifestError` names the field that is wrong."""
    try:
        return decode(Manifest, data, limit=LIMIT)
    except ManifestError:
        raise
    except MalformedError as error:
        raise ManifestError(str(error)) from error


def _date(text: str, *, where: str) -> None:
    try:
        ok = datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        ok = False
    if not ok:
        raise ManifestError(f"{where}: {text!r} is not a date such as 2010-04-07")


def _check(m: Manifest) -> None:
    """The rules of §4.1 that no single field can keep."""
    if m.format != FORMAT:
        raise ManifestError(f"format: not {FORMAT}")
    if len(m.boxes) > MAX_BOXES:
        raise ManifestError(f"boxes: more than {MAX_BOXES}")
    if not _SESSION.fullmatch(m.session):
        raise ManifestError("session: ten symbols of lower-case base32 belong here")
    if not _ORIGIN.fullmatch(m.board.origin):
        raise ManifestError("board.origin: a name without spaces and plus signs belongs here")
    if m.sector not in SECTORS:
        raise ManifestError(f"sector: {m.sector!r} is not one of the seven sectors")
    _date(m.frozen, where="frozen")
    _date(m.period.start, where="period.from")
    if m.period.end:
        _date(m.period.end, where="period.to")
        if m.period.end < m.period.start:
            raise ManifestError("period.to is before period.from")
    if len({i.id for i in m.instruments}) != len(m.instruments):
        raise ManifestError("instruments: an id stands twice")
    for instrument in m.instruments:
        if not _IDENTIFIER.fullmatch(instrument.id):
            raise ManifestError(f"instruments: {instrument.id!r} is no id (a-z, 0-9, hyphens)")
        _check_grades(instrument)
    if len(set(m.contests)) != len(m.contests):
        raise ManifestError("contests: a subject stands twice under one instrument")
    for contest in m.contests:
        if contest.subject >= len(m.subjects) or contest.instrument >= len(m.instruments):
            raise ManifestError("contests: a number points outside its list")
    if sum(c.weight for c in m.classes) != 100:
        raise ManifestError("classes: the weights do not sum to 100")
    if len({c.name.zh for c in m.classes}) != len(m.classes):
        raise ManifestError("classes: a name stands twice")
    for voter_class in m.classes:
        if voter_class.slips < m.rules.floor:
            raise ManifestError(f"classes: {voter_class.name.zh} has fewer slips than the floor")
    pairs = [(i, j) for i in range(len(m.contests)) for j in range(len(m.classes))]
    if [(b.contest, b.voter_class) for b in m.boxes] != pairs:
        raise ManifestError("boxes: not one for every contest and class, in order")
    if any(len(b.token_keys) != len(m.signers) for b in m.boxes):
        raise ManifestError("boxes: not one token key a signer")
    moduli = [key for b in m.boxes for key in b.token_keys]
    if len(set(moduli)) != len(moduli):
        raise ManifestError("boxes: a token key stands twice")
    if any(key[0] < 0x80 or not key[-1] & 1 for key in moduli):
        raise ManifestError("boxes: a token key is no RSA-2048 modulus")
    if not 1 <= m.opening.quorum <= len(m.opening.tellers):
        raise ManifestError("opening.quorum: not from 1 to the number of tellers")
    if len({t.key for t in m.opening.tellers}) != len(m.opening.tellers):
        raise ManifestError("opening.tellers: a key stands twice")
    if m.opening.custodian and len(m.opening.tellers) != 1:
        raise ManifestError("opening: a custodian session has one teller, the service")
    for name, (top, bottom) in (("turnout", m.rules.turnout), ("positive", m.rules.positive)):
        if not 0 <= top <= bottom or not bottom:
            raise ManifestError(f"rules.{name}: not a fraction from 0 to 1")


def _check_grades(instrument: Instrument) -> None:
    for number, question in enumerate(instrument.questions):
        where = f"instruments: {instrument.id}, question {number + 1}"
        points = [g.points for g in question.grades if g.points is not None]
        if not points:
            raise ManifestError(f"{where}: no grade carries points")
        if points != sorted(points, reverse=True):
            raise ManifestError(f"{where}: grades do not stand best first")
        if any(g.positive and g.points is None for g in question.grades):
            raise ManifestError(f"{where}: a grade outside the scale cannot be positive")
