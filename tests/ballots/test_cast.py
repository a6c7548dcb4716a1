"""The cast ballot and the box's admission rules: what is let in, and each way of being refused."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from appraisal.ballots import ballot_box, cast, receipts, sealing, voter
from appraisal.ballots.ballot import decode_ballot
from appraisal.ballots.cast import CastBallot
from appraisal.encoding import b64encode
from appraisal.errors import (
    CryptoError,
    KeyUsed,
    Malformed,
    MalformedError,
    Refusal,
    SignatureInvalid,
    TokenInvalid,
    WrongBoxes,
)
from appraisal.manifest import BoxNumber
from tests.world import World, make_world

ANSWERS = ((1, 2, 3), (0, 5, 4))


@pytest.fixture(scope="module")
def world() -> World:
    return make_world()


@pytest.fixture(scope="module")
def ballots(world: World) -> tuple[CastBallot, ...]:
    return world.vote(0, ANSWERS, os.urandom)


def body(*entries: bytes) -> bytes:
    return json.dumps({"ballots": [b64encode(entry) for entry in entries]}).encode()


def test_published_ed25519_vectors() -> None:
    lines = (Path(__file__).parents[1] / "vectors/ed25519.txt").read_text().splitlines()
    for line in lines:
        secret, public, message, signed = (bytes.fromhex(part) for part in line.split(":")[:4])
        assert Ed25519PrivateKey.from_private_bytes(secret[:32]).sign(message) == signed[:64]
        key = Ed25519PublicKey.from_public_bytes(public)
        key.verify(signed[:64], message)
        with pytest.raises(InvalidSignature):
            key.verify(signed[:64], message + b"x")


def test_a_voter_s_ballots_are_admitted_and_say_what_was_chosen(
    world: World, ballots: tuple[CastBallot, ...]
) -> None:
    assert ballot_box.admit(cast.encode_cast(ballots), world.manifest) == ballots
    for ballot, answers in zip(ballots, ANSWERS, strict=True):
        plain = sealing.unseal(
            ballot.sealed,
            manifest=world.manifest,
            box=ballot.box,
            factors=world.factors_for(ballot, 0),
        )
        assert decode_ballot(plain, world.manifest.form_of(ballot.box)).answers == answers


def test_an_entry_has_503_bytes_and_one_form(world: World, ballots: tuple[CastBallot, ...]) -> None:
    entry = ballots[0].entry
    assert len(entry) == 503
    assert entry[:3] == b"\x04\x00\x00"
    assert cast.decode_entry(entry, world.manifest).entry == entry


def test_every_flipped_byte_of_a_ballot_is_refused(
    world: World, ballots: tuple[CastBallot, ...]
) -> None:
    for i in range(503):
        changed = bytearray(ballots[0].entry)
        changed[i] ^= 0x01
        with pytest.raises(Refusal):
            ballot_box.admit(body(bytes(changed), ballots[1].entry), world.manifest)


@pytest.mark.parametrize("change", [b"", b"\x04", b"\x04\x00\x00", b"\x05" + bytes(502)])
def test_not_a_ballot(world: World, ballots: tuple[CastBallot, ...], change: bytes) -> None:
    with pytest.raises(Malformed):
        ballot_box.admit(body(change, ballots[1].entry), world.manifest)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b'{"ballots": null}',
        b'{"ballots": ["?"]}',
        b'{"ballots": [1]}',
        b'{"ballots": [], "more": 1}',
        b'{"ballots": [], "ballots": []}',
        b"\xff\xfe",
        b'{"ballots": ["BAA"]}',
        b'{"ballots": [1.5]}',
        b"[" * 100_000,
    ],
)
def test_requests_that_are_not_one(world: World, text: bytes) -> None:
    with pytest.raises(Malformed):
        cast.decode_cast(text, world.manifest)


def test_an_oversized_request_is_refused_before_it_is_read(world: World) -> None:
    with pytest.raises(Malformed, match="more than"):
        cast.decode_cast(b" " * (cast.CAST_LIMIT + 1), world.manifest)


@pytest.mark.parametrize("order", [(), (0,), (1,), (1, 0), (0, 0), (0, 1, 0)])
def test_one_ballot_for_every_box_of_the_class_in_order(
    world: World, ballots: tuple[CastBallot, ...], order: tuple[int, ...]
) -> None:
    with pytest.raises(WrongBoxes):
        ballot_box.admit(body(*(ballots[i].entry for i in order)), world.manifest)


def test_boxes_of_two_classes_do_not_mix(world: World, ballots: tuple[CastBallot, ...]) -> None:
    others = world.vote(1, ANSWERS, os.urandom)
    with pytest.raises(WrongBoxes):
        ballot_box.admit(body(ballots[0].entry, others[1].entry), world.manifest)


def test_a_box_that_the_session_has_not(world: World, ballots: tuple[CastBallot, ...]) -> None:
    entry = b"\x04\xff\xff" + ballots[0].entry[3:]
    with pytest.raises(WrongBoxes):
        ballot_box.admit(body(entry, ballots[1].entry), world.manifest)


def test_a_token_is_worth_nothing_in_another_box(
    world: World, ballots: tuple[CastBallot, ...]
) -> None:
    """The token of the branch's box, used for the member's."""
    blanks = world.draw(0, os.urandom)
    swapped = (
        replace(blanks[0], box=BoxNumber(2)),
        replace(blanks[1], box=BoxNumber(0)),
    )
    forged = voter.fill_in(world.manifest, swapped, ANSWERS, rng=os.urandom)
    with pytest.raises(TokenInvalid):
        ballot_box.admit(body(forged[1].entry, forged[0].entry), world.manifest)


def test_a_token_is_worth_nothing_in_another_session(ballots: tuple[CastBallot, ...]) -> None:
    with pytest.raises(TokenInvalid):
        ballot_box.admit(cast.encode_cast(ballots), make_world(quota=2).manifest)


def test_a_stolen_token_does_not_fit_another_key(
    world: World, ballots: tuple[CastBallot, ...]
) -> None:
    forged = cast.sign_ballot(
        world.manifest,
        box=ballots[0].box,
        key=Ed25519PrivateKey.generate(),
        ballot_tokens=ballots[0].tokens,
        sealed=ballots[0].sealed,
    )
    with pytest.raises(TokenInvalid):
        ballot_box.admit(body(forged.entry, ballots[1].entry), world.manifest)


def test_a_sealed_ballot_put_under_another_voter_s_key_is_refused(
    world: World, ballots: tuple[CastBallot, ...]
) -> None:
    other = world.vote(0, ANSWERS, os.urandom)
    forged = replace(ballots[0], sealed=other[0].sealed)
    with pytest.raises(SignatureInvalid):
        ballot_box.admit(body(forged.entry, ballots[1].entry), world.manifest)


def test_the_same_ballots_again_are_a_repetition(ballots: tuple[CastBallot, ...]) -> None:
    standing = {(b.box, b.key): b.leaf_hash for b in ballots}
    assert ballot_box.is_repetition(ballots, standing)
    assert not ballot_box.is_repetition(ballots, {})


def test_a_second_ballot_under_a_used_key_is_refused(
    world: World, ballots: tuple[CastBallot, ...]
) -> None:
    blanks = world.draw(0, os.urandom)
    first = voter.fill_in(world.manifest, blanks, ANSWERS, rng=os.urandom)
    second = voter.fill_in(world.manifest, blanks, ((4, 4, 4), (4, 4, 4)), rng=os.urandom)
    standing = {(b.box, b.key): b.leaf_hash for b in first}
    with pytest.raises(KeyUsed):
        ballot_box.is_repetition(second, standing)
    with pytest.raises(KeyUsed):
        ballot_box.is_repetition((first[0], second[1]), standing)
    with pytest.raises(KeyUsed):
        ballot_box.is_repetition(
            ballots, {(b.box, b.key): f.leaf_hash for b, f in [(ballots[0], first[0])]}
        )


def test_a_receipt_convicts_and_shows_nothing(
    world: World, ballots: tuple[CastBallot, ...]
) -> None:
    receipt = receipts.sign_receipt(
        ballots[0].leaf_hash, manifest_hash=world.manifest.hash, key=world.board_key
    )
    receipts.verify_receipt(receipt, world.manifest)
    again = receipts.sign_receipt(
        ballots[0].leaf_hash, manifest_hash=world.manifest.hash, key=world.board_key
    )
    assert again == receipt
    with pytest.raises(CryptoError):
        receipts.verify_receipt(replace(receipt, ballot=ballots[1].leaf_hash), world.manifest)
    with pytest.raises(CryptoError):
        receipts.verify_receipt(receipt, make_world().manifest)
    shown: dict[str, Any] = receipt.to_json()
    assert set(shown) == {"ballot", "signature"}


def test_a_malformed_entry_of_the_board(world: World) -> None:
    with pytest.raises(MalformedError):
        cast.decode_entry(b"\x04\x00", world.manifest)
