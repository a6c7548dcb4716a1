"""The key check: a teller's browser shows that it opens what is sealed to its key (protocol §4.13).

challenge = HPKE(X25519, HKDF-SHA256, ChaCha20-Poly1305; RFC 9180, base mode, single shot)
            info = "appraisal/1 key check" ‖ 0x00 ‖ session ‖ 0x00 ‖ u8 teller;  32 + 48 bytes
"""

from __future__ import annotations

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from appraisal.errors import CryptoError
from appraisal.manifest import SessionId

LABEL: Final = "appraisal/1 key check"
ANSWER_SIZE: Final = 32
SIZE: Final = 80
_SUITE: Final = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)


def _info(session: SessionId, teller: int) -> bytes:
    return f"{LABEL}\0{session}\0".encode("ascii") + bytes([teller])


def seal_challenge(answer: bytes, *, session: SessionId, teller: int, key: bytes) -> bytes:
    """An answer (32 bytes) that only the holder of the key's private half can give (80 bytes).

    `CryptoError` for a key of low order, to which everybody has the private half.
    """
    try:
        public = X25519PublicKey.from_public_bytes(key)
        return _SUITE.encrypt(answer, public, _info(session, teller))
    except ValueError as error:
        raise CryptoError("a key that is nobody's") from error


def open_challenge(
    challenge: bytes, *, session: SessionId, teller: int, key: X25519PrivateKey
) -> bytes:
    """The answer to a challenge, 32 bytes."""
    try:
        return _SUITE.decrypt(challenge, key, _info(session, teller))
    except (InvalidTag, ValueError) as error:
        raise CryptoError("a challenge to somebody else's key") from error
