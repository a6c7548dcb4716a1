"""The board page and its downloads, for everyone (protocol §4.12)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from flask import Blueprint, Response, render_template
from werkzeug.exceptions import NotFound

from appraisal.ballots import board
from appraisal.manifest import Manifest, SessionId
from appraisal.steps import publish
from appraisal.steps.service import Service
from appraisal.steps.slips import Turnout, turnout
from appraisal.store.office import Phase
from appraisal.web.board_results import results_view
from appraisal.web.booth import PUBLIC_PHASE, language, published
from appraisal.web.downloads import Downloads

COUNTED: Final = (Phase.OPENED, Phase.VOID)
SETTLED: Final = (Phase.CLOSED, Phase.OPENED, Phase.VOID)
FINGERPRINT_GROUP: Final = 5


def blueprint(service: Service) -> Blueprint:
    """The routes below ``/b``."""
    routes = Blueprint("board", __name__)
    downloads = Downloads(service.settings.threads)

    pages = _Pages(service)

    @routes.get("/b/<session>")
    def page(session: str) -> str:
        return pages.page(session)

    @routes.get("/b/<session>/board.txt")
    def entries(session: str) -> Response:
        manifest, phase = published(service, session)
        if phase in SETTLED:
            return downloads.send(publish.board_file(service, manifest.session), "text/plain")
        lines = board.lines(publish.board_entries(service, manifest.session))
        return Response(lines, mimetype="text/plain")

    @routes.get("/b/<session>/checkpoint.txt")
    def checkpoint(session: str) -> Response:
        manifest, _ = published(service, session)
        return Response(publish.checkpoint_of(service, manifest.session), mimetype="text/plain")

    @routes.get("/b/<session>/openings.json")
    def openings(session: str) -> Response:
        manifest = _counted(service, session)
        opened = publish.openings_of(service, manifest.session)
        return Response(opened, mimetype="application/json")

    @routes.get("/b/<session>/record.zip")
    def record(session: str) -> Response:
        manifest = _counted(service, session)
        path = publish.record_file(service, manifest.session)
        response = downloads.send(path, "application/zip")
        response.headers["Content-Disposition"] = f'attachment; filename="record-{session}.zip"'
        return response

    return routes


def _counted(service: Service, session: str) -> Manifest:
    """The manifest of a session whose boxes were opened, or that is void; `NotFound` otherwise."""
    manifest, phase = published(service, session)
    if phase not in COUNTED:
        raise NotFound
    return manifest


class _Pages:
    """The pages of the boards; those that change no more are kept, being long and much read."""

    def __init__(self, service: Service) -> None:
        """Keep the last few."""
        self._service = service
        self._last = lru_cache(maxsize=16)(self._made)

    def page(self, session: str) -> str:
        """The page in the language asked for."""
        manifest, phase = published(self._service, session)
        made = self._last if phase in COUNTED else self._made
        return made(manifest.session, language())

    def _made(self, session: SessionId, spoken: str) -> str:
        manifest, phase = published(self._service, session)
        context = _context(self._service, manifest, phase, spoken)
        return render_template("board/page.html", **context)


def _context(service: Service, manifest: Manifest, phase: Phase, spoken: str) -> dict[str, Any]:
    session = manifest.session
    return {
        "session": session,
        "title": manifest.title,
        "organisation": manifest.organisation,
        "phase": PUBLIC_PHASE[phase],
        "custodian": manifest.opening.custodian,
        "demonstration": manifest.demonstration,
        "lang": spoken,
        "classes": [
            _class(manifest, counts, settled=phase in SETTLED)
            for counts in turnout(service, session, exact=False)
        ],
        "checkpoint": publish.checkpoint_of(service, session),
        "fingerprint": grouped(manifest.fingerprint),
        "results": (
            results_view(manifest, publish.results_of(service, session))
            if phase in COUNTED
            else None
        ),
        "downloads": _downloads(session, counted=phase in COUNTED),
    }


def grouped(fingerprint: str) -> str:
    """A fingerprint in groups of five, as it stands on slips and in the report."""
    starts = range(0, len(fingerprint), FINGERPRINT_GROUP)
    return "-".join(fingerprint[start : start + FINGERPRINT_GROUP] for start in starts)


def _class(manifest: Manifest, counts: Turnout, *, settled: bool) -> dict[str, Any]:
    """The figures of a class; until close only what the board says already."""
    name = manifest.classes[counts.voter_class].name
    return {
        "name": {"zh": name.zh, "en": name.en},
        "printed": counts.printed,
        "issued": counts.printed - counts.void if settled else None,
        "drawn": counts.drawn if settled else None,
        "void": counts.void if settled else None,
        "returned": counts.cast if settled else None,
    }


def _downloads(session: SessionId, *, counted: bool) -> list[dict[str, Any]]:
    found = [
        (f"/v/{session}/manifest.json", "评议书 manifest.json", "Manifest, manifest.json"),
        (f"/b/{session}/board.txt", "公示板全部条目 board.txt", "All board entries, board.txt"),
        (
            f"/b/{session}/checkpoint.txt",
            "公示板的签名 checkpoint.txt",
            "The board's signed head, checkpoint.txt",
        ),
    ]
    if counted:
        found += [
            (f"/b/{session}/openings.json", "开箱内容 openings.json", "Openings, openings.json"),
            (f"/b/{session}/record.zip", "评议记录 record.zip", "Record, record.zip"),
        ]
    return [{"url": url, "name": {"zh": zh, "en": en}} for url, zh, en in found]
