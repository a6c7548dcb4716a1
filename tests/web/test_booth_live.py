"""The booth behind the real server: what only a real connection shows."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from appraisal.ballots import voter
from appraisal.ballots.cast import encode_cast
from appraisal.config import Settings
from appraisal.encoding import b64decode
from appraisal.steps.service import open_service
from tests.live import ROOT, LiveServer, free_port, on_port
from tests.voting_session import VotingSession, draw_body, prepare

JSON = {"Content-Type": "application/json"}
MARK = "Marked-Phone/1.0"


@pytest.fixture(scope="module")
def voting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VotingSession]:
    folder = tmp_path_factory.mktemp("live")
    environ = {"APPRAISAL_DATA": str(folder / "var"), "APPRAISAL_KEYS": str(folder / "keys")}
    settings = replace(on_port(Settings.from_environment(environ), free_port()), threads=2)
    opened = open_service(settings)
    yield prepare(opened)
    opened.close()


@pytest.fixture(scope="module")
def server(voting: VotingSession) -> Iterator[LiveServer]:
    running = LiveServer(voting.service.settings).start()
    yield running
    running.kill()


def connected(server: LiveServer, head: str, body: bytes = b"") -> socket.socket:
    connection = socket.create_connection((server.settings.host, server.settings.port), timeout=10)
    connection.sendall(f"{head}\r\nHost: x\r\nContent-Type: application/json\r\n".encode() + body)
    return connection


def test_a_vote_leaves_nothing_in_the_log(voting: VotingSession, server: LiveServer) -> None:
    drawing = voting.start(1)
    headers = JSON | {"User-Agent": MARK, "X-Forwarded-For": "203.0.113.7"}
    with httpx.Client(base_url=server.url, headers=headers, timeout=20) as phone:
        page = phone.get(f"/v/{voting.id}")
        assert page.status_code == httpx.codes.OK
        assert not phone.cookies
        answer = phone.post(f"/v/{voting.id}/draw", content=draw_body(drawing))
        signatures = [b64decode(text) for text in answer.json()["signatures"]]
        body = encode_cast(voting.fill_in(voter.finish_drawing(drawing, signatures)))
        assert phone.post(f"/v/{voting.id}/cast", content=body).status_code == httpx.codes.OK
        assert phone.post(f"/v/{voting.id}/cast", content=b"{").status_code == 400
        assert phone.get("/nothing").status_code == 404
    assert server.log == ""


def test_static_files_are_compressed_and_kept_for_ever(
    voting: VotingSession, server: LiveServer
) -> None:
    page = httpx.get(f"{server.url}/v/{voting.id}").text
    script = page.split('type="module" src="')[1].split('"')[0]
    for encoding in ("br", "gzip"):
        answer = httpx.get(server.url + script, headers={"Accept-Encoding": encoding})
        assert answer.headers["Content-Encoding"] == encoding
        assert "immutable" in answer.headers["Cache-Control"]
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_an_endless_request_is_cut_off(voting: VotingSession, server: LiveServer) -> None:
    """A body of unknown length is not read further than the limit."""
    part = b"100000\r\n" + b" " * 2**20 + b"\r\n"
    head = f"POST /v/{voting.id}/draw HTTP/1.1"
    with connected(server, head, b"Transfer-Encoding: chunked\r\n\r\n" + part * 2) as phone:
        assert b"413" in phone.recv(100)
    with connected(server, head, b"Content-Length: 2000000000\r\n\r\n") as phone:
        assert b"413" in phone.recv(100)


def test_phones_that_leave_give_their_threads_back(
    voting: VotingSession, server: LiveServer
) -> None:
    """More phones than threads stop in the middle of a request, and are gone."""
    head = f"POST /v/{voting.id}/cast HTTP/1.1"
    for _ in range(2 * server.settings.threads):
        connected(server, head, b'Content-Length: 100\r\n\r\n{"ballots"').close()
    answer = httpx.get(f"{server.url}/healthz", timeout=10)
    assert answer.status_code == httpx.codes.OK


def test_phones_that_keep_their_connection_stop_nobody(
    voting: VotingSession, server: LiveServer
) -> None:
    """A hall full of phones that have read the page and lie on the table."""
    idle = []
    for _ in range(400):
        phone = socket.create_connection((server.settings.host, server.settings.port), timeout=10)
        phone.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        idle.append(phone)
        assert b"200 OK" in phone.recv(2000)
    answer = httpx.get(f"{server.url}/healthz", timeout=10)
    for phone in idle:
        phone.close()
    assert answer.status_code == httpx.codes.OK


def test_the_limit_of_open_files_is_raised_and_kept() -> None:
    program = (
        "import resource; from appraisal.serving import server; "
        "resource.setrlimit(resource.RLIMIT_NOFILE, (256, {hard})); "
        "print(server._connections(), resource.getrlimit(resource.RLIMIT_NOFILE)[0])"
    )
    for hard, expected in ((4096, "2048 2560"), (1024, "512 1024")):
        command = [sys.executable, "-c", program.format(hard=hard)]
        assert subprocess.check_output(command, text=True, cwd=ROOT).strip() == expected


def test_silent_connections_are_asked_whether_they_are_there(
    voting: VotingSession, server: LiveServer
) -> None:
    connection = socket.create_connection((server.settings.host, server.settings.port))
    local, remote = connection.getsockname()[1], server.settings.port
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    timers = [
        row[5].split(":")[0]
        for row in rows
        if row[1].endswith(f":{remote:04X}") and row[2].endswith(f":{local:04X}")
    ]
    connection.close()
    assert timers == ["02"]  # the keepalive timer runs


def test_the_office_is_another_application(server: LiveServer) -> None:
    """Its cookies never reach the booth: they are bound to /office."""
    answer = httpx.get(f"{server.url}/office/", follow_redirects=True, timeout=20)
    for cookie in answer.headers.get_list("Set-Cookie"):
        assert "Path=/office" in cookie
