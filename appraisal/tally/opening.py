"""Opening the boxes: from sealed ballots and decryption factors to openings (protocol §3, step 8).

A teller's factors (`factors_of`) open the ballots that §5.1 opens and nothing else; those of a
quorum give the openings (`open_boxes`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from functools import partial
from itertools import compress

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from appraisal.ballots.ballot import (
    Ballot,
    Spoilt,
    SpoiltError,
    decode_ballot,
)
from appraisal.ballots.cast import CastBallot
from appraisal.ballots.sealing import factor, is_good, unseal
from appraisal.errors import CryptoError
from appraisal.manifest import (
    BoxNumber,
    Manifest,
)
from appraisal.tally.comments import comments_to_open, open_comments
from appraisal.tally.disclosure import Group, ballots_per_box, groups, overfull
from appraisal.tally.openings import (
    FORMAT,
    OpenedBallot,
    OpenedGroup,
    Openings,
    TrackerText,
    VoidReason,
)
from appraisal.tally.results import GroupStatus
from appraisal.tally.spread import Cores, borrowed

Plain = Ballot | Spoilt
"""What a sealed ballot turns out to be."""


def ballots_to_open(manifest: Manifest, ballots: Iterable[CastBallot]) -> tuple[CastBallot, ...]:
    """What tellers make factors for: the ballots of the groups that §5.1 opens, by leaf hash.

    After them the comments that are opened, if they are among `ballots` (§4.14).
    """
    ballots = tuple(ballots)
    return (*counted_ballots(manifest, ballots), *comments_to_open(manifest, ballots))


def counted_ballots(manifest: Manifest, ballots: Sequence[CastBallot]) -> tuple[CastBallot, ...]:
    """The ballots of the groups that §5.1 opens, by leaf hash."""
    formed = groups(manifest, ballots_per_box(manifest, ballots))
    opens = {box for g in formed if g.status is GroupStatus.OPENED for box in g.boxes}
    return _of_boxes(ballots, opens)


def audited_ballots(openings: Openings, ballots: Iterable[CastBallot]) -> tuple[CastBallot, ...]:
    """The ballots that auditors may open again, by leaf hash: those of `auditable` groups."""
    boxes = {box for group in openings.groups if group.auditable for box in group.boxes}
    return _of_boxes(ballots, boxes)


def audited_factors(
    manifest: Manifest,
    ballots: Sequence[CastBallot],
    openings: Openings,
    *,
    factors: Mapping[int, Sequence[bytes]],
) -> dict[int, tuple[bytes, ...]]:
    """The factors that the audit record has: those of `audited_ballots`, of a quorum.

    `factors` are those that opened, by teller, of `ballots_to_open`; none if the session is void.
    """
    if openings.void is not None:
        return {}
    audited = {ballot.leaf_hash for ballot in audited_ballots(openings, ballots)}
    kept = [b.leaf_hash in audited for b in ballots_to_open(manifest, ballots)]
    return {
        teller: tuple(compress(factors[teller], kept))
        for teller in opening_tellers(manifest, factors)
    }


def factors_of(
    manifest: Manifest,
    ballots: Sequence[CastBallot],
    *,
    teller: int,
    key: X25519PrivateKey,
    cores: Cores | None = None,
) -> tuple[bytes, ...]:
    """A teller's decryption factors of `ballots_to_open`, empty where the share does not open."""
    sealed = [(b.box, b.sealed) for b in ballots_to_open(manifest, ballots)]
    raw = key.private_bytes_raw()
    with borrowed(cores) as working:
        return tuple(working.spread(partial(_factors_part, manifest, teller, raw), sealed))


def bad_factors(
    manifest: Manifest,
    ballots: Sequence[CastBallot],
    *,
    teller: int,
    factors: Sequence[bytes],
    cores: Cores | None = None,
) -> tuple[int, ...]:
    """Which of a teller's factors, by place in `ballots_to_open`, are neither good nor empty.

    Raises `CryptoError` unless there is one for each.
    """
    opens = ballots_to_open(manifest, ballots)
    return false_factors(manifest, opens, teller=teller, factors=factors, cores=cores)


def false_factors(
    manifest: Manifest,
    ballots: Sequence[CastBallot],
    *,
    teller: int,
    factors: Sequence[bytes],
    cores: Cores | None = None,
) -> tuple[int, ...]:
    """Which of a teller's factors of these very ballots are neither good nor empty, by place.

    Raises `CryptoError` unless there is one for each.
    """
    if len(factors) != len(ballots):
        raise CryptoError(f"{len(factors)} factors for {len(ballots)} ballots")
    sealed = [(b.box, b.sealed, f) for b, f in zip(ballots, factors, strict=True)]
    with borrowed(cores) as working:
        good = working.spread(partial(_good_part, manifest, teller), sealed)
    return tuple(number for number, fine in enumerate(good) if not fine)


def open_boxes(
    manifest: Manifest,
    ballots: Sequence[CastBallot],
    *,
    factors: Mapping[int, Sequence[bytes]],
    drawn: Sequence[int],
    cores: Cores | None = None,
) -> Openings:
    """The openings of all ballots of a session, in any order.

    `factors` are tellers' by number, of at least a quorum, for `ballots_to_open`; `drawn` has one
    number of slips a class, the least over the signers. A box with more ballots than slips drawn
    makes the session void: nothing is opened. A ballot with an empty factor is unreadable. Raises
    `CryptoError` for factors that are too few or not the tellers'.
    """
    returned = ballots_per_box(manifest, ballots)
    if overfull(manifest, returned=returned, drawn=drawn):
        return Openings(FORMAT, (), VoidReason.OVERFULL)
    formed = groups(manifest, returned)
    opens, due = counted_ballots(manifest, ballots), len(ballots_to_open(manifest, ballots))
    if any(len(of_teller) != due for of_teller in factors.values()):
        raise CryptoError("not one factor a ballot")
    chosen = {
        number: factors[number][: len(opens)] for number in opening_tellers(manifest, factors)
    }
    plain = iter(plain_ballots(manifest, opens, factors=chosen, cores=cores))
    group_of = {box: group for group in formed for box in group.boxes}
    found: dict[Group, list[Plain]] = {group: [] for group in formed}
    for ballot in opens:
        found[group_of[ballot.box]].append(next(plain))
    floor = manifest.rules.floor
    return Openings(FORMAT, tuple(_opened(group, found[group], floor=floor) for group in formed))


def unopened() -> Openings:
    """The openings of a session whose tellers could not open: too many key cards are lost."""
    return Openings(FORMAT, (), VoidReason.UNOPENED)


def unstated() -> Openings:
    """The openings of a session that could not be closed: a further signer is gone for good."""
    return Openings(FORMAT, (), VoidReason.UNSTATED)


def open_written(
    manifest: Manifest, ballots: Sequence[CastBallot], *, factors: Mapping[int, Sequence[bytes]]
) -> tuple[str, ...]:
    """The comments 意见 among a session's ballots; `factors` are those of `ballots_to_open`."""
    comments = comments_to_open(manifest, ballots)
    before = len(counted_ballots(manifest, ballots))
    chosen = {number: factors[number][before:] for number in opening_tellers(manifest, factors)}
    return open_comments(manifest, comments, factors=chosen)


def plain_ballots(
    manifest: Manifest,
    ballots: Sequence[CastBallot],
    *,
    factors: Mapping[int, Sequence[bytes]],
    cores: Cores | None = None,
) -> list[Plain]:
    """Each ballot in plain, or why it is spoilt; `factors` of exactly a quorum, one a ballot.

    Raises `CryptoError` unless there is one a ballot.
    """
    if any(len(of_teller) != len(ballots) for of_teller in factors.values()):
        raise CryptoError("not one factor a ballot")
    sealed = [
        (ballot.box, ballot.sealed, {teller: given[number] for teller, given in factors.items()})
        for number, ballot in enumerate(ballots)
    ]
    with borrowed(cores) as working:
        return working.spread(partial(_open_part, manifest), sealed)


def opening_tellers(manifest: Manifest, handed_in: Iterable[int]) -> tuple[int, ...]:
    """Who opens: of those who handed in a quorum of lowest number, so that it is always the same.

    Raises `CryptoError` for fewer, or for tellers that there are not.
    """
    numbers = sorted(handed_in)
    if any(not 0 <= number < len(manifest.opening.tellers) for number in numbers):
        raise CryptoError("factors of a teller that there is not")
    quorum = manifest.opening.quorum
    if len(numbers) < quorum:
        raise CryptoError(f"factors of {len(numbers)} tellers where {quorum} open")
    return tuple(numbers[:quorum])


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
    opened, spoilt = sorted_plain(contents)
    # Without contents, where nothing was opened, as with too few that are valid (§5.1).
    if len(opened) < floor:
        return OpenedGroup(group.boxes, group.ballots, GroupStatus.WITHHELD, None, None)
    return OpenedGroup(group.boxes, group.ballots, GroupStatus.OPENED, opened, spoilt)


def _of_boxes(ballots: Iterable[CastBallot], boxes: Container[int]) -> tuple[CastBallot, ...]:
    chosen = (ballot for ballot in ballots if ballot.box in boxes)
    return tuple(sorted(chosen, key=lambda ballot: ballot.leaf_hash))


def _factors_part(
    manifest: Manifest, teller: int, raw: bytes, sealed: Sequence[tuple[BoxNumber, bytes]]
) -> list[bytes]:
    key = X25519PrivateKey.from_private_bytes(raw)
    made = [(box, data, factor(data, teller=teller, key=key)) for box, data in sealed]
    good = _good_part(manifest, teller, made)
    return [one if fine else b"" for (_, _, one), fine in zip(made, good, strict=True)]


def _good_part(
    manifest: Manifest, teller: int, sealed: Sequence[tuple[BoxNumber, bytes, bytes]]
) -> list[bool]:
    return [
        not one or is_good(one, data, manifest=manifest, box=box, teller=teller)
        for box, data, one in sealed
    ]


def _open_part(
    manifest: Manifest, sealed: Sequence[tuple[BoxNumber, bytes, dict[int, bytes]]]
) -> list[Plain]:
    return [_plain(manifest, box, data, factors) for box, data, factors in sealed]


def _plain(
    manifest: Manifest, box: BoxNumber, sealed: bytes, factors: Mapping[int, bytes]
) -> Plain:
    try:
        data = unseal(sealed, manifest=manifest, box=box, factors=factors)
        return decode_ballot(data, manifest.form_of(box))
    except SpoiltError as error:
        return error.reason
