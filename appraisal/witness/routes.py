"""The witness over HTTP; the same requests in a signer's process and in a full installation."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from werkzeug.exceptions import NotFound

from appraisal.encoding import hex_decode
from appraisal.errors import MalformedError
from appraisal.manifest import LIMIT as MANIFEST_LIMIT
from appraisal.peers.messages import Introduction, PeerRefusal
from appraisal.peers.tlog import LIMIT, SIZE_TYPE
from appraisal.serving.answers import body, json_body
from appraisal.witness.requests import answer, invited, refuse
from appraisal.witness.witness import NotCosigned, OtherSize, WitnessDesk


def blueprint(desk: WitnessDesk, *, name: str, signs: bool) -> Blueprint:
    """The requests of c2sp.org/tlog-witness, and those with which a service is enrolled.

    `name` is the installation's, which also `signs` or only witnesses.
    """
    routes = Blueprint("witness", __name__)
    routes.register_error_handler(PeerRefusal, refuse)
    routes.register_error_handler(NotCosigned, _not_cosigned)

    @routes.get("/peer")
    def peer() -> Response:
        invited(desk.invitations)
        return answer(Introduction(name, signs, desk.public))

    @routes.post("/add-log")
    def add_log() -> Response:
        invited(desk.invitations)
        desk.add_log(json_body(MANIFEST_LIMIT))
        return jsonify({})

    @routes.post("/add-checkpoint")
    def add_checkpoint() -> Response:
        return Response(desk.add_checkpoint(body(LIMIT)), mimetype="text/plain")

    @routes.get("/witness/<origin_hash>/checkpoint")
    def checkpoint(origin_hash: str) -> Response:
        try:
            board = desk.boards.with_hash(hex_decode(origin_hash, size=32))
        except MalformedError:
            raise NotFound from None
        if board is None or board.checkpoint is None:
            raise NotFound
        return Response(board.checkpoint, mimetype="text/plain")

    return routes


def _not_cosigned(refusal: NotCosigned) -> Response:
    if isinstance(refusal, OtherSize):
        return Response(f"{refusal.size}\n", status=refusal.status, content_type=SIZE_TYPE)
    return Response(f"{refusal}\n", status=refusal.status, mimetype="text/plain")
