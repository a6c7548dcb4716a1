"""Step 7, close 封箱: nothing comes in any more, and nothing tells any more in which order.

Each part may be repeated: a close that was cut off is finished by closing again.
"""

from __future__ import annotations

from sqlalchemy.exc import OperationalError

from appraisal.ballots import board
from appraisal.ballots.checkpoint import Checkpoint
from appraisal.ballots.slips import SlipHash
from appraisal.errors import StepError
from appraisal.manifest import REGISTRAR, Manifest, SessionId
from appraisal.steps.board import completed, sign_head
from appraisal.steps.service import Service
from appraisal.steps.setup import manifest_of
from appraisal.store.admission import Admission
from appraisal.store.office import Phase
from appraisal.store.registry import SlipState

_TURNOUT_TAG = 3


def close(service: Service, session: SessionId) -> Checkpoint:
    """VOTING to CLOSED: the completed board's head."""
    with service.step(session):
        service.row(session, Phase.VOTING)
        manifest = manifest_of(service, session)
        # The registrar first: who still drew may still cast until the box closes.
        with service.office.database.write() as tx:
            service.registry.admit(tx, session, Admission.CLOSED)
        service.box.admit(session, Admission.CLOSED)
        # Before the turnout, which says that it has been done (protocol §4.8). A draw that was
        # admitted in time has its keys in hand already.
        service.keys.destroy_tokens(session)
        _settle_slips(service, manifest)
        _forget_order(service, session)
        return _complete(service, manifest)


def _forget_order(service: Service, session: SessionId) -> None:
    try:
        service.registry.forget_requests(session)
        service.box.rewrite(session)
    except OperationalError as error:
        # Somebody reads the files (a backup, a copy): the order must not survive in them.
        raise StepError(
            "store-busy", "the databases are in use elsewhere; close again in a moment"
        ) from error


def _settle_slips(service: Service, manifest: Manifest) -> None:
    """Slips never made active become void; the turnout of every class goes on the board."""
    session = manifest.session
    with service.office.database.write() as tx:
        if any(entry[0] == _TURNOUT_TAG for entry in service.office.entries(tx, session)):
            return
        entries: list[bytes] = []
        for number in range(len(manifest.classes)):
            service.registry.change(
                tx,
                session,
                voter_class=number,
                first=1,
                last=service.registry.last_serial(tx, session, voter_class=number),
                states=[SlipState.PRINTED],
                becomes=SlipState.VOID,
            )
            drawn, void = (
                tuple(
                    SlipHash(slip)
                    for slip in service.registry.hashes(
                        tx, session, voter_class=number, state=state
                    )
                )
                for state in (SlipState.DRAWN, SlipState.VOID)
            )
            entries.append(board.encode(board.Turnout(REGISTRAR, number, drawn, void)))
        service.office.add_entries(tx, session, entries)


def _complete(service: Service, manifest: Manifest) -> Checkpoint:
    session = manifest.session
    with service.office.database.write() as tx:
        entries = completed(service, session, service.office.entries(tx, session))
        service.office.change(
            tx,
            session,
            phases=[Phase.VOTING],
            becomes=Phase.CLOSED,
            closed_at=service.now(),
            checkpoint=sign_head(service, manifest, entries),
        )
    return board.head(entries, origin=manifest.board.origin)
