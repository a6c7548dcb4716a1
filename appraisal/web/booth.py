"""The booth: the voter's page and the two requests of a vote (protocol §4.4, §4.7, §4.12).

GET and HEAD change nothing. Neither a slip code nor an address is written anywhere.
"""

from __future__ import annotations

import gzip
from functools import lru_cache
from typing import Final

from flask import Blueprint, Response, jsonify, redirect, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from appraisal.ballots.cast import CAST_LIMIT
from appraisal.ballots.tokens import DRAW_LIMIT
from appraisal.encoding import b64encode
from appraisal.manifest import Manifest, SessionId
from appraisal.serving.answers import json_body
from appraisal.steps.cast import cast
from appraisal.steps.draw import draw
from appraisal.steps.service import Service
from appraisal.store.office import Phase
from appraisal.web import headers

PUBLIC_PHASE: Final = {
    Phase.FROZEN: "preparing",
    Phase.PRINTED: "printed",
    Phase.VOTING: "voting",
    Phase.CLOSED: "closed",
    Phase.OPENED: "opened",
    Phase.VOID: "void",
}
"""What a page calls the phases; a draft is nobody's business yet."""

MANIFEST_CACHING: Final = "public, max-age=86400, immutable"


def blueprint(service: Service) -> Blueprint:
    """The routes below ``/v``."""
    routes = Blueprint("booth", __name__)

    @routes.get("/v")
    def code() -> str:
        return render_template(
            "booth/code.html", lang=language(), demonstration=False, custodian=False
        )

    @routes.get("/v/")
    def code_again() -> BaseResponse:
        return redirect("/v", 308)

    @routes.get("/v/<session>")
    def page(session: str) -> Response:
        manifest, phase = published(service, session)
        opening = manifest.opening
        text = render_template(
            "booth/page.html",
            session=session,
            title=manifest.title,
            organisation=manifest.organisation,
            phase=PUBLIC_PHASE[phase],
            custodian=opening.custodian,
            tellers=[] if opening.custodian else [teller.name for teller in opening.tellers],
            quorum=opening.quorum,
            publish_factors=opening.publish_factors,
            signers=len(manifest.signers),
            demonstration=manifest.demonstration,
            lang=language(),
        )
        # The phone draws from every signer of this session, and talks to nobody else.
        elsewhere = [signer.url for signer in manifest.signers if signer.url is not None]
        policy = headers.connecting_to(elsewhere)
        return Response(text, mimetype="text/html", headers={"Content-Security-Policy": policy})

    @routes.get("/v/<session>/manifest.json")
    def manifest_json(session: str) -> Response:
        manifest, _ = published(service, session)
        response = Response(manifest.encoded, mimetype="application/json")
        if request.accept_encodings["gzip"]:
            response.data = _compressed(manifest.encoded)
            response.headers["Content-Encoding"] = "gzip"
        response.vary.add("Accept-Encoding")
        # Frozen once and for ever: the phone checks it against the slip's fingerprint anyway.
        response.headers["Cache-Control"] = MANIFEST_CACHING
        return response

    @routes.post("/v/<session>/draw")
    def draw_request(session: str) -> Response:
        signatures = draw(service, SessionId(session), json_body(DRAW_LIMIT))
        return jsonify(signatures=[b64encode(signature) for signature in signatures])

    @routes.post("/v/<session>/cast")
    def cast_request(session: str) -> Response:
        receipts = cast(service, SessionId(session), json_body(CAST_LIMIT))
        return jsonify(receipts=[receipt.to_json() for receipt in receipts])

    return routes


def published(service: Service, session: str) -> tuple[Manifest, Phase]:
    """The manifest of a frozen session and where it stands; `NotFound` for any other."""
    manifest = service.registrar_manifests.get(SessionId(session))
    phase = service.office.phase(SessionId(session))
    if manifest is None or phase is None:
        raise NotFound
    return manifest, phase


def language() -> str:
    """The language asked for in the address: ``en``, or Chinese."""
    return "en" if request.args.get("lang") == "en" else "zh"


@lru_cache(maxsize=64)
def _compressed(data: bytes) -> bytes:
    return gzip.compress(data, compresslevel=9, mtime=0)
