"""Step 9, report: a finished session as the values of its official documents."""

from __future__ import annotations

from appraisal.documents.report import Report
from appraisal.errors import StepError
from appraisal.manifest import SessionId
from appraisal.steps import publish, signers, witnesses
from appraisal.steps.retention import void_reason
from appraisal.steps.service import Service
from appraisal.steps.setup import manifest_of
from appraisal.steps.slips import turnout
from appraisal.steps.tellers import statuses
from appraisal.steps.witnesses import Cosigning
from appraisal.tally.record import write_archive


def report_of(service: Service, session: SessionId) -> Report:
    """What the nomination report says of an opened or void session, the public record inside."""
    results = publish.results_of(service, session)
    row = service.row(session)
    watching = witnesses.statuses(service, session)
    if row.begun_at is None or row.closed_at is None or row.opened_at is None:
        raise StepError("not-opened", "the boxes have not been opened")
    return Report(
        manifest=manifest_of(service, session),
        results=results,
        checkpoint=publish.checkpoint_of(service, session),
        record=write_archive(publish.public_record(service, session)),
        record_url=publish.results_address(service, manifest_of(service, session)),
        begun=service.local(row.begun_at).date(),
        closed=service.local(row.closed_at).date(),
        counted=service.local(row.opened_at).date(),
        openers=[teller.name for teller in statuses(service, session) if teller.handed_in],
        cosigned=[w.name for w in watching if w.cosigning is Cosigning.COSIGNED],
        enrolled={w.name: w.enrolled for w in watching if w.enrolled},
        void=void_reason(service, session),
        unstated=signers.unstated(service, manifest_of(service, session)),
        returned=[one.cast for one in turnout(service, session, exact=True)],
        published=publish.results_path(service, manifest_of(service, session)) is not None,
    )
