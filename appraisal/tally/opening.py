"""Opening the boxes: from sealed ballots to `openings.json` (protocol §3 step 8, §4.10).

    {"format":"appraisal-openings/1","groups":[{"ballots":22,"boxes":[0],"opened":[
        {"answers":[1,2,0],"tracker":"9f…"}, …],"spoilt":["unreadable"],"status":"opened"}, …

Sorted by tracker, which a voter's phone drew at random: nothing of the order of casting is left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Final, NewType

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from appraisal.ballots.ballot import (
    TRACKER_SIZE,
    Ballot,
    Spoilt,
    SpoiltError,
    decode_ballot,
)
from appraisal.ballots.cast import CastBallot, verify_signature, verify_tokens
from appraisal.ballots.sealing import unseal
from appraisal.codec import Range, decode, encode
from appraisal.encoding import hex_decode
from appraisal.errors import CryptoError, MalformedError, Refusal
from appraisal.manifest import (
    MAX_CLASSES,
    MAX_GRADES,
    MAX_QUESTIONS,
    MAX_SLIPS,
    BoxNumber,
    Manifest,
)
from appraisal.tally.disclosure import Group, ballots_per_box, groups, overfull
from appraisal.tally.results import GroupStatus
from appraisal.tally.spread import Cores, borrowed

FORMAT: Final = "appraisal-openings/1"
LIMIT: Final = 2**29
_MANY: Final = MAX_SLIPS * MAX_CLASSES

TrackerText = NewType("TrackerText", str)
"""A tracker 核对号 in lower-case hex, 32 symbols: by it a voter finds the own ballot."""


@dataclass(frozen=True, slots=True, order=True)
class OpenedBallot:
    """One ballot in plain: tracker and one answer a question, 0 for blank, n for the n-th grade."""

    tracker: Annotated[TrackerText, Range(2 * TRACKER_SIZE, 2 * TRACKER_SIZE)]
    answers: Annotated[tuple[Annotated[int, Range(0, MAX_GRADES)], ...], Range(1, MAX_QUESTIONS)]

    def __post_init__(self) -> None:
        """Refuse a tracker in another spelling."""
        hex_decode(self.tracker, size=TRACKER_SIZE)


@dataclass(frozen=True)
class OpenedGroup:
    """One group of boxes: its ballots and its spoilt ballots.

    A group below the floor is withheld unopened: both are absent. One whose valid ballots turn out
    to be below the floor is withheld too: its spoilt ballots are told, nothing else.
    """

    boxes: Annotated[tuple[Annotated[int, Range(0, 2**16 - 1)], ...], Range(1, MAX_CLASSES)]
    ballots: Annotated[int, Range(0, _MANY)]
    status: GroupStatus
    opened: Annotated[tuple[OpenedBallot, ...], Range(0, _MANY)] | None
    spoilt: Annotated[tuple[Spoilt, ...], Range(0, _MANY)] | None


@dataclass(frozen=True)
class Openings:
    """What is published of all boxes; without groups if the session is void."""

    format: str
    groups: tuple[OpenedGroup, ...]

    def __post_init__(self) -> None:
        """Refuse another format."""
        if self.format != FORMAT:
            raise MalformedError(f"openings.format: not {FORMAT}")


Plain = Ballot | Spoilt
"""What a sealed ballot turns out to be."""


def encode_openings(openings: Openings) -> bytes:
    """`openings.json`."""
    return encode(openings)


def decode_openings(data: bytes) -> Openings:
    """The openings of canonical JSON; `MalformedError` names the field that is wrong."""
    return decode(Openings, data, limit=LIMIT)


def open_boxes(
    manifest: Manifest,
    ballots: Sequence[CastBallot],
    *,
    keys: Mapping[int, X25519PrivateKey],
    drawn: Sequence[int],
    cores: Cores | None = None,
) -> Openings:
    """The openings of all ballots of a session, in any order.

    `keys` are tellers' private keys by number, at least a quorum; `drawn` has one number of slips
    a class. A box with more ballots than slips drawn makes the session void: nothing is opened.
    Raises `CryptoError` for keys that are too few or not the tellers'.
    """
    chosen = quorum_keys(manifest, keys)
    returned = ballots_per_box(manifest, ballots)
    if overfull(manifest, returned=returned, drawn=drawn):
        return Openings(FORMAT, ())
    formed = groups(manifest, returned)
    group_of = {box: group for group in formed for box in group.boxes}
    wanted = [b for b in ballots if group_of[b.box].status is GroupStatus.OPENED]
    sealed = [(ballot.box, ballot.sealed) for ballot in wanted]
    raw = {number: key.private_bytes_raw() for number, key in chosen.items()}
    found: dict[Group, list[Plain]] = {group: [] for group in formed}
    with borrowed(cores) as working:
        plain = working.spread(partial(_open_part, manifest, raw), sealed)
    for ballot, content in zip(wanted, plain, strict=True):
        found[group_of[ballot.box]].append(content)
    floor = manifest.rules.floor
    return Openings(FORMAT, tuple(_opened(group, found[group], floor=floor) for group in formed))


def false_ballots(
    manifest: Manifest, ballots: Sequence[CastBallot], *, cores: Cores | None = None
) -> list[tuple[bool, bool]]:
    """For each ballot whether its tokens are false, and whether its signature is."""
    with borrowed(cores) as working:
        return working.spread(partial(_verify_part, manifest), ballots)


def quorum_keys(
    manifest: Manifest, keys: Mapping[int, X25519PrivateKey]
) -> dict[int, X25519PrivateKey]:
    """The keys that open: those of the quorum's lowest numbers, so that the same keys always do.

    Raises `CryptoError` for keys that are too few or not the tellers'.
    """
    tellers = manifest.opening.tellers
    for number, key in keys.items():
        if not 0 <= number < len(tellers):
            raise CryptoError(f"there is no teller {number + 1}")
        if key.public_key().public_bytes_raw() != tellers[number].key:
            raise CryptoError(f"not the key of teller {number + 1}")
    quorum = manifest.opening.quorum
    if len(keys) < quorum:
        raise CryptoError(f"{len(keys)} keys where {quorum} open")
    return {number: keys[number] for number in sorted(keys)[:quorum]}


def plain_ballot(
    manifest: Manifest, box: BoxNumber, sealed: bytes, keys: Mapping[int, X25519PrivateKey]
) -> Plain:
    """One sealed ballot in plain, or why it is spoilt; `keys` of exactly a quorum."""
    instrument = manifest.instrument_of(manifest.boxes[box].contest)
    try:
        return decode_ballot(unseal(sealed, manifest=manifest, box=box, keys=keys), instrument)
    except SpoiltError as error:
        return error.reason


def sorted_plain(contents: Iterable[Plain]) -> tuple[tuple[OpenedBallot, ...], tuple[Spoilt, ...]]:
    """The opened and the spoilt ballots of one group, in their published order."""
    ballots: list[Ballot] = []
    spoilt: list[Spoilt] = []
    for content in contents:
        if isinstance(content, Ballot):
            ballots.append(content)
        else:
            spoilt.append(content)
    times = Counter(ballot.tracker for ballot in ballots)
    good = sorted(ballot for ballot in ballots if times[ballot.tracker] == 1)
    spoilt += [Spoilt.TRACKER_REPEATED] * (len(ballots) - len(good))
    opened = (OpenedBallot(TrackerText(b.tracker.hex()), b.answers) for b in good)
    return tuple(opened), tuple(sorted(spoilt, key=lambda reason: reason.value))


def _opened(group: Group, contents: list[Plain], *, floor: int) -> OpenedGroup:
    if group.status is GroupStatus.WITHHELD:
        return OpenedGroup(group.boxes, group.ballots, group.status, None, None)
    opened, spoilt = sorted_plain(contents)
    if len(opened) < floor:
        return OpenedGroup(group.boxes, group.ballots, GroupStatus.WITHHELD, None, spoilt)
    return OpenedGroup(group.boxes, group.ballots, group.status, opened, spoilt)


def _loaded(raw: Mapping[int, bytes]) -> dict[int, X25519PrivateKey]:
    return {number: X25519PrivateKey.from_private_bytes(key) for number, key in raw.items()}


def _open_part(
    manifest: Manifest, raw: Mapping[int, bytes], sealed: Sequence[tuple[BoxNumber, bytes]]
) -> list[Plain]:
    keys = _loaded(raw)
    return [plain_ballot(manifest, box, data, keys) for box, data in sealed]


def _verify_part(manifest: Manifest, ballots: Sequence[CastBallot]) -> list[tuple[bool, bool]]:
    return [
        (_refused(verify_tokens, ballot, manifest), _refused(verify_signature, ballot, manifest))
        for ballot in ballots
    ]


def _refused(
    check: Callable[[CastBallot, Manifest], None], ballot: CastBallot, manifest: Manifest
) -> bool:
    try:
        check(ballot, manifest)
    except Refusal:
        return True
    return False
