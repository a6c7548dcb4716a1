"""Report, result sheets 结果表, feedback 反馈单 and workbook: made at once, or beside a request.

A session of many subjects takes seconds or minutes to set. Its documents are asked for by a form,
made as a long step, and fetched from the session's page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, abort, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import auth_required

from appraisal.documents.report import report_pdf
from appraisal.documents.sheets.pdf import NAMES, Orientation, SheetKind, kinds_of
from appraisal.documents.spreadsheets import boxes_csv
from appraisal.manifest import Manifest, SessionId
from appraisal.steps import publish, setup
from appraisal.steps.feedback import feedback_of
from appraisal.steps.report import report_of
from appraisal.steps.service import Service
from appraisal.steps.sheets import printed_feedback, printed_sheets, spoilt_reasons, workbook
from appraisal.store.office import Phase, SessionRow
from appraisal.web.office.attachments import attachment
from appraisal.web.office.current import jobs, made, own_session, service, session_over

blueprint = Blueprint("result_sheets", __name__, url_prefix="/sessions/<name>")
AT_ONCE: Final = 60
"""So many subjects are set in a second or two; documents of more are made beside the request."""
BOOK_AT_ONCE: Final = 400
"""So many subjects are written into a workbook in a second."""
REPORT: Final = "report"
"""The name of the report."""
FEEDBACK: Final = "feedback"
"""The name of all feedback sheets in one file."""
WORKBOOK: Final = "workbook"
"""The name of the workbook with every figure."""


@dataclass(frozen=True)
class Offered:
    """One kind of sheet with its two papers, each by the name of its file."""

    name: str
    portrait: str
    landscape: str


@blueprint.before_request
@auth_required("session")
def _signed_in() -> None:
    """Let nobody in who is not signed in."""


@blueprint.app_template_global()
def sheets_offered(manifest: Manifest) -> list[Offered]:
    """The sheets that a session has."""
    called = {
        SheetKind.SUBJECTS: gettext("结果表（每个对象一张）"),
        SheetKind.ITEMS: gettext("分项结果表（每题一张）"),
        SheetKind.SUMMARY: gettext("汇总表"),
        SheetKind.SELECTION: gettext("推荐情况表"),
    }
    return [
        Offered(
            called[kind],
            f"{kind.value}-{Orientation.PORTRAIT.value}",
            f"{kind.value}-{Orientation.LANDSCAPE.value}",
        )
        for kind in kinds_of(manifest)
    ]


@blueprint.app_template_global()
def sheet_ready(manifest: Manifest, what: str) -> bool:
    """Whether a file can be fetched at once: it is made already, or soon is."""
    return (
        not _slow(manifest, what)
        or made().of(manifest.session, _kept_as(manifest, what)) is not None
    )


@blueprint.get("/sheets/<what>.pdf")
def sheet(name: str, what: str) -> Response:
    """The sheets of a kind as PDF; 404 for one that has to be made first."""
    row = session_over(name)
    found = None if what == WORKBOOK else document(row, what)
    if found is None:
        abort(404)
    return attachment(found, "application/pdf", f"{_called(what)}-{row.id}.pdf")


@blueprint.post("/sheets/<what>")
def make(name: str, what: str) -> ResponseReturnValue:
    """Make the sheets of a kind beside this request."""
    row = session_over(name)
    session, work, files = SessionId(row.id), service(), made()
    maker, kept_as = _maker(row, what), _kept_as(setup.manifest_of(work, session), what)
    making = files.begin(session, kept_as)
    jobs().start(session, "sheets", lambda _: files.keep(session, kept_as, maker(work), making))
    anchor = "main" if what == REPORT else "sheets"
    return redirect(url_for("sessions.show", name=row.id, _anchor=anchor))


def document(row: SessionRow, what: str) -> bytes | None:
    """A document by its name; None for one that has to be made first."""
    session, work = SessionId(row.id), service()
    manifest = setup.manifest_of(work, session)
    found = made().of(session, _kept_as(manifest, what))
    if found is not None:
        return found
    return None if _slow(manifest, what) else _maker(row, what)(work)


@blueprint.get("/feedback/<int:number>.pdf")
def feedback(name: str, number: int) -> Response:
    """The feedback sheet of one subject."""
    row = own_session(name)
    if row.phase is not Phase.OPENED:
        abort(404)
    session = SessionId(row.id)
    subjects = setup.manifest_of(service(), session).subjects
    if number >= len(subjects):
        abort(404)
    given = {number: feedback_of(service(), session)[number]}
    pdf = printed_feedback(service(), session, given)
    called = gettext("反馈单")
    return attachment(pdf, "application/pdf", f"{called}-{subjects[number].name}-{row.id}.pdf")


@blueprint.get("/boxes.csv")
def boxes(name: str) -> Response:
    """Ballots issued, returned, valid and spoilt by box, as separated text."""
    row = session_over(name)
    session = SessionId(row.id)
    text = boxes_csv(
        setup.manifest_of(service(), session),
        publish.results_of(service(), session),
        spoilt_reasons(service(), session),
    )
    return attachment(text.encode(), "text/csv", gettext("票箱表") + f"-{row.id}.csv")


def _maker(row: SessionRow, what: str) -> Callable[[Service], bytes]:
    """What makes the file of a name; 404 if a session has none of it."""
    session = SessionId(row.id)
    if what == REPORT:
        return lambda work: report_pdf(report_of(work, session))
    if what == WORKBOOK:
        return lambda work: workbook(work, session)
    if what == FEEDBACK and row.phase is Phase.OPENED:
        return lambda work: printed_feedback(work, session, feedback_of(work, session))
    kind, orientation = _parsed(what)
    if kind not in kinds_of(setup.manifest_of(service(), session)):
        abort(404)
    return lambda work: printed_sheets(work, session, kind, orientation)


def _parsed(what: str) -> tuple[SheetKind, Orientation]:
    kind, _, orientation = what.partition("-")
    try:
        return SheetKind(kind), Orientation(orientation)
    except ValueError:
        abort(404)


def _kept_as(manifest: Manifest, what: str) -> str:
    """The name under which a document is kept; that of a report changes with who has cosigned."""
    if what != REPORT:
        return what
    return f"{what} {publish.checkpoint_of(service(), manifest.session)}"


def _called(what: str) -> str:
    if what == REPORT:
        return gettext("结果报告")
    if what == FEEDBACK:
        return gettext("反馈单")
    return NAMES[_parsed(what)[0]]


def _slow(manifest: Manifest, what: str) -> bool:
    most = BOOK_AT_ONCE if what == WORKBOOK else AT_ONCE
    void = service().office.phase(manifest.session) is Phase.VOID
    return len(manifest.subjects) > most and not void
