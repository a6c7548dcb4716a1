"""How an invited service's requests are known and answered; a signer and a witness do alike."""

from __future__ import annotations

import re
from typing import Final

from flask import Response, jsonify, request

from appraisal import codec
from appraisal.peers.messages import PeerRefusal
from appraisal.store.invitations import Invitations

_BEARER: Final = re.compile(r"Bearer ([0-9A-HJKMNP-TV-Z]{26})")


def invited(invitations: Invitations) -> str:
    """The name of the service that asks; `PeerRefusal` if its secret is nobody's."""
    shown = _BEARER.fullmatch(request.headers.get("Authorization", ""))
    name = invitations.invited(shown[1]) if shown else None
    if name is None:
        raise PeerRefusal(401, "secret-unknown", "no service was invited with this secret")
    return name


def answer(value: object) -> Response:
    """A message of `appraisal.peers.messages` as JSON."""
    return Response(codec.encode(value), mimetype="application/json")


def refuse(refusal: PeerRefusal) -> tuple[Response, int]:
    """The JSON of a refusal."""
    return jsonify(error=refusal.code, detail=str(refusal)), refusal.status
