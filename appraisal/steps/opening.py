"""Step 8, open 开箱: the boxes are opened, counted, and what follows goes on the board.

Boxes are opened by decryption factors alone: those that a quorum of tellers handed in, or those
that a custodian makes at this moment. What stays sealed has none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from enum import Enum

from sqlalchemy.orm import Session

from appraisal import codec
from appraisal.ballots import board
from appraisal.ballots.cast import CastBallot
from appraisal.errors import StepError
from appraisal.manifest import Manifest, SessionId
from appraisal.steps import signers, witnesses
from appraisal.steps.board import put
from appraisal.steps.boxes import Held, held, slip_counts
from appraisal.steps.comments import shuffled
from appraisal.steps.draft import CUSTODIAN
from appraisal.steps.factors import pack, unpack
from appraisal.steps.service import Service
from appraisal.steps.setup import manifest_of
from appraisal.store import tellers
from appraisal.store.office import Phase
from appraisal.tally import opening
from appraisal.tally.canvass import canvass
from appraisal.tally.comments import comments_to_open
from appraisal.tally.disclosure import overfull
from appraisal.tally.openings import Openings, VoidReason, encode_openings
from appraisal.tally.results import Results, SlipCount, Status

Factors = Mapping[int, Sequence[bytes]]
"""By number of the teller: a factor for each ballot to be opened, by leaf hash."""


class Readiness(Enum):
    """What the opening has: the service's key, or a quorum's factors; or that it needs neither.

    `NOTHING`: no box has enough ballots to be opened. `OVERFULL`: a box has more ballots than slips
    were drawn, so the session will be void. `WAITING`: not enough tellers have handed in.
    """

    CUSTODIAN = "custodian"
    QUORUM = "quorum"
    NOTHING = "nothing"
    OVERFULL = "overfull"
    WAITING = "waiting"


def open_boxes(
    service: Service,
    session: SessionId,
    *,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Results:
    """CLOSED to OPENED, or to VOID if a box holds more ballots than slips were drawn.

    `StepError` (quorum-missing) until enough tellers have handed in; `progress` hears of ballots.
    """
    with service.step(session):
        service.row(session, Phase.CLOSED)
        manifest = manifest_of(service, session)
        ballots = service.box.ballots(session)
        progress(0, len(ballots))
        counts = slip_counts(service, manifest)
        drawn = signers.least_drawn(service, manifest, [count.drawn for count in counts])
        nothing = overfull(manifest, returned=held(service, manifest).returned, drawn=drawn)
        factors = {} if nothing else _factors(service, manifest, ballots)
        openings = opening.open_boxes(manifest, ballots, factors=factors, drawn=drawn)
        comments = None if nothing else _comments(service, manifest, ballots, factors)
        progress(len(ballots), len(ballots))
        results = _conclude(service, manifest, ballots, counts, openings, factors, comments)
    witnesses.ask_witnesses(service, session)
    return results


def declare_unopened(service: Service, session: SessionId) -> Results:
    """CLOSED to VOID: too many key cards are lost, and the quorum will never be reached.

    Refused while the boxes could be opened, and where they would not be: a custodian session, one
    whose quorum has handed in or need not, one with a box that is overfull, which is void for that.
    """
    with service.step(session):
        service.row(session, Phase.CLOSED)
        manifest = manifest_of(service, session)
        if manifest.opening.custodian:
            raise StepError("custodian", "the service itself opens this session's boxes")
        if _is_overfull(service, manifest, held(service, manifest)):
            raise StepError("overfull", "a box holds more ballots than slips were drawn")
        if may_open(service, session):
            raise StepError("quorum-met", "the boxes can be opened")
        ballots = service.box.ballots(session)
        counts = slip_counts(service, manifest)
        results = _conclude(service, manifest, ballots, counts, opening.unopened(), {})
    witnesses.ask_witnesses(service, session)
    return results


def may_open(service: Service, session: SessionId) -> bool:
    """Whether `open_boxes` has the factors that it needs, or needs none."""
    return readiness(service, session) is not Readiness.WAITING


def readiness(service: Service, session: SessionId) -> Readiness:
    """What the opening of a closed session has, or waits for."""
    manifest = manifest_of(service, session)
    boxes = held(service, manifest)
    if _is_overfull(service, manifest, boxes):
        return Readiness.OVERFULL
    if not boxes.to_open:
        return Readiness.NOTHING
    if manifest.opening.custodian:
        return Readiness.CUSTODIAN
    with service.office.database.read() as tx:
        return Readiness.QUORUM if _quorum_met(tx, manifest) else Readiness.WAITING


def _quorum_met(tx: Session, manifest: Manifest) -> bool:
    return len(tellers.handed_in(tx, manifest.session)) >= manifest.opening.quorum


def _is_overfull(service: Service, manifest: Manifest, boxes: Held) -> bool:
    drawn = [count.drawn for count in slip_counts(service, manifest)]
    least = signers.least_drawn(service, manifest, drawn)
    return overfull(manifest, returned=boxes.returned, drawn=least)


def _factors(service: Service, manifest: Manifest, ballots: Sequence[CastBallot]) -> Factors:
    """The factors of exactly a quorum."""
    session = manifest.session
    if manifest.opening.custodian:
        key = service.keys.opening_key(session)
        return {0: opening.factors_of(manifest, ballots, teller=0, key=key)}
    if not opening.ballots_to_open(manifest, ballots):
        return dict.fromkeys(range(manifest.opening.quorum), ())
    with service.office.database.read() as tx:
        return _handed_in(tx, manifest)


def _handed_in(tx: Session, manifest: Manifest) -> Factors:
    kept, need = tellers.factors_of(tx, manifest.session), manifest.opening.quorum
    if len(kept) < need:
        raise StepError(
            "quorum-missing",
            f"{len(kept)} of {need} tellers have handed in factors",
            have=len(kept),
            need=need,
        )
    return {number: unpack(kept[number]) for number in opening.opening_tellers(manifest, kept)}


def _comments(
    service: Service, manifest: Manifest, ballots: Sequence[CastBallot], factors: Factors
) -> bytes | None:
    """What is kept of the comment box; None where there is none, or too few comments to open."""
    if not comments_to_open(manifest, ballots):
        return None
    return shuffled(service, opening.open_written(manifest, ballots, factors=factors))


def _conclude(
    service: Service,
    manifest: Manifest,
    ballots: Sequence[CastBallot],
    counts: Sequence[SlipCount],
    openings: Openings,
    factors: Factors,
    comments: bytes | None = None,
) -> Results:
    """Put the openings on the board, and keep the factors of what was published, no others."""
    session = manifest.session
    results = canvass(manifest, counts, openings)
    encoded = encode_openings(openings)
    kept = opening.audited_factors(manifest, ballots, openings, factors=factors)
    with service.office.database.write() as tx:
        service.office.hold(tx, session)
        if openings.void is VoidReason.UNOPENED and _quorum_met(tx, manifest):
            raise StepError("changed-meanwhile", "the last teller has handed in meanwhile")
        _settle_factors(tx, manifest, factors, kept)
        entry = board.encode(board.Opened(hashlib.sha256(encoded).digest()))
        service.office.change(
            tx,
            session,
            phases=[Phase.CLOSED],
            becomes=Phase.VOID if results.status is Status.VOID else Phase.OPENED,
            opened_at=service.now(),
            openings=encoded,
            comments=comments,
            results=codec.encode(results),
            checkpoint=put(service, tx, manifest, [entry]),
        )
    return results


def _settle_factors(tx: Session, manifest: Manifest, used: Factors, kept: Factors) -> None:
    session = manifest.session
    left = {number: data for number, given in kept.items() if (data := pack(given))}
    if manifest.opening.custodian and left:
        tellers.enter(tx, session, number=0, name=CUSTODIAN)
    elif not manifest.opening.custodian and any(used.values()) and _handed_in(tx, manifest) != used:
        # A teller of lower number came in between: the record shall have the lowest (protocol §6).
        raise StepError("changed-meanwhile", "another teller has handed in meanwhile")
    tellers.keep_factors(tx, session, left)
