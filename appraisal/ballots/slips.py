"""Slips: the one-time right to draw ballots, as a printed code (protocol §4.2).

    07XK9M4TQWE2H8PAZR5DN          the plain form: class number, then 100 random bits
    0-7XK9M-4TQWE-2H8PA-ZR5DN      as people see it

The code exists on paper and in the QR link's fragment. Each signer is shown a credential made from
it, of the same form and of no use with another signer, and keeps only that credential's slip hash.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Final, NewType

from appraisal.encoding import CROCKFORD, base32encode, base32typed
from appraisal.errors import MalformedError
from appraisal.manifest import Fingerprint, SessionId

LABEL: Final = b"appraisal/1 slip"
CREDENTIAL_LABEL: Final = b"appraisal/1 credential"
RANDOM_SYMBOLS: Final = 20
_RANDOM_BYTES: Final = -(-RANDOM_SYMBOLS * 5 // 8)

SlipCode = NewType("SlipCode", str)
"""A slip code or credential in its plain form, 21 symbols of base32. Secret until it is drawn."""

SlipHash = NewType("SlipHash", bytes)
"""What the registry and the board know of a slip: 32 bytes."""


def new_code(voter_class: int, *, rng: Callable[[int], bytes]) -> SlipCode:
    """A fresh code for a class (0 to 31)."""
    number = int.from_bytes(rng(_RANDOM_BYTES), "big")
    return SlipCode(
        CROCKFORD[voter_class]
        + "".join(CROCKFORD[number >> 5 * i & 31] for i in range(RANDOM_SYMBOLS))
    )


def parse_code(text: str) -> SlipCode:
    """A code in its plain form; `MalformedError` for anything else."""
    if len(text) != 1 + RANDOM_SYMBOLS or not set(text) <= set(CROCKFORD):
        raise MalformedError("a slip code has 21 symbols of base32")
    return SlipCode(text)


def typed_code(text: str) -> SlipCode:
    """A code as people type it: lower case, O and I, hyphens and spaces."""
    return parse_code(base32typed(text))


def class_of(code: SlipCode) -> int:
    """The class that the first symbol names; it may be none of the session's."""
    return CROCKFORD.index(code[0])


def grouped(code: SlipCode) -> str:
    """The code as printed."""
    return "-".join([code[0], *(code[i : i + 5] for i in range(1, len(code), 5))])


def credential(code: SlipCode, *, session: SessionId, signer: int) -> SlipCode:
    """What a signer, by number from 0, is shown of a code: its class, then 100 bits of a hash."""
    named = [CREDENTIAL_LABEL, session.encode(), bytes([signer]) + code.encode()]
    symbols = base32encode(hashlib.sha256(b"\x00".join(named)).digest())
    return SlipCode(code[0] + symbols[:RANDOM_SYMBOLS])


def slip_hash(session: SessionId, shown: SlipCode) -> SlipHash:
    """What a signer keeps of a credential: SHA-256 over label, session and credential."""
    named = [LABEL, session.encode(), shown.encode()]
    return SlipHash(hashlib.sha256(b"\x00".join(named)).digest())


def slip_link(
    base_url: str, *, session: SessionId, code: SlipCode, fingerprint: Fingerprint
) -> str:
    """What the QR code holds; all that is secret stands behind the ``#``."""
    return f"{base_url.rstrip('/')}/v/{session}#{code}.{fingerprint}"
