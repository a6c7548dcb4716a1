"""The real server, except that it dies at the point of a step that ``DIE_AT`` names.

The hook lives here, in the tests: the product has no such switch. The whole process group is
killed with SIGKILL, as a power cut would, and nothing gets to say a last word.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any
from wsgiref.types import WSGIApplication

from appraisal.config import Settings
from appraisal.signer import draw as draw_step
from appraisal.steps import cast as cast_step
from appraisal.steps import tellers
from appraisal.steps.service import open_service
from appraisal.store import box, registry
from appraisal.store import tellers as teller_store
from appraisal.web import booth
from appraisal.web.app import create_public

POINTS = (
    "draw: before anything is written",
    "draw: written, not yet committed",
    "draw: committed, not yet signed",
    "draw: signed, not yet answered",
    "cast: before anything is written",
    "cast: written, not yet committed",
    "cast: committed, no receipt yet",
    "cast: receipts made, not yet answered",
)
TELLER_POINTS = (
    "key: before anything is written",
    "key: committed, not yet answered",
    "factors: written, not yet committed",
    "factors: committed, not yet answered",
)


def die() -> None:
    os.killpg(0, signal.SIGKILL)


def dying(function: Callable[..., Any], *, before: bool) -> Callable[..., Any]:
    def run(*args: Any, **named: Any) -> Any:
        if before:
            die()
        function(*args, **named)
        die()

    return run


PLACES: dict[str, tuple[Any, str, bool]] = {
    POINTS[0]: (registry.Registry, "draw", True),
    POINTS[2]: (draw_step, "blind_sign", True),
    POINTS[3]: (booth, "draw", False),
    POINTS[4]: (box.BallotBox, "cast", True),
    POINTS[5]: (box, "_insert", False),
    POINTS[6]: (cast_step, "sign_receipt", True),
    POINTS[7]: (booth, "cast", False),
    TELLER_POINTS[0]: (tellers, "_answer", True),
    TELLER_POINTS[1]: (tellers, "hand_in_key", False),
    TELLER_POINTS[2]: (teller_store, "handed_in", True),
    TELLER_POINTS[3]: (tellers, "hand_in_factors", False),
}
"""Which function of which owner, and whether it dies before or after it."""


def arm(point: str) -> None:
    """Put the bomb in its place."""
    if point == POINTS[1]:
        _kill_before_commit()
        return
    owner, name, before = PLACES[point]
    setattr(owner, name, dying(getattr(owner, name), before=before))


def _kill_before_commit() -> None:
    from sqlalchemy import Connection

    execute = Connection.execute

    def run(self: Connection, statement: Any, *args: Any, **named: Any) -> Any:
        result = execute(self, statement, *args, **named)
        if statement is registry._MARK_DRAWN:
            die()
        return result

    Connection.execute = run  # type: ignore[method-assign]


def application() -> WSGIApplication:
    """The public application; without ``DIE_AT`` it lives."""
    point = os.environ.get("DIE_AT")
    if point:
        arm(point)
    service = open_service(Settings.from_environment(os.environ))
    application: WSGIApplication = create_public(service).wsgi_app
    return application
