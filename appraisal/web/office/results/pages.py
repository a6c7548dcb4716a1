"""The boxes opened, the result read, and what is taken home: report, record, spreadsheet."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import auth_required

from appraisal.documents.rules import dividing, rounding
from appraisal.documents.spreadsheets import results_csv
from appraisal.errors import StepError
from appraisal.manifest import Manifest, SessionId
from appraisal.steps import opening, publish, setup
from appraisal.steps import slips as slip_steps
from appraisal.store.office import Phase
from appraisal.tally.record import RecordKind, write_archive
from appraisal.web import result_words
from appraisal.web.office import codes, words
from appraisal.web.office.attachments import attachment
from appraisal.web.office.current import jobs, own_session, service, session_over
from appraisal.web.office.forms import ConfirmForm
from appraisal.web.office.results.sheets import REPORT, WORKBOOK, document
from appraisal.web.office.results_view import results_view
from appraisal.web.office.running.sessions import session_page

blueprint = Blueprint("results", __name__, url_prefix="/sessions/<name>")
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.before_request
@auth_required("session")
def _signed_in() -> None:
    """Let nobody in who is not signed in."""


@blueprint.app_template_global()
def results_told(manifest: Manifest) -> str | None:
    """The address where results are told, to everyone or by a link; None if nowhere (§5.5)."""
    path = publish.results_path(service(), manifest)
    return None if path is None else publish.results_address(service(), manifest)


@blueprint.app_template_global()
def flags_called() -> str:
    """What red flags are called, with what they are not."""
    return words.texted(result_words.FLAGS)


@blueprint.app_template_global()
def flag_called() -> str:
    """What a red flag is called in a word."""
    return words.texted(result_words.FLAG)


@blueprint.route("/open", methods=["GET", "POST"])
def open_boxes(name: str) -> ResponseReturnValue:
    """Opening, asked once: from then on the result is told to whom the manifest says."""
    row = own_session(name)
    if row.phase is not Phase.CLOSED:
        return session_page(row, refusal=gettext("封箱以后才能开箱，而且只开一次。"))
    form = ConfirmForm()
    session = SessionId(row.id)
    if form.sent():
        work = service()
        jobs().start(
            session, "open", lambda progress: opening.open_boxes(work, session, progress=progress)
        )
        return redirect(url_for("sessions.show", name=row.id))
    return render_template(
        "office/results/confirm_open.html",
        row=row,
        readiness=opening.readiness(service(), session).value,
        form=form,
        manifest=setup.manifest_of(service(), session),
        turnout=slip_steps.turnout(service(), session, exact=True),
    )


@blueprint.get("/result")
def result(name: str) -> ResponseReturnValue:
    """The whole result, subject by subject."""
    row = own_session(name)
    if row.phase is not Phase.OPENED:
        return session_page(row, refusal=gettext("还没有结果：要先封箱、开箱。"))
    session = SessionId(row.id)
    manifest = setup.manifest_of(service(), session)
    return render_template(
        "office/results/result.html",
        row=row,
        manifest=manifest,
        view=results_view(service(), session),
        rounding=rounding(manifest, "en" if words.english() else "zh"),
        dividing=dividing(manifest, "en" if words.english() else "zh"),
    )


@blueprint.get("/results.svg")
def results_code(name: str) -> Response:
    """A QR code of the address where the results are told."""
    row = session_over(name)
    address = results_told(setup.manifest_of(service(), SessionId(row.id)))
    if address is None:
        abort(404)
    return Response(codes.svg(address), mimetype="image/svg+xml")


@blueprint.get("/report.pdf")
def report(name: str) -> ResponseReturnValue:
    """The nomination report with the record inside; that of many subjects has to be made first."""
    row = session_over(name)
    if row.destruction is not None:
        raise StepError("destroyed", "the ballots have been destroyed")
    pdf = document(row, REPORT)
    if pdf is None:
        return session_page(row, refusal=gettext("评议对象多，结果报告要先生成，做好以后再下载。"))
    return attachment(pdf, "application/pdf", gettext("结果报告") + f"-{row.id}.pdf")


@blueprint.get("/record-public.zip")
def record(name: str) -> Response:
    """The public record of the session as an archive."""
    row = session_over(name)
    chosen = publish.public_record(service(), SessionId(row.id))
    return attachment(write_archive(chosen), "application/zip", f"record-{row.id}.zip")


@blueprint.route("/audit", methods=["GET", "POST"])
def audit(name: str) -> ResponseReturnValue:
    """The audit record, by which whoever sees a receipt reads that ballot: asked before."""
    row = session_over(name)
    session = SessionId(row.id)
    if row.destruction is not None:
        raise StepError("destroyed", "the ballots have been destroyed")
    form = ConfirmForm()
    if not form.sent():
        return render_template("office/results/confirm_audit.html", row=row, form=form)
    chosen = publish.record(service(), session, kind=RecordKind.AUDIT)
    return attachment(write_archive(chosen), "application/zip", f"record-audit-{row.id}.zip")


@blueprint.get("/results.xlsx")
def spreadsheet(name: str) -> Response:
    """The result as a workbook; 404 for one that has to be made first."""
    row = session_over(name)
    book = document(row, WORKBOOK)
    if book is None:
        abort(404)
    return attachment(book, SHEET, gettext("结果表") + f"-{row.id}.xlsx")


@blueprint.get("/results.csv")
def csv(name: str) -> Response:
    """The result as separated text, marked as UTF-8 so that Excel reads it."""
    row = session_over(name)
    session = SessionId(row.id)
    text = results_csv(
        setup.manifest_of(service(), session), publish.results_of(service(), session)
    )
    return attachment(text.encode(), "text/csv", gettext("结果表") + f"-{row.id}.csv")
