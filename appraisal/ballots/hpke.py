"""HPKE from a decryption factor on: what opens a share without the private key (RFC 9180).

    factor = X25519(private key, enc)                                        DH() of §4.1
    factor ─ §4.1 ExtractAndExpand ─ §5.1 KeySchedule, base mode ─ §5.2 Open, first message

DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305. Sealing, and opening with a private key,
are `cryptography`'s; of both these bytes are the same.
"""

from __future__ import annotations

import hmac
from functools import lru_cache
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

KEY_SIZE: Final = 32
NONCE_SIZE: Final = 12
ENC_SIZE: Final = 32
_VERSION: Final = b"HPKE-v1"
_KEM: Final = b"KEM\x00\x20"
_SUITE: Final = b"HPKE\x00\x20\x00\x01\x00\x03"
_MODE_BASE: Final = b"\x00"


def _labeled_extract(suite: bytes, salt: bytes, label: bytes, ikm: bytes) -> bytes:
    return hmac.digest(salt, _VERSION + suite + label + ikm, "sha256")


def _labeled_expand(suite: bytes, prk: bytes, label: bytes, info: bytes, size: int) -> bytes:
    # One block of HKDF-Expand (RFC 5869 §2.3) is enough: no output here is longer than a hash.
    labeled = size.to_bytes(2, "big") + _VERSION + suite + label + info
    return hmac.digest(prk, labeled + b"\x01", "sha256")[:size]


_PSK_ID_HASH: Final = _labeled_extract(_SUITE, b"", b"psk_id_hash", b"")


@lru_cache(maxsize=4096)
def _key_schedule_context(info: bytes) -> bytes:
    """§5.1: the same for every share of one box and teller."""
    return _MODE_BASE + _PSK_ID_HASH + _labeled_extract(_SUITE, b"", b"info_hash", info)


def shared_secret(factor: bytes, *, enc: bytes, public_key: bytes) -> bytes:
    """§4.1, ExtractAndExpand: what both sides of one encapsulation know, 32 bytes."""
    prk = _labeled_extract(_KEM, b"", b"eae_prk", factor)
    return _labeled_expand(_KEM, prk, b"shared_secret", enc + public_key, KEY_SIZE)


def key_and_nonce(secret: bytes, *, info: bytes) -> tuple[bytes, bytes]:
    """§5.1, KeySchedule in base mode: key (32 bytes) and base nonce (12 bytes)."""
    context = _key_schedule_context(info)
    prk = _labeled_extract(_SUITE, secret, b"secret", b"")
    key = _labeled_expand(_SUITE, prk, b"key", context, KEY_SIZE)
    return key, _labeled_expand(_SUITE, prk, b"base_nonce", context, NONCE_SIZE)


def open_with(factor: bytes, sealed: bytes, *, public_key: bytes, info: bytes) -> bytes:
    """What enc ‖ ct holds; raises `InvalidTag` if the factor does not open it."""
    enc, ct = sealed[:ENC_SIZE], sealed[ENC_SIZE:]
    secret = shared_secret(factor, enc=enc, public_key=public_key)
    key, nonce = key_and_nonce(secret, info=info)
    return ChaCha20Poly1305(key).decrypt(nonce, ct, None)
