"""Ed25519 signatures as every verifier of this protocol checks them (RFC 8032, protocol §2).

Strictly: S below the order, and R equal to [S]B − [k]A byte for byte, without the cofactor, as
OpenSSL does it; and under a key that is one (`appraisal.ed25519`). So no two verifiers can differ.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from appraisal.ed25519 import check_spelling
from appraisal.errors import MalformedError


def verifies(key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether `signature` (64 bytes) of `message` is that of this key (32 bytes)."""
    try:
        check_spelling(key)
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, MalformedError, ValueError):
        return False
    return True
