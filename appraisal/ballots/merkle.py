"""The Merkle tree of the board: RFC 6962 §2.1 hashing, proofs as RFC 9162 §2.1.3 and §2.1.4.

leaf hash = SHA-256(00 ‖ entry)        node hash = SHA-256(01 ‖ left ‖ right)
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import NewType

from appraisal.errors import CryptoError

LeafHash = NewType("LeafHash", bytes)
"""The hash of one board entry, 32 bytes."""

RootHash = NewType("RootHash", bytes)
"""The hash of a whole tree, 32 bytes."""


def leaf_hash(entry: bytes) -> LeafHash:
    """MTH({d}) of RFC 6962 §2.1."""
    return LeafHash(hashlib.sha256(b"\x00" + entry).digest())


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def root(leaves: Sequence[bytes]) -> RootHash:
    """MTH(D[n]) of RFC 6962 §2.1 from leaf hashes; of none, the hash of nothing."""
    if not leaves:
        return RootHash(hashlib.sha256(b"").digest())
    level = list(leaves)
    while len(level) > 1:
        # Pairing from the left and passing an odd last one up gives the RFC's tree.
        paired = [_node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = paired + level[len(paired) * 2 :]
    return RootHash(level[0])


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """PATH(m, D[n]) of RFC 6962 §2.1.1, from the leaf upwards."""
    if not 0 <= index < len(leaves):
        raise CryptoError("no such leaf")
    if len(leaves) == 1:
        return ()
    k = _split(len(leaves))
    if index < k:
        return (*inclusion_proof(leaves[:k], index), root(leaves[k:]))
    return (*inclusion_proof(leaves[k:], index - k), root(leaves[:k]))


def verify_inclusion(
    leaf: bytes, *, index: int, size: int, proof: Sequence[bytes], expected: RootHash
) -> None:
    """RFC 9162 §2.1.3.2; raises `CryptoError` if the leaf is not in the tree."""
    if not 0 <= index < size:
        raise CryptoError("no such leaf")
    fn, sn, value = index, size - 1, leaf
    for sibling in proof:
        if sn == 0:
            raise CryptoError("the inclusion proof is too long")
        if fn & 1 or fn == sn:
            value = _node(sibling, value)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            value = _node(value, sibling)
        fn, sn = fn >> 1, sn >> 1
    if sn or value != expected:
        raise CryptoError("the inclusion proof does not lead to the root")


def consistency_proof(leaves: Sequence[bytes], first: int) -> tuple[bytes, ...]:
    """PROOF(m, D[n]) of RFC 6962 §2.1.2: that the first `first` leaves are still the same."""
    if not 0 < first <= len(leaves):
        raise CryptoError("no such earlier tree")
    return _subproof(leaves, first, whole=True)


def _subproof(leaves: Sequence[bytes], first: int, *, whole: bool) -> tuple[bytes, ...]:
    if first == len(leaves):
        return () if whole else (root(leaves),)
    k = _split(len(leaves))
    if first <= k:
        return (*_subproof(leaves[:k], first, whole=whole), root(leaves[k:]))
    return (*_subproof(leaves[k:], first - k, whole=False), root(leaves[:k]))


def verify_consistency(  # noqa: C901 - the steps of RFC 9162 §2.1.4.2, in its order
    *,
    first: int,
    second: int,
    first_root: RootHash,
    second_root: RootHash,
    proof: Sequence[bytes],
) -> None:
    """RFC 9162 §2.1.4.2; raises `CryptoError` if the second tree does not continue the first."""
    if not 0 < first <= second:
        raise CryptoError("no such earlier tree")
    if first == second:
        if proof or first_root != second_root:
            raise CryptoError("two trees of one size differ")
        return
    path = list(proof)
    if first & (first - 1) == 0:
        path.insert(0, first_root)
    if not path:
        raise CryptoError("the consistency proof is empty")
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if sn == 0:
            raise CryptoError("the consistency proof is too long")
        if fn & 1 or fn == sn:
            old, new = _node(sibling, old), _node(sibling, new)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            new = _node(new, sibling)
        fn, sn = fn >> 1, sn >> 1
    if sn or old != first_root or new != second_root:
        raise CryptoError("the second tree does not continue the first")
