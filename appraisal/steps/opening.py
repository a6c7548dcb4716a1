"""Step 8, open 开箱: the boxes are opened, counted, and what follows goes on the board."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from appraisal import codec
from appraisal.ballots import board
from appraisal.manifest import SessionId
from appraisal.steps import signers, witnesses
from appraisal.steps.board import completed, sign_head
from appraisal.steps.service import Service
from appraisal.steps.setup import manifest_of
from appraisal.store.office import Phase
from appraisal.store.registry import SlipTotals
from appraisal.tally import opening
from appraisal.tally.canvass import canvass
from appraisal.tally.results import Results, SlipCount, Status


def open_boxes(
    service: Service,
    session: SessionId,
    *,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Results:
    """CLOSED to OPENED, or to VOID if a box holds more ballots than slips were drawn.

    A session without tellers is opened with the custodian's key; `progress` hears of ballots.
    """
    with service.step(session):
        service.row(session, Phase.CLOSED)
        manifest = manifest_of(service, session)
        with service.office.database.read() as tx:
            totals = service.registry.totals(tx, session)
        ballots = service.box.ballots(session)
        progress(0, len(ballots))
        counts = [
            _slip_count(totals.get(number, SlipTotals.none(number)))
            for number in range(len(manifest.classes))
        ]
        openings = opening.open_boxes(
            manifest,
            ballots,
            keys={0: service.keys.opening_key(session)},
            drawn=signers.least_drawn(service, manifest, [count.drawn for count in counts]),
        )
        progress(len(ballots), len(ballots))
        results = canvass(manifest, counts, openings)
        encoded = opening.encode_openings(openings)
        with service.office.database.write() as tx:
            entry = board.encode(board.Opened(hashlib.sha256(encoded).digest()))
            service.office.add_entries(tx, session, [entry])
            entries = completed(service, session, service.office.entries(tx, session))
            service.office.change(
                tx,
                session,
                phases=[Phase.CLOSED],
                becomes=Phase.VOID if results.status is Status.VOID else Phase.OPENED,
                opened_at=service.now(),
                openings=encoded,
                results=codec.encode(results),
                checkpoint=sign_head(service, manifest, entries),
            )
    witnesses.ask_witnesses(service, session)
    return results


def _slip_count(totals: SlipTotals) -> SlipCount:
    return SlipCount(
        printed=totals.printed,
        issued=totals.printed - totals.void,
        drawn=totals.drawn,
        void=totals.void,
    )
