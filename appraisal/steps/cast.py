"""Steps 5 and 6, cast 投入票箱: a voter's ballots are verified and kept, all or none.

Only the box's database is touched here; the registry has no part in it.
"""

from __future__ import annotations

from appraisal.ballots.ballot_box import admit
from appraisal.ballots.receipts import Receipt, sign_receipt
from appraisal.errors import NotOpen, Refusal
from appraisal.manifest import SessionId
from appraisal.steps.service import Service
from appraisal.store.admission import refusal_of
from appraisal.store.box import Cast


def cast(service: Service, session: SessionId, data: bytes) -> tuple[Receipt, ...]:
    """One receipt a ballot, for a request body, once they are durable; raises a `Refusal`.

    The same ballots again get the same receipts, also after close.
    """
    manifest = service.box_manifests.get(session)
    if manifest is None:
        # Open by now, it began a moment ago: the same request again finds it.
        raise refusal_of(service.box.admission(session)) or NotOpen("voting has just begun")
    try:
        ballots = admit(data, manifest)
    except Refusal as refusal:
        # That voting has not begun or is over is said first, whatever else is wrong.
        raise refusal_of(service.box.admission(session)) or refusal from None
    service.box.cast(Cast(session, ballots))
    key = service.keys.board_key(session)
    return tuple(
        sign_receipt(ballot.leaf_hash, manifest_hash=manifest.hash, key=key) for ballot in ballots
    )
