"""What anyone can do with a token's signature: RSASSA-PSS verification (RFC 8017, RFC 9474 §5).

Making and signing blinded messages is in `blind_rsa`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from appraisal.errors import CryptoError

EXPONENT: Final = 65537
PREFIX_SIZE: Final = 32
"""The random bytes before a message (RFC 9474 §4.1, PrepareRandomize)."""

SALT_SIZE: Final = 48
_PSS: Final = padding.PSS(padding.MGF1(hashes.SHA384()), SALT_SIZE)
_SHA384: Final = hashes.SHA384()


@dataclass(frozen=True)
class PublicKey:
    """A token key's public half: the modulus, with the exponent 65537."""

    modulus: int
    exponent: int = EXPONENT

    @classmethod
    def from_bytes(cls, modulus: bytes) -> Self:
        """The key of a big-endian modulus."""
        return cls(int.from_bytes(modulus, "big"))

    @property
    def size(self) -> int:
        """The length of a signature in bytes."""
        return (self.modulus.bit_length() + 7) // 8

    def to_bytes(self) -> bytes:
        """The modulus, big-endian."""
        return self.modulus.to_bytes(self.size, "big")

    @cached_property
    def verifier(self) -> rsa.RSAPublicKey:
        """OpenSSL's key, which checks the padding."""
        return rsa.RSAPublicNumbers(self.exponent, self.modulus).public_key()


def verify(public: PublicKey, prepared: bytes, signature: bytes) -> None:
    """RSASSA-PSS verification (RFC 8017 §8.1.2), SHA-384, salt 48 bytes."""
    try:
        public.verifier.verify(signature, prepared, _PSS, _SHA384)
    except InvalidSignature:
        raise CryptoError("the token signature does not verify") from None
