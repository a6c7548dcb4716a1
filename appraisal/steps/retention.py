"""Retention 保存期 and destruction 销毁: ballots are kept for so many months, then destroyed.

As paper ballots are: before two witnesses 监销人, with a certificate 销毁记录. What is destroyed
are the sealed ballots, the openings, the comments, the tellers' factors, the custodian's opening
key and the published files that hold any of them. Manifest, results, slip counts, the board's head
and the certificate stay.
"""

from __future__ import annotations

import calendar
import datetime
from dataclasses import dataclass
from typing import Annotated, Final

from sqlalchemy.exc import OperationalError

from appraisal import codec
from appraisal.codec import Range
from appraisal.documents.destruction import Certificate
from appraisal.errors import StepError
from appraisal.manifest import MAX_BOXES, SessionId
from appraisal.steps import signers
from appraisal.steps.publish import PUBLISHED, checkpoint_of
from appraisal.steps.service import Service
from appraisal.steps.setup import draft_of, manifest_of
from appraisal.store import tellers
from appraisal.store.office import OVER, Phase, SessionRow
from appraisal.store.strongbox import overwrite
from appraisal.tally.openings import VoidReason, decode_openings

MAX_NAME: Final = 100
MAX_REASON: Final = 500
LIMIT: Final = 2**20
MAX_BALLOTS: Final = 2**32 - 1


@dataclass(frozen=True)
class Decision:
    """Who decided on the destruction, who saw it, who did it, where; a reason if it comes early."""

    decided_by: Annotated[str, Range(1, MAX_NAME)]
    witnesses: Annotated[tuple[Annotated[str, Range(1, MAX_NAME)], ...], Range(2, 2)]
    operator: Annotated[str, Range(1, MAX_NAME)]
    place: Annotated[str, Range(0, MAX_NAME)]
    reason: Annotated[str, Range(0, MAX_REASON)]


@dataclass(frozen=True)
class Destruction:
    """What was destroyed: the decision, the day until which it was kept, ballots by box.

    `void` is why the session is void, if it is: the openings said so.
    """

    decision: Decision
    kept_until: Annotated[str, Range(10, 10)]
    ballots: Annotated[
        tuple[Annotated[int, Range(0, MAX_BALLOTS)], ...],
        Range(1, MAX_BOXES),
    ]
    void: VoidReason | None = None


def kept_until(service: Service, session: SessionId) -> datetime.date:
    """The last day on which the ballots of an opened or void session are kept."""
    row = service.row(session, *OVER)
    if row.opened_at is None:
        raise StepError("not-opened", "the boxes have not been opened")
    return _months_after(
        service.local(row.opened_at).date(), draft_of(service, session).retention_months
    )


def destroy(service: Service, session: SessionId, decision: Decision) -> Destruction:
    """Destroy what is kept of an opened or void session's ballots; no step brings it back.

    One that was cut off is finished by destroying again, by the decision that was taken first.
    """
    with service.step(session), service.publishing(session):
        row = service.row(session, *OVER)
        found = _standing(row) or _decide(service, session, decision)
        _carry_out(service, session)
        return found


def finish(service: Service, session: SessionId) -> Destruction:
    """Finish a destruction that was decided on and cut off."""
    with service.step(session), service.publishing(session):
        found = _standing(service.row(session, *OVER))
        if found is None:
            raise StepError("not-destroyed", "nobody has decided on a destruction")
        _carry_out(service, session)
        return found


def destruction_of(service: Service, session: SessionId) -> Destruction | None:
    """What was destroyed of a session; None while all of it or some of it is kept."""
    row = service.row(session)
    return _standing(row) if row.destroyed_at else None


def ballots_cast(service: Service, session: SessionId) -> dict[int, int]:
    """How many ballots were cast in each box that has any, also after they were destroyed."""
    found = _standing(service.row(session))
    if found is None:
        return service.box.counts(session)
    return {box: ballots for box, ballots in enumerate(found.ballots) if ballots}


def void_reason(service: Service, session: SessionId) -> VoidReason | None:
    """Why an opened or void session is void; None if it is not."""
    row = service.row(session, *OVER)
    if row.openings is not None:
        return decode_openings(row.openings).void
    found = _standing(row)
    return found.void if found else None


def certificate_of(service: Service, session: SessionId) -> Certificate:
    """The certificate 销毁记录 of a session whose ballots are destroyed, as values to print."""
    row = service.row(session)
    found = destruction_of(service, session)
    if found is None or row.destroyed_at is None or row.closed_at is None or row.opened_at is None:
        raise StepError("not-destroyed", "the ballots have not been destroyed")
    return Certificate(
        manifest=manifest_of(service, session),
        checkpoint=checkpoint_of(service, session),
        ballots=found.ballots,
        closed=service.local(row.closed_at).date(),
        opened=service.local(row.opened_at).date(),
        void=row.phase is Phase.VOID,
        kept_until=datetime.date.fromisoformat(found.kept_until),
        destroyed=service.local(row.destroyed_at).date(),
        decided_by=found.decision.decided_by,
        witnesses=found.decision.witnesses,
        operator=found.decision.operator,
        place=found.decision.place,
        reason=found.decision.reason,
        unstated=signers.unstated(service, manifest_of(service, session)),
    )


def _decide(service: Service, session: SessionId, decision: Decision) -> Destruction:
    """Keep the decision with what there is to destroy: from here on nothing of it is handed out."""
    first, second = (name.strip() for name in decision.witnesses)
    if not first or not second or first == second or decision.operator.strip() in {first, second}:
        raise StepError("destruction-witnesses", "two witnesses who are not the operator")
    if not decision.decided_by.strip():
        raise StepError("destruction-undecided", "somebody decides on the destruction")
    last = kept_until(service, session)
    early = service.now().date() <= last
    if early and not decision.reason.strip():
        raise StepError(
            "destruction-early", f"kept until {last.isoformat()}", until=last.isoformat()
        )
    counts = service.box.counts(session)
    boxes = range(len(manifest_of(service, session).boxes))
    made = Destruction(
        decision,
        last.isoformat(),
        tuple(counts.get(box, 0) for box in boxes),
        void_reason(service, session),
    )
    # What cannot be read again must not be written.
    data = codec.encode(codec.decode(Destruction, codec.encode(made), limit=LIMIT))
    with service.office.database.write() as tx:
        service.office.change(tx, session, phases=OVER, destruction=data)
    return made


def _carry_out(service: Service, session: SessionId) -> None:
    if service.row(session).destroyed_at is not None:
        return
    _erase(service, session)
    with service.office.database.write() as tx:
        service.office.change(tx, session, phases=OVER, destroyed_at=service.now())


def _erase(service: Service, session: SessionId) -> None:
    """Every part may be repeated."""
    try:
        service.box.destroy(session)
        with service.office.database.write() as tx:
            tellers.keep_factors(tx, session, {})
            service.office.change(tx, session, phases=OVER, openings=None, comments=None)
        service.office.database.compact("session", "board_entry", "teller", "feedback")
    except OperationalError as error:
        # Somebody reads the files: what was in them must not survive in old pages.
        raise StepError("destruction-busy", "the databases are in use elsewhere") from error
    service.keys.destroy_opening_key(session)
    _remove_published(service, session)


def _remove_published(service: Service, session: SessionId) -> None:
    folder = service.settings.data / PUBLISHED / session
    if not folder.exists():
        return
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            path.rmdir()
        else:
            overwrite(path, rng=service.rng)
    folder.rmdir()


def _standing(row: SessionRow) -> Destruction | None:
    data = row.destruction
    return None if data is None else codec.decode(Destruction, data, limit=LIMIT)


def _months_after(day: datetime.date, months: int) -> datetime.date:
    """The same day of a later month, or its last if it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(day.day, last))
