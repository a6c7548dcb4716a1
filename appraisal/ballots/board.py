"""The public board: an ordered list of entries under a Merkle tree (protocol §4.8).

01 ‖ manifest hash                                         manifest
02 ‖ class ‖ slip hashes                                   printed
03 ‖ class ‖ u32 drawn ‖ u32 void ‖ hashes ‖ hashes        turnout
04 ‖ …                                                     ballot (ballots/cast.py)
05 ‖ SHA-256 of openings.json                              opened
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from appraisal.ballots import merkle
from appraisal.ballots.cast import CastBallot, decode_entry
from appraisal.ballots.checkpoint import Checkpoint
from appraisal.ballots.slips import SlipHash
from appraisal.encoding import b64decode, b64encode
from appraisal.errors import MalformedError, WrongBoxes
from appraisal.manifest import Manifest, ManifestHash

HASH_SIZE: Final = 32
_U32: Final = 4


@dataclass(frozen=True)
class ManifestEntry:
    """Which manifest this board belongs to."""

    hash: ManifestHash


@dataclass(frozen=True)
class Printed:
    """One printing of a class: the hashes of its slips, sorted."""

    voter_class: int
    slips: tuple[SlipHash, ...]


@dataclass(frozen=True)
class Turnout:
    """A class at close: the slips drawn and those declared void, each sorted."""

    voter_class: int
    drawn: tuple[SlipHash, ...]
    void: tuple[SlipHash, ...]


@dataclass(frozen=True)
class Opened:
    """SHA-256 of the openings."""

    hash: bytes


Entry: TypeAlias = ManifestEntry | Printed | Turnout | CastBallot | Opened


def tag(entry: Entry) -> int:
    """The first byte of an entry, which is also its place in the order of kinds."""
    match entry:
        case ManifestEntry():
            return 1
        case Printed():
            return 2
        case Turnout():
            return 3
        case CastBallot():
            return 4
        case Opened():
            return 5


def encode(entry: Entry) -> bytes:
    """The bytes of an entry."""
    head = bytes([tag(entry)])
    match entry:
        case ManifestEntry() | Opened():
            return head + entry.hash
        case Printed():
            return head + bytes([entry.voter_class]) + b"".join(entry.slips)
        case Turnout():
            counts = len(entry.drawn).to_bytes(_U32, "big") + len(entry.void).to_bytes(_U32, "big")
            slips = b"".join([*entry.drawn, *entry.void])
            return head + bytes([entry.voter_class]) + counts + slips
        case CastBallot():
            return entry.entry


def decode(data: bytes, manifest: Manifest) -> Entry:
    """The entry of these bytes; `MalformedError` unless they are its one form."""
    kind, rest = data[:1], data[1:]
    match kind:
        case b"\x01":
            return ManifestEntry(ManifestHash(_hash(rest)))
        case b"\x02":
            return _printed(rest, manifest)
        case b"\x03":
            return _turnout(rest, manifest)
        case b"\x04":
            try:
                return decode_entry(data, manifest)
            except WrongBoxes as error:
                raise MalformedError(str(error)) from error
        case b"\x05":
            return Opened(_hash(rest))
        case _:
            raise MalformedError("a board entry of an unknown kind")


def _hash(data: bytes) -> bytes:
    if len(data) != HASH_SIZE:
        raise MalformedError("a board entry of the wrong length")
    return data


def _class(data: bytes, manifest: Manifest) -> int:
    if not data or data[0] >= len(manifest.classes):
        raise MalformedError("a board entry of a class that the session has not")
    return data[0]


def _hashes(data: bytes) -> tuple[SlipHash, ...]:
    if len(data) % HASH_SIZE:
        raise MalformedError("a board entry of the wrong length")
    slips = [SlipHash(data[i : i + HASH_SIZE]) for i in range(0, len(data), HASH_SIZE)]
    if any(a >= b for a, b in itertools.pairwise(slips)):
        raise MalformedError("slip hashes that are not in order")
    return tuple(slips)


def _printed(data: bytes, manifest: Manifest) -> Printed:
    printed = Printed(_class(data, manifest), _hashes(data[1:]))
    if not printed.slips:
        raise MalformedError("a printing without slips")
    return printed


def _turnout(data: bytes, manifest: Manifest) -> Turnout:
    voter_class, lists = _class(data, manifest), 1 + 2 * _U32
    drawn = int.from_bytes(data[1 : 1 + _U32], "big")
    void = int.from_bytes(data[1 + _U32 : lists], "big")
    if len(data) != lists + HASH_SIZE * (drawn + void):
        raise MalformedError("a board entry of the wrong length")
    middle = lists + HASH_SIZE * drawn
    return Turnout(voter_class, _hashes(data[lists:middle]), _hashes(data[middle:]))


def lines(entries: Iterable[bytes]) -> str:
    """`board.txt`: one entry a line, base64."""
    return "".join(b64encode(entry) + "\n" for entry in entries)


def parse_lines(text: str) -> tuple[bytes, ...]:
    """The encoded entries of `board.txt`."""
    *found, last = text.split("\n")
    if last:
        raise MalformedError("board.txt does not end with a line's end")
    return tuple(b64decode(line) for line in found)


def head(entries: Sequence[bytes], *, origin: str) -> Checkpoint:
    """The tree head over encoded entries, not yet signed."""
    leaves = [merkle.leaf_hash(entry) for entry in entries]
    return Checkpoint(origin, len(leaves), merkle.root(leaves))
