"""RSA blind signatures against RFC 9474's vectors, and what the signer and the voter refuse."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from gmpy2 import mpz

from appraisal.ballots import blind_rsa, rsa_pss
from appraisal.ballots.blind_rsa import PrivateKey
from appraisal.ballots.rsa_pss import PublicKey
from appraisal.errors import CryptoError
from tests.world import source

VECTORS = json.loads((Path(__file__).parents[1] / "vectors/rfc9474.json").read_text())
RANDOMIZED = "RSABSSA-SHA384-PSS-Randomized"
VECTOR = next(v for v in VECTORS if v["name"] == RANDOMIZED)


def number(name: str) -> int:
    return int(VECTOR[name].removeprefix("0x"), 16)


def octets(name: str) -> bytes:
    return bytes.fromhex(VECTOR[name].removeprefix("0x"))


def replay(*values: bytes) -> Callable[[int], bytes]:
    """The vector's own random values, in the order of the RFC's steps."""
    left = list(values)

    def rng(size: int) -> bytes:
        value = left.pop(0)
        assert len(value) == size
        return value

    return rng


@pytest.fixture(scope="module")
def vector_key() -> PrivateKey:
    return PrivateKey.from_numbers(
        p=number("p"), q=number("q"), d=number("d"), exponent=number("e")
    )


@pytest.fixture(scope="module")
def private() -> PrivateKey:
    return PrivateKey.generate()


def test_rfc_9474_prepare() -> None:
    prepared = blind_rsa.prepare(octets("msg"), rng=replay(octets("msg_prefix")))
    assert prepared == octets("input_msg")


def test_rfc_9474_blind(vector_key: PrivateKey) -> None:
    public = vector_key.public
    r = pow(number("inv"), -1, public.modulus).to_bytes(public.size, "big")
    blinded = blind_rsa.blind(public, octets("input_msg"), rng=replay(octets("salt"), r))
    assert blinded.message == octets("blinded_msg")
    assert blinded.inverse == number("inv")


def test_rfc_9474_blind_sign(vector_key: PrivateKey) -> None:
    signature = blind_rsa.blind_sign(vector_key, octets("blinded_msg"), rng=os.urandom)
    assert signature == octets("blind_sig")


def test_rfc_9474_finalize_and_verify(vector_key: PrivateKey) -> None:
    signature = blind_rsa.finalize(
        vector_key.public, octets("input_msg"), octets("blind_sig"), number("inv")
    )
    assert signature == octets("sig")


def test_signing_is_deterministic_whatever_the_base_blinding(private: PrivateKey) -> None:
    blinded = blind_rsa.blind(private.public, b"message", rng=source(1)).message
    answers = {blind_rsa.blind_sign(private, blinded, rng=source(seed)) for seed in range(5)}
    assert len(answers) == 1


def test_every_message_explains_what_the_signer_saw(private: PrivateKey) -> None:
    """Unlinkability: for each message there is a blinding that gives the very same request."""
    public = private.public
    seen = blind_rsa.blind(public, b"the ballot key", rng=source(1)).message
    other = blind_rsa._emsa_pss_encode(b"any other key", bits=2047, salt=bytes(48))
    r_e = int.from_bytes(seen, "big") * pow(int.from_bytes(other, "big"), -1, public.modulus)
    r = int(blind_rsa._crt(private, mpz(r_e % public.modulus))) % public.modulus
    again = blind_rsa.blind(
        public, b"any other key", rng=replay(bytes(48), r.to_bytes(public.size, "big"))
    )
    assert again.message == seen


@pytest.mark.parametrize("size", [0, 255, 257])
def test_a_blinded_message_of_another_length_is_refused(private: PrivateKey, size: int) -> None:
    with pytest.raises(CryptoError, match="outside the modulus"):
        blind_rsa.blind_sign(private, bytes(size), rng=os.urandom)


def test_a_blinded_message_not_below_the_modulus_is_refused(private: PrivateKey) -> None:
    with pytest.raises(CryptoError, match="outside the modulus"):
        blind_rsa.blind_sign(private, private.public.to_bytes(), rng=os.urandom)


def test_a_faulty_key_half_never_lets_a_signature_out(private: PrivateKey) -> None:
    faulty = PrivateKey(
        private.public, private.p, private.q, private.dp + 2, private.dq, private.q_inverse
    )
    with pytest.raises(CryptoError, match="faulty arithmetic"):
        blind_rsa.blind_sign(faulty, b"\x01" * 256, rng=os.urandom)


def test_a_voter_notices_a_false_blind_signature(private: PrivateKey) -> None:
    blinded = blind_rsa.blind(private.public, b"message", rng=source(1))
    signature = bytearray(blind_rsa.blind_sign(private, blinded.message, rng=os.urandom))
    signature[100] ^= 1
    with pytest.raises(CryptoError, match="does not verify"):
        blind_rsa.finalize(private.public, b"message", bytes(signature), blinded.inverse)
    with pytest.raises(CryptoError, match="wrong length"):
        blind_rsa.finalize(private.public, b"message", b"short", blinded.inverse)


def test_a_signature_is_for_one_key_and_one_message(private: PrivateKey) -> None:
    blinded = blind_rsa.blind(private.public, b"message", rng=source(1))
    answer = blind_rsa.blind_sign(private, blinded.message, rng=os.urandom)
    signature = blind_rsa.finalize(private.public, b"message", answer, blinded.inverse)
    rsa_pss.verify(private.public, b"message", signature)
    with pytest.raises(CryptoError):
        rsa_pss.verify(private.public, b"massage", signature)
    with pytest.raises(CryptoError):
        rsa_pss.verify(PrivateKey.generate().public, b"message", signature)


def test_keys_survive_their_file(private: PrivateKey) -> None:
    assert PrivateKey.from_der(private.to_der()) == private
    assert PublicKey.from_bytes(private.public.to_bytes()) == private.public
