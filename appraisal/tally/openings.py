"""Openings: what is published of the boxes, in the form of `openings.json` (protocol §4.10).

    {"format":"appraisal-openings/1","groups":[{"ballots":22,"boxes":[0],"opened":[
        {"answers":[1,2,0],"tracker":"9f…"}, …],"spoilt":["unreadable"],"status":"opened"}, …

Sorted by tracker, which a voter's phone drew at random: nothing of the order of casting is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Final, NewType

from appraisal.ballots.ballot import TRACKER_SIZE, Spoilt
from appraisal.codec import Range, decode, encode
from appraisal.encoding import hex_decode
from appraisal.errors import MalformedError
from appraisal.manifest import MAX_CLASSES, MAX_SLIPS
from appraisal.manifest_rules import MAX_PLACES
from appraisal.tally.results import GroupStatus

FORMAT: Final = "appraisal-openings/1"
LIMIT: Final = 2**29
MANY: Final = MAX_SLIPS * MAX_CLASSES

TrackerText = NewType("TrackerText", str)
"""A tracker 核对号 in lower-case hex, 32 symbols: by it a voter finds the own ballot."""


@dataclass(frozen=True, slots=True, order=True)
class OpenedBallot:
    """One ballot in plain: tracker and answers, one number a place of its form (`Ballot`)."""

    tracker: Annotated[TrackerText, Range(2 * TRACKER_SIZE, 2 * TRACKER_SIZE)]
    answers: Annotated[tuple[Annotated[int, Range(0, 255)], ...], Range(1, MAX_PLACES)]

    def __post_init__(self) -> None:
        """Refuse a tracker in another spelling."""
        hex_decode(self.tracker, size=TRACKER_SIZE)


@dataclass(frozen=True)
class OpenedGroup:
    """One group of boxes: if it is published its ballots, and why the others are spoilt.

    Of a withheld one both are absent, whether it was too small to be opened, or too few of its
    ballots turned out to be valid: not even how many. Whoever casts rubbish beside one honest
    ballot would learn from that number whether it was left empty.
    """

    boxes: Annotated[tuple[Annotated[int, Range(0, 2**16 - 1)], ...], Range(1, MAX_CLASSES)]
    ballots: Annotated[int, Range(0, MANY)]
    status: GroupStatus
    opened: Annotated[tuple[OpenedBallot, ...], Range(0, MANY)] | None
    spoilt: Annotated[tuple[Spoilt, ...], Range(0, MANY)] | None

    @property
    def auditable(self) -> bool:
        """Whether auditors may open its ballots again: published, and of a single box.

        Factors open ballot by ballot, each of its own box; a merged box is below the floor.
        """
        return self.status is GroupStatus.OPENED and len(self.boxes) == 1


class VoidReason(Enum):
    """Why nothing was opened.

    `OVERFULL`: a box holds more ballots than slips were drawn. `UNOPENED`: too few tellers could
    open. `UNSTATED`: a further signer never stated its turnout, so nobody knows how many ballots a
    box may hold.
    """

    OVERFULL = "overfull"
    UNOPENED = "unopened"
    UNSTATED = "unstated"


@dataclass(frozen=True)
class Openings:
    """What is published of all boxes; no groups, but the reason, if the session is void."""

    format: str
    groups: tuple[OpenedGroup, ...]
    void: VoidReason | None = None

    def __post_init__(self) -> None:
        """Refuse another format."""
        if self.format != FORMAT:
            raise MalformedError(f"openings.format: not {FORMAT}")


def encode_openings(openings: Openings) -> bytes:
    """`openings.json`."""
    return encode(openings)


def decode_openings(data: bytes) -> Openings:
    """The openings of canonical JSON; `MalformedError` names the field that is wrong."""
    return decode(Openings, data, limit=LIMIT)
