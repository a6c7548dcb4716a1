"""Sealing to the tellers: RFC 9180's vectors, quorums, and everything that must not open."""

from __future__ import annotations

import itertools
import json
import os
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from hypothesis import given
from hypothesis import strategies as st

from appraisal.ballots import hpke, sealing, tellers
from appraisal.ballots.ballot import SpoiltError
from appraisal.errors import CryptoError
from appraisal.manifest import BoxNumber
from tests.world import World, make_world, source

VECTOR = json.loads((Path(__file__).parents[1] / "vectors/rfc9180.json").read_text())[0]
BOX = BoxNumber(2)
PLAIN = b"\x01" + bytes(range(16)) + b"\x01\x02\x03"


def octets(name: str) -> bytes:
    return bytes.fromhex(VECTOR[name])


def test_rfc_9180_from_the_decryption_factor_on() -> None:
    """§4.1 and §5.1 give the vector's own secrets, its key and its base nonce."""
    key = X25519PrivateKey.from_private_bytes(octets("skRm"))
    factor = key.exchange(X25519PublicKey.from_public_bytes(octets("enc")))
    secret = hpke.shared_secret(factor, enc=octets("enc"), public_key=octets("pkRm"))
    assert secret == octets("shared_secret")
    assert hpke.key_and_nonce(secret, info=octets("info")) == (octets("key"), octets("base_nonce"))
    context = hpke._key_schedule_context(octets("info"))
    assert context == octets("key_schedule_context")
    first = VECTOR["encryptions"][0]
    plain, aad = bytes.fromhex(first["pt"]), bytes.fromhex(first["aad"])
    opened = ChaCha20Poly1305(octets("key"))
    assert opened.encrypt(octets("base_nonce"), plain, aad).hex() == first["ct"]
    # Our shares have no associated data: the vector's key makes what its sender would have sent.
    sent = octets("enc") + opened.encrypt(octets("base_nonce"), plain, None)
    by = {"public_key": octets("pkRm"), "info": octets("info")}
    assert hpke.open_with(factor, sent, **by) == plain
    assert sealing._SUITE.decrypt(sent, key, octets("info")) == plain


@given(plain=st.binary(max_size=60), info=st.binary(max_size=60))
def test_what_the_library_seals_a_factor_opens_as_its_key_does(plain: bytes, info: bytes) -> None:
    key = X25519PrivateKey.generate()
    sealed = sealing._SUITE.encrypt(plain, key.public_key(), info)
    factor = key.exchange(X25519PublicKey.from_public_bytes(sealed[:32]))
    public_key = key.public_key().public_bytes_raw()
    assert hpke.open_with(factor, sealed, public_key=public_key, info=info) == plain
    assert sealing._SUITE.decrypt(sealed, key, info) == plain
    for by in (
        {"public_key": bytes(32), "info": info},
        {"public_key": public_key, "info": info + b"?"},
    ):
        with pytest.raises(InvalidTag):
            hpke.open_with(factor, sealed, **by)


def made(world: World, sealed: bytes, *numbers: int) -> dict[int, bytes]:
    """The factors of these tellers for one ballot."""
    return {n: sealing.factor(sealed, teller=n, key=world.tellers[n]) for n in numbers}


def test_a_custodian_opens_what_was_sealed_to_it() -> None:
    world = make_world()
    sealed = sealing.seal(PLAIN, manifest=world.manifest, box=BOX, rng=os.urandom)
    assert len(sealed) == sealing.sealed_size(world.manifest, BOX)
    factors = made(world, sealed, 0)
    assert sealing.unseal(sealed, manifest=world.manifest, box=BOX, factors=factors) == PLAIN


@pytest.mark.parametrize(("quorum", "count"), [(1, 3), (2, 3), (3, 3), (5, 9)])
def test_any_quorum_opens_and_fewer_do_not(quorum: int, count: int) -> None:
    world = make_world(tellers=count, quorum=quorum)
    sealed = sealing.seal(PLAIN, manifest=world.manifest, box=BOX, rng=os.urandom)
    for numbers in itertools.islice(itertools.combinations(range(count), quorum), 12):
        factors = made(world, sealed, *numbers)
        assert sealing.unseal(sealed, manifest=world.manifest, box=BOX, factors=factors) == PLAIN
        for number in numbers:
            with pytest.raises(SpoiltError, match="unreadable"):
                sealing.unseal(
                    sealed, manifest=world.manifest, box=BOX, factors={**factors, number: b""}
                )
        if quorum > 1:
            factors.popitem()
            with pytest.raises(SpoiltError, match="unreadable"):
                sealing.unseal(sealed, manifest=world.manifest, box=BOX, factors=factors)


def test_a_factor_opens_one_share_of_one_ballot_and_no_other() -> None:
    world = make_world(tellers=3, quorum=2)
    m = world.manifest
    one, other = (sealing.seal(PLAIN, manifest=m, box=BOX, rng=os.urandom) for _ in range(2))
    factor = made(world, one, 1)[1]
    assert sealing.is_good(factor, one, manifest=m, box=BOX, teller=1)
    assert not sealing.is_good(factor, other, manifest=m, box=BOX, teller=1)
    assert not sealing.is_good(factor, one, manifest=m, box=BoxNumber(1), teller=1)
    for teller in (0, 2):
        assert not sealing.is_good(factor, one, manifest=m, box=BOX, teller=teller)
    for at in range(32):
        flipped = factor[:at] + bytes([factor[at] ^ 0x80]) + factor[at + 1 :]
        assert not sealing.is_good(flipped, one, manifest=m, box=BOX, teller=1)
    for false in (b"", factor[:-1], factor + b"\0", bytes(32)):
        assert not sealing.is_good(false, one, manifest=m, box=BOX, teller=1)


@pytest.mark.parametrize("enc", [bytes(32), b"\x01" + bytes(31)])
def test_a_share_under_a_point_of_low_order_has_no_factor_and_zeros_do_not_open_it(
    enc: bytes,
) -> None:
    """Its secret would be all zero, which everybody knows (RFC 7748 §6.1)."""
    world = make_world()
    m = world.manifest
    public_key, info = m.opening.tellers[0].key, sealing._share_info(m, BOX, 0)
    secret = hpke.shared_secret(bytes(32), enc=enc, public_key=public_key)
    key, nonce = hpke.key_and_nonce(secret, info=info)
    sealed = enc + ChaCha20Poly1305(key).encrypt(nonce, bytes(32), None)
    assert hpke.open_with(bytes(32), sealed, public_key=public_key, info=info) == bytes(32)
    assert not sealing.is_good(bytes(32), sealed, manifest=m, box=BOX, teller=0)
    assert made(world, sealed, 0) == {0: b""}


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
        sealing.unseal(
            sealed, manifest=world.manifest, box=BoxNumber(1), factors=made(world, sealed, 0)
        )
    other = make_world()
    with pytest.raises(SpoiltError):
        sealing.unseal(sealed, manifest=other.manifest, box=BOX, factors=made(world, sealed, 0))


def test_every_flipped_byte_is_noticed() -> None:
    world = make_world()
    sealed = sealing.seal(PLAIN, manifest=world.manifest, box=BOX, rng=os.urandom)
    for i in range(len(sealed)):
        changed = bytearray(sealed)
        changed[i] ^= 1
        with pytest.raises(SpoiltError):
            sealing.unseal(
                bytes(changed),
                manifest=world.manifest,
                box=BOX,
                factors=made(world, bytes(changed), 0),
            )


@pytest.mark.parametrize("size", [0, 1, 79, 80, 95])
def test_a_cut_ballot_is_unreadable(size: int) -> None:
    world = make_world()
    sealed = sealing.seal(PLAIN, manifest=world.manifest, box=BOX, rng=os.urandom)
    with pytest.raises(SpoiltError):
        sealing.unseal(
            sealed[:size],
            manifest=world.manifest,
            box=BOX,
            factors=made(world, sealed[:size], 0),
        )


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
