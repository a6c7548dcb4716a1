"""Cases of keys and signatures that libraries judge differently (protocol §2)."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Final

from appraisal.ballots import blind_rsa, tokens
from appraisal.ballots.cast import BallotKey, CastBallot, signed_part
from appraisal.ballots.tokens import Token
from appraisal.ed25519 import P
from appraisal.tally.record import Record
from tests.tally.record_sessions import case, roomy, spare
from tests.world import source

L: Final = 2**252 + 27742317777372353535851937790883648493
D: Final = -121665 * pow(121666, -1, P) % P
Point = tuple[int, int]
BASE: Final[Point] = (
    15112221349535400772501151409588531511454012693041857206046113283949847762202,
    4 * pow(5, -1, P) % P,
)
EIGHTH: Final = bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")
"""A point of order 8."""
ONE: Final = (1).to_bytes(32, "little")
"""The neutral point: every message has one signature under it, R = 1, S = 0."""


def add(a: Point, b: Point) -> Point:
    """The sum of two points of edwards25519 (RFC 8032 §5.1.4), in affine coordinates."""
    (x1, y1), (x2, y2) = a, b
    product = D * x1 * x2 * y1 * y2
    x = (x1 * y2 + x2 * y1) * pow(1 + product, -1, P)
    y = (y1 * y2 + x1 * x2) * pow(1 - product, -1, P)
    return x % P, y % P


def times(number: int, point: Point) -> Point:
    found: Point = (0, 1)
    while number:
        if number & 1:
            found = add(found, point)
        point, number = add(point, point), number >> 1
    return found


def spelled(point: Point) -> bytes:
    x, y = point
    return (y | (x & 1) << 255).to_bytes(32, "little")


def read(data: bytes) -> Point:
    y = int.from_bytes(data, "little") & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    return (x if x & 1 == data[31] >> 7 else P - x), y


def hashed(*parts: bytes) -> int:
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little")


def cast_under(
    key: bytes, *, signed: bytes = b"", torsion: bool = False, raised: int = 0
) -> Record:
    """A session with one ballot more, under this key and with a good token for it.

    `signed` is its signature; otherwise the key's own scalar, 7, signs: with a point of order 8
    added to R, or with S raised by so many times the order of the group.
    """
    held, like, rng = roomy(), spare("good"), source(31)
    public = tokens.token_key(held.manifest.boxes[like.box].token_keys[0])
    prepared = blind_rsa.prepare(tokens.message(held.manifest, like.box, key), rng=rng)
    blinded = blind_rsa.blind(public, prepared, rng=rng)
    signature = blind_rsa.blind_sign(held.world.token_keys[like.box][0], blinded.message, rng=rng)
    token = Token(prepared[:32], blind_rsa.finalize(public, prepared, signature, blinded.inverse))
    part = signed_part(held.manifest, box=like.box, ballot_tokens=(token,), sealed=like.sealed)
    if not signed:
        nonce = times(5, BASE)
        r = spelled(add(nonce, read(EIGHTH)) if torsion else nonce)
        s = (5 + hashed(r, key, part) * 7) % L + raised * L
        signed = r + s.to_bytes(32, "little")
    ballot: CastBallot = replace(like, key=BallotKey(key), tokens=(token,), signature=signed)
    held.ballots.append(ballot)
    held.reopen()
    return held.record()


OWN: Final = spelled(times(7, BASE))


@case("valid", "signed: a ballot key and a signature worked out by hand")
def key_by_hand() -> Record:
    return cast_under(OWN)


@case("8", "signed: a ballot key of small order, under which one signature holds for every message")
def key_of_small_order() -> Record:
    return cast_under(ONE, signed=ONE + bytes(32))


@case("8", "signed: a ballot key in another spelling, y = 1 written as p + 1")
def key_spelled_otherwise() -> Record:
    return cast_under((P + 1).to_bytes(32, "little"), signed=ONE + bytes(32))


@case("8", "signed: a signature with a point of order 8 added to R: good with the cofactor alone")
def signature_with_torsion() -> Record:
    return cast_under(OWN, torsion=True)


@case("8", "signed: a signature with S raised by the order of the group")
def signature_raised() -> Record:
    return cast_under(OWN, raised=1)
