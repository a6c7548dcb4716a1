"""Documents that took a while to make, in memory only, until they are fetched or made anew.

They say what the office may read anyway. Making one again gives the same bytes, so nothing is lost
with the process.
"""

from __future__ import annotations

import threading
from typing import Final

from appraisal.manifest import SessionId

KEPT: Final = 12
"""So many documents of this process are kept; the oldest makes room."""


class MadeFiles:
    """The documents by session and name. Safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._files: dict[tuple[SessionId, str], bytes] = {}

    def keep(self, session: SessionId, name: str, data: bytes) -> None:
        """Keep a document in place of an earlier one of its name."""
        with self._lock:
            self._files.pop((session, name), None)
            self._files[session, name] = data
            while len(self._files) > KEPT:
                del self._files[next(iter(self._files))]

    def of(self, session: SessionId, name: str) -> bytes | None:
        """A document, if it is still kept."""
        with self._lock:
            return self._files.get((session, name))

    def drop(self, session: SessionId, name: str) -> None:
        """Drop a document that no longer says what it should."""
        with self._lock:
            self._files.pop((session, name), None)
