"""Slips 选票凭证: printing them, fetching the sheet, making them active, void, and new ones."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import auth_required

from appraisal.documents.slips import slips_pdf
from appraisal.errors import AppraisalError
from appraisal.manifest import Manifest, SessionId
from appraisal.steps import setup
from appraisal.steps import slips as steps
from appraisal.steps.slips import PrintedSlip
from appraisal.store.office import Phase, SessionRow
from appraisal.web.office import refusals, words
from appraisal.web.office.attachments import attachment
from appraisal.web.office.current import jobs, own_session, service, sheets, user
from appraisal.web.office.fields import errors_of
from appraisal.web.office.forms import ConfirmForm, SerialsForm
from appraisal.web.office.jobs import Progress
from appraisal.web.office.running.sessions import serials_form, session_page

blueprint = Blueprint("slips", __name__, url_prefix="/sessions/<name>/slips")
BEFORE_VOTING_ENDS = (Phase.PRINTED, Phase.VOTING)


@blueprint.before_request
@auth_required("session")
def _signed_in() -> None:
    """Let nobody in who is not signed in."""


@blueprint.route("/print", methods=["GET", "POST"])
def print_all(name: str) -> ResponseReturnValue:
    """Printing all slips of a session, asked once: the codes exist on the sheet alone."""
    row = own_session(name)
    if row.phase is not Phase.FROZEN:
        return session_page(
            row, refusal=gettext("现在不能印票：评议书还没有定稿，或者已经印过了。")
        )
    if sheets().waits(SessionId(row.id)):
        return session_page(row, refusal=_sheet_waits())
    form = ConfirmForm()
    if form.sent():
        _print(row, None)
        return redirect(url_for("sessions.show", name=row.id))
    draft = setup.draft_of(service(), SessionId(row.id))
    return render_template("office/running/confirm_print.html", row=row, draft=draft, form=form)


@blueprint.get("/sheet.pdf")
def sheet(name: str) -> Response:
    """The printed sheet, as long as it is kept for this account."""
    row = own_session(name)
    kept = sheets().of(SessionId(row.id), user=user().id)
    if kept is None:
        abort(410)
    sheets().fetched(SessionId(row.id), user=user().id)
    which = f"-{kept.which}" if kept.which else ""
    called = gettext("选票凭证") + f"-{row.id}{which}.pdf"
    return attachment(kept.pdf, "application/pdf", called)


@blueprint.post("/sheet/saved")
def saved(name: str) -> ResponseReturnValue:
    """The secretary has the sheet: it is dropped here."""
    row = own_session(name)
    sheets().drop(SessionId(row.id), user=user().id)
    return redirect(url_for("sessions.show", name=row.id))


@blueprint.post("/active")
def activate(name: str) -> ResponseReturnValue:
    """Make slips active that are handed out: a range of one class, or all."""
    row = own_session(name)
    session = SessionId(row.id)
    if row.phase not in BEFORE_VOTING_ENDS:
        return session_page(row, refusal=gettext("只有印票之后、封箱之前才能启用选票凭证。"))
    if "all" in request.form:
        ranges = [
            (t.voter_class, 1, t.printed) for t in steps.turnout(service(), session, exact=True)
        ]
    else:
        form = serials_form(setup.draft_of(service(), session))
        if not form.sent() or not _printed(session, form):
            return _range_page(row, form, "activate"), 422
        ranges = [(form.voter_class.data, form.first.number, form.last.number)]
    made = 0
    try:
        for voter_class, first, last in ranges:
            made += steps.activate(
                service(), session, voter_class=voter_class, first=first, last=last
            )
    except AppraisalError as error:
        return session_page(row, refusal=refusals.refusal_words(error))
    return redirect(url_for("sessions.show", name=row.id, activated=made))


@blueprint.route("/<any(void,reprint):what>", methods=["GET", "POST"])
def withdraw(name: str, what: str) -> ResponseReturnValue:
    """Declare a range of slips void, or also print new ones for them; asked once."""
    row = own_session(name)
    session = SessionId(row.id)
    refusal = _not_withdrawn(row, what)
    if refusal:
        return session_page(row, refusal=refusal)
    form = serials_form(setup.draft_of(service(), session))
    if not form.sent() or not _printed(session, form):
        return _range_page(row, form, what), (422 if request.method == "POST" else 200)
    voter_class, first, last = form.voter_class.data, form.first.number, form.last.number
    if "confirmed" not in request.form:
        chosen = setup.manifest_of(service(), session).classes[voter_class]
        return render_template(
            "office/running/confirm_withdraw.html",
            row=row,
            form=form,
            what=what,
            voter_class=chosen,
        )
    if what == "reprint":
        _print(row, (voter_class, first, last))
        return redirect(url_for("sessions.show", name=row.id))
    try:
        number = steps.void(service(), session, voter_class=voter_class, first=first, last=last)
    except AppraisalError as error:
        return session_page(row, refusal=refusals.refusal_words(error))
    return redirect(url_for("sessions.show", name=row.id, voided=number))


def _printed(session: SessionId, form: SerialsForm) -> bool:
    """Whether all serials of a range were printed; otherwise the form says which there are."""
    number = form.voter_class.data
    printed = steps.turnout(service(), session, exact=True)[number].printed
    if form.last.number <= printed:
        return True
    name = words.class_words(setup.manifest_of(service(), session).classes[number])
    form.last.errors = [gettext("%(name)s只有 1–%(last)s 号。", name=name, last=printed)]
    return False


def _not_withdrawn(row: SessionRow, what: str) -> str:
    """Why no slips can be declared void or printed again now, or nothing."""
    if row.phase not in BEFORE_VOTING_ENDS:
        return gettext("只有印票之后、封箱之前才能作废选票凭证。")
    if what == "reprint" and sheets().waits(SessionId(row.id)):
        return _sheet_waits()
    return ""


def _sheet_waits() -> str:
    return gettext("上一份选票凭证 PDF 还没有下载。请先下载存好，再印新的；由别人印的，请他下载。")


def _range_page(row: SessionRow, form: SerialsForm, what: str) -> str:
    return render_template(
        "office/running/serials.html", row=row, form=form, what=what, errors=errors_of(form)
    )


def _print(row: SessionRow, again: tuple[int, int, int] | None) -> None:
    """Print beside the request: the first printing, or a range (class, first, last) again."""
    session, work, kept, who = SessionId(row.id), service(), sheets(), user().id
    class_names = [words.class_words(c) for c in setup.manifest_of(work, session).classes]

    def run(progress: Progress) -> None:
        pdf = b""

        def lay_out(manifest: Manifest, slips: tuple[PrintedSlip, ...]) -> None:
            nonlocal pdf
            pdf = slips_pdf(manifest, slips, base_url=work.settings.base_url)
            progress(1, 2)

        progress(0, 2)
        which = ""
        if again is None:
            printed = steps.print_slips(work, session, lay_out=lay_out)
        else:
            voter_class, first, last = again
            printed = steps.reprint(
                work, session, voter_class=voter_class, first=first, last=last, lay_out=lay_out
            )
            which = f"{class_names[voter_class]}{printed[0].serial}-{printed[-1].serial}"
        # Kept once they exist: a sheet of slips that nobody knows of must not be handed out.
        kept.keep(session, pdf=pdf, user=who, slips=len(printed), which=which)
        progress(2, 2)

    jobs().start(session, "print", run)
