"""The manifest: the frozen public description of a voting session (protocol §4.1).

    {"board":{"key":"…","origin":"example.org/b/k3m9x7q2wp"},"boxes":[{"class":0,"contest":0, …

Canonical JSON of at most 4 MiB. Its SHA-256 is entry 0 of the board and bound into every token,
share and ballot; its first 128 bits are printed on each slip.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Final, NewType

from appraisal.ballot_form import (
    MAX_SUBJECTS,
    BallotForm,
    Instrument,
    SubjectKind,
    Text,
    bounds_of,
)
from appraisal.codec import Named, Range, Size, decode, encode
from appraisal.counting_rules import EmptyBallot, Rules
from appraisal.encoding import base32encode
from appraisal.errors import MalformedError, ManifestError
from appraisal.manifest_rules import FORMAT, check

LIMIT: Final = 4 * 2**20
MAX_CLASSES: Final = 32
MAX_TELLERS: Final = 9
MAX_SIGNERS: Final = 4
MAX_WITNESSES: Final = 4
MAX_CONTESTS: Final = 2000
MAX_COMMITMENT: Final = 500
MAX_COMMENT: Final = 3000
MAX_READERS: Final = 9
MAX_BOXES: Final = 2**16 - 1
MAX_SLIPS: Final = 1_000_000
MODULUS_SIZE: Final = 256
REGISTRAR: Final = 0
"""The registrar's number among the signers."""
KEY_SIZE: Final = 32
SESSION_SYMBOLS: Final = 10
FINGERPRINT_BYTES: Final = 16

SessionId = NewType("SessionId", str)
"""Ten symbols of lower-case base32 that name a session in addresses and documents."""

ManifestHash = NewType("ManifestHash", bytes)
"""SHA-256 of the manifest's canonical bytes; M in the protocol."""

Fingerprint = NewType("Fingerprint", str)
"""Base32 of the first 16 bytes of the manifest hash, 26 symbols; what a slip carries."""

BoxNumber = NewType("BoxNumber", int)
"""Index of a box (contest × class) in the manifest."""


@dataclass(frozen=True)
class Subject:
    """Who or what is appraised; the public commitment 公开承诺 is shown beside the questions."""

    kind: SubjectKind
    name: Annotated[str, Range(1, 100)]
    post: Annotated[str, Range(0, 200)]
    commitment: Annotated[str, Range(0, MAX_COMMITMENT)] = ""


@dataclass(frozen=True)
class Contest:
    """One ballot: a subject under an instrument, all by number; or, where limits span, several."""

    subjects: Annotated[tuple[Annotated[int, Range(0, MAX_SUBJECTS)], ...], Range(1, MAX_SUBJECTS)]
    instrument: Annotated[int, Range(0, MAX_CONTESTS)]


@dataclass(frozen=True)
class VoterClass:
    """A class of voters: who is entitled 应到, slips printed, and its weight in per cent."""

    name: Text
    entitled: Annotated[int, Range(1, MAX_SLIPS)]
    slips: Annotated[int, Range(1, MAX_SLIPS)]
    weight: Annotated[int, Range(0, 100)]


@dataclass(frozen=True)
class Box:
    """Where the ballots of one class for one contest go; one RSA modulus (256 bytes) a signer.

    The comment box of a class is that of the contest after the last.
    """

    contest: Annotated[int, Range(0, MAX_CONTESTS)]
    voter_class: Annotated[int, Range(0, MAX_CLASSES), Named("class")]
    token_keys: Annotated[tuple[Annotated[bytes, Size(MODULUS_SIZE)], ...], Range(1, MAX_SIGNERS)]


@dataclass(frozen=True)
class Comments:
    """The comment box 意见箱: what it asks, how many bytes a text may have, who is shown them."""

    text: Text
    length: Annotated[int, Range(30, MAX_COMMENT)]
    readers: Annotated[tuple[Annotated[str, Range(1, 100)], ...], Range(1, MAX_READERS)]


@dataclass(frozen=True)
class Teller:
    """A teller 监票人 with an X25519 public key, 32 bytes."""

    name: Annotated[str, Range(1, 100)]
    key: Annotated[bytes, Size(KEY_SIZE)]


@dataclass(frozen=True)
class Opening:
    """Who opens the boxes: `quorum` of the tellers, or the service alone as `custodian`."""

    custodian: bool
    quorum: Annotated[int, Range(1, MAX_TELLERS)]
    publish_factors: bool
    tellers: Annotated[tuple[Teller, ...], Range(1, MAX_TELLERS)]


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
    """Who signs tokens blindly: the registrar first, who has a name only.

    Each further one has the Ed25519 key (32 bytes) of its statements on the board and the `url`,
    scheme and host, that draw requests go to.
    """

    name: Annotated[str, Range(1, 100)]
    key: Annotated[bytes, Size(KEY_SIZE)] | None = None
    url: Annotated[str, Range(1, 200)] | None = None


@dataclass(frozen=True)
class Witness:
    """A witness 见证方: name and Ed25519 key (32 bytes), as in its cosignatures (§4.9)."""

    name: Annotated[str, Range(1, 255)]
    key: Annotated[bytes, Size(KEY_SIZE)]


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """A frozen voting session. Build it with all parts; `encode` gives its one byte form."""

    format: str = FORMAT
    session: SessionId
    title: Annotated[str, Range(1, 200)]
    organisation: Annotated[str, Range(1, 200)]
    sector: str
    period: Period
    frozen: str
    demonstration: bool
    instruments: Annotated[tuple[Instrument, ...], Range(1, MAX_CONTESTS)]
    subjects: Annotated[tuple[Subject, ...], Range(1, MAX_SUBJECTS)]
    contests: Annotated[tuple[Contest, ...], Range(1, MAX_CONTESTS)]
    classes: Annotated[tuple[VoterClass, ...], Range(1, MAX_CLASSES)]
    boxes: Annotated[tuple[Box, ...], Range(1, MAX_BOXES)]
    signers: Annotated[tuple[Signer, ...], Range(1, MAX_SIGNERS)]
    opening: Opening
    witnesses: Annotated[tuple[Witness, ...], Range(0, MAX_WITNESSES)] = ()
    rules: Rules
    board: BoardKey
    comments: Comments | None = None

    def __post_init__(self) -> None:
        """Refuse what contradicts itself."""
        check(self)

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

    @cached_property
    def forms(self) -> tuple[BallotForm, ...]:
        """The ballot form of every contest."""
        return tuple(self._form(contest) for contest in self.contests)

    def _form(self, contest: Contest) -> BallotForm:
        instrument = self.instruments[contest.instrument]
        kinds = tuple(self.subjects[number].kind for number in contest.subjects)
        return BallotForm(
            instrument,
            len(contest.subjects),
            bounds_of(instrument, kinds, members=self.rules.members),
            empty_spoils=self.rules.empty_ballot is EmptyBallot.SPOILT,
        )

    def form_of(self, box: int) -> BallotForm:
        """The ballot form of a box."""
        return self.forms[self.boxes[box].contest]

    def contests_of(self, subject: int) -> tuple[int, ...]:
        """The contests that a subject stands in."""
        return tuple(contest for contest, _ in self.stands[subject])

    @cached_property
    def stands(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        """Of each subject the contests that it stands in, and its place on the ballot of each."""
        found: list[list[tuple[int, int]]] = [[] for _ in self.subjects]
        for number, contest in enumerate(self.contests):
            for place, subject in enumerate(contest.subjects):
                found[subject].append((number, place))
        return tuple(map(tuple, found))

    @cached_property
    def beside(self) -> tuple[frozenset[int], ...]:
        """Of each contest the instruments under which its subjects stand, its own among them."""
        under = [frozenset(self.contests[c].instrument for c, _ in own) for own in self.stands]
        return tuple(frozenset().union(*(under[s] for s in c.subjects)) for c in self.contests)

    def box(self, *, contest: int, voter_class: int) -> BoxNumber:
        """The number of the box of a contest and a class."""
        return BoxNumber(contest * len(self.classes) + voter_class)

    def is_comment(self, box: int) -> bool:
        """Whether this is a comment box: none of its ballots stands on the board."""
        return box >= len(self.contests) * len(self.classes)

    def boxes_of_class(self, voter_class: int) -> tuple[BoxNumber, ...]:
        """The boxes of a class, in order: what one slip is good for; the comment box last."""
        return tuple(
            self.box(contest=contest, voter_class=voter_class)
            for contest in range(len(self.contests) + (self.comments is not None))
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
