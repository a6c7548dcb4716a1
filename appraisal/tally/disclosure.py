"""Which boxes may be opened, and which only together: groups and floors (protocol §5.1).

A figure about fewer ballots than the floor would tell how single voters voted. What may be opened
is decided from the number of ballots, before anything is decrypted. What is opened and turns out
to hold fewer valid ballots than the floor is not published either (`tally/opening.py`): four
holders of slips could otherwise cast rubbish and lay the fifth one's ballot bare.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from appraisal.ballots.cast import CastBallot
from appraisal.counting_rules import BelowFloor
from appraisal.manifest import BoxNumber, Manifest
from appraisal.tally.results import GroupStatus


@dataclass(frozen=True)
class Group:
    """Boxes of one contest that are opened together or kept sealed together."""

    contest: int
    boxes: tuple[BoxNumber, ...]
    ballots: int
    status: GroupStatus


def ballots_per_box(manifest: Manifest, ballots: Iterable[CastBallot]) -> tuple[int, ...]:
    """How many ballots each box of the manifest holds, by box number; comments are no ballots."""
    counts = [0] * len(manifest.boxes)
    for ballot in ballots:
        counts[ballot.box] += not manifest.is_comment(ballot.box)
    return tuple(counts)


def least_drawn(drawn: Iterable[Sequence[int]]) -> tuple[int, ...]:
    """How many slips of each class were drawn with every signer; `drawn` has a list a signer."""
    return tuple(min(of_class) for of_class in zip(*drawn, strict=True))


def overfull(manifest: Manifest, *, returned: Sequence[int], drawn: Sequence[int]) -> bool:
    """Whether some box holds more ballots than slips of its class were drawn: a void session.

    `returned` has one number a box, `drawn` one a class, the least over the signers (protocol §3,
    step 8).
    """
    return any(
        count > drawn[box.voter_class] for count, box in zip(returned, manifest.boxes, strict=True)
    )


def groups(manifest: Manifest, returned: Sequence[int]) -> tuple[Group, ...]:
    """The groups of every contest, in order of box; `returned` has one number a box."""
    return tuple(
        group
        for contest in range(len(manifest.contests))
        for group in _of_contest(manifest, contest, returned)
    )


def _of_contest(manifest: Manifest, contest: int, returned: Sequence[int]) -> Iterator[Group]:
    floor = manifest.rules.floor
    boxes = tuple(
        manifest.box(contest=contest, voter_class=number) for number in range(len(manifest.classes))
    )
    below = any(returned[box] < floor for box in boxes)
    together = below and manifest.rules.below_floor is BelowFloor.MERGE
    for part in [boxes] if together else [(box,) for box in boxes]:
        count = sum(returned[box] for box in part)
        status = GroupStatus.OPENED if count >= floor else GroupStatus.WITHHELD
        yield Group(contest, part, count, status)
