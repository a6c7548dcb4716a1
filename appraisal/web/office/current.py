"""What a request of the office works with: the service, its jobs and sheets, the user's session."""

from __future__ import annotations

from typing import cast

from flask import abort, current_app
from flask_security import current_user

from appraisal.manifest import SessionId
from appraisal.steps.service import Service
from appraisal.store.office import OVER, SessionRow
from appraisal.web.office.entry.accounts import User
from appraisal.web.office.jobs import Jobs
from appraisal.web.office.made_files import MadeFiles
from appraisal.web.office.printed_sheets import PrintedSheets


def service() -> Service:
    """The service that this office runs."""
    return cast("Service", current_app.extensions["appraisal"])


def jobs() -> Jobs:
    """The long steps of this process."""
    return cast("Jobs", current_app.extensions["appraisal-jobs"])


def sheets() -> PrintedSheets:
    """The printed sheets that wait to be fetched."""
    return cast("PrintedSheets", current_app.extensions["appraisal-sheets"])


def made() -> MadeFiles:
    """The documents that took a while to make."""
    return cast("MadeFiles", current_app.extensions["appraisal-made"])


def user() -> User:
    """Who is signed in."""
    return cast("User", current_user)


def organisation_id() -> int:
    """The organisation of who is signed in; without one there is nothing to see."""
    found = user().organisation_id
    if found is None:
        abort(403)
    return found


def own_session(name: str) -> SessionRow:
    """A session of the user's organisation; those of others do not exist here."""
    row = service().office.session(SessionId(name))
    if row is None or row.organisation_id != organisation_id():
        abort(404)
    return row


def session_over(name: str) -> SessionRow:
    """One of these that has been opened, or is void."""
    row = own_session(name)
    if row.phase not in OVER:
        abort(404)
    return row
