"""The cast ballot: what the box holds, the board shows and a receipt names (protocol §4.7).

    04 ‖ box (2) ‖ ballot key (32) ‖ token a signer (288) ‖ sealed ballot ‖ signature (64)

Nothing in it tells who cast it: the ballot key is fresh and its token was signed blindly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NewType

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from appraisal import codec
from appraisal.ballots import merkle, tokens
from appraisal.ballots.rsa_pss import PREFIX_SIZE
from appraisal.ballots.sealing import sealed_size
from appraisal.ballots.signatures import verifies
from appraisal.ballots.tokens import Token
from appraisal.encoding import json_parse
from appraisal.errors import Malformed, MalformedError, SignatureInvalid, WrongBoxes
from appraisal.manifest import BoxNumber, Manifest, binding

LABEL: Final = "appraisal/1 ballot"
TAG: Final = 0x04
HEAD_SIZE: Final = 3
KEY_SIZE: Final = 32
SIGNATURE_SIZE: Final = 64
CAST_LIMIT: Final = 4 * 2**20

BallotKey = NewType("BallotKey", bytes)
"""An Ed25519 public key, 32 bytes, made by the voter's phone for one ballot."""


@dataclass(frozen=True)
class CastBallot:
    """A sealed ballot with its tokens, signed by its ballot key."""

    box: BoxNumber
    key: BallotKey
    tokens: tuple[Token, ...]
    sealed: bytes
    signature: bytes

    @cached_property
    def entry(self) -> bytes:
        """The board entry."""
        parts = [bytes([TAG]), self.box.to_bytes(2, "big"), self.key, *map(bytes, self.tokens)]
        return b"".join([*parts, self.sealed, self.signature])

    @cached_property
    def leaf_hash(self) -> merkle.LeafHash:
        """The digest that names this ballot on the board and in its receipt."""
        return merkle.leaf_hash(self.entry)


def entry_size(manifest: Manifest, box: BoxNumber) -> int:
    """The length of every entry of a box, in bytes."""
    tokens_size = tokens.SIZE * len(manifest.signers)
    return HEAD_SIZE + KEY_SIZE + tokens_size + sealed_size(manifest, box) + SIGNATURE_SIZE


def signed_part(
    manifest: Manifest, *, box: BoxNumber, ballot_tokens: tuple[Token, ...], sealed: bytes
) -> bytes:
    """What the ballot key signs."""
    return b"".join([binding(LABEL, manifest.hash, box), *map(bytes, ballot_tokens), sealed])


def sign_ballot(
    manifest: Manifest,
    *,
    box: BoxNumber,
    key: Ed25519PrivateKey,
    ballot_tokens: tuple[Token, ...],
    sealed: bytes,
) -> CastBallot:
    """The ballot ready to be cast."""
    part = signed_part(manifest, box=box, ballot_tokens=ballot_tokens, sealed=sealed)
    public = BallotKey(key.public_key().public_bytes_raw())
    return CastBallot(box, public, ballot_tokens, sealed, key.sign(part))


def decode_entry(data: bytes, manifest: Manifest) -> CastBallot:
    """The ballot of an entry; `WrongBoxes` or `MalformedError` if it has not its exact form."""
    if len(data) < HEAD_SIZE or data[0] != TAG:
        raise MalformedError("not a ballot entry")
    box = BoxNumber(int.from_bytes(data[1:HEAD_SIZE], "big"))
    if box >= len(manifest.boxes):
        raise WrongBoxes("a box that this session has not")
    if len(data) != entry_size(manifest, box):
        raise MalformedError("a ballot entry of the wrong length")
    at = HEAD_SIZE + KEY_SIZE
    found: list[Token] = []
    for _ in manifest.signers:
        found.append(Token(data[at : at + PREFIX_SIZE], data[at + PREFIX_SIZE : at + tokens.SIZE]))
        at += tokens.SIZE
    return CastBallot(
        box,
        BallotKey(data[HEAD_SIZE : HEAD_SIZE + KEY_SIZE]),
        tuple(found),
        data[at:-SIGNATURE_SIZE],
        data[-SIGNATURE_SIZE:],
    )


def verify_tokens(ballot: CastBallot, manifest: Manifest) -> None:
    """Every signer's token, or `TokenInvalid`."""
    for signer, token in enumerate(ballot.tokens):
        tokens.verify_token(token, manifest=manifest, box=ballot.box, key=ballot.key, signer=signer)


def verify_signature(ballot: CastBallot, manifest: Manifest) -> None:
    """The ballot key's signature, or `SignatureInvalid`."""
    part = signed_part(manifest, box=ballot.box, ballot_tokens=ballot.tokens, sealed=ballot.sealed)
    if not verifies(ballot.key, ballot.signature, part):
        raise SignatureInvalid("the ballot key did not sign this")


@dataclass(frozen=True, slots=True)
class _Body:
    """A cast request as JSON."""

    ballots: tuple[bytes, ...]


def encode_cast(ballots: Sequence[CastBallot]) -> bytes:
    """The JSON of a cast request."""
    return codec.encode(_Body(tuple(ballot.entry for ballot in ballots)))


def decode_cast(data: bytes, manifest: Manifest) -> tuple[CastBallot, ...]:
    """The ballots of a request body: one for every box of one class, in order of box.

    Raises `Malformed` or `WrongBoxes`; nothing is verified yet.
    """
    try:
        body = codec.from_json(_Body, json_parse(data, limit=CAST_LIMIT), where="cast")
        ballots = tuple(decode_entry(entry, manifest) for entry in body.ballots)
    except MalformedError as error:
        raise Malformed(str(error)) from error
    boxes = tuple(ballot.box for ballot in ballots)
    if not boxes or boxes != manifest.boxes_of_class(manifest.boxes[boxes[0]].voter_class):
        raise WrongBoxes("not one ballot for every box of a class, in order")
    return ballots
