"""Step 3, draw 领取选票: a slip is used up, and its ballot keys are signed blindly.

Only the registry and the token keys are touched here; the box has no part in it.
"""

from __future__ import annotations

from appraisal.ballots.blind_rsa import blind_sign
from appraisal.ballots.slips import class_of, slip_hash
from appraisal.ballots.tokens import decode_draw
from appraisal.errors import Closed, CryptoError, Refusal, UnknownSession
from appraisal.manifest import SessionId
from appraisal.steps.service import Service
from appraisal.store.admission import refusal_of
from appraisal.store.registry import Draw


def draw(service: Service, session: SessionId, data: bytes) -> tuple[bytes, ...]:
    """One blind signature a box, for a request body; raises a `Refusal`.

    The slip is used up, durably, before any signature leaves. The same request again gets the same
    signatures, since blind signing is deterministic.
    """
    manifest = service.registrar_manifests.get(session)
    if manifest is None:
        raise UnknownSession("no such session")
    try:
        request = decode_draw(data, manifest)
        boxes = manifest.boxes_of_class(class_of(request.slip))
        # Fetched before the slip is used up: a close in between must not cost the voter the answer.
        keys = service.keys.token_keys(session, boxes)
    except (Refusal, CryptoError) as error:
        # That voting has not begun or is over is said first, whatever else is wrong.
        refusal = refusal_of(service.registry.admission(session))
        if refusal is None:
            refusal = error if isinstance(error, Refusal) else Closed("voting is over")
        raise refusal from None
    service.registry.draw(Draw(session, slip_hash(session, request.slip), request.hash))
    return tuple(
        blind_sign(key, blinded, rng=service.rng)
        for key, blinded in zip(keys, request.blinded, strict=True)
    )
