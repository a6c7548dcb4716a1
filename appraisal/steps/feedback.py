"""Feedback 反馈本人: what the secretary writes to each subject once the boxes are opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass

from appraisal import codec
from appraisal.codec import CONTROLS
from appraisal.documents.sheets.feedback import Feedback
from appraisal.errors import StepError
from appraisal.manifest import SessionId
from appraisal.steps.service import Service
from appraisal.steps.setup import manifest_of
from appraisal.store.feedback import LIMIT, FeedbackTexts
from appraisal.store.office import Phase


@dataclass(frozen=True)
class _Written:
    """The texts in UTF-8: they have lines, which no text of the protocol may."""

    achievements: bytes
    problems: bytes
    direction: bytes


def write_feedback(service: Service, session: SessionId, subject: int, given: Feedback) -> None:
    """Keep what is written to a subject, in place of what was; before the opening nothing is."""
    service.row(session, Phase.OPENED)
    if not 0 <= subject < len(manifest_of(service, session).subjects):
        raise StepError("subject-unknown", "there is no such subject", number=subject + 1)
    written = _Written(*(_plain(text).encode() for text in astuple(given)))
    FeedbackTexts(service.office.database).keep(session, subject, codec.encode(written))


def feedback_of(service: Service, session: SessionId) -> Mapping[int, Feedback]:
    """What is written to every subject of an opened session, by number; empty where nothing is."""
    kept = FeedbackTexts(service.office.database).all(session)
    return {
        number: _read(kept[number]) if number in kept else Feedback()
        for number in range(len(manifest_of(service, session).subjects))
    }


def _read(data: bytes) -> Feedback:
    written = codec.decode(_Written, data, limit=LIMIT)
    return Feedback(*(text.decode() for text in astuple(written)))


def _plain(text: str) -> str:
    """Paragraphs without what other programs paste along unseen."""
    lines = (CONTROLS.sub("", line).rstrip() for line in text.splitlines())
    return "\n".join(lines).strip("\n")
