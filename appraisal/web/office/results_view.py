"""The result of a session for the office's pages: what the board says, and whom it is told to."""

from __future__ import annotations

from appraisal.manifest import SessionId
from appraisal.steps import publish, setup
from appraisal.steps.service import Service
from appraisal.web.results_view import ResultsView
from appraisal.web.results_view import results_view as view_of


def results_view(service: Service, session: SessionId) -> ResultsView:
    """The result of an opened session, or of one that is void."""
    return view_of(setup.manifest_of(service, session), publish.results_of(service, session))
