"""Documents that took a while to make, in memory only, until they are fetched or made anew.

They say what the office may read anyway. What they are made of may change meanwhile, by a text that
is written or by the destruction of the ballots: then they are dropped, and what is still being made
of it is not kept.
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
        self._making: dict[tuple[SessionId, str], object] = {}

    def begin(self, session: SessionId, name: str) -> object:
        """Note, before anything of it is read, that a document is being made; `keep` takes this."""
        making = object()
        with self._lock:
            self._making[session, name] = making
        return making

    def keep(self, session: SessionId, name: str, data: bytes, making: object) -> None:
        """Keep a document in place of an earlier one of its name, unless it was dropped since."""
        with self._lock:
            if self._making.get((session, name)) is not making:
                return
            del self._making[session, name]
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
            for held in (self._files, self._making):
                held.pop((session, name), None)

    def drop_all(self, session: SessionId) -> None:
        """Drop every document of a session."""
        with self._lock:
            for held in (self._files, self._making):
                for key in [key for key in held if key[0] == session]:
                    del held[key]
