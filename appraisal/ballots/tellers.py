"""Tellers' shares: Shamir's scheme over GF(2^8), byte by byte (protocol §4.6).

The field is that of AES, x^8 + x^4 + x^3 + x + 1. Teller i (from 0) has the x-coordinate i + 1, so
a share is only its y-bytes. With a quorum of 1 every share is the secret itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from appraisal.errors import CryptoError

_POLYNOMIAL: Final = 0x11B


def _tables() -> tuple[bytes, bytes]:
    powers, logs, value = bytearray(510), bytearray(256), 1
    for exponent in range(255):
        powers[exponent] = powers[exponent + 255] = value
        logs[value] = exponent
        # 3 generates the field: value · 3 = value · 2 + value.
        double = value << 1
        value ^= double ^ _POLYNOMIAL if double & 0x100 else double
    return bytes(powers), bytes(logs)


_EXP, _LOG = _tables()


def _multiply(a: int, b: int) -> int:
    return _EXP[_LOG[a] + _LOG[b]] if a and b else 0


def _divide(a: int, b: int) -> int:
    return _EXP[_LOG[a] + 255 - _LOG[b]] if a else 0


def split(
    secret: bytes, *, quorum: int, tellers: int, rng: Callable[[int], bytes]
) -> tuple[bytes, ...]:
    """One share a teller, any `quorum` of which give the secret back."""
    if not 1 <= quorum <= tellers <= 255:
        raise CryptoError("a quorum from 1 to the number of tellers belongs here")
    coefficients = [secret, *(rng(len(secret)) for _ in range(quorum - 1))]
    return tuple(_evaluate(coefficients, x) for x in range(1, tellers + 1))


def _evaluate(coefficients: list[bytes], x: int) -> bytes:
    value = bytes(len(coefficients[0]))
    for coefficient in reversed(coefficients):
        pairs = zip(value, coefficient, strict=True)
        value = bytes(_multiply(y, x) ^ c for y, c in pairs)
    return value


def combine(shares: Mapping[int, bytes]) -> bytes:
    """The secret of exactly a quorum of shares, by teller number; wrong shares give wrong bytes."""
    if not shares:
        raise CryptoError("no shares")
    secret = bytes(len(next(iter(shares.values()))))
    for i, share in shares.items():
        weight = 1
        for j in shares:
            if j != i:
                weight = _multiply(weight, _divide(j + 1, (i + 1) ^ (j + 1)))
        secret = bytes(s ^ _multiply(weight, y) for s, y in zip(secret, share, strict=True))
    return secret
