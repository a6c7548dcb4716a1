"""The box's admission rules, as one list (protocol §3, step 6).

1. the session is known and open
2. the request holds one ballot for every box of one class, in order of box
3. each ballot has its exact length
4. every token verifies under its box's token keys
5. the ballot key's signature verifies
6. its ballot key is new in its box; the very same ballot again is a repetition

The first and the last need the store, which tells the ballots that stand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from appraisal.ballots.cast import (
    BallotKey,
    CastBallot,
    decode_cast,
    verify_signature,
    verify_tokens,
)
from appraisal.ballots.merkle import LeafHash
from appraisal.errors import KeyUsed
from appraisal.manifest import BoxNumber, Manifest


def admit(data: bytes, manifest: Manifest) -> tuple[CastBallot, ...]:
    """The verified ballots of a cast request, or the refusal: checks 2 to 5."""
    ballots = decode_cast(data, manifest)  # 2, 3
    for ballot in ballots:
        verify_tokens(ballot, manifest)  # 4
        verify_signature(ballot, manifest)  # 5
    return ballots


def is_repetition(
    ballots: Sequence[CastBallot], standing: Mapping[tuple[BoxNumber, BallotKey], LeafHash]
) -> bool:
    """Check 6: whether these ballots stand already, all of them; `KeyUsed` if others do.

    `standing` has what the box holds under the ballots' keys, by box and ballot key.
    """
    found = [standing.get((ballot.box, ballot.key)) for ballot in ballots]
    if all(leaf is None for leaf in found):
        return False
    if all(leaf == b.leaf_hash for leaf, b in zip(found, ballots, strict=True)):
        return True
    raise KeyUsed("another ballot stands in the box under this key")
