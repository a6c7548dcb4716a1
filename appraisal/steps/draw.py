"""Step 3, draw 领取选票: a slip is used up, and its ballot keys are signed blindly.

Only the registry and the token keys are touched here; the box has no part in it.
"""

from __future__ import annotations

from appraisal.ballots.blind_rsa import blind_sign
from appraisal.ballots.slips import class_of, slip_hash
from appraisal.ballots.tokens import decode_draw
from appraisal.errors import Closed, CryptoError, NotOpen, Refusal, UnknownSession
from appraisal.manifest import SessionId
from appraisal.steps.service import Service
from appraisal.store.admission import Admission
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
        _refuse_unless_open(service, session)
        if isinstance(error, CryptoError):
            raise Closed("voting is over") from error
        raise
    service.registry.draw(Draw(session, slip_hash(session, request.slip), request.hash))
    return tuple(
        blind_sign(key, blinded, rng=service.rng)
        for key, blinded in zip(keys, request.blinded, strict=True)
    )


def _refuse_unless_open(service: Service, session: SessionId) -> None:
    """Say first that voting has not begun or is over, whatever else is wrong with a request."""
    match service.registry.admission(session):
        case None:
            raise UnknownSession("no such session")
        case Admission.WAITING:
            raise NotOpen("voting has not begun")
        case Admission.CLOSED:
            raise Closed("voting is over")
        case Admission.OPEN:
            pass
