"""The tellers' page and what it hands in (protocol §4.13): no cookies, no log, no sign-in.

GET and HEAD change nothing. The link's secret comes in the body of a POST and is written nowhere.
"""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, jsonify, render_template
from werkzeug.exceptions import NotFound

from appraisal.encoding import b64encode
from appraisal.errors import UnknownSession
from appraisal.manifest import SessionId
from appraisal.serving.answers import json_body
from appraisal.steps import tellers, witnesses
from appraisal.steps.draft import decode_draft
from appraisal.steps.service import Service
from appraisal.store.office import Phase
from appraisal.web.booth import PUBLIC_PHASE, language

TELLER_PHASE: Final = {Phase.DRAFT: "draft", **PUBLIC_PHASE}
"""What the tellers' page calls the phases: it is there from the draft on."""


def blueprint(service: Service) -> Blueprint:
    """The routes below ``/t``."""
    routes = Blueprint("tellers", __name__)

    @routes.get("/t/<session>")
    def page(session: str) -> str:
        row = service.office.session(SessionId(session))
        if row is None:
            raise NotFound
        draft = decode_draft(row.draft)
        return render_template(
            "teller/page.html",
            session=session,
            title=draft.title,
            organisation=draft.organisation,
            phase=TELLER_PHASE[row.phase],
            custodian=not draft.tellers,
            demonstration=draft.demonstration,
            lang=language(),
        )

    @routes.get("/t/<session>/status")
    def status(session: str) -> Response:
        row = service.office.session(SessionId(session))
        if row is None:
            raise UnknownSession("no such session")
        draft = decode_draft(row.draft)
        return jsonify(
            session=session,
            title=draft.title,
            phase=TELLER_PHASE[row.phase],
            custodian=not draft.tellers,
            quorum=draft.quorum,
            tellers=[
                {"name": teller.name, "checked": teller.checked, "handed_in": teller.handed_in}
                for teller in tellers.statuses(service, SessionId(session))
            ],
            witnesses=[
                {"name": witness.name, "known": witness.enrolled}
                for witness in witnesses.statuses(service, SessionId(session))
            ],
        )

    @routes.post("/t/<session>/link")
    def link(session: str) -> Response:
        number = tellers.whose_link(service, SessionId(session), json_body(tellers.KEY_LIMIT))
        return jsonify(teller=number)

    @routes.post("/t/<session>/challenge")
    def challenge(session: str) -> Response:
        sealed = tellers.challenge(service, SessionId(session), json_body(tellers.KEY_LIMIT))
        return jsonify(challenge=b64encode(sealed))

    @routes.post("/t/<session>/key")
    def key(session: str) -> Response:
        number = tellers.hand_in_key(service, SessionId(session), json_body(tellers.KEY_LIMIT))
        return jsonify(teller=number)

    @routes.post("/t/<session>/comments")
    def comments(session: str) -> Response:
        packed = tellers.sealed_comments(service, SessionId(session), json_body(tellers.KEY_LIMIT))
        return Response(packed, mimetype="application/octet-stream")

    @routes.post("/t/<session>/factors")
    def factors(session: str) -> Response:
        limit = tellers.factors_limit(service, SessionId(session))
        handed_in, quorum = tellers.hand_in_factors(service, SessionId(session), json_body(limit))
        return jsonify(handed_in=handed_in, quorum=quorum)

    return routes
