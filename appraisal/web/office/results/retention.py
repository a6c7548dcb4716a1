"""The end of a session: how long its ballots are kept, their destruction, the certificate."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import auth_required

from appraisal.documents.destruction import certificate_pdf
from appraisal.errors import AppraisalError
from appraisal.manifest import SessionId
from appraisal.steps import retention
from appraisal.steps.retention import Decision
from appraisal.web.office import refusals
from appraisal.web.office.attachments import attachment
from appraisal.web.office.current import made, own_session, service, session_over, user
from appraisal.web.office.fields import errors_of
from appraisal.web.office.forms import DestructionForm
from appraisal.web.office.running.sessions import session_page

blueprint = Blueprint("retention", __name__, url_prefix="/sessions/<name>")


@blueprint.before_request
@auth_required("session")
def _signed_in() -> None:
    """Let nobody in who is not signed in."""


@blueprint.route("/destroy", methods=["GET", "POST"])
def destroy(name: str) -> ResponseReturnValue:
    """Destroying the ballots, with the names that the certificate prints."""
    row = session_over(name)
    session = SessionId(row.id)
    if row.destruction is not None:
        return redirect(url_for("sessions.show", name=row.id))
    form = DestructionForm(data={"operator": user().name or ""})
    errors: list[tuple[str, str]] = []
    if form.sent():
        decision = Decision(
            decided_by=form.decided_by.text,
            witnesses=(form.first_witness.text, form.second_witness.text),
            operator=form.operator.text,
            place=form.place.text,
            reason=form.reason.text,
        )
        try:
            retention.destroy(service(), session, decision)
        except AppraisalError as error:
            errors = [("decided_by", refusals.refusal_words(error))]
        else:
            return redirect(url_for("sessions.show", name=row.id))
        finally:
            # Sheets that were made before tell why ballots were spoilt.
            made().drop_all(session)
    errors += errors_of(form)
    last = retention.kept_until(service(), session)
    page = render_template(
        "office/results/destroy.html",
        row=row,
        form=form,
        errors=errors,
        kept_until=last,
        early=service().now().date() <= last,
    )
    return page, 422 if errors else 200


@blueprint.post("/destroyed")
def finish(name: str) -> ResponseReturnValue:
    """Finish a destruction that was cut off, by the decision that was taken."""
    row = own_session(name)
    try:
        retention.finish(service(), SessionId(row.id))
    except AppraisalError as error:
        return session_page(row, refusal=refusals.refusal_words(error))
    made().drop_all(SessionId(row.id))
    return redirect(url_for("sessions.show", name=row.id))


@blueprint.get("/destruction.pdf")
def certificate(name: str) -> Response:
    """The certificate of destruction, to be printed and signed."""
    row = own_session(name)
    if row.destroyed_at is None:
        abort(404)
    pdf = certificate_pdf(retention.certificate_of(service(), SessionId(row.id)))
    return attachment(pdf, "application/pdf", gettext("销毁记录") + f"-{row.id}.pdf")
