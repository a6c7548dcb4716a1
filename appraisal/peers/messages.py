"""What a service and its peers say to each other, as strict JSON (appraisal/peers/README.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, NewType

from appraisal.codec import Named, Range, Size
from appraisal.errors import AppraisalError
from appraisal.manifest import KEY_SIZE, MAX_BOXES, MAX_CLASSES, MAX_SLIPS, MODULUS_SIZE, Witness

PeerSecret = NewType("PeerSecret", str)
"""What a service shows a peer with every request: 26 symbols of base32, 128 bits."""

SECRET_BYTES: Final = 16
SIGNATURE_SIZE: Final = 64
KEYS_AT_ONCE: Final = 32
"""How many keys a signer makes for a request at most: they take it some seconds."""
SMALL_LIMIT: Final = 4096
"""Bytes of a message that carries no list."""


class PeerRefusal(AppraisalError):  # noqa: N818 - the field's word: a request is refused
    """A request that a signer or a witness refuses; code and status stand in the README."""

    def __init__(self, status: int, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.code = code


@dataclass(frozen=True)
class Introduction:
    """Who a peer is: its name, whether it signs, as which witness it cosigns."""

    name: Annotated[str, Range(1, 100)]
    signs: bool
    witness: Witness


@dataclass(frozen=True)
class KeysWanted:
    """For how many boxes a service asks a signer for token keys."""

    boxes: Annotated[int, Range(1, MAX_BOXES)]


@dataclass(frozen=True)
class SignerKeys:
    """A signer's public keys for a session: of its statements, and one modulus a box."""

    name: Annotated[str, Range(1, 100)]
    key: Annotated[bytes, Size(KEY_SIZE)]
    token_keys: Annotated[tuple[Annotated[bytes, Size(MODULUS_SIZE)], ...], Range(1, MAX_BOXES)]


@dataclass(frozen=True)
class Printing:
    """One printing of a class: the hashes of the signer's own credentials in hex, sorted."""

    voter_class: Annotated[int, Range(0, MAX_CLASSES), Named("class")]
    slips: Annotated[tuple[Annotated[str, Range(64, 64)], ...], Range(1, MAX_SLIPS)]


@dataclass(frozen=True)
class Stated:
    """A signer's statement under a board entry."""

    statement: Annotated[bytes, Size(SIGNATURE_SIZE)]


@dataclass(frozen=True)
class Turnouts:
    """A signer's turnout entries, one a class in order, with their statements."""

    turnouts: Annotated[tuple[bytes, ...], Range(1, MAX_CLASSES)]


def printing_limit(slips: int) -> int:
    """Bytes of a `Printing` of this many slips, at most."""
    return SMALL_LIMIT + slips * len('"",' + 64 * "0")
