"""A further signer over HTTP: what the service asks of it, and the voters' draws.

Draws are answered to any origin, since the voter's page comes from the service; nothing else is.
There is no cookie, and neither a slip nor an address is written anywhere.
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Final, TypeVar

from flask import Blueprint, Flask, Response, jsonify, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from appraisal import codec
from appraisal.ballots.tokens import DRAW_LIMIT
from appraisal.encoding import CROCKFORD, b64encode, json_parse
from appraisal.errors import Busy, Malformed, MalformedError, Refusal
from appraisal.manifest import LIMIT as MANIFEST_LIMIT
from appraisal.manifest import SESSION_SYMBOLS, SessionId
from appraisal.peers.messages import (
    SMALL_LIMIT,
    KeysWanted,
    PeerRefusal,
    Printing,
    Stated,
    printing_limit,
)
from appraisal.serving.answers import Public, json_body
from appraisal.serving.answers import refuse as refuse_voter
from appraisal.signer import sessions
from appraisal.signer.draw import draw
from appraisal.signer.signer import FurtherSigner
from appraisal.witness import routes as witness
from appraisal.witness.requests import answer, invited, refuse

_log: Final = logging.getLogger(__name__)

CORS: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "POST",
    "Access-Control-Allow-Headers": "Content-Type",
    "Access-Control-Max-Age": "86400",
}
HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_TRANSPORT: Final = {"Strict-Transport-Security": "max-age=31536000"}
_DRAW: Final = "draws.draw_request"

Message = TypeVar("Message")


def create_signer(signer: FurtherSigner) -> Flask:
    """The whole process as one WSGI application."""
    app = Public("appraisal.signer", static_folder=None)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.register_blueprint(_draws(signer))
    app.register_blueprint(_sessions(signer), url_prefix="/signer")
    app.register_blueprint(witness.blueprint(signer.desk, name=signer.name, signs=True))
    app.add_url_rule("/healthz", view_func=lambda: _health(signer), endpoint="health")
    app.register_error_handler(Refusal, refuse_voter)
    app.register_error_handler(PeerRefusal, refuse)
    app.register_error_handler(HTTPException, _http_error)
    carried = HEADERS | (_TRANSPORT if signer.settings.secure else {})

    @app.after_request
    def _headers(response: Response) -> Response:
        response.headers.extend(carried)
        if request.endpoint == _DRAW:
            response.headers.extend(CORS)
        return response

    return app


def _draws(signer: FurtherSigner) -> Blueprint:
    routes = Blueprint("draws", __name__)

    @routes.post("/v/<session>/draw")
    def draw_request(session: str) -> Response:
        signatures = draw(signer.signing, SessionId(session), json_body(DRAW_LIMIT))
        return jsonify(signatures=[b64encode(signature) for signature in signatures])

    return routes


def _sessions(signer: FurtherSigner) -> Blueprint:
    routes = Blueprint("sessions", __name__)

    @routes.post("/<session>/keys")
    def keys(session: str) -> Response:
        service = invited(signer.desk.invitations)
        wanted = _message(KeysWanted, SMALL_LIMIT)
        return answer(
            sessions.make_keys(signer, _session(session), invited=service, boxes=wanted.boxes)
        )

    @routes.post("/<session>/manifest")
    def manifest(session: str) -> Response:
        service = invited(signer.desk.invitations)
        sessions.fix_manifest(signer, _session(session), json_body(MANIFEST_LIMIT), invited=service)
        return jsonify({})

    @routes.post("/<session>/printed")
    def printed(session: str) -> Response:
        service = invited(signer.desk.invitations)
        known = sessions.manifest_of(signer, _session(session), invited=service)
        limit = printing_limit(max(voter_class.slips for voter_class in known.classes))
        statement = sessions.take_printing(
            signer, _session(session), _message(Printing, limit), invited=service
        )
        return answer(Stated(statement))

    @routes.post("/<session>/begin")
    def begin(session: str) -> Response:
        sessions.begin(signer, _session(session), invited=invited(signer.desk.invitations))
        return jsonify({})

    @routes.post("/<session>/close")
    def close(session: str) -> Response:
        return answer(
            sessions.close(signer, _session(session), invited=invited(signer.desk.invitations))
        )

    return routes


def _session(text: str) -> SessionId:
    """A session's name; anything else, such as a path, is none."""
    if len(text) != SESSION_SYMBOLS or not set(text) <= set(CROCKFORD.lower()):
        raise PeerRefusal(HTTPStatus.NOT_FOUND, "unknown-session", "no name of a session")
    return SessionId(text)


def _message(kind: type[Message], limit: int) -> Message:
    try:
        value = json_parse(json_body(limit), limit=limit)
        return codec.from_json(kind, value, where=kind.__name__.lower())
    except MalformedError as error:
        raise Malformed(str(error)) from error


def _health(signer: FurtherSigner) -> Response:
    """Whether the database answers."""
    try:
        signer.registry.database.check()
    except SQLAlchemyError as error:
        _log.error("healthz: %s", type(error).__name__)
        return Response("database\n", status=503, mimetype="text/plain")
    return Response("ok\n", mimetype="text/plain")


def _http_error(error: HTTPException) -> Response | tuple[Response, int]:
    if error.code == HTTPStatus.INTERNAL_SERVER_ERROR:
        # Whatever was stored, the same request again gets its answer.
        return jsonify(error=Busy.code), Busy.status
    response = Response(f"{error.code} {error.name}\n", status=error.code, mimetype="text/plain")
    if isinstance(error, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(error.valid_methods or [])
    return response
