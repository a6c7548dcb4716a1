"""Sealing a ballot to the tellers, and opening it with a quorum's keys (protocol §4.6).

    sealed = share (80 bytes) a teller ‖ ChaCha20-Poly1305 of the ballot under the content key

HPKE (RFC 9180) base mode, X25519, HKDF-SHA256, ChaCha20-Poly1305, single shot.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from appraisal.ballots import tellers
from appraisal.ballots.ballot import Spoilt, SpoiltError, ballot_size
from appraisal.manifest import BoxNumber, Manifest, binding

SHARE_LABEL: Final = "appraisal/1 share"
CONTENT_LABEL: Final = "appraisal/1 content"
KEY_SIZE: Final = 32
TAG_SIZE: Final = 16
SHARE_SIZE: Final = 32 + KEY_SIZE + TAG_SIZE
_SUITE: Final = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
# All zero is right: each content key is fresh and encrypts once (§4.6).
_NONCE: Final = bytes(12)


def sealed_size(manifest: Manifest, box: BoxNumber) -> int:
    """The length of every sealed ballot of a box, in bytes."""
    instrument = manifest.instrument_of(manifest.boxes[box].contest)
    return SHARE_SIZE * len(manifest.opening.tellers) + ballot_size(instrument) + TAG_SIZE


def _share_info(manifest: Manifest, box: BoxNumber, teller: int) -> bytes:
    return binding(SHARE_LABEL, manifest.hash, box) + bytes([teller])


def seal(data: bytes, *, manifest: Manifest, box: BoxNumber, rng: Callable[[int], bytes]) -> bytes:
    """The sealed form of an encoded ballot; HPKE's ephemeral keys come from OpenSSL itself."""
    key = rng(KEY_SIZE)
    opening = manifest.opening
    shares = tellers.split(key, quorum=opening.quorum, tellers=len(opening.tellers), rng=rng)
    sealed = [
        _SUITE.encrypt(
            share, X25519PublicKey.from_public_bytes(teller.key), _share_info(manifest, box, i)
        )
        for i, (teller, share) in enumerate(zip(opening.tellers, shares, strict=True))
    ]
    associated = binding(CONTENT_LABEL, manifest.hash, box)
    return b"".join([*sealed, ChaCha20Poly1305(key).encrypt(_NONCE, data, associated)])


def unseal(
    sealed: bytes,
    *,
    manifest: Manifest,
    box: BoxNumber,
    keys: Mapping[int, X25519PrivateKey],
) -> bytes:
    """The encoded ballot, with the keys of exactly a quorum of tellers, by number.

    Raises `SpoiltError` (unreadable) where a share or the content does not decrypt.
    """
    shares_end = SHARE_SIZE * len(manifest.opening.tellers)
    try:
        shares = {
            i: _SUITE.decrypt(
                sealed[SHARE_SIZE * i : SHARE_SIZE * (i + 1)], key, _share_info(manifest, box, i)
            )
            for i, key in keys.items()
        }
        content_key = tellers.combine(shares) if len(shares) > 1 else next(iter(shares.values()))
        associated = binding(CONTENT_LABEL, manifest.hash, box)
        return ChaCha20Poly1305(content_key).decrypt(_NONCE, sealed[shares_end:], associated)
    except (InvalidTag, ValueError):
        raise SpoiltError(Spoilt.UNREADABLE) from None
