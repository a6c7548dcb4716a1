"""The tellers 监票人 as the office sees them: links, who has checked a key, who has handed in."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import auth_required

from appraisal.errors import AppraisalError
from appraisal.manifest import SessionId
from appraisal.steps import opening, setup
from appraisal.steps import tellers as steps
from appraisal.store.office import Phase
from appraisal.web.office import codes, refusals, words
from appraisal.web.office.current import jobs, own_session, service
from appraisal.web.office.forms import ConfirmForm
from appraisal.web.office.running.sessions import session_page, watched

blueprint = Blueprint("tellers", __name__, url_prefix="/sessions/<name>")
LINKED = (Phase.DRAFT, Phase.FROZEN, Phase.PRINTED, Phase.VOTING, Phase.CLOSED)
"""While a teller's link is good for something."""


@blueprint.before_request
@auth_required("session")
def _signed_in() -> None:
    """Let nobody in who is not signed in."""


@blueprint.get("/tellers.json")
def status(name: str) -> ResponseReturnValue:
    """How far each teller is, in words, and whether the next step is open."""
    row = own_session(name)
    found = steps.statuses(service(), SessionId(row.id))
    return {
        "phase": row.phase.value,
        "ready": watched(row)["tellers_ready"],
        "tellers": [words.teller_words(row.phase, teller) for teller in found],
    }


@blueprint.route("/tellers/<int:number>/link", methods=["GET", "POST"])
def link(name: str, number: int) -> ResponseReturnValue:
    """A teller's link, shown once; in place of another only after asking."""
    row = own_session(name)
    session = SessionId(row.id)
    found = steps.statuses(service(), session)
    if number >= len(found) or row.phase not in LINKED:
        abort(404)
    form = ConfirmForm()
    if not form.sent():
        return render_template(
            "office/running/confirm_link.html", row=row, form=form, teller=found[number]
        )
    try:
        secret = steps.invite(service(), session, number)
    except AppraisalError as error:
        return session_page(row, refusal=refusals.refusal_words(error))
    url = f"{service().settings.base_url}/t/{row.id}#{secret}"
    return render_template(
        "office/running/teller_link.html",
        row=row,
        teller=found[number],
        url=url,
        code=codes.svg(url),
    )


@blueprint.route("/unopened", methods=["GET", "POST"])
def unopened(name: str) -> ResponseReturnValue:
    """Giving up, asked once: without a quorum the boxes stay sealed and the session is void."""
    row = own_session(name)
    session = SessionId(row.id)
    found = steps.statuses(service(), session)
    if row.phase is not Phase.CLOSED or not found:
        return session_page(row, refusal=gettext("只有监票人掌管钥匙、已经封箱的评议才能这样做。"))
    form = ConfirmForm()
    if form.sent():
        work = service()
        jobs().start(session, "unopened", lambda _progress: opening.declare_unopened(work, session))
        return redirect(url_for("sessions.show", name=row.id))
    return render_template(
        "office/running/confirm_unopened.html",
        row=row,
        form=form,
        tellers=found,
        draft=setup.draft_of(service(), session),
    )
