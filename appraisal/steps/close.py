"""Step 7, close 封箱: nothing comes in any more, and nothing tells any more in which order.

Each part may be repeated: a close that was cut off is finished by closing again. One that waits for
a further signer which is gone for good ends with the session declared void.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from appraisal import codec
from appraisal.ballots import board
from appraisal.ballots.checkpoint import Checkpoint
from appraisal.ballots.slips import SlipHash
from appraisal.errors import StepError
from appraisal.manifest import REGISTRAR, Manifest, SessionId
from appraisal.steps import signers, witnesses
from appraisal.steps.board import completed, put, sign_head, turnouts
from appraisal.steps.boxes import slip_counts
from appraisal.steps.service import Service
from appraisal.steps.setup import manifest_of
from appraisal.store.admission import Admission
from appraisal.store.office import Phase
from appraisal.store.registry import SlipState
from appraisal.tally.canvass import canvass
from appraisal.tally.opening import unstated
from appraisal.tally.openings import encode_openings
from appraisal.tally.results import Results


def close(service: Service, session: SessionId) -> Checkpoint:
    """VOTING to CLOSED: the completed board's head."""
    with service.step(session):
        service.row(session, Phase.VOTING)
        manifest = manifest_of(service, session)
        _end_voting(service, manifest)
        # All that is done here is done: with a signer that is away, close again once it answers.
        _state_turnout(service, manifest)
        head = _complete(service, manifest)
    witnesses.ask_witnesses(service, session)
    return head


def unfinished(service: Service, session: SessionId) -> bool:
    """Whether closing was begun and is not done: nobody draws or casts, and no box is closed."""
    if service.office.phase(session) is not Phase.VOTING:
        return False
    return service.registry.admission(session) is Admission.CLOSED


def declare_unstated(service: Service, session: SessionId) -> Results:
    """VOTING to VOID: a further signer is gone for good, and nobody will have its turnout.

    Only after closing has been tried, and after every further signer has been asked once more:
    refused while all of them answer, or while one is merely busy. What the others state goes on
    the board; no box is ever opened.
    """
    with service.step(session):
        service.row(session, Phase.VOTING)
        manifest = manifest_of(service, session)
        if not unfinished(service, session):
            raise StepError("not-closing", "closing has not been tried")
        answered = StepError("signers-answer", "every signer states its turnout: the boxes close")
        if turnouts(service, manifest):
            raise answered
        _end_voting(service, manifest)
        printed = _printed(service, manifest)
        further, missing = signers.close_those_that_answer(service, manifest, printed)
        if not missing:
            raise answered
        results = _end_as_void(service, manifest, further)
    witnesses.ask_witnesses(service, session)
    return results


def _end_voting(service: Service, manifest: Manifest) -> None:
    """All of closing that is done here, without anybody else."""
    session = manifest.session
    # The registrar first: who still drew may still cast until the box closes.
    with service.office.database.write() as tx:
        service.registry.admit(tx, session, Admission.CLOSED)
    service.box.admit(session, Admission.CLOSED)
    # Before the turnout, which says that it has been done (protocol §4.8). A draw that was
    # admitted in time has its keys in hand already.
    service.keys.destroy_tokens(session)
    _void_inactive(service, manifest)
    _forget_order(service, session)


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
    if turnouts(service, manifest):
        return
    further = signers.close(service, manifest, _printed(service, manifest))
    with service.office.database.write() as tx:
        stated = [*_own_turnouts(service, tx, manifest), *further]
        service.office.add_entries(tx, session, [board.encode(entry) for entry in stated])


def _printed(service: Service, manifest: Manifest) -> list[board.Printed]:
    """The printings on the board."""
    with service.office.database.read() as tx:
        entries = service.office.entries(tx, manifest.session)
    standing = (board.decode(entry, manifest) for entry in entries)
    return [entry for entry in standing if isinstance(entry, board.Printed)]


def _own_turnouts(service: Service, tx: Session, manifest: Manifest) -> list[board.Turnout]:
    """The registrar's turnout of every class."""
    own: list[board.Turnout] = []
    for number in range(len(manifest.classes)):
        drawn, void = (
            tuple(
                SlipHash(slip)
                for slip in service.registry.hashes(
                    tx, manifest.session, voter_class=number, state=state
                )
            )
            for state in (SlipState.DRAWN, SlipState.VOID)
        )
        own.append(board.Turnout(REGISTRAR, number, drawn, void))
    return own


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


def _end_as_void(service: Service, manifest: Manifest, further: Sequence[board.Turnout]) -> Results:
    """The turnouts that were stated and the reason go on the board, in one transaction."""
    session, openings, moment = manifest.session, unstated(), service.now()
    results = canvass(manifest, slip_counts(service, manifest), openings)
    encoded = encode_openings(openings)
    ended = board.Opened(hashlib.sha256(encoded).digest())
    with service.office.database.write() as tx:
        stated = [*_own_turnouts(service, tx, manifest), *further]
        new = [*map(board.encode, stated), board.encode(ended)]
        service.office.change(
            tx,
            session,
            phases=[Phase.VOTING],
            becomes=Phase.VOID,
            closed_at=moment,
            opened_at=moment,
            openings=encoded,
            results=codec.encode(results),
            checkpoint=put(service, tx, manifest, new),
        )
    return results
