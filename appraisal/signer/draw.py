"""Step 3, draw 领取选票, as every signer takes it: the registrar and each further one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from appraisal.ballots.blind_rsa import blind_sign
from appraisal.ballots.slips import class_of, slip_hash
from appraisal.ballots.tokens import decode_draw
from appraisal.errors import Closed, CryptoError, Refusal, UnknownSession
from appraisal.manifest import Manifest, SessionId
from appraisal.store.admission import refusal_of
from appraisal.store.keys import KeyFolder
from appraisal.store.manifests import Manifests
from appraisal.store.registry import Draw, Registry


@dataclass(frozen=True)
class Signing:
    """What a signer draws with: its slips, its token keys, its manifests.

    `number_in` tells which of a manifest's signers it is.
    """

    registry: Registry
    keys: KeyFolder
    manifests: Manifests
    rng: Callable[[int], bytes]
    number_in: Callable[[Manifest], int]


def draw(signing: Signing, session: SessionId, data: bytes) -> tuple[bytes, ...]:
    """One blind signature a box, for a request body; raises a `Refusal`.

    The slip is used up, durably, before any signature leaves. The same request again gets the same
    signatures, since blind signing is deterministic.
    """
    manifest = signing.manifests.get(session)
    if manifest is None:
        raise UnknownSession("no such session")
    try:
        request = decode_draw(data, manifest, signer=signing.number_in(manifest))
        boxes = manifest.boxes_of_class(class_of(request.slip))
        # Fetched before the slip is used up: a close in between must not cost the voter the answer.
        keys = signing.keys.token_keys(session, boxes)
    except (Refusal, CryptoError) as error:
        # That voting has not begun or is over is said first, whatever else is wrong.
        refusal = refusal_of(signing.registry.admission(session))
        if refusal is None:
            refusal = error if isinstance(error, Refusal) else Closed("voting is over")
        raise refusal from None
    signing.registry.draw(Draw(session, slip_hash(session, request.slip), request.hash))
    return tuple(
        blind_sign(key, blinded, rng=signing.rng)
        for key, blinded in zip(keys, request.blinded, strict=True)
    )
