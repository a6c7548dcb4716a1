"""RSA blind signatures: RSABSSA-SHA384-PSS-Randomized (RFC 9474), with the RFC's verbs.

    prepared = prepare(message, rng=rng)                       voter
    blinded = blind(public, prepared, rng=rng)                 voter → signer
    blind_signature = blind_sign(private, blinded.message, rng=rng)    signer → voter
    signature = finalize(public, prepared, blind_signature, blinded.inverse)
    verify(public, prepared, signature)                        anyone (`rsa_pss`)

The signer learns nothing of the message: for every message there is a blinding that explains what
it saw, so unlinkability does not rest on any assumption (RFC 9474 §7.1).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Self

import gmpy2
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from gmpy2 import mpz

from appraisal.ballots.rsa_pss import EXPONENT, PREFIX_SIZE, SALT_SIZE, PublicKey, verify
from appraisal.errors import CryptoError

MODULUS_BITS: Final = 2048
_HASH_SIZE: Final = 48


@dataclass(frozen=True)
class PrivateKey:
    """A token key: signs blindly. Kept in the key folder, destroyed at close."""

    public: PublicKey
    p: mpz
    q: mpz
    dp: mpz
    dq: mpz
    q_inverse: mpz

    @classmethod
    def generate(cls) -> Self:
        """A fresh RSA-2048 key from OpenSSL."""
        return cls._of(rsa.generate_private_key(EXPONENT, MODULUS_BITS))

    @classmethod
    def from_der(cls, data: bytes) -> Self:
        """The key of a PKCS #8 file."""
        key = serialization.load_der_private_key(data, None)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise CryptoError("a token key that is not RSA")
        return cls._of(key)

    @classmethod
    def from_numbers(cls, *, p: int, q: int, d: int, exponent: int) -> Self:
        """The key of published numbers (test vectors)."""
        numbers = rsa.RSAPublicNumbers(exponent, p * q)
        return cls._of(
            rsa.RSAPrivateNumbers(
                p, q, d, d % (p - 1), d % (q - 1), rsa.rsa_crt_iqmp(p, q), numbers
            ).private_key()
        )

    @classmethod
    def _of(cls, key: rsa.RSAPrivateKey) -> Self:
        numbers = key.private_numbers()
        public = PublicKey(numbers.public_numbers.n, numbers.public_numbers.e)
        crt = (numbers.p, numbers.q, numbers.dmp1, numbers.dmq1, numbers.iqmp)
        return cls(public, *(mpz(number) for number in crt))

    def to_der(self) -> bytes:
        """PKCS #8, unencrypted."""
        return self._openssl().private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )

    def _openssl(self) -> rsa.RSAPrivateKey:
        p, q = int(self.p), int(self.q)
        public = rsa.RSAPublicNumbers(self.public.exponent, self.public.modulus)
        d = pow(self.public.exponent, -1, (p - 1) * (q - 1))
        return rsa.RSAPrivateNumbers(
            p, q, d, int(self.dp), int(self.dq), int(self.q_inverse), public
        ).private_key()


@dataclass(frozen=True)
class Blinded:
    """A blinded message for the signer, and the inverse that the voter keeps."""

    message: bytes
    inverse: int


def prepare(message: bytes, *, rng: Callable[[int], bytes]) -> bytes:
    """PrepareRandomize (RFC 9474 §4.1): 32 random bytes before the message."""
    return rng(PREFIX_SIZE) + message


def blind(public: PublicKey, prepared: bytes, *, rng: Callable[[int], bytes]) -> Blinded:
    """Blind (RFC 9474 §4.2)."""
    n = mpz(public.modulus)
    encoded = _emsa_pss_encode(prepared, bits=public.modulus.bit_length() - 1, salt=rng(SALT_SIZE))
    m = mpz(int.from_bytes(encoded, "big"))
    if gmpy2.gcd(m, n) != 1:
        raise CryptoError("the message shares a factor with the modulus")
    r = _uniform(public, rng)
    z = m * gmpy2.powmod(r, public.exponent, n) % n
    return Blinded(_to_bytes(z, public.size), int(gmpy2.invert(r, n)))


def blind_sign(private: PrivateKey, blinded: bytes, *, rng: Callable[[int], bytes]) -> bytes:
    """BlindSign (RFC 9474 §4.3): the same input gives the same signature.

    The base is blinded once more, since its sender chose it (timing), and the result is checked
    before it leaves, since one wrong CRT half would give the key away (RFC 9474 §7.2).
    """
    n, e = mpz(private.public.modulus), private.public.exponent
    m = mpz(int.from_bytes(blinded, "big"))
    if len(blinded) != private.public.size or m >= n:
        raise CryptoError("a blinded message outside the modulus")
    # gmpy2 computes large powers without Python's lock, per thread and on request.
    gmpy2.get_context().allow_release_gil = True
    b = _uniform(private.public, rng)
    s = _crt(private, m * gmpy2.powmod(b, e, n) % n) * gmpy2.invert(b, n) % n
    if gmpy2.powmod(s, e, n) != m:
        raise CryptoError("the signature does not check: faulty arithmetic")
    return _to_bytes(s, private.public.size)


def finalize(public: PublicKey, prepared: bytes, blind_signature: bytes, inverse: int) -> bytes:
    """Finalize (RFC 9474 §4.4): unblinds and verifies."""
    if len(blind_signature) != public.size:
        raise CryptoError("a blind signature of the wrong length")
    z = mpz(int.from_bytes(blind_signature, "big"))
    signature = _to_bytes(z * inverse % public.modulus, public.size)
    verify(public, prepared, signature)
    return signature


def _crt(private: PrivateKey, base: mpz) -> mpz:
    s1 = gmpy2.powmod_sec(base % private.p, private.dp, private.p)
    s2 = gmpy2.powmod_sec(base % private.q, private.dq, private.q)
    return s2 + private.q * ((s1 - s2) * private.q_inverse % private.p)


def _uniform(public: PublicKey, rng: Callable[[int], bytes]) -> mpz:
    """random_integer_uniform(1, n) of RFC 9474, by rejection; units only."""
    n = mpz(public.modulus)
    while True:
        r = mpz(int.from_bytes(rng(public.size), "big"))
        if 0 < r < n and gmpy2.gcd(r, n) == 1:
            return r


def _to_bytes(number: mpz, size: int) -> bytes:
    return int(number).to_bytes(size, "big")


def _mgf1(seed: bytes, size: int) -> bytes:
    blocks = range(-(-size // _HASH_SIZE))
    return b"".join(hashlib.sha384(seed + i.to_bytes(4, "big")).digest() for i in blocks)[:size]


def _emsa_pss_encode(message: bytes, *, bits: int, salt: bytes) -> bytes:
    """EMSA-PSS-ENCODE (RFC 8017 §9.1.1) with SHA-384 and MGF1."""
    size = -(-bits // 8)
    digest = hashlib.sha384(bytes(8) + hashlib.sha384(message).digest() + salt).digest()
    data = bytes(size - len(salt) - _HASH_SIZE - 2) + b"\x01" + salt
    masked = bytearray(a ^ b for a, b in zip(data, _mgf1(digest, len(data)), strict=True))
    masked[0] &= 0xFF >> (8 * size - bits)
    return bytes(masked) + digest + b"\xbc"
