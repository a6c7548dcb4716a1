"""The comments 意见 of a session after its opening, for those whom the manifest names (§4.14)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from appraisal import codec
from appraisal.codec import Range
from appraisal.errors import StepError
from appraisal.manifest import SessionId
from appraisal.steps.service import Service
from appraisal.store.office import Phase

LIMIT: Final = 2**30
MAX_COMMENTS: Final = 2**25


@dataclass(frozen=True)
class _Kept:
    """Texts in UTF-8, in the order that they are shown in."""

    texts: Annotated[tuple[bytes, ...], Range(0, MAX_COMMENTS)]


def shuffled(service: Service, texts: Sequence[str]) -> bytes:
    """What is kept of the opened comments: in an order drawn by chance, once and for all."""
    drawn = sorted((service.rng(16), text) for text in texts)
    return codec.encode(_Kept(tuple(text.encode() for _, text in drawn)))


def comments_of(service: Service, session: SessionId, *, reader: str) -> tuple[str, ...] | None:
    """The comments of an opened session, shuffled, for a reader whom its manifest names.

    None where too few voters cast any (the floor holds for them too). `StepError` for anybody else
    and before the opening.
    """
    manifest = service.registrar_manifests.get(session)
    if manifest is None or manifest.comments is None:
        raise StepError("no-comments", "the session has no comment box")
    if reader not in manifest.comments.readers:
        raise StepError("not-a-reader", "the manifest does not name this reader")
    row = service.row(session, Phase.OPENED)
    if row.destruction is not None:
        raise StepError("destroyed", "the ballots have been destroyed")
    if row.comments is None:
        return None
    kept = codec.decode(_Kept, row.comments, limit=LIMIT)
    return tuple(text.decode() for text in kept.texts)
