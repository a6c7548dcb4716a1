"""The comment box 意见箱: opened with the others, shown shuffled, never on the board (§4.14)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from appraisal.ballots.ballot import SpoiltError
from appraisal.ballots.cast import CastBallot
from appraisal.ballots.comment import decode_comment
from appraisal.ballots.sealing import unseal
from appraisal.errors import MalformedError
from appraisal.manifest import Manifest


def comments_to_open(manifest: Manifest, ballots: Iterable[CastBallot]) -> tuple[CastBallot, ...]:
    """The sealed comments of all classes together, by leaf hash; none below the floor.

    Every voter casts one, written or empty: how many there are says nothing about who wrote.
    """
    found = [ballot for ballot in ballots if manifest.is_comment(ballot.box)]
    if len(found) < manifest.rules.floor:
        return ()
    return tuple(sorted(found, key=lambda ballot: ballot.leaf_hash))


def open_comments(
    manifest: Manifest,
    comments: Sequence[CastBallot],
    *,
    factors: Mapping[int, Sequence[bytes]],
) -> tuple[str, ...]:
    """What was written, in no order but the texts' own; `factors` of exactly a quorum, in order.

    Empty ones and what is no comment are left out.
    """
    if manifest.comments is None:
        return ()
    length = manifest.comments.length
    found = []
    for number, ballot in enumerate(comments):
        own = {teller: given[number] for teller, given in factors.items()}
        try:
            data = unseal(ballot.sealed, manifest=manifest, box=ballot.box, factors=own)
            found.append(decode_comment(data, length=length))
        except (SpoiltError, MalformedError):
            continue
    return tuple(sorted(text for text in found if text))
