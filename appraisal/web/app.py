"""The service's web side: the public application, and the office mounted beside it.

The public application (home, booth, tellers, board) has no cookies, no sign-in and no secret key;
the office is another Flask application with its own. A dispatcher sends ``/office`` there,
``/static/`` to the built files, and everything else to the public one.
"""

from __future__ import annotations

import gzip
import importlib
import logging
from collections.abc import Callable, Iterable
from typing import Final
from wsgiref.headers import Headers
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, jsonify, render_template, request
from jinja2 import StrictUndefined
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from whitenoise import WhiteNoise

from appraisal.errors import Busy, Refusal, StepError
from appraisal.serving.answers import Public, refuse
from appraisal.steps.service import Service
from appraisal.web import board, booth, guides, headers, tellers
from appraisal.web.assets import HASHED_NAME, STATIC, STATIC_URL, Assets, template_folder
from appraisal.witness import routes as witness
from appraisal.witness.witness import open_desk

_log: Final = logging.getLogger(__name__)

WORTH_COMPRESSING: Final = 1000
OFFICE: Final = "/office"
OF_A_SESSION: Final = ("/v/", "/b/", "/t/")
"""What addresses begin with that name a session."""
NOT_FOUND: Final = 404
GONE: Final = 410
SERVER_ERROR: Final = 500


def create_app(service: Service) -> WSGIApplication:
    """The whole service as one WSGI application."""
    public: WSGIApplication = create_public(service).wsgi_app
    static: WSGIApplication = WhiteNoise(
        public,
        root=STATIC if STATIC.is_dir() else None,
        prefix=STATIC_URL,
        allow_all_origins=False,
        immutable_file_test=_is_immutable,
        add_headers_function=_add_static_headers,
    )
    office = _office(service)

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if office is not None and (path == OFFICE or path.startswith(OFFICE + "/")):
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + OFFICE
            environ["PATH_INFO"] = path.removeprefix(OFFICE)
            return office(environ, start_response)
        if path.startswith(STATIC_URL):
            return static(environ, start_response)
        return public(environ, start_response)

    return application


def create_public(service: Service) -> Flask:
    """The public application: home, booth, tellers' page and board."""
    app = Public("appraisal.web", static_folder=None, template_folder=str(template_folder()))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals["asset"] = Assets.load()
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.register_blueprint(booth.blueprint(service))
    app.register_blueprint(board.blueprint(service))
    app.register_blueprint(
        witness.blueprint(
            open_desk(
                service.settings,
                keys=service.keys,
                database=service.registry.database,
                now=service.now,
            ),
            name=service.settings.known_as,
            signs=False,
        )
    )
    app.register_blueprint(tellers.blueprint(service))
    app.register_blueprint(guides.blueprint())
    app.add_url_rule("/", view_func=_home)
    app.add_url_rule("/healthz", view_func=lambda: _health(service), endpoint="health")
    carried = headers.public(secure=service.settings.secure)

    @app.after_request
    def _headers(response: Response) -> Response:
        for name, value in carried.items():
            response.headers.setdefault(name, value)
        return _finish(response)

    app.register_error_handler(Refusal, refuse)
    app.register_error_handler(StepError, _missing)
    app.register_error_handler(HTTPException, _http_error)
    return app


def _office(service: Service) -> WSGIApplication | None:
    # Imported here only: the public application must not see the office's sign-in.
    module = importlib.import_module("appraisal.web.office")
    create: Callable[[Service], Flask] | None = getattr(module, "create_office", None)
    return None if create is None else create(service).wsgi_app


def _home() -> str:
    return render_template(
        "home/home.html", lang=booth.language(), demonstration=False, custodian=False
    )


def _health(service: Service) -> Response:
    """Whether both databases answer."""
    try:
        service.registry.database.check()
        service.box.database.check()
    except SQLAlchemyError as error:
        _log.error("healthz: %s", type(error).__name__)
        return Response("database\n", status=503, mimetype="text/plain")
    return Response("ok\n", mimetype="text/plain")


def _missing(error: Exception) -> Response | tuple[str, int]:
    """There is no such session, or it is not that far: people get one plain page."""
    if isinstance(error, StepError) and error.code == "destroyed":
        return Response("410 Gone\n", status=GONE, mimetype="text/plain")
    page = render_template(
        "booth/missing.html",
        session_wanted=request.path.startswith(OF_A_SESSION),
        lang=booth.language(),
        demonstration=False,
        custodian=False,
    )
    return page, 404


def _http_error(error: HTTPException) -> Response | tuple[Response | str, int]:
    """An HTTP error in the form that its reader expects: a page, JSON or a line of text."""
    if error.code == NOT_FOUND and request.method in {"GET", "HEAD"}:
        return _missing(error)
    if error.code == SERVER_ERROR and request.method == "POST":
        # Whatever was stored, the same request again gets its answer.
        return jsonify(error=Busy.code), Busy.status
    response = Response(f"{error.code} {error.name}\n", status=error.code, mimetype="text/plain")
    if isinstance(error, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(error.valid_methods or [])
    return response


def _finish(response: Response) -> Response:
    """Nothing is kept by browsers, unless the answer says so, and pages travel compressed."""
    response.headers.setdefault("Cache-Control", "no-store")
    if (
        response.mimetype == "text/html"
        and request.accept_encodings["gzip"]
        and not response.direct_passthrough
        and len(response.data) >= WORTH_COMPRESSING
    ):
        # No page holds a secret that its length could betray.
        response.data = gzip.compress(response.data, mtime=0)
        response.headers["Content-Encoding"] = "gzip"
        response.vary.add("Accept-Encoding")
    return response


def _is_immutable(path: str, _url: str) -> bool:
    return HASHED_NAME.match(path) is not None


def _add_static_headers(given: Headers, _path: str, _url: str) -> None:
    given["X-Content-Type-Options"] = "nosniff"
    given["Cross-Origin-Resource-Policy"] = "same-origin"
    given["Referrer-Policy"] = "no-referrer"
