"""The manifests of a database, decoded once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from appraisal.manifest import Manifest, SessionId, decode_manifest

CACHED: Final = 64


class Manifests:
    """Decoded manifests, the last used; what `load` gives once, it gives for ever."""

    def __init__(self, load: Callable[[SessionId], bytes | None]) -> None:
        self._load = load
        self._lock = threading.Lock()
        self._known: OrderedDict[SessionId, Manifest] = OrderedDict()

    def get(self, session: SessionId) -> Manifest | None:
        """The manifest of a session; None if there is none, or none yet."""
        with self._lock:
            if session in self._known:
                self._known.move_to_end(session)
                return self._known[session]
        data = self._load(session)
        if data is None:
            return None
        manifest = decode_manifest(data)
        with self._lock:
            self._known[session] = manifest
            while len(self._known) > CACHED:
                self._known.popitem(last=False)
        return manifest
