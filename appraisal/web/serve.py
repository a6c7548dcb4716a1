"""The service in production, as one process.

One process on purpose: each database has a single writer that commits many changes at once, and a
second process would only queue for the same lock (docs/decisions/0002-one-writer.md).
"""

from __future__ import annotations

import os
from wsgiref.types import WSGIApplication

from appraisal.config import Settings
from appraisal.serving.server import notice_departures, run
from appraisal.steps.service import open_service
from appraisal.web.app import create_app

TARGET = "appraisal.web.serve:application"
"""The factory that a worker loads; the benchmark sets its reference here."""


def application() -> WSGIApplication:
    """The service of the environment's settings; what the server's worker loads."""
    settings = Settings.from_environment(os.environ)
    notice_departures(settings.port)
    return create_app(open_service(settings))


def serve(settings: Settings) -> None:
    """Serve until the process is told to stop. The worker reads the same environment."""
    run(settings, TARGET)
