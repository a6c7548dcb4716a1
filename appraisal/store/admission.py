"""Whether a database takes requests for a session: the registry for draws, the box for casts."""

from __future__ import annotations

from enum import Enum


class Admission(Enum):
    """Before, during and after voting."""

    WAITING = "waiting"
    OPEN = "open"
    CLOSED = "closed"
