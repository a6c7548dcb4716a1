"""A session that was held: its board, openings and record, each part open to tampering."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from appraisal.ballots import board
from appraisal.ballots.board import ManifestEntry, Opened, Printed, Turnout
from appraisal.ballots.cast import CastBallot
from appraisal.ballots.checkpoint import Checkpoint, cosign, sign_checkpoint
from appraisal.ballots.slips import SlipHash
from appraisal.ballots.statements import Stated, sign_statement
from appraisal.manifest import REGISTRAR, Manifest, VoterClass
from appraisal.tally.canvass import canvass
from appraisal.tally.disclosure import least_drawn
from appraisal.tally.opening import audited_factors, open_boxes
from appraisal.tally.openings import OpenedBallot, Openings, TrackerText, encode_openings
from appraisal.tally.record import Record, make_record
from appraisal.tally.results import Results, SlipCount
from tests.world import THREE_QUESTIONS, World, make_world, source

Answers = Sequence[Sequence[int]]
COSIGNED_AT = 1_277_000_000
"""Seconds since 1970: a day of June 2010."""


@dataclass
class Held:
    """What lies on the table after opening; change a part, then ask for the record.

    The board key signs whatever lies there: a service that cheats has it too.
    """

    world: World
    printed: list[Printed]
    turnout: list[Turnout]
    ballots: list[CastBallot]
    openings: Openings
    results: Results

    @property
    def manifest(self) -> Manifest:
        return self.world.manifest

    @property
    def entries(self) -> list[bytes]:
        """The board, in its order."""
        ballots = sorted(self.ballots, key=lambda ballot: ballot.leaf_hash)
        opened = Opened(hashlib.sha256(encode_openings(self.openings)).digest())
        parts: list[board.Entry] = [ManifestEntry(self.manifest.hash), *self.printed]
        parts += [*self.turnout, *ballots, opened]
        return [board.encode(entry) for entry in parts]

    def checkpoint(self, entries: Sequence[bytes]) -> str:
        head = board.head(entries, origin=self.manifest.board.origin)
        return self.cosigned(head)

    def cosigned(self, head: Checkpoint) -> str:
        """A checkpoint signed by the board and every witness."""
        text = sign_checkpoint(head, self.world.board_key)
        for witness, key in zip(self.manifest.witnesses, self.world.witness_keys, strict=True):
            text += cosign(head, name=witness.name, key=key, seconds=COSIGNED_AT)
        return text

    @property
    def factors(self) -> dict[int, tuple[bytes, ...]]:
        """Those of the published ballots, of the quorum of lowest numbers."""
        handed_in = self.world.factors(self.ballots)
        return audited_factors(self.manifest, self.ballots, self.openings, factors=handed_in)

    def record(
        self,
        *,
        audit: bool = False,
        entries: Sequence[bytes] | None = None,
        factors: Mapping[int, Sequence[bytes]] | None = None,
    ) -> Record:
        """The record; `entries` for a board in another order or with other things on it, `factors`
        for others than the honest ones in an audit record."""
        entries = self.entries if entries is None else entries
        return make_record(
            self.manifest,
            entries=entries,
            checkpoint=self.checkpoint(entries),
            openings=self.openings,
            results=self.results,
            factors=(self.factors if factors is None else factors) if audit else None,
        )

    def open_with(self, factors: Mapping[int, Sequence[bytes]]) -> None:
        """Open and count with these factors, by teller, of the ballots to be opened."""
        drawn = least(self.world, self.turnout)
        self.reopened(open_boxes(self.manifest, self.ballots, factors=factors, drawn=drawn))

    def reopen(self) -> None:
        """Open and count what now lies in the boxes, as an honest service would."""
        self.reopened(opened(self.world, self.ballots, least(self.world, self.turnout)))

    def reopened(self, openings: Openings) -> None:
        """Publish other openings, counted as they say."""
        self.openings = openings
        self.results = canvass(self.manifest, self.slips, openings)

    @property
    def slips(self) -> list[SlipCount]:
        return slip_counts(self.printed, self.turnout)


def slip_counts(printed: Sequence[Printed], turnout: Sequence[Turnout]) -> list[SlipCount]:
    counts = []
    for closing in turnout:
        if closing.signer != REGISTRAR:
            continue
        own = (REGISTRAR, closing.voter_class)
        whole = sum(len(p.slips) for p in printed if (p.signer, p.voter_class) == own)
        void = len(closing.void)
        counts.append(SlipCount(whole, whole - void, len(closing.drawn), void))
    return counts


def opened(world: World, ballots: Sequence[CastBallot], drawn: Sequence[int]) -> Openings:
    return open_boxes(world.manifest, ballots, factors=world.factors(ballots), drawn=drawn)


def least(world: World, turnout: Sequence[Turnout]) -> tuple[int, ...]:
    """How many slips of each class were drawn with every signer."""
    return least_drawn(
        [len(closing.drawn) for closing in turnout if closing.signer == signer]
        for signer in range(len(world.manifest.signers))
    )


def stated(world: World, entry: Stated) -> Stated:
    """The entry with its signer's statement."""
    if entry.signer == REGISTRAR:
        return entry
    key = world.signer_keys[entry.signer - 1]
    return sign_statement(entry, manifest_hash=world.manifest.hash, key=key)


def hashes(count: int, rng: Callable[[int], bytes]) -> tuple[SlipHash, ...]:
    return tuple(sorted(SlipHash(rng(32)) for _ in range(count)))


def hold(
    world: World,
    votes: Mapping[int, Sequence[Answers]],
    *,
    seed: int = 1,
    stayed_away: int = 2,
    void: int = 1,
) -> Held:
    """A session in which each class cast these ballots: a list of voters, each with one list of
    answers a contest. In every class `stayed_away` voters drew and did not cast."""
    rng = source(seed)
    printed: list[Printed] = []
    turnout: list[Turnout] = []
    ballots: list[CastBallot] = []
    for number in range(len(world.manifest.classes)):
        for answers in votes.get(number, ()):
            ballots += world.vote(number, answers, rng)
    for signer in range(len(world.manifest.signers)):
        for number, voter_class in enumerate(world.manifest.classes):
            voters = len(votes.get(number, ()))
            slips = hashes(voter_class.slips, rng)
            drawn = voters + (stayed_away if voters else 0)
            lost = drawn + (void if signer == REGISTRAR else 0)
            printed.append(stated(world, Printed(signer, number, slips)))
            closing = Turnout(signer, number, slips[:drawn], slips[drawn:lost])
            turnout.append(stated(world, closing))
    ballots.sort(key=lambda ballot: ballot.leaf_hash)
    return held_of(world, printed, turnout, ballots)


def held_of(
    world: World, printed: list[Printed], turnout: list[Turnout], ballots: list[CastBallot]
) -> Held:
    """The session of these slips and ballots, opened and counted."""
    openings = opened(world, ballots, least(world, turnout))
    results = canvass(world.manifest, slip_counts(printed, turnout), openings)
    return Held(world, printed, turnout, ballots, openings, results)


def opened_ballots(answers: Sequence[Sequence[int]], *, seed: int = 1) -> tuple[OpenedBallot, ...]:
    """Ballots with these answers, as they stand in openings."""
    rng = source(seed)
    return tuple(
        sorted(OpenedBallot(TrackerText(rng(16).hex()), tuple(choice)) for choice in answers)
    )


def small_world() -> World:
    """The smallest session: one class of three slips, floor 2, one question."""
    world = make_world(subjects=1, floor=2)
    base = world.manifest
    instrument = replace(THREE_QUESTIONS, questions=THREE_QUESTIONS.questions[:1])
    manifest = replace(
        base,
        instruments=(instrument,),
        classes=(VoterClass(base.classes[0].name, entitled=3, slips=3, weight=100),),
        boxes=base.boxes[:1],
    )
    return replace(world, manifest=manifest)
