"""The peers 上级机构 that sign or witness for this service: small pages for its operator."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import auth_required, roles_required

from appraisal.errors import AppraisalError
from appraisal.steps import signers
from appraisal.web.office import refusals
from appraisal.web.office.current import service
from appraisal.web.office.entry import accounts
from appraisal.web.office.fields import errors_of
from appraisal.web.office.forms import ConfirmForm, PeerForm

blueprint = Blueprint("peers", __name__, url_prefix="/peers")


@blueprint.before_request
@auth_required("session")
@roles_required(accounts.OPERATOR)
def _operators_only() -> None:
    """Let operators in and nobody else."""


@blueprint.get("/")
def overview() -> ResponseReturnValue:
    """Every enrolled peer with what it does."""
    return _page(PeerForm())


@blueprint.post("/")
def enrol() -> ResponseReturnValue:
    """Enrol the peer of a pasted link; it is asked at once."""
    form = PeerForm()
    if not form.sent():
        return _page(form), 422
    try:
        signers.enrol(service(), form.link.text)
    except AppraisalError as error:
        form.link.errors = [refusals.refusal_words(error)]
        return _page(form), 422
    return redirect(url_for("peers.overview"))


@blueprint.route("/dismissed", methods=["GET", "POST"])
def dismiss() -> ResponseReturnValue:
    """Forget a peer, asked once."""
    url = request.values.get("url", "")
    known = next((peer for peer in signers.peers(service()) if peer.url == url), None)
    if known is None:
        return redirect(url_for("peers.overview"))
    form = ConfirmForm()
    if form.sent():
        signers.dismiss(service(), url)
        return redirect(url_for("peers.overview"))
    return render_template("office/entry/dismiss_peer.html", form=form, peer=known)


def _page(form: PeerForm) -> str:
    return render_template(
        "office/entry/peers.html", peers=signers.peers(service()), form=form, errors=errors_of(form)
    )
