"""The production server: Granian, one process, as many threads as the settings say.

There is no access log: who asked for what, and when, is written nowhere.
"""

from __future__ import annotations

import contextlib
import os
import resource
import socket
import threading
import time
from pathlib import Path
from typing import Any, Final

from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from appraisal.config import Settings

KEEPALIVE: Final = {socket.TCP_KEEPIDLE: 10, socket.TCP_KEEPINTVL: 5, socket.TCP_KEEPCNT: 3}
"""After 10 s of silence the other side is asked three times, 5 s apart."""
SEARCHES, SEARCH_SECONDS = 300, 0.1

CONNECTIONS: Final = 2048
"""Open connections at most, each a file. A phone keeps one or two, whether it asks or not."""
OTHER_FILES: Final = 512
"""Files kept free for the databases, the keys and what is sent."""

LOGGING: Final[dict[str, Any]] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"level": "WARNING", "handlers": ["stderr"]},
    "loggers": {
        "_granian": {"handlers": ["stderr"], "propagate": False},
        # Nothing is ever sent here; if it were, it would go nowhere.
        "granian.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
        "werkzeug": {"level": "ERROR"},
    },
}
"""Warnings and errors, without a time: beside a slip or a ballot no moment is kept."""


def run(settings: Settings, target: str) -> None:
    """Serve until the process is told to stop; `target` names the factory that a worker loads.

    The worker reads the same environment. Granian warns of more threads than cores; ours mostly
    wait for the disk.
    """
    Granian(
        target,
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=settings.threads,
        backpressure=_connections(),
        websockets=False,
        log_access=False,
        log_level=LogLevels.error,
        log_dictconfig=LOGGING,
        http1_settings=HTTP1Settings(header_read_timeout=10_000),
        respawn_failed_workers=True,
    ).serve()


def _connections() -> int:
    """How many connections may stand open: `CONNECTIONS`, or fewer where few files may be open.

    The process's own limit of open files is raised as far as needed and allowed.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if soft == resource.RLIM_INFINITY:
        return CONNECTIONS
    return min(CONNECTIONS, max(soft - OTHER_FILES, soft // 2))


def notice_departures(port: int) -> None:
    """Ask silent clients whether they are still there; the factory calls it before it returns.

    A phone that walks out of the Wi-Fi in the middle of a request holds a thread, and would hold it
    for ever. Granian has no setting for this; but what is set on the listening socket, which it
    makes once the application is loaded, accepted connections inherit (Linux).
    """
    threading.Thread(target=_set_keepalive, args=(port,), daemon=True).start()


def _set_keepalive(port: int) -> None:
    for _ in range(SEARCHES):
        for path in Path("/proc/self/fd").glob("*"):
            with contextlib.suppress(OSError), _socket(int(path.name)) as found:
                if (
                    found.family in {socket.AF_INET, socket.AF_INET6}
                    and found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
                    and found.getsockname()[1] == port
                ):
                    found.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
                    for option, value in KEEPALIVE.items():
                        found.setsockopt(socket.IPPROTO_TCP, option, value)
                    return
        time.sleep(SEARCH_SECONDS)


def _socket(descriptor: int) -> socket.socket:
    """A second handle of an open socket; `OSError` if the descriptor is none."""
    copy = os.dup(descriptor)
    try:
        return socket.socket(fileno=copy)
    except OSError:
        os.close(copy)
        raise
