"""Tokens: a ballot key that a signer signed without seeing it (protocol §4.3, §4.4).

token = prefix (32 bytes) ‖ signature (256 bytes)
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Final

from appraisal import codec
from appraisal.ballots import rsa_pss
from appraisal.ballots.slips import SlipCode, class_of, parse_code
from appraisal.codec import Size
from appraisal.encoding import json_parse
from appraisal.errors import CryptoError, Malformed, MalformedError, SlipUnknown, TokenInvalid
from appraisal.manifest import MODULUS_SIZE, BoxNumber, Manifest, binding

LABEL: Final = "appraisal/1 token"
SIZE: Final = rsa_pss.PREFIX_SIZE + MODULUS_SIZE
DRAW_LIMIT: Final = 2**20


@dataclass(frozen=True, slots=True)
class Token:
    """A blind signature over a ballot key, with its random prefix."""

    prefix: bytes
    signature: bytes

    def __bytes__(self) -> bytes:
        """Prefix ‖ signature."""
        return self.prefix + self.signature


@dataclass(frozen=True, slots=True)
class DrawRequest:
    """A voter's request to a signer: its credential, one blinded message a box of the class."""

    slip: SlipCode
    blinded: tuple[bytes, ...]

    @property
    def hash(self) -> bytes:
        """What the registry remembers, to know the same request again (32 bytes)."""
        return hashlib.sha256(b"".join(self.blinded)).digest()


def message(manifest: Manifest, box: BoxNumber, key: bytes) -> bytes:
    """What a token signs, before randomizing: the ballot key bound to its box."""
    return binding(LABEL, manifest.hash, box) + key


@lru_cache(maxsize=4096)
def token_key(modulus: bytes) -> rsa_pss.PublicKey:
    """The public key of a modulus, built once."""
    return rsa_pss.PublicKey.from_bytes(modulus)


def verify_token(
    token: Token, *, manifest: Manifest, box: BoxNumber, key: bytes, signer: int
) -> None:
    """Raise `TokenInvalid` unless the signer signed this key for this box."""
    public = token_key(manifest.boxes[box].token_keys[signer])
    try:
        rsa_pss.verify(public, token.prefix + message(manifest, box, key), token.signature)
    except CryptoError as error:
        raise TokenInvalid(str(error)) from error


@dataclass(frozen=True, slots=True)
class _Body:
    """A draw request as JSON."""

    slip: str
    blinded: tuple[Annotated[bytes, Size(MODULUS_SIZE)], ...]


def encode_draw(request: DrawRequest) -> bytes:
    """The JSON of a draw request."""
    return codec.encode(_Body(request.slip, request.blinded))


def decode_draw(data: bytes, manifest: Manifest, *, signer: int = 0) -> DrawRequest:
    """The draw request to a signer, of a request body.

    Raises `Malformed`, or `SlipUnknown` when the code names a class that the session has not.
    """
    try:
        body = codec.from_json(_Body, json_parse(data, limit=DRAW_LIMIT), where="draw")
        code = parse_code(body.slip)
    except MalformedError as error:
        raise Malformed(str(error)) from error
    if class_of(code) >= len(manifest.classes):
        raise SlipUnknown("a code of a class that this session has not")
    boxes = manifest.boxes_of_class(class_of(code))
    if len(body.blinded) != len(boxes):
        raise Malformed("not one blinded message a box")
    for box, blinded in zip(boxes, body.blinded, strict=True):
        # Big-endian numbers of one length compare as their bytes do.
        if blinded >= manifest.boxes[box].token_keys[signer]:
            raise Malformed("a blinded message outside the modulus")
    return DrawRequest(code, body.blinded)
