"""The production server: Granian, one process, as many threads as the settings say.

One process on purpose: each database has a single writer that commits many changes at once, and a
second process would only queue for the same lock (docs/decisions/0002-one-writer.md). There is no
access log: who asked for what, and when, is written nowhere.
"""

from __future__ import annotations

import os
from typing import Any, Final
from wsgiref.types import WSGIApplication

from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from appraisal.config import Settings
from appraisal.steps.service import open_service
from appraisal.web.app import create_app

TARGET = "appraisal.web.serve:application"
"""The factory that a worker loads; the benchmark sets its reference here."""

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


def application() -> WSGIApplication:
    """The service of the environment's settings; what the server's worker loads."""
    return create_app(open_service(Settings.from_environment(os.environ)))


def serve(settings: Settings) -> None:
    """Serve until the process is told to stop. The worker reads the same environment.

    Granian warns of more threads than cores; ours mostly wait for the disk.
    """
    Granian(
        TARGET,
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=settings.threads,
        backpressure=4 * settings.threads,
        websockets=False,
        log_access=False,
        log_level=LogLevels.error,
        log_dictconfig=LOGGING,
        http1_settings=HTTP1Settings(header_read_timeout=10_000),
        respawn_failed_workers=True,
    ).serve()
