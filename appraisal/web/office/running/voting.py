"""The vote as the office sees it: begun, watched in steps, shown on the wall, closed."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import auth_required

from appraisal.errors import AppraisalError, StepError
from appraisal.manifest import SessionId
from appraisal.steps import close as close_step
from appraisal.steps import setup, signers, witnesses
from appraisal.steps import slips as slip_steps
from appraisal.steps import voting as voting_step
from appraisal.steps.service import Service
from appraisal.steps.witnesses import Cosigning
from appraisal.store.office import Phase
from appraisal.web.office import codes, refusals
from appraisal.web.office.current import jobs, own_session, service
from appraisal.web.office.forms import ConfirmForm
from appraisal.web.office.results_view import results_view
from appraisal.web.office.running import figures
from appraisal.web.office.running.sessions import session_page

blueprint = Blueprint("voting", __name__, url_prefix="/sessions/<name>")


@blueprint.before_request
@auth_required("session")
def _signed_in() -> None:
    """Let nobody in who is not signed in."""


@blueprint.post("/begin")
def begin(name: str) -> ResponseReturnValue:
    """Begin the vote: from now on active slips are taken."""
    row = own_session(name)
    session, work = SessionId(row.id), service()
    if row.phase is Phase.PRINTED and len(setup.manifest_of(work, session).signers) > 1:
        # Another installation is asked, which may take its time.
        jobs().start(session, "begin", lambda _progress: voting_step.begin(work, session))
        return redirect(url_for("sessions.show", name=row.id))
    try:
        voting_step.begin(service(), SessionId(row.id))
    except AppraisalError as error:
        return session_page(row, refusal=refusals.refusal_words(error))
    return redirect(url_for("sessions.show", name=row.id))


@blueprint.post("/witness")
def witness(name: str) -> ResponseReturnValue:
    """Ask the witnesses whose cosignature is missing once more."""
    row = own_session(name)
    session, work = SessionId(row.id), service()
    jobs().start(session, "witness", lambda _progress: _asked(work, session))
    return redirect(url_for("sessions.show", name=row.id))


@blueprint.get("/turnout.json")
def turnout(name: str) -> ResponseReturnValue:
    """The turnout by class and in words, in steps while the vote is on; never a result."""
    row = own_session(name)
    voting = row.phase is Phase.VOTING
    if row.phase in {Phase.DRAFT, Phase.FROZEN}:
        return {"phase": row.phase.value, "classes": [], "figures": {}}
    session = SessionId(row.id)
    counted = slip_steps.turnout(service(), session, exact=not voting)
    floor = setup.manifest_of(service(), session).rules.floor if voting else 0
    return {
        "phase": row.phase.value,
        "classes": [{name: getattr(t, name) for name in figures.NAMES} for t in counted],
        "figures": figures.figure_words(counted, floor),
    }


@blueprint.get("/screen")
def screen(name: str) -> ResponseReturnValue:
    """The screen for the room: what to do in this phase, where to go, how many have voted."""
    row = own_session(name)
    if row.phase in {Phase.DRAFT, Phase.FROZEN}:
        return session_page(row, refusal=gettext("印票以后才有投影页。"))
    session = SessionId(row.id)
    return render_template(
        "office/running/screen.html",
        row=row,
        manifest=setup.manifest_of(service(), session),
        turnout=slip_steps.turnout(service(), session, exact=row.phase is not Phase.VOTING),
        view=results_view(service(), session) if row.phase is Phase.OPENED else None,
        closing=close_step.unfinished(service(), session),
    )


@blueprint.get("/board.svg")
def board_code(name: str) -> Response:
    """A QR code of the public board's address."""
    row = own_session(name)
    code = codes.svg(f"{service().settings.base_url}/b/{row.id}")
    return Response(code, mimetype="image/svg+xml")


@blueprint.route("/close", methods=["GET", "POST"])
def close(name: str) -> ResponseReturnValue:
    """Closing, asked once: after it nobody can draw or cast."""
    row = own_session(name)
    if row.phase is not Phase.VOTING:
        return session_page(row, refusal=gettext("只有投票中的评议才能封箱。"))
    form = ConfirmForm()
    if form.sent():
        session, work = SessionId(row.id), service()
        jobs().start(session, "close", lambda _progress: close_step.close(work, session))
        return redirect(url_for("sessions.show", name=row.id))
    return render_template(
        "office/running/confirm_close.html",
        row=row,
        form=form,
        manifest=setup.manifest_of(service(), SessionId(row.id)),
        turnout=slip_steps.turnout(service(), SessionId(row.id), exact=False),
    )


@blueprint.route("/unstated", methods=["GET", "POST"])
def unstated(name: str) -> ResponseReturnValue:
    """Giving up a signer that is gone, asked once: no box is closed, and the session is void."""
    row = own_session(name)
    session, work = SessionId(row.id), service()
    waiting: tuple[str, ...] = ()
    if close_step.unfinished(work, session):
        waiting = signers.unstated(work, setup.manifest_of(work, session))
    if not waiting:
        return session_page(row, refusal=gettext("只有封箱时等不到签发方的评议才能这样做。"))
    form = ConfirmForm()
    if form.sent():
        jobs().start(
            session, "unstated", lambda _progress: close_step.declare_unstated(work, session)
        )
        return redirect(url_for("sessions.show", name=row.id))
    return render_template(
        "office/running/confirm_unstated.html", row=row, form=form, unstated=waiting
    )


def _asked(work: Service, session: SessionId) -> None:
    """Say which witness is away, or will not sign, as the refusal of a step."""
    for one in witnesses.ask_witnesses(work, session):
        name = one.enrolled or one.name
        if one.cosigning is Cosigning.AWAY and not one.enrolled:
            raise StepError("peer-unknown", one.detail, name=name)
        if one.cosigning is Cosigning.AWAY:
            raise StepError("peer-unreachable", one.detail, name=name)
        if one.cosigning is Cosigning.REFUSED:
            raise StepError("peer-refused", one.detail, name=name, detail=one.detail, why=one.why)
