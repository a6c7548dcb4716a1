"""The board page and its downloads, for everyone (protocol §4.12)."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from flask import Blueprint, Response, render_template
from werkzeug.exceptions import NotFound

from appraisal.ballots import board
from appraisal.manifest import Manifest, SessionId
from appraisal.steps import publish
from appraisal.steps.service import Service
from appraisal.web.board_facts import COUNTED, SETTLED, board_context
from appraisal.web.booth import language, published
from appraisal.web.downloads import Downloads

BINARY: Final = "application/octet-stream"
TILE_CACHING: Final = "public, max-age=604800, immutable"


def blueprint(service: Service) -> Blueprint:
    """The routes below ``/b``."""
    routes = Blueprint("board", __name__)
    downloads = Downloads(service.settings.threads)

    pages = _Pages(service)

    @routes.get("/b/<session>")
    def page(session: str) -> str:
        return pages.page(session)

    @routes.get("/b/<session>/board.bin")
    def entries(session: str) -> Response:
        manifest, phase = published(service, session)
        if phase in SETTLED:
            return downloads.send(publish.board_file(service, manifest.session), BINARY)
        entries_so_far = board.packed(publish.board_entries(service, manifest.session))
        return Response(entries_so_far, mimetype=BINARY)

    @routes.get("/b/<session>/checkpoint.txt")
    @routes.get("/b/<session>/checkpoint")
    def checkpoint(session: str) -> Response:
        manifest, _ = published(service, session)
        return Response(publish.checkpoint_of(service, manifest.session), mimetype="text/plain")

    @routes.get("/b/<session>/tile/<path:path>")
    def tile(session: str, path: str) -> Response:
        manifest, _ = published(service, session)
        data = publish.tile(service, manifest.session, path)
        if data is None:
            raise NotFound
        response = Response(data, mimetype=BINARY)
        # The board only grows: what once was a tile is one for ever (c2sp.org/tlog-tiles).
        response.headers["Cache-Control"] = TILE_CACHING
        return response

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
        # A cosignature may come late, and what is kept is destroyed in the end.
        head = publish.checkpoint_of(self._service, manifest.session)
        destroyed_at = self._service.office.destroyed_at(manifest.session)
        return made(manifest.session, language(), head, destroyed_at)

    def _made(
        self, session: SessionId, spoken: str, head: str, _destroyed_at: datetime | None
    ) -> str:
        manifest, phase = published(self._service, session)
        context = board_context(self._service, manifest, phase, head)
        destroyed = self._service.office.destruction(session) is not None
        return render_template(
            "board/page.html",
            **context,
            lang=spoken,
            downloads=_downloads(session, counted=phase in COUNTED, destroyed=destroyed),
        )


def _downloads(session: SessionId, *, counted: bool, destroyed: bool) -> list[dict[str, Any]]:
    """What can be fetched: of a destroyed session what can be told without its ballots."""
    record = f"record-{session}.zip"
    found = [(f"/v/{session}/manifest.json", "评议书 manifest.json", "Manifest, manifest.json")]
    if not destroyed:
        entries = f"/b/{session}/board.bin"
        found.append((entries, "公示板全部条目 board.bin", "All board entries, board.bin"))
    if counted and not destroyed:
        found += [
            (f"/b/{session}/openings.json", "开箱内容 openings.json", "Openings, openings.json"),
            (f"/b/{session}/record.zip", f"评议记录 {record}", f"Record, {record}"),
        ]
    return [{"url": url, "name": {"zh": zh, "en": en}} for url, zh, en in found]
