"""Claim A1, the list: everything that an installation writes down, thing by thing.

A new column, file or line in a log is a decision about anonymity. Whoever makes one finds this
test, reads THREAT_MODEL §3, and writes here what it is and why it tells nothing of a voter.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import inspect

from appraisal.ballots import tokens, voter
from appraisal.ballots.cast import encode_cast
from appraisal.ballots.slips import grouped
from appraisal.config import Settings
from appraisal.encoding import b64decode, b64encode
from appraisal.manifest import SessionId
from appraisal.signer.signer import open_signer
from appraisal.steps import close, opening, publish
from appraisal.steps.service import Service
from appraisal.tally.record import RecordKind
from appraisal.web.office import create_office
from tests.live import SIGN, LiveServer
from tests.second_signer import NAME, SecondSigner, enrolled, settings_in
from tests.voting_session import VotingSession, draft, draw_body, prepare

PACKAGE = Path(__file__).parents[2] / "appraisal"

BOX = {
    "alembic_version": "version_num",
    # The entry of the board, in parts; the session and box that it is for.
    "ballot": "digest session box ballot_key tokens sealed signature",
    "box_session": "session manifest admission",
}
REGISTRY = {
    "alembic_version": "version_num",
    # What is published, and the slips' hashes in it, sorted.
    "board_entry": "session number entry",
    # What the secretary writes to a subject after the opening.
    "feedback": "session_id subject written",
    # Ballot forms, which an organisation makes for itself; nothing of any voter.
    "instrument": "organisation_id id form",
    # Another installation that this one signs or witnesses for.
    "invitation": "name secret_hash",
    "organisation": "id name",
    "peer": "url name secret signs witness_name witness_key",
    "registry_session": "session admission",
    "role": "id name description permissions",
    # The times are those of the office's own steps, in front of everybody. The comments are those
    # that were opened, in an order drawn by chance.
    "session": (
        "id organisation_id title phase demonstration draft manifest checkpoint openings results "
        "created_at frozen_at begun_at closed_at opened_at destroyed_at destruction comments"
    ),
    "sign_in_link": "hash user_id sets_password expires_at",
    "signed_session": "session invited manifest",
    # The request's hash knows a repeated draw; cleared at close.
    "slip": "hash session class serial state request_hash",
    "teller": "session number name link key factors",
    # Office staff, who sign in; never a voter.
    "user": "id organisation_id email name password active fs_uniquifier",
    "user_role": "user_id role_id",
    "witnessed_board": "origin origin_hash key size root checkpoint",
}

EVERYWHERE = {
    r"var/passphrase": "made at the first start",
    r"var/registry\.sqlite(-wal|-shm)?": "the database",
    r"var/locks/migrations": "empty",
    r"var/locks/SESSION": "empty: one step at a time",
    r"var/server\.log": "the test's own: what the server said on standard error",
    r"keys/strongbox": "salt, and what the passphrase is tried on",
    r"keys/witness\.key": "cosigns the boards of others",
    r"keys/sessions/SESSION/tokens/[0-9]+\.key": "one a box, until close",
}
SERVICE = EVERYWHERE | {
    r"var/box\.sqlite(-wal|-shm)?": "the other database",
    r"var/locks/SESSION\.published": "empty: one maker of public files at a time",
    r"var/published/SESSION/[0-9a-f]{32}/(board\.bin|record\.zip|leaves)": "public",
    r"keys/office\.key": "signs the office's cookies",
    r"keys/sessions/SESSION/board\.key": "one a session",
}
AS_CUSTODIAN = {
    r"keys/sessions/SESSION/opening\.key": "one a session",
}
WITH_TELLERS_AND_PEERS = {
    r"keys/key-check\.key": "what tellers' key checks are made of",
    r"keys/peers\.key": "seals what is shown to other installations",
}
SIGNER = EVERYWHERE | {
    r"keys/statements\.key": "signs what the second signer states on boards",
}
"""Patterns of files below the data folder (`var`) and the key folder (`keys`)."""

LOG_CALLS = {
    (
        "serving/answers.py",
        "unexpected %s\n%s",
        "kind.__name__ ''.join(traceback.format_tb(trace))",
    ),
    ("signer/routes.py", "healthz: %s", "type(error).__name__"),
    ("web/app.py", "healthz: %s", "type(error).__name__"),
    (
        "web/office/jobs.py",
        "session %s: unexpected %s\n%s",
        "session type(broken).__name__ trace",
    ),
}
"""Every call of a logger in the package: file, form, values."""

PLACE = re.compile(r'  File "([^"]+\.py)", line [0-9]+, in [A-Za-z_<>]+')
LOG_LINES = (
    r"ERROR appraisal\.[a-z_.]+: unexpected [A-Za-z]+",
    r"ERROR appraisal\.[a-z_.]+: healthz: [A-Za-z]+",
    r"ERROR _granian: Unexpected exit from worker-[0-9]+",
    PLACE.pattern,
    r" +[~^]+",  # marks below the source line of a place
    r"",
)
"""Every line that a server may write beside a place's own source line; none has a time, an address
or what was sent."""


def columns(service: Service) -> list[dict[str, str]]:
    found = []
    for database in (service.registry.database, service.box.database):
        tables = inspect(database.engine)
        found.append(
            {
                table: " ".join(column["name"] for column in tables.get_columns(table))
                for table in sorted(tables.get_table_names())
            }
        )
    return found


def test_every_column_is_listed(service_everywhere: Service) -> None:
    assert columns(service_everywhere) == [REGISTRY, BOX]


def test_no_column_of_slip_or_ballot_is_a_time_a_number_of_arrival_or_an_address() -> None:
    forbidden = re.compile(r"_at$|time|moment|date|seq|order|arriv|address|agent|\bip\b|count")
    for table in (REGISTRY["slip"], BOX["ballot"]):
        assert not [column for column in table.split() if forbidden.search(column)]


def names(settings: Settings, *sessions: str) -> set[str]:
    """The files below both folders, by pattern."""
    return {
        re.sub("|".join(sessions), "SESSION", str(path.relative_to(folder.parent)))
        for folder in (settings.data, settings.keys)
        for path in folder.rglob("*")
        if path.is_file()
    }


def vote_over_http(url: str, voting: VotingSession, serial: int, *further: str) -> None:
    """Drawn from the signer at every address, and cast at the first."""
    drawing = voting.start(serial)
    with httpx.Client(base_url=url, timeout=20) as phone:
        phone.get(f"/v/{voting.id}")
        signatures = []
        for signer, request in zip((url, *further), drawing.requests, strict=True):
            body = tokens.encode_draw(request)
            answer = phone.post(f"{signer}/v/{voting.id}/draw", content=body, headers=JSON)
            signatures.append([b64decode(text) for text in answer.json()["signatures"]])
        body = encode_cast(voting.fill_in(voter.finish_drawing(drawing, *signatures)))
        assert phone.post(f"/v/{voting.id}/cast", content=body, headers=JSON).status_code == 200


def read_by_everybody(url: str, session: SessionId) -> None:
    """Every public address that there is by now."""
    for address in (
        f"/b/{session}",
        f"/b/{session}/board.bin",
        f"/b/{session}/checkpoint.txt",
        f"/b/{session}/tile/0/000",
        f"/b/{session}/openings.json",
        f"/b/{session}/record.zip",
        f"/t/{session}",
        "/office/",
        "/healthz",
    ):
        httpx.get(url + address, timeout=20, follow_redirects=True)


def assert_listed(found: set[str], forms: Iterable[str]) -> None:
    """No file of another form, and none that is listed and never there."""
    unknown = [name for name in found if not any(re.fullmatch(form, name) for form in forms)]
    assert sorted(unknown) == []
    unused = [form for form in forms if not any(re.fullmatch(form, name) for name in found)]
    assert unused == []


JSON = {"Content-Type": "application/json", "User-Agent": "Marked-Phone/1.0"}


def test_every_file_of_a_whole_session_is_listed(
    session: VotingSession, start_server: Callable[..., LiveServer]
) -> None:
    """Served, voted, robbed while voting; closed, opened, published, read by everybody."""
    service, settings = session.service, session.service.settings
    server = start_server(settings)
    for serial in (1, 2, 3):
        vote_over_http(server.url, session, serial)
    found = names(settings, session.id)
    close.close(service, session.id)
    read_by_everybody(server.url, session.id)
    opening.open_boxes(service, session.id)
    read_by_everybody(server.url, session.id)
    publish.record(service, session.id, kind=RecordKind.PUBLIC)
    found |= names(settings, session.id)
    assert_listed(found, SERVICE | AS_CUSTODIAN)


def test_every_file_of_a_session_with_tellers_a_second_signer_and_a_witness_is_listed(
    service: Service, start_server: Callable[..., LiveServer], tmp_path: Path
) -> None:
    """In both installations, each a process of its own: robbed at every stage."""
    theirs = settings_in(tmp_path / "second")
    theirs.data.mkdir(parents=True)
    signer = start_server(theirs, program=SIGN, more={"APPRAISAL_NAME": NAME})
    second = SecondSigner(open_signer(theirs))
    enrolled(service, second)
    given = draft(slips=(4, 3), tellers=3, quorum=2)
    given = replace(given, signer=second.url, witnesses=(second.url,))
    session = prepare(service, given=given)
    server = start_server(service.settings)
    for serial in (1, 2, 3):
        vote_over_http(server.url, session, serial, signer.url)
    here, there = names(service.settings, session.id), names(theirs, session.id)
    close.close(service, session.id)
    read_by_everybody(server.url, session.id)
    for card in session.cards[:2]:
        body = card.handing_in(card.factors(session.manifest))
        answer = httpx.post(f"{server.url}/t/{session.id}/factors", content=body, headers=JSON)
        assert answer.status_code == httpx.codes.OK
    opening.open_boxes(service, session.id)
    read_by_everybody(server.url, session.id)
    here |= names(service.settings, session.id)
    there |= names(theirs, session.id)
    assert_listed(here, SERVICE | WITH_TELLERS_AND_PEERS)
    assert_listed(there, SIGNER)
    second.signer.close()


def log_calls() -> set[tuple[str, str, str]]:
    """Calls of a logger's methods anywhere in the package."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            owner = ast.unparse(node.func.value)
            if node.func.attr in METHODS and (owner.endswith(("log", "logger", "logging"))):
                form, *values = node.args
                assert isinstance(form, ast.Constant), "a log's form is written out"
                found.add(
                    (
                        str(path.relative_to(PACKAGE)),
                        str(form.value),
                        " ".join(ast.unparse(value) for value in values),
                    )
                )
    return found


METHODS = {"debug", "info", "warning", "error", "exception", "critical", "log"}


def test_every_call_of_a_logger_is_listed() -> None:
    assert log_calls() == LOG_CALLS


COMMANDS = {"cli", "__main__", "verify_command"}


def test_nobody_writes_to_standard_output_or_error_beside_the_loggers() -> None:
    """`print` and `sys.stderr` are for the command line alone."""
    for path in PACKAGE.rglob("*.py"):
        if path.stem in COMMANDS:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id != "print", path
            if isinstance(node, ast.Attribute) and node.attr in {"stderr", "stdout"}:
                assert ast.unparse(node) not in {"sys.stderr", "sys.stdout"}, path


def unlisted(log: str) -> list[str]:
    """The lines of a log that are of no listed form.

    A line of code is listed where it stands: in the file of the place above it.
    """
    found, source = [], set[str]()
    for line in log.splitlines():
        if place := PLACE.fullmatch(line):
            text = Path(place[1]).read_text(encoding="utf-8")
            source = {code.strip() for code in text.splitlines()}
        elif line.startswith("    ") and line.strip() in source:
            continue
        if not any(re.fullmatch(form, line) for form in LOG_LINES):
            found.append(line)
    return found


def test_a_line_that_quotes_is_none_of_those_listed() -> None:
    """Whatever its indent: only a line of code that stands in the file named above it is one."""
    kind = "ERROR appraisal.web: unexpected RuntimeError"
    place = f'  File "{__file__}", line 1, in names'
    code = '    PACKAGE = Path(__file__).parents[2] / "appraisal"'
    quoting = "    quoting K3M9X-7Q2WP"
    assert unlisted(f"{kind}\n{place}\n{code}\n           ^^^^^\n") == []
    assert unlisted(f"{kind}\n{place}\n{quoting}") == [quoting]
    assert unlisted(f"{kind}\n{code}") == [code]
    assert unlisted(f"{kind}: 203.0.113.7") == [f"{kind}: 203.0.113.7"]


def raw(server: LiveServer, data: bytes) -> None:
    """Bytes that are no request, or not a whole one."""
    import socket

    address = (server.settings.host, server.settings.port)
    with socket.create_connection(address, timeout=5) as connection:
        connection.sendall(data)
        connection.settimeout(1)
        try:
            connection.recv(200)
        except OSError:
            return


def test_every_line_of_a_servers_log_is_listed(
    session: VotingSession, start_server: Callable[..., LiveServer]
) -> None:
    """A whole session over HTTP with everything going wrong that can: no line is of another kind,
    none has a time, an address, an agent, a code, or what was sent."""
    settings = session.service.settings
    marks = {"User-Agent": "Marked-Phone/1.0", "X-Forwarded-For": "203.0.113.7"}
    server = start_server(settings)
    drawing = session.start(1)
    vote_over_http(server.url, session, 2)
    with httpx.Client(base_url=server.url, timeout=20, headers=JSON | marks) as phone:
        for body in (b"", b"{", b"[]", b"\xff", b" " * (2**20 + 1), draw_body(drawing) + b" x"):
            for name in ("draw", "cast"):
                phone.post(f"/v/{session.id}/{name}", content=body)
        for address in (f"/v/{session.id}?code={drawing.slip}", "/v/%00", "/b/%FF", "/../", "/t/x"):
            phone.get(address)
            phone.request("DELETE", address)
        phone.post("/office/sign-in", content=b"email=a@b.example&password=wrong")
        for data in (
            b"GARBAGE\r\n\r\n",
            f"GET /v/{session.id}#{drawing.slip} HTTP/9.9\r\n\r\n".encode(),
            b"POST /v/x/draw HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
            b"POST /v/x/draw HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        ):
            raw(server, data)
        # A key that was altered: something nobody foresaw, in the middle of a cast.
        body = encode_cast(session.ballots(3))
        (settings.keys / "sessions" / session.id / "board.key").write_bytes(bytes(100))
        server.stop()
        server.start()
        answer = phone.post(f"/v/{session.id}/cast", content=body)
        assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
        for file in settings.data.glob("box.sqlite*"):
            file.write_bytes(b"not a database at all" * 500)
        for address in ("/healthz", f"/b/{session.id}", f"/v/{session.id}", "/office/"):
            phone.get(address)
        phone.post(f"/v/{session.id}/cast", content=b'{"ballots": []}')
    server.stop()
    assert unlisted(server.log) == []
    assert "unexpected" in server.log
    code = session.code(1)
    sent = [code, grouped(code), drawing.slip, b64encode(drawing.request.blinded[0])[:40]]
    for secret in (*sent, "Marked-Phone", "203.0.113.7", "127.0.0.1", session.id, "a@b.example"):
        assert secret not in server.log
    assert not re.search(r"\d\d:\d\d|\d{4}-\d\d-\d\d", server.log)


def test_an_office_page_that_breaks_is_told_by_kind_and_place_only(
    session: VotingSession, caplog: pytest.LogCaptureFixture
) -> None:
    """What went wrong may quote what was in hand: a name, a slip."""
    office = create_office(session.service)

    def unforeseen(**_: Any) -> str:
        raise RuntimeError(f"quoting {session.code(1)}")

    office.view_functions.update(dict.fromkeys(office.view_functions, unforeseen))
    answer = office.test_client().get("/login")
    assert answer.status_code == httpx.codes.INTERNAL_SERVER_ERROR
    assert "unexpected RuntimeError" in caplog.text
    assert session.code(1) not in caplog.text
