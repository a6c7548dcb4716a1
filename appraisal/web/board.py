"""The board page and its downloads, for everyone (protocol §4.12)."""

from __future__ import annotations

import hmac
import threading
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import NotFound

from appraisal.ballots import board
from appraisal.manifest import Manifest, SessionId
from appraisal.steps import publish
from appraisal.steps.service import Service
from appraisal.store.office import OVER, SETTLED
from appraisal.web.board_facts import board_context
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
        manifest, _ = published(service, session)
        told = publish.told_to_everyone(service, manifest)
        return pages.page(session, f"/b/{manifest.session}" if told else "")

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

    _add_results(routes, service, pages, downloads)
    return routes


def _add_results(routes: Blueprint, service: Service, pages: _Pages, downloads: Downloads) -> None:
    """The routes of what is told of the opened boxes: to everyone, or below the results link."""

    @routes.get("/b/<session>/openings.json", defaults={"key": None})
    @routes.get("/b/<session>/r/<key>/openings.json")
    def openings(session: str, key: str | None) -> Response:
        manifest = _told(service, session, key)
        opened = publish.openings_of(service, manifest.session)
        return Response(opened, mimetype="application/json")

    @routes.get("/b/<session>/record.zip", defaults={"key": None})
    @routes.get("/b/<session>/r/<key>/record.zip")
    def record(session: str, key: str | None) -> Response:
        manifest = _told(service, session, key)
        path = publish.record_file(service, manifest.session)
        response = downloads.send(path, "application/zip")
        response.headers["Content-Disposition"] = f'attachment; filename="record-{session}.zip"'
        return response

    @routes.get("/b/<session>/r/<key>")
    def results(session: str, key: str) -> str | tuple[str, int]:
        manifest, _ = published(service, session)
        path = _linked(service, manifest, key)
        if path is None:
            return _no_results(session), 404
        return pages.page(session, path)

    @routes.after_request
    def unlisted(response: Response) -> Response:
        # Whoever was given the link may have put it on a page that search engines read.
        if (request.view_args or {}).get("key") is not None:
            response.headers["X-Robots-Tag"] = "noindex"
        return response


def _linked(service: Service, manifest: Manifest, key: str) -> str | None:
    """The results link's path, if this is its key; else None, in the same time for any other."""
    path = publish.results_path(service, manifest)
    known = f"/b/{manifest.session}/r/{key}"
    right = hmac.compare_digest(known.encode(), (path or "").encode())
    return path if right else None


def _no_results(session: str) -> str:
    """No page of results is there: a wrong link, or a session that has none."""
    return render_template(
        "board/no_results.html",
        session=session,
        lang=language(),
        demonstration=False,
        custodian=False,
    )


def _told(service: Service, session: str, key: str | None) -> Manifest:
    """The manifest of an opened or void session, where its results are told; else `NotFound`."""
    manifest, phase = published(service, session)
    if key is None:
        told = publish.told_to_everyone(service, manifest)
    else:
        told = _linked(service, manifest, key) is not None
    if phase not in OVER or not told:
        raise NotFound
    return manifest


class _Pages:
    """The pages of the boards; those that change no more are kept, being long and much read."""

    def __init__(self, service: Service) -> None:
        """Keep the last few."""
        self._service = service
        self._last = lru_cache(maxsize=16)(self._made)
        # When results are told everybody asks at once: one request makes the page, the others wait.
        self._making = threading.Lock()

    def page(self, session: str, path: str) -> str:
        """The page in the language asked for; below `path` it tells results, where it does."""
        manifest, phase = published(self._service, session)
        # A cosignature may come late, and what is kept is destroyed in the end.
        head = publish.checkpoint_of(self._service, manifest.session)
        destroyed_at = self._service.office.destroyed_at(manifest.session)
        asked = manifest.session, path, language(), head, destroyed_at
        if phase not in OVER:
            return self._made(*asked)
        with self._making:
            return self._last(*asked)

    def _made(
        self, session: SessionId, path: str, spoken: str, head: str, _destroyed_at: datetime | None
    ) -> str:
        manifest, phase = published(self._service, session)
        context = board_context(self._service, manifest, phase, head, told=bool(path))
        destroyed = self._service.office.destruction(session) is not None
        told = path if phase in OVER else ""
        return render_template(
            "board/page.html",
            **context,
            lang=spoken,
            told=told,
            downloads=_downloads(session, told, destroyed=destroyed),
        )


def _downloads(session: SessionId, told: str, *, destroyed: bool) -> list[dict[str, Any]]:
    """What can be fetched: of a destroyed session what can be told without its ballots."""
    record = f"record-{session}.zip"
    found = [(f"/v/{session}/manifest.json", "评议书 manifest.json", "Manifest, manifest.json")]
    if not destroyed:
        entries = f"/b/{session}/board.bin"
        found.append((entries, "公示板全部条目 board.bin", "All board entries, board.bin"))
    if told and not destroyed:
        found += [
            (f"{told}/openings.json", "开箱内容 openings.json", "Openings, openings.json"),
            (f"{told}/record.zip", f"评议记录 {record}", f"Record, {record}"),
        ]
    return [{"url": url, "name": {"zh": zh, "en": en}} for url, zh, en in found]
