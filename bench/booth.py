"""Draw and cast of a one-contest voter over HTTP, durable, against a bare Flask POST.

Reference: a Flask application with one route that inserts one row of a ballot's size and commits,
under the same server, the same number of threads and the same database with the same pragmas. The
load generator shares the cores; its own cryptography is prepared beforehand. Reference, cast and
draw take turns on fresh connections; values are medians of the turns.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final
from urllib.error import URLError
from wsgiref.types import WSGIApplication

from flask import Flask, Response, request

from appraisal.ballot_form import SubjectKind
from appraisal.ballots import tokens, voter
from appraisal.ballots.blind_rsa import blind_sign
from appraisal.ballots.cast import encode_cast
from appraisal.config import Settings
from appraisal.manifest import Manifest, Period, Subject
from appraisal.steps import setup, slips, voting
from appraisal.steps.draft import USUAL_RULES, ClassDraft, Draft, FormDraft
from appraisal.steps.service import Service, open_service

ROUNDS: Final = 5
CASTS: Final = 1500
DRAWS: Final = 800
CONNECTIONS: Final = 32
TARGETS: Final = {"cast": 0.5, "draw": 0.25}
"""At least these parts of the reference."""
START_SECONDS: Final = 20.0
ROW_SIZE: Final = 503
"""Bytes of a ballot entry with three questions, one signer and one teller (protocol §4.7)."""

SERVE: Final = """
import os
from appraisal.config import Settings
from appraisal.web import serve
if "BENCH_TARGET" in os.environ:
    serve.TARGET = os.environ["BENCH_TARGET"]
serve.serve(Settings.from_environment(os.environ))
"""


def run() -> Iterator[dict[str, object]]:
    """The metrics: casts and draws a second."""
    with tempfile.TemporaryDirectory() as folder:
        settings = _settings(Path(folder))
        service = open_service(settings)
        manifest, draws, casts = _prepare(service)
        service.close()
        rates: dict[str, list[float]] = {"reference": [], "cast": [], "draw": []}
        reference = _settings(Path(folder))
        row = _post("/row", os.urandom(ROW_SIZE), port=reference.port)
        with (
            _server(settings),
            _server(reference, target="bench.booth:bare_application"),
        ):
            _drive(settings.port, casts[ROUNDS * CASTS :])
            _drive(reference.port, [row] * CASTS)
            for turn in range(ROUNDS):
                rates["reference"].append(_drive(reference.port, [row] * CASTS))
                rates["cast"].append(
                    _drive(settings.port, casts[turn * CASTS : (turn + 1) * CASTS])
                )
                rates["draw"].append(
                    _drive(settings.port, draws[turn * DRAWS : (turn + 1) * DRAWS])
                )
        _check(settings, manifest)
    medians = {name: statistics.median(found) for name, found in rates.items()}
    for name, target in TARGETS.items():
        yield {
            "name": f"{name} of a one-contest voter over HTTP, durable",
            "value": round(medians[name]),
            "unit": "requests/s",
            "reference": round(medians["reference"]),
            "ratio": round(medians[name] / medians["reference"], 2),
            "target": target,
            "met": medians[name] >= target * medians["reference"],
        }


def bare_application() -> WSGIApplication:
    """The reference: Flask and one INSERT a request, committed."""
    path = Path(os.environ["APPRAISAL_DATA"]) / "bare.sqlite"
    local = threading.local()

    def connection() -> sqlite3.Connection:
        if not hasattr(local, "connection"):
            local.connection = sqlite3.connect(path, timeout=20)
            local.connection.execute("PRAGMA journal_mode=WAL")
            local.connection.execute("PRAGMA synchronous=FULL")
        found: sqlite3.Connection = local.connection
        return found

    connection().execute("CREATE TABLE IF NOT EXISTS row (id INTEGER PRIMARY KEY, data BLOB)")
    app = Flask("bare")

    @app.post("/row")
    def insert() -> Response:
        own = connection()
        own.execute("INSERT INTO row (data) VALUES (?)", (request.get_data(),))
        own.commit()
        return Response("ok")

    return app.wsgi_app


def _settings(folder: Path) -> Settings:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {
        "APPRAISAL_DATA": str(folder / f"var-{port}"),
        "APPRAISAL_KEYS": str(folder / f"keys-{port}"),
        "APPRAISAL_PORT": str(port),
    }
    if "APPRAISAL_THREADS" in os.environ:
        environ["APPRAISAL_THREADS"] = os.environ["APPRAISAL_THREADS"]
    return Settings.from_environment(environ)


def _prepare(service: Service) -> tuple[Manifest, list[bytes], list[bytes]]:
    """A voting session; draw requests and cast requests of different slips, ready to send."""
    draws, casts = ROUNDS * DRAWS, (ROUNDS + 1) * CASTS
    draft = Draft(
        title="测速",
        organisation="测速",
        sector="机关",
        period=Period("2010-04-07", "", ""),
        forms=(FormDraft("three-key-questions"),),
        subjects=(Subject(SubjectKind.ORGANISATION, "测速", ""),),
        classes=(ClassDraft("党员", "Members", draws, 100),),
        rules=USUAL_RULES,
        publish_factors=False,
        demonstration=True,
    )
    session = setup.create(service, draft, organisation_id=service.office.organisation("测速"))
    manifest = setup.freeze(service, session)
    printed = slips.print_slips(service, session)
    slips.activate(service, session, voter_class=0, first=1, last=draws)
    voting.begin(service, session)
    drawings = [
        voter.start_drawing(manifest, slip.code, rng=os.urandom) for slip in printed[:draws]
    ]
    # The box takes any token that verifies: these come straight from the key.
    key = service.keys.token_keys(session, manifest.boxes_of_class(0))[0]
    bodies = []
    for number in range(casts):
        drawing = voter.start_drawing(manifest, printed[number % draws].code, rng=os.urandom)
        signature = blind_sign(key, drawing.request.blinded[0], rng=os.urandom)
        blanks = voter.finish_drawing(drawing, [signature])
        bodies.append(encode_cast(voter.fill_in(manifest, blanks, [(1, 2, 3)], rng=os.urandom)))
    port = service.settings.port
    return (
        manifest,
        [_post(f"/v/{session}/draw", tokens.encode_draw(d.request), port=port) for d in drawings],
        [_post(f"/v/{session}/cast", body, port=port) for body in bodies],
    )


def _check(settings: Settings, manifest: Manifest) -> None:
    """What was measured did happen: every slip is drawn, every ballot in the box."""
    service = open_service(settings)
    counts = slips.turnout(service, manifest.session, exact=True)[0]
    service.close()
    if (counts.drawn, counts.cast) != (ROUNDS * DRAWS, (ROUNDS + 1) * CASTS):
        raise RuntimeError(f"lost on the way: {counts}")


def _post(path: str, body: bytes, *, port: int) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@contextmanager
def _server(settings: Settings, *, target: str | None = None) -> Iterator[None]:
    settings.data.mkdir(parents=True, exist_ok=True)
    environ = {
        "PATH": os.environ["PATH"],
        "APPRAISAL_DATA": str(settings.data),
        "APPRAISAL_KEYS": str(settings.keys),
        "APPRAISAL_PORT": str(settings.port),
        "APPRAISAL_THREADS": str(settings.threads),
    }
    if target is not None:
        environ["BENCH_TARGET"] = target
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE],
        cwd=Path(__file__).parents[1],
        env=environ,
        start_new_session=True,
    )
    try:
        _wait(settings.port)
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def _wait(port: int) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1).close()
        except URLError as error:
            if hasattr(error, "code"):  # it answers, if only that there is no such page
                return
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the server did not start")


class _Client(asyncio.Protocol):
    """One connection that sends the next request as soon as the last is answered."""

    def __init__(self, requests: Iterator[bytes], finished: asyncio.Future[None]) -> None:
        self._requests = requests
        self._finished = finished
        self._answer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        """Take an answer, and send the next request once it is whole."""
        self._answer += data
        head, separator, body = self._answer.partition(b"\r\n\r\n")
        if not separator:
            return
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        if len(body) < length:
            return
        if not self._answer.startswith(b"HTTP/1.1 200"):
            self._finished.set_exception(RuntimeError(self._answer.decode()))
            self._transport.close()
            return
        self._answer = b""
        self._next()

    def _next(self) -> None:
        following = next(self._requests, None)
        if following is None:
            self._transport.close()
            if not self._finished.done():
                self._finished.set_result(None)
        else:
            self._transport.write(following)  # type: ignore[attr-defined]


def _drive(port: int, requests: Sequence[bytes]) -> float:
    """Requests a second that were answered with 200, over several connections kept alive."""
    return asyncio.run(_drive_all(port, requests))


async def _drive_all(port: int, requests: Sequence[bytes]) -> float:
    loop = asyncio.get_running_loop()
    waiting = iter(requests)
    begun = time.perf_counter()
    finished = []
    for _ in range(CONNECTIONS):
        future: asyncio.Future[None] = loop.create_future()
        finished.append(future)
        await loop.create_connection(partial(_Client, waiting, future), "127.0.0.1", port)
    await asyncio.gather(*finished)
    return len(requests) / (time.perf_counter() - begun)
