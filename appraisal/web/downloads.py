"""Published files on their way out: neither the memory nor the threads are theirs alone."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Final

from flask import Response, send_file

HANDED_OVER: Final = 2**20
"""Bytes of a file that is not worth a thread: some 1,500 ballots with one teller."""
RETRY_SECONDS: Final = 10


class Downloads:
    """What sends the published files of a service that has so many threads.

    A small file is handed over whole. A large one is read as it is sent and holds a thread until
    its reader has it: so at most a quarter of the threads do that, and voting goes on beside it.
    """

    def __init__(self, threads: int) -> None:
        self._free = threading.BoundedSemaphore(max(1, threads // 4))

    def send(self, path: Path, mimetype: str) -> Response:
        """The file; 503 if too many are being read. Its folder's name changes with its bytes."""
        small = path.stat().st_size <= HANDED_OVER
        if not small and not self._free.acquire(blocking=False):
            return Response(
                "busy: too many downloads, try again\n",
                status=503,
                mimetype="text/plain",
                headers={"Retry-After": str(RETRY_SECONDS)},
            )
        response = send_file(path, mimetype=mimetype, etag=path.parent.name)
        # When it was first asked for is nobody's business.
        response.headers.remove("Last-Modified")
        # Sent as it is, it would never be closed, and never give its place back.
        response.direct_passthrough = False
        if small:
            response.make_sequence()
        else:
            response.call_on_close(self._free.release)
        return response
