"""Step 3, draw 领取选票, with the registrar: a slip is used up, its ballot keys signed blindly.

Only the registry and the token keys are touched here; the box has no part in it.
"""

from __future__ import annotations

from appraisal.manifest import REGISTRAR, SessionId
from appraisal.signer.draw import Signing
from appraisal.signer.draw import draw as draw_from
from appraisal.steps.service import Service


def draw(service: Service, session: SessionId, data: bytes) -> tuple[bytes, ...]:
    """One blind signature a box, for a request body; raises a `Refusal`."""
    registrar = Signing(
        registry=service.registry,
        keys=service.keys,
        manifests=service.registrar_manifests,
        rng=service.rng,
        number_in=lambda _manifest: REGISTRAR,
    )
    return draw_from(registrar, session, data)
