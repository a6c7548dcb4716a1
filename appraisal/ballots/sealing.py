"""Sealing a ballot to the tellers, and opening it with a quorum's factors (protocol §4.6).

    sealed = share (80 bytes) a teller ‖ ChaCha20-Poly1305 of the ballot under the content key

HPKE (RFC 9180) base mode, X25519, HKDF-SHA256, ChaCha20-Poly1305, single shot. A teller's key opens
nothing here: it makes a decryption factor, and that opens one share of one ballot.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke as openssl
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from appraisal.ballots import hpke, tellers
from appraisal.ballots.ballot import Spoilt, SpoiltError, ballot_size
from appraisal.ballots.comment import comment_size
from appraisal.manifest import BoxNumber, Manifest, binding

SHARE_LABEL: Final = "appraisal/1 share"
CONTENT_LABEL: Final = "appraisal/1 content"
KEY_SIZE: Final = 32
FACTOR_SIZE: Final = 32
TAG_SIZE: Final = 16
SHARE_SIZE: Final = hpke.ENC_SIZE + KEY_SIZE + TAG_SIZE
_SUITE: Final = openssl.Suite(
    openssl.KEM.X25519, openssl.KDF.HKDF_SHA256, openssl.AEAD.CHACHA20_POLY1305
)
# All zero is right: each content key is fresh and encrypts once (§4.6).
_NONCE: Final = bytes(12)


def sealed_size(manifest: Manifest, box: BoxNumber) -> int:
    """The length of every sealed ballot of a box, in bytes."""
    if manifest.comments is not None and manifest.is_comment(box):
        plain = comment_size(manifest.comments.length)
    else:
        plain = ballot_size(manifest.form_of(box))
    return SHARE_SIZE * len(manifest.opening.tellers) + plain + TAG_SIZE


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


def share_of(sealed: bytes, teller: int) -> bytes:
    """A teller's share, enc ‖ ct."""
    return sealed[SHARE_SIZE * teller : SHARE_SIZE * (teller + 1)]


def factor(sealed: bytes, *, teller: int, key: X25519PrivateKey) -> bytes:
    """A teller's decryption factor of a ballot, 32 bytes: it opens this share and nothing else.

    Empty where there is none: enc is cut short, or of low order, as no honest sealing makes it.
    """
    try:
        enc = X25519PublicKey.from_public_bytes(share_of(sealed, teller)[: hpke.ENC_SIZE])
        return key.exchange(enc)
    except ValueError:
        return b""


def _share(
    sealed: bytes, *, manifest: Manifest, box: BoxNumber, teller: int, factor: bytes
) -> bytes:
    """What a factor opens, 32 bytes; raises `InvalidTag` for one that is not good."""
    # X25519 gives zeros for every key where enc is of low order (RFC 7748 §6.1): nobody's secret.
    if len(factor) != FACTOR_SIZE or factor == bytes(FACTOR_SIZE):
        raise InvalidTag
    return hpke.open_with(
        factor,
        share_of(sealed, teller),
        public_key=manifest.opening.tellers[teller].key,
        info=_share_info(manifest, box, teller),
    )


def is_good(
    factor: bytes, sealed: bytes, *, manifest: Manifest, box: BoxNumber, teller: int
) -> bool:
    """Whether a factor opens this teller's share of the ballot: anyone can tell (§4.6)."""
    try:
        _share(sealed, manifest=manifest, box=box, teller=teller, factor=factor)
    except InvalidTag:
        return False
    return True


def unseal(
    sealed: bytes, *, manifest: Manifest, box: BoxNumber, factors: Mapping[int, bytes]
) -> bytes:
    """The encoded ballot, with the decryption factors of exactly a quorum of tellers, by number.

    Raises `SpoiltError` (unreadable) where a share or the content does not decrypt.
    """
    content = sealed[SHARE_SIZE * len(manifest.opening.tellers) :]
    try:
        shares = {
            teller: _share(sealed, manifest=manifest, box=box, teller=teller, factor=one)
            for teller, one in factors.items()
        }
        key = tellers.combine(shares) if len(shares) > 1 else next(iter(shares.values()))
        associated = binding(CONTENT_LABEL, manifest.hash, box)
        return ChaCha20Poly1305(key).decrypt(_NONCE, content, associated)
    except (InvalidTag, ValueError):
        raise SpoiltError(Spoilt.UNREADABLE) from None
