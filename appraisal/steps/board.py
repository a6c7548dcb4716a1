"""The board of a session: its entries so far and the signed head over them.

What is no ballot is kept beside the registry; the ballots come from the box, by leaf hash, and
only once it is closed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy.orm import Session

from appraisal.ballots import board
from appraisal.ballots.board import Turnout
from appraisal.ballots.checkpoint import sign_checkpoint
from appraisal.errors import StepError
from appraisal.manifest import Manifest, SessionId
from appraisal.steps.service import Service
from appraisal.store.office import SETTLED

_TURNOUT_TAG: Final = 3
_OPENED_TAG: Final = 5


def board_entries(service: Service, session: SessionId) -> tuple[bytes, ...]:
    """The encoded entries in order; none before freezing."""
    row = service.row(session)
    if row.destruction is not None:
        raise StepError("destroyed", "the ballots have been destroyed")
    phase = row.phase
    with service.office.database.read() as tx:
        entries = service.office.entries(tx, session)
    return completed(service, session, entries) if phase in SETTLED else entries


def completed(service: Service, session: SessionId, entries: Sequence[bytes]) -> tuple[bytes, ...]:
    """The entries of a closed session with its ballots in their place."""
    before = [entry for entry in entries if entry[0] != _OPENED_TAG]
    after = [entry for entry in entries if entry[0] == _OPENED_TAG]
    manifest = service.registrar_manifests.get(session)
    ballots = [
        ballot.entry
        for ballot in service.box.ballots(session)
        if manifest is None or not manifest.is_comment(ballot.box)
    ]
    return (*before, *ballots, *after)


def turnouts(service: Service, manifest: Manifest) -> tuple[Turnout, ...]:
    """What every signer has stated at close, one a class; nothing before."""
    with service.office.database.read() as tx:
        entries = service.office.entries(tx, manifest.session)
    stated = (board.decode(entry, manifest) for entry in entries if entry[0] == _TURNOUT_TAG)
    return tuple(entry for entry in stated if isinstance(entry, Turnout))


def put(service: Service, tx: Session, manifest: Manifest, new: Sequence[bytes]) -> str:
    """Add the last entries of a closed board; the signed checkpoint over all of it."""
    service.office.add_entries(tx, manifest.session, new)
    standing = service.office.entries(tx, manifest.session)
    return sign_head(service, manifest, completed(service, manifest.session, standing))


def sign_head(service: Service, manifest: Manifest, entries: Sequence[bytes]) -> str:
    """The signed checkpoint over these entries."""
    head = board.head(entries, origin=manifest.board.origin)
    return sign_checkpoint(head, service.keys.board_key(manifest.session))
