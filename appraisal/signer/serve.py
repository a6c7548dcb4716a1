"""A further signer in production, as one process."""

from __future__ import annotations

import os
from typing import Final
from wsgiref.types import WSGIApplication

from appraisal.config import Settings
from appraisal.serving.server import notice_departures, run
from appraisal.signer.routes import create_signer
from appraisal.signer.signer import open_signer

TARGET: Final = "appraisal.signer.serve:application"


def application() -> WSGIApplication:
    """The signer of the environment's settings; what the server's worker loads."""
    settings = Settings.from_environment(os.environ)
    notice_departures(settings.port)
    application: WSGIApplication = create_signer(open_signer(settings)).wsgi_app
    return application


def serve(settings: Settings) -> None:
    """Serve until the process is told to stop. The worker reads the same environment."""
    run(settings, TARGET)
