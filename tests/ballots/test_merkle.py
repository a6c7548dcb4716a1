"""The board's tree: published values, every tree to 64 leaves, and proofs that must fail."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from appraisal.ballots import merkle
from appraisal.ballots.merkle import RootHash
from appraisal.errors import CryptoError

VECTORS = json.loads((Path(__file__).parents[1] / "vectors/rfc6962.json").read_text())
LEAVES = [merkle.leaf_hash(bytes.fromhex(leaf)) for leaf in VECTORS["leaves"]]
MANY = [merkle.leaf_hash(bytes([i])) for i in range(64)]


def naive_root(leaves: Sequence[bytes]) -> bytes:
    """RFC 6962 §2.1, word for word."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def proof_of(case: dict[str, list[str]]) -> tuple[bytes, ...]:
    return tuple(bytes.fromhex(node) for node in case["proof"])


def test_the_empty_tree() -> None:
    assert merkle.root([]).hex().startswith("e3b0c44298fc1c14")


@pytest.mark.parametrize("size", range(1, 9))
def test_published_roots(size: int) -> None:
    assert merkle.root(LEAVES[:size]).hex() == VECTORS["roots"][size - 1]


@pytest.mark.parametrize("case", VECTORS["inclusion"])
def test_published_inclusion_proofs(case: dict[str, list[str]]) -> None:
    index = int(str(case["index"])) - 1  # its authors count leaves from 1
    assert merkle.inclusion_proof(LEAVES, index) == proof_of(case)


@pytest.mark.parametrize("case", VECTORS["consistency"])
def test_published_consistency_proofs(case: dict[str, list[str]]) -> None:
    first, second = int(str(case["first"])), int(str(case["second"]))
    assert merkle.consistency_proof(LEAVES[:second], first) == proof_of(case)


@pytest.mark.parametrize("size", range(65))
def test_every_root_to_64_leaves(size: int) -> None:
    assert merkle.root(MANY[:size]) == naive_root(MANY[:size])


def test_every_inclusion_proof_to_64_leaves_and_no_other_place() -> None:
    for size in range(1, 65):
        root = merkle.root(MANY[:size])
        for index in range(size):
            proof = merkle.inclusion_proof(MANY[:size], index)
            merkle.verify_inclusion(MANY[index], index=index, size=size, proof=proof, expected=root)
            if size > 1:
                with pytest.raises(CryptoError):
                    merkle.verify_inclusion(
                        MANY[index], index=(index + 1) % size, size=size, proof=proof, expected=root
                    )


def test_every_consistency_proof_to_40_leaves() -> None:
    for second in range(1, 41):
        new = merkle.root(MANY[:second])
        for first in range(1, second + 1):
            old = merkle.root(MANY[:first])
            proof = merkle.consistency_proof(MANY[:second], first)
            merkle.verify_consistency(
                first=first, second=second, first_root=old, second_root=new, proof=proof
            )
            forged = RootHash(bytes(32))
            with pytest.raises(CryptoError):
                merkle.verify_consistency(
                    first=first, second=second, first_root=forged, second_root=new, proof=proof
                )


@pytest.mark.parametrize("change", ["cut", "longer", "flipped", "none"])
def test_a_changed_proof_is_refused(change: str) -> None:
    proof = list(merkle.inclusion_proof(MANY[:13], 5))
    match change:
        case "cut":
            proof.pop()
        case "longer":
            proof.append(bytes(32))
        case "flipped":
            proof[1] = bytes(32)
        case _:
            proof = []
    root = merkle.root(MANY[:13])
    with pytest.raises(CryptoError):
        merkle.verify_inclusion(MANY[5], index=5, size=13, proof=proof, expected=root)


def test_a_leaf_is_no_node() -> None:
    """Second preimages: an inner node offered as an entry has another hash (00 against 01)."""
    assert bytes(merkle.leaf_hash(MANY[0] + MANY[1])) != merkle.root(MANY[:2])


@pytest.mark.parametrize(("index", "size"), [(-1, 4), (4, 4), (0, 0)])
def test_places_outside_the_tree(index: int, size: int) -> None:
    with pytest.raises(CryptoError, match="no such leaf"):
        merkle.verify_inclusion(
            MANY[0], index=index, size=size, proof=[], expected=merkle.root(MANY)
        )
    with pytest.raises(CryptoError, match="no such leaf"):
        merkle.inclusion_proof(MANY[:size], index)


def test_two_trees_of_one_size_are_the_same_or_a_lie() -> None:
    a, b = merkle.root(MANY[:4]), merkle.root(MANY[1:5])
    with pytest.raises(CryptoError, match="differ"):
        merkle.verify_consistency(first=4, second=4, first_root=a, second_root=b, proof=[])
    with pytest.raises(CryptoError, match="empty"):
        merkle.verify_consistency(first=3, second=4, first_root=a, second_root=b, proof=[])
    with pytest.raises(CryptoError, match="no such earlier"):
        merkle.verify_consistency(first=5, second=4, first_root=a, second_root=b, proof=[])
