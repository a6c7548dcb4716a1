"""Step 9, sheets: an opened or void session as the values of its result sheets and feedback."""

from __future__ import annotations

from collections.abc import Mapping

from appraisal.documents.sheets.feedback import Feedback
from appraisal.documents.sheets.pdf import Orientation, SheetKind, feedback_pdf, sheets_pdf
from appraisal.documents.sheets.session import CountedSession
from appraisal.documents.spoilt import Reasons, reasons_of
from appraisal.documents.spreadsheets import results_xlsx
from appraisal.errors import StepError
from appraisal.manifest import SessionId
from appraisal.steps import publish, signers
from appraisal.steps.retention import void_reason
from appraisal.steps.service import Service
from appraisal.steps.setup import manifest_of
from appraisal.steps.slips import turnout
from appraisal.steps.tellers import statuses
from appraisal.tally.openings import decode_openings


def counted(service: Service, session: SessionId) -> CountedSession:
    """What the sheets say; results outlive the ballots, so they can be printed for ever."""
    row, results = service.row(session), publish.results_of(service, session)
    if row.begun_at is None or row.closed_at is None or row.opened_at is None:
        raise StepError("not-opened", "the boxes have not been opened")
    return CountedSession(
        manifest=manifest_of(service, session),
        results=results,
        begun=service.local(row.begun_at).date(),
        closed=service.local(row.closed_at).date(),
        counted=service.local(row.opened_at).date(),
        openers=[teller.name for teller in statuses(service, session) if teller.handed_in],
        reasons=spoilt_reasons(service, session),
        void=void_reason(service, session),
        unstated=signers.unstated(service, manifest_of(service, session)),
        returned=[one.cast for one in turnout(service, session, exact=True)],
    )


def spoilt_reasons(service: Service, session: SessionId) -> Reasons | None:
    """Why ballots were spoilt, group by group; None once they are destroyed."""
    if service.office.destruction(session) is not None:
        return None
    openings = decode_openings(publish.openings_of(service, session))
    return reasons_of(manifest_of(service, session), openings)


def printed_sheets(
    service: Service,
    session: SessionId,
    kind: SheetKind,
    orientation: Orientation | None = None,
) -> bytes:
    """All sheets of a kind as PDF; of a void session one that says so."""
    return sheets_pdf(counted(service, session), kind, orientation)


def workbook(service: Service, session: SessionId) -> bytes:
    """Every figure of an opened or void session as a workbook."""
    values = counted(service, session)
    return results_xlsx(values.manifest, values.results, values.reasons, values.returned)


def printed_feedback(service: Service, session: SessionId, given: Mapping[int, Feedback]) -> bytes:
    """The feedback sheets of these subjects, by number in the manifest, as PDF."""
    values = counted(service, session)
    if values.is_void:
        raise StepError("not-opened", "a void session has no results to feed back")
    return feedback_pdf(values, given)
