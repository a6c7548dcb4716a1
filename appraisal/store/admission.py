"""Whether a database takes requests for a session: the registry for draws, the box for casts."""

from __future__ import annotations

from enum import Enum

from appraisal.errors import Closed, NotOpen, Refusal, UnknownSession


class Admission(Enum):
    """Before, during and after voting."""

    WAITING = "waiting"
    OPEN = "open"
    CLOSED = "closed"


def refusal_of(admission: Admission | None) -> Refusal | None:
    """The refusal that any request meets here; None while voting. No admission, no session."""
    match admission:
        case None:
            return UnknownSession("no such session")
        case Admission.WAITING:
            return NotOpen("voting has not begun")
        case Admission.CLOSED:
            return Closed("voting is over")
        case Admission.OPEN:
            return None
