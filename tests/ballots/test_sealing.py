"""Sealing to the tellers: RFC 9180's vectors, quorums, and everything that must not open."""

from __future__ import annotations

import itertools
import json
import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from hypothesis import given
from hypothesis import strategies as st

from appraisal.ballots import sealing, tellers
from appraisal.ballots.ballot import SpoiltError
from appraisal.errors import CryptoError
from appraisal.manifest import BoxNumber
from tests.world import make_world, source

VECTOR = json.loads((Path(__file__).parents[1] / "vectors/rfc9180.json").read_text())[0]
BOX = BoxNumber(2)
PLAIN = b"\x01" + bytes(range(16)) + b"\x01\x02\x03"


def octets(name: str) -> bytes:
    return bytes.fromhex(VECTOR[name])


def test_rfc_9180_key_schedule_of_the_library_we_use() -> None:
    """`cryptography` takes no AAD, the vectors have one: the vector's own key makes the ciphertext
    that its sender would have sent without AAD, and the library must open it."""
    key, nonce = octets("key"), octets("base_nonce")
    first = VECTOR["encryptions"][0]
    plain, aad = bytes.fromhex(first["pt"]), bytes.fromhex(first["aad"])
    assert ChaCha20Poly1305(key).encrypt(nonce, plain, aad).hex() == first["ct"]
    sent = octets("enc") + ChaCha20Poly1305(key).encrypt(nonce, plain, None)
    recipient = X25519PrivateKey.from_private_bytes(octets("skRm"))
    assert sealing._SUITE.decrypt(sent, recipient, octets("info")) == plain


def test_a_custodian_opens_what_was_sealed_to_it() -> None:
    world = make_world()
    sealed = sealing.seal(PLAIN, manifest=world.manifest, box=BOX, rng=os.urandom)
    assert len(sealed) == sealing.sealed_size(world.manifest, BOX)
    opened = sealing.unseal(sealed, manifest=world.manifest, box=BOX, keys=world.keys(0))
    assert opened == PLAIN


@pytest.mark.parametrize(("quorum", "count"), [(1, 3), (2, 3), (3, 3), (5, 9)])
def test_any_quorum_opens_and_fewer_do_not(quorum: int, count: int) -> None:
    world = make_world(tellers=count, quorum=quorum)
    sealed = sealing.seal(PLAIN, manifest=world.manifest, box=BOX, rng=os.urandom)
    for numbers in itertools.islice(itertools.combinations(range(count), quorum), 12):
        keys = world.keys(*numbers)
        assert sealing.unseal(sealed, manifest=world.manifest, box=BOX, keys=keys) == PLAIN
        if quorum > 1:
            keys.popitem()
            with pytest.raises(SpoiltError, match="unreadable"):
                sealing.unseal(sealed, manifest=world.manifest, box=BOX, keys=keys)


def test_equal_ballots_look_different_and_have_one_length() -> None:
    world = make_world()
    sealed = {
        sealing.seal(PLAIN, manifest=world.manifest, box=BOX, rng=os.urandom) for _ in range(20)
    }
    assert len(sealed) == 20
    assert len({len(s) for s in sealed}) == 1


def test_a_ballot_is_sealed_into_one_box_of_one_session() -> None:
    world = make_world()
    sealed = sealing.seal(PLAIN, manifest=world.manifest, box=BOX, rng=os.urandom)
    with pytest.raises(SpoiltError):
        sealing.unseal(sealed, manifest=world.manifest, box=BoxNumber(1), keys=world.keys(0))
    other = make_world()
    with pytest.raises(SpoiltError):
        sealing.unseal(sealed, manifest=other.manifest, box=BOX, keys=world.keys(0))


def test_every_flipped_byte_is_noticed() -> None:
    world = make_world()
    sealed = sealing.seal(PLAIN, manifest=world.manifest, box=BOX, rng=os.urandom)
    for i in range(len(sealed)):
        changed = bytearray(sealed)
        changed[i] ^= 1
        with pytest.raises(SpoiltError):
            sealing.unseal(bytes(changed), manifest=world.manifest, box=BOX, keys=world.keys(0))


@pytest.mark.parametrize("size", [0, 1, 79, 80, 95])
def test_a_cut_ballot_is_unreadable(size: int) -> None:
    world = make_world()
    sealed = sealing.seal(PLAIN, manifest=world.manifest, box=BOX, rng=os.urandom)
    with pytest.raises(SpoiltError):
        sealing.unseal(sealed[:size], manifest=world.manifest, box=BOX, keys=world.keys(0))


@given(
    secret=st.binary(min_size=1, max_size=40),
    count=st.integers(1, 9),
    data=st.data(),
)
def test_shares_give_the_secret_back(secret: bytes, count: int, data: st.DataObject) -> None:
    quorum = data.draw(st.integers(1, count))
    shares = tellers.split(secret, quorum=quorum, tellers=count, rng=source(7))
    chosen = data.draw(st.permutations(range(count)))[:quorum]
    assert tellers.combine({i: shares[i] for i in chosen}) == secret


def test_one_share_less_is_consistent_with_every_secret() -> None:
    """Perfect secrecy, byte by byte: each possible secret has one polynomial through the share."""
    seen = tellers.split(b"\x2a", quorum=2, tellers=2, rng=source(3))[0]
    secrets = set()
    for other in range(256):
        secrets.add(tellers.combine({0: seen, 1: bytes([other])}))
    assert len(secrets) == 256


def test_the_field_is_that_of_aes() -> None:
    """FIPS 197 §4.2: {57} · {83} = {c1}; §4.2.1: {57} · {13} = {fe}."""
    assert tellers._multiply(0x57, 0x83) == 0xC1
    assert tellers._multiply(0x57, 0x13) == 0xFE


@pytest.mark.parametrize(("quorum", "count"), [(0, 3), (4, 3), (1, 0), (1, 256)])
def test_impossible_quorums(quorum: int, count: int) -> None:
    with pytest.raises(CryptoError, match="quorum"):
        tellers.split(b"secret", quorum=quorum, tellers=count, rng=source(1))
    with pytest.raises(CryptoError, match="no shares"):
        tellers.combine({})
