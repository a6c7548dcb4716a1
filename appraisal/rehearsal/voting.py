"""The voting of a rehearsal: everyone draws, waits their time and casts, several at once."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from appraisal.ballots import receipts, voter
from appraisal.ballots.slips import SlipCode
from appraisal.errors import AppraisalError
from appraisal.manifest import Manifest
from appraisal.rehearsal.booth import Booth, RefusedError
from appraisal.rehearsal.electorate import Habit, Person

PHONES = 8
"""How many phones are at it at once."""


class RehearsalError(AppraisalError):
    """The service did not do what the protocol says."""


@dataclass(frozen=True)
class Times:
    """Seconds a person waited for the service: for the draw and, if they cast, for the receipt."""

    draw: float
    cast: float | None


def vote_all(
    booth: Booth,
    manifest: Manifest,
    holders: Sequence[tuple[SlipCode, Person]],
    *,
    progress: Callable[[int, int], None],
) -> tuple[Times, ...]:
    """Every holder of a slip does as is their habit; `progress` gets how many are done, of all."""
    signers = (booth, *(Booth(s.url) for s in manifest.signers if s.url is not None))
    coming = [(code, person) for code, person in holders if person.habit is not Habit.STAYS_AWAY]
    found: list[Times] = []
    with ThreadPoolExecutor(PHONES) as phones:
        for times in phones.map(lambda holder: vote(signers, manifest, *holder), coming):
            found.append(times)
            progress(len(found), len(coming))
    return tuple(found)


def vote(signers: Sequence[Booth], manifest: Manifest, code: SlipCode, person: Person) -> Times:
    """Steps 3 to 5 for one person; the first of the `signers` is the service itself."""
    booth = signers[0]
    drawing = voter.start_drawing(manifest, code, rng=os.urandom)
    start = time.perf_counter()
    signatures = [
        signer.draw(manifest.session, request)
        for signer, request in zip(signers, drawing.requests, strict=True)
    ]
    drawn = time.perf_counter() - start
    blanks = voter.finish_drawing(drawing, *signatures)
    if not person.casts:
        _refuse_another_phone(signers, manifest, code)
        return Times(drawn, None)
    ballots = voter.fill_in(manifest, blanks, person.answers, rng=os.urandom)
    start = time.perf_counter()
    got = booth.cast(manifest.session, ballots)
    cast = time.perf_counter() - start
    if person.habit is Habit.RETRIES and booth.cast(manifest.session, ballots) != got:
        raise RehearsalError("the same ballots again got other receipts")
    if tuple(r.ballot for r in got) != tuple(b.leaf_hash for b in ballots):
        raise RehearsalError("a receipt names another ballot")
    for receipt in got:
        receipts.verify_receipt(receipt, manifest)
    return Times(drawn, cast)


def _refuse_another_phone(signers: Sequence[Booth], manifest: Manifest, code: SlipCode) -> None:
    """A slip that was drawn is worth nothing on a second phone, with any signer."""
    other = voter.start_drawing(manifest, code, rng=os.urandom)
    for signer, request in zip(signers, other.requests, strict=True):
        try:
            signer.draw(manifest.session, request)
        except RefusedError as refused:
            if refused.code == "slip-drawn":
                continue
            raise
        raise RehearsalError("a slip was drawn twice")
