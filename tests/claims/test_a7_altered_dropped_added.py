"""Claim A7: a ballot altered, dropped or added after its receipt is found by the verifier or by
that voter.

**The attacker** operates the service after close, with the board key: they lay out a new board,
sign it, open and count again, so that everything fits together. The token keys have been destroyed.
The voters have their receipts. (What a record shows of every bit: `tests/test_verifier.py`.)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from appraisal.ballots import merkle
from appraisal.ballots.board import unpacked
from appraisal.ballots.cast import CastBallot
from appraisal.ballots.checkpoint import verify_checkpoint
from appraisal.ballots.receipts import Receipt, sign_receipt, verify_receipt
from appraisal.errors import CryptoError
from appraisal.tally.record import Record
from appraisal.verifier import verify
from tests.tally.held import Held, hold
from tests.world import make_world, source

GOOD, POOR = [1, 1, 1], [4, 4, 4]
VOTES = {0: [[GOOD, GOOD]] * 6, 1: [[POOR, POOR]] * 5}


@dataclass
class Scene:
    """A held session, and every voter's receipts at home."""

    held: Held
    receipts: list[Receipt]

    def complaints(self, record: Record) -> list[Receipt]:
        """What holders of receipts find missing on the board that they are shown."""
        manifest = self.held.manifest
        entries = unpacked(record.files["board.bin"])
        leaves = [merkle.leaf_hash(entry) for entry in entries]
        head = verify_checkpoint(
            record.files["checkpoint.txt"].decode(), manifest.board, manifest.witnesses
        ).checkpoint
        missing = []
        for receipt in self.receipts:
            verify_receipt(receipt, manifest)  # nobody can say that it was made up
            if receipt.ballot not in leaves:
                missing.append(receipt)
                continue
            index = leaves.index(receipt.ballot)
            proof = merkle.inclusion_proof(leaves, index)
            merkle.verify_inclusion(
                receipt.ballot, index=index, size=head.size, proof=proof, expected=head.root
            )
        return missing


@pytest.fixture
def scene() -> Scene:
    held = hold(make_world(), VOTES)
    receipts = [
        sign_receipt(b.leaf_hash, manifest_hash=held.manifest.hash, key=held.world.board_key)
        for b in held.ballots
    ]
    return Scene(held, receipts)


def test_an_honest_board_gives_nobody_reason_to_complain(scene: Scene) -> None:
    record = scene.held.record(audit=True)
    assert verify(record).ok
    assert scene.complaints(record) == []


def test_whoever_is_dropped_finds_it_and_can_prove_it(scene: Scene) -> None:
    """Every single ballot: the record alone holds, its holder's receipt convicts the service."""
    for place in range(len(scene.held.ballots)):
        mine = scene.held.ballots.pop(place)
        scene.held.reopen()
        assert [r.ballot for r in scene.complaints(scene.held.record())] == [mine.leaf_hash]
        scene.held.ballots.insert(place, mine)


def key(ballot: CastBallot, other: CastBallot) -> CastBallot:
    return replace(ballot, key=other.key)


def tokens(ballot: CastBallot, other: CastBallot) -> CastBallot:
    return replace(ballot, tokens=other.tokens)


def sealed(ballot: CastBallot, other: CastBallot) -> CastBallot:
    return replace(ballot, sealed=other.sealed)


def signature(ballot: CastBallot, other: CastBallot) -> CastBallot:
    return replace(ballot, signature=other.signature)


def box(ballot: CastBallot, other: CastBallot) -> CastBallot:
    return replace(ballot, box=other.box)


@pytest.mark.parametrize("part", [key, tokens, sealed, signature, box])
def test_an_altered_ballot_is_found_twice(
    scene: Scene, part: Callable[[CastBallot, CastBallot], CastBallot]
) -> None:
    """By the verifier, since nobody else can sign; and by its voter, since its hash is another."""
    mine = scene.held.ballots[0]
    other = next(b for b in scene.held.ballots if b.box != mine.box)
    scene.held.ballots[0] = part(mine, other)
    scene.held.reopen()
    record = scene.held.record()
    assert not verify(record).ok
    assert [r.ballot for r in scene.complaints(record)] == [mine.leaf_hash]


def test_an_added_ballot_needs_a_token_and_the_token_keys_are_gone(scene: Scene) -> None:
    """A ballot like any other, but for its token: one of another key, or made up."""
    foreign = make_world()
    stranger = hold(foreign, {0: [[GOOD, GOOD]]}).ballots[0]
    rng = source(3)
    mine = scene.held.ballots[0]
    made_up = replace(mine.tokens[0], signature=rng(256))
    for added in (
        stranger,
        replace(stranger, tokens=mine.tokens),
        replace(stranger, tokens=(made_up,)),
    ):
        scene.held.ballots.append(added)
        scene.held.reopen()
        assert not verify(scene.held.record()).ok
        scene.held.ballots.remove(added)


def test_a_ballot_counted_twice_is_found(scene: Scene) -> None:
    scene.held.ballots.append(scene.held.ballots[0])
    scene.held.reopen()
    assert not verify(scene.held.record()).ok


def test_a_receipt_of_another_board_convicts_nobody(scene: Scene) -> None:
    """A voter who lies has no receipt to show."""
    other = hold(make_world(), VOTES)
    leaf = other.ballots[0].leaf_hash
    false = sign_receipt(leaf, manifest_hash=other.manifest.hash, key=other.world.board_key)
    with pytest.raises(CryptoError):
        verify_receipt(false, scene.held.manifest)


def test_the_answers_that_were_opened_are_those_that_were_sealed(scene: Scene) -> None:
    """Who counts other answers needs another opening: the factors show the true one."""
    held = scene.held
    group = held.openings.groups[0]
    assert group.opened is not None
    changed = replace(group.opened[0], answers=(4, 4, 4))
    opened = tuple(sorted((changed, *group.opened[1:])))
    groups = (replace(group, opened=opened), *held.openings.groups[1:])
    held.reopened(replace(held.openings, groups=groups))
    assert not verify(held.record(audit=True)).ok
    # Of a public record the voter asks with the tracker, on the phone (protocol §4.12).
    shown = {ballot.tracker: ballot.answers for ballot in opened}
    assert shown[changed.tracker] != tuple(GOOD)
