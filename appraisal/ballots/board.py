"""The public board: an ordered list of entries under a Merkle tree (protocol §4.8).

01 ‖ manifest hash                                         manifest
02 ‖ signer ‖ class ‖ slip hashes ‖ statement              printed
03 ‖ signer ‖ class ‖ u32 drawn ‖ u32 void ‖ hashes ‖ hashes ‖ statement
                                                           turnout
04 ‖ …                                                     ballot (ballots/cast.py)
05 ‖ SHA-256 of openings.json                              opened

A statement (ballots/statements.py) has 64 bytes, the registrar's none.
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
from appraisal.errors import MalformedError, WrongBoxes
from appraisal.manifest import REGISTRAR, Manifest, ManifestHash

HASH_SIZE: Final = 32
STATEMENT_SIZE: Final = 64
_U32: Final = 4
_HEAD: Final = 2


@dataclass(frozen=True)
class ManifestEntry:
    """Which manifest this board belongs to."""

    hash: ManifestHash


@dataclass(frozen=True)
class Printed:
    """One printing of a class with a signer: the hashes of its slips, sorted."""

    signer: int
    voter_class: int
    slips: tuple[SlipHash, ...]
    statement: bytes = b""


@dataclass(frozen=True)
class Turnout:
    """A class at close with a signer: the slips drawn and those declared void, each sorted."""

    signer: int
    voter_class: int
    drawn: tuple[SlipHash, ...]
    void: tuple[SlipHash, ...]
    statement: bytes = b""


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
            slips = b"".join(entry.slips)
            return head + bytes([entry.signer, entry.voter_class]) + slips + entry.statement
        case Turnout():
            counts = len(entry.drawn).to_bytes(_U32, "big") + len(entry.void).to_bytes(_U32, "big")
            slips = b"".join([*entry.drawn, *entry.void])
            head += bytes([entry.signer, entry.voter_class])
            return head + counts + slips + entry.statement
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
            return _ballot(data, manifest)
        case b"\x05":
            return Opened(_hash(rest))
        case _:
            raise MalformedError("a board entry of an unknown kind")


def _ballot(data: bytes, manifest: Manifest) -> CastBallot:
    try:
        ballot = decode_entry(data, manifest)
    except WrongBoxes as error:
        raise MalformedError(str(error)) from error
    if manifest.is_comment(ballot.box):
        raise MalformedError("a comment does not belong on the board")
    return ballot


def _hash(data: bytes) -> bytes:
    if len(data) != HASH_SIZE:
        raise MalformedError("a board entry of the wrong length")
    return data


def _head(data: bytes, manifest: Manifest) -> tuple[int, int, bytes, bytes]:
    """Signer and class of an entry, what follows them, and the statement that ends it."""
    if len(data) < _HEAD:
        raise MalformedError("a board entry of the wrong length")
    signer, voter_class = data[:_HEAD]
    if signer >= len(manifest.signers):
        raise MalformedError("a board entry of a signer that the session has not")
    if voter_class >= len(manifest.classes):
        raise MalformedError("a board entry of a class that the session has not")
    if signer == REGISTRAR:
        return signer, voter_class, data[_HEAD:], b""
    if len(data) < _HEAD + STATEMENT_SIZE:
        raise MalformedError("a board entry without its signer's statement")
    return signer, voter_class, data[_HEAD:-STATEMENT_SIZE], data[-STATEMENT_SIZE:]


def _hashes(data: bytes) -> tuple[SlipHash, ...]:
    if len(data) % HASH_SIZE:
        raise MalformedError("a board entry of the wrong length")
    slips = [SlipHash(data[i : i + HASH_SIZE]) for i in range(0, len(data), HASH_SIZE)]
    if any(a >= b for a, b in itertools.pairwise(slips)):
        raise MalformedError("slip hashes that are not in order")
    return tuple(slips)


def _printed(data: bytes, manifest: Manifest) -> Printed:
    signer, voter_class, slips, statement = _head(data, manifest)
    printed = Printed(signer, voter_class, _hashes(slips), statement)
    if not printed.slips:
        raise MalformedError("a printing without slips")
    return printed


def _turnout(data: bytes, manifest: Manifest) -> Turnout:
    signer, voter_class, rest, statement = _head(data, manifest)
    lists = 2 * _U32
    drawn = int.from_bytes(rest[:_U32], "big")
    void = int.from_bytes(rest[_U32:lists], "big")
    if len(rest) != lists + HASH_SIZE * (drawn + void):
        raise MalformedError("a board entry of the wrong length")
    middle = lists + HASH_SIZE * drawn
    return Turnout(
        signer, voter_class, _hashes(rest[lists:middle]), _hashes(rest[middle:]), statement
    )


def packed(entries: Iterable[bytes]) -> bytes:
    """`board.bin`: each entry after its length as u32."""
    return b"".join(len(entry).to_bytes(_U32, "big") + entry for entry in entries)


def unpacked(data: bytes) -> tuple[bytes, ...]:
    """The encoded entries of `board.bin`."""
    found = []
    at = 0
    while at < len(data):
        start = at + _U32
        at = start + int.from_bytes(data[at:start], "big")
        if start > len(data) or at > len(data) or at == start:
            raise MalformedError("board.bin has an entry that is empty or cut off")
        found.append(data[start:at])
    return tuple(found)


def head(entries: Sequence[bytes], *, origin: str) -> Checkpoint:
    """The tree head over encoded entries, not yet signed."""
    leaves = [merkle.leaf_hash(entry) for entry in entries]
    return Checkpoint(origin, len(leaves), merkle.root(leaves))
