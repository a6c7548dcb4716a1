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
from appraisal.steps import signers, witnesses
from appraisal.steps.board import completed, sign_head
from appraisal.steps.service import Service
from appraisal.steps.setup import manifest_of
from appraisal.store.admission import Admission
from appraisal.store.office import Phase
from appraisal.store.registry import SlipState


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
        _void_inactive(service, manifest)
        _forget_order(service, session)
        # All that is done here is done: with a signer that is away, close again once it answers.
        _state_turnout(service, manifest)
        head = _complete(service, manifest)
    witnesses.ask_witnesses(service, session)
    return head


def _forget_order(service: Service, session: SessionId) -> None:
    try:
        service.registry.forget_requests(session)
        service.box.rewrite(session)
    except OperationalError as error:
        # Somebody reads the files (a backup, a copy): the order must not survive in them.
        raise StepError(
            "store-busy", "the databases are in use elsewhere; close again in a moment"
        ) from error


def _void_inactive(service: Service, manifest: Manifest) -> None:
    """Slips never made active become void."""
    session = manifest.session
    with service.office.database.write() as tx:
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


def _state_turnout(service: Service, manifest: Manifest) -> None:
    """The turnout of every class goes on the board, the registrar's and each further signer's."""
    session = manifest.session
    with service.office.database.read() as tx:
        standing = [board.decode(entry, manifest) for entry in service.office.entries(tx, session)]
    if any(isinstance(entry, board.Turnout) for entry in standing):
        return
    further = signers.close(
        service, manifest, [entry for entry in standing if isinstance(entry, board.Printed)]
    )
    with service.office.database.write() as tx:
        own: list[board.Turnout] = []
        for number in range(len(manifest.classes)):
            drawn, void = (
                tuple(
                    SlipHash(slip)
                    for slip in service.registry.hashes(
                        tx, session, voter_class=number, state=state
                    )
                )
                for state in (SlipState.DRAWN, SlipState.VOID)
            )
            own.append(board.Turnout(REGISTRAR, number, drawn, void))
        service.office.add_entries(tx, session, [board.encode(e) for e in (*own, *further)])


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
