"""The booth over HTTP: what it answers, what it refuses, what it never does."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from appraisal.ballots import receipts, voter
from appraisal.ballots.cast import CastBallot, encode_cast
from appraisal.ballots.merkle import LeafHash
from appraisal.ballots.receipts import Receipt
from appraisal.config import Settings
from appraisal.encoding import b64decode, b64encode
from appraisal.errors import Refusal, TellerRefusal
from appraisal.manifest import Signer, decode_manifest
from appraisal.steps import close, slips
from appraisal.steps.service import Service, open_service
from appraisal.store.office import Phase
from appraisal.store.registry import Slip, SlipState
from appraisal.web.app import create_public
from tests.voting_session import VotingSession, draft, draw_body, prepare

UNKNOWN = "0000000000"
JSON = {"content_type": "application/json"}
PREVIEWS = (
    "TelegramBot (like TwitterBot)",
    "WhatsApp/2.23.20.0",
    "facebookexternalhit/1.1",
    "Twitterbot/1.0",
    "Slackbot-LinkExpanding 1.0",
    "Discordbot/2.0",
    "LinkedInBot/1.0",
    "SkypeUriPreview Preview/0.5",
    "Mozilla/5.0 (compatible; Googlebot/2.1)",
    "Mozilla/5.0 (compatible; bingbot/2.0)",
    "Mozilla/5.0 (compatible; YandexBot/3.0)",
    "Baiduspider/2.0",
    "Sogou web spider/4.0",
    "Mozilla/5.0 MicroMessenger/8.0",
    "DingTalkBot-LinkService/1.0",
    "Applebot/0.1",
    "Google-Safety",
    "Barracuda Sentinel (EE)",
    "Mozilla/5.0 HeadlessChrome/120.0",
    "curl/8.0",
)


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VotingSession]:
    """A session for requests that must not change anything."""
    folder = tmp_path_factory.mktemp("untouched")
    settings = Settings.from_environment(
        {"APPRAISAL_DATA": str(folder / "var"), "APPRAISAL_KEYS": str(folder / "keys")}
    )
    opened = open_service(settings)
    yield prepare(opened)
    opened.close()


@pytest.fixture(scope="module")
def asking(untouched: VotingSession) -> FlaskClient:
    """A client of `untouched`."""
    return create_public(untouched.service).test_client()


@pytest.fixture
def app(session: VotingSession) -> Flask:
    return create_public(session.service)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def states(service: Service) -> list[SlipState]:
    with service.registry.database.read() as tx:
        return list(tx.execute(select(Slip.state)).scalars())


def posted(client: FlaskClient, address: str, data: bytes) -> Any:
    return client.post(address, data=data, **JSON)


def vote(client: FlaskClient, voting: VotingSession, serial: int = 1) -> tuple[bytes, Any]:
    """A whole vote over HTTP: the cast request's body and its answer."""
    drawing = voting.start(serial)
    answer = posted(client, f"/v/{voting.id}/draw", draw_body(drawing))
    assert answer.status_code == 200
    signatures = [b64decode(text) for text in answer.get_json()["signatures"]]
    body = encode_cast(voting.fill_in(voter.finish_drawing(drawing, signatures)))
    return body, posted(client, f"/v/{voting.id}/cast", body)


def test_a_vote_over_http(client: FlaskClient, session: VotingSession) -> None:
    body, answer = vote(client, session)
    assert answer.status_code == 200
    for given in answer.get_json()["receipts"]:
        receipt = Receipt(LeafHash(bytes.fromhex(given["ballot"])), b64decode(given["signature"]))
        receipts.verify_receipt(receipt, session.manifest)
    again = posted(client, f"/v/{session.id}/cast", body)
    assert again.data == answer.data
    close.close(session.service, session.id)
    assert posted(client, f"/v/{session.id}/cast", body).data == answer.data


def test_the_manifest_is_given_byte_for_byte(asking: FlaskClient, untouched: VotingSession) -> None:
    answer = asking.get(f"/v/{untouched.id}/manifest.json")
    assert answer.data == untouched.manifest.encoded
    assert decode_manifest(answer.data) == untouched.manifest
    squeezed = asking.get(f"/v/{untouched.id}/manifest.json", headers={"Accept-Encoding": "gzip"})
    assert squeezed.headers["Content-Encoding"] == "gzip"
    assert len(squeezed.data) < len(answer.data)


def test_link_previews_leave_the_slip_unused(client: FlaskClient, session: VotingSession) -> None:
    """Claim A3: GET and HEAD change nothing, whoever asks and however often."""
    before = states(session.service)
    for agent in PREVIEWS:
        for address in (f"/v/{session.id}", f"/v/{session.id}/draw", f"/v/{session.id}/cast"):
            for method in ("GET", "HEAD", "OPTIONS"):
                client.open(address, method=method, headers={"User-Agent": agent})
        assert states(session.service) == before
    answer = posted(client, f"/v/{session.id}/draw", draw_body(session.start()))
    assert answer.status_code == 200


@pytest.mark.parametrize("name", ["draw", "cast"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH"])
def test_only_post_draws_and_casts(
    asking: FlaskClient, untouched: VotingSession, name: str, method: str
) -> None:
    answer = asking.open(f"/v/{untouched.id}/{name}", method=method)
    assert answer.status_code in {404, 405}


def good_draw(voting: VotingSession) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(draw_body(voting.start()))
    return found


def changed(**fields: Any) -> Callable[[VotingSession], bytes]:
    return lambda voting: json.dumps(good_draw(voting) | fields).encode()


def without(name: str) -> Callable[[VotingSession], bytes]:
    def build(voting: VotingSession) -> bytes:
        body = good_draw(voting)
        del body[name]
        return json.dumps(body).encode()

    return build


@pytest.mark.parametrize(
    ("build", "status", "code"),
    [
        (lambda _: b"", 400, "malformed"),
        (lambda _: b"not json", 400, "malformed"),
        (lambda _: b"[]", 400, "malformed"),
        (lambda _: b"\xff\xfe", 400, "malformed"),
        (lambda _: b"[" * 100_000, 400, "malformed"),
        (without("slip"), 400, "malformed"),
        (without("blinded"), 400, "malformed"),
        (changed(more=1), 400, "malformed"),
        (changed(slip=7), 400, "malformed"),
        (changed(slip="0-7XK9M-4TQWE-2H8PA-ZR5DN"), 400, "malformed"),
        (changed(slip="0" * 22), 400, "malformed"),
        (changed(slip="u" * 21), 400, "malformed"),
        (changed(slip="0" * 21), 404, "slip-unknown"),
        (changed(slip="Z" + "0" * 20), 404, "slip-unknown"),
        (changed(blinded=[]), 400, "malformed"),
        (changed(blinded=["AAAA"]), 400, "malformed"),
        (changed(blinded=[b64encode(b"\xff" * 256)]), 400, "malformed"),
        (changed(blinded=[b64encode(bytes(256))] * 2), 400, "malformed"),
        (changed(blinded=["QUF="]), 400, "malformed"),
        (lambda v: draw_body(v.start()).replace(b"{", b'{"slip":"x",', 1), 400, "malformed"),
        (lambda _: b" " * (2**20 + 1), 413, "too-large"),
    ],
)
def test_draws_that_are_refused(
    asking: FlaskClient,
    untouched: VotingSession,
    build: Callable[[VotingSession], bytes],
    status: int,
    code: str,
) -> None:
    before = states(untouched.service)
    answer = posted(asking, f"/v/{untouched.id}/draw", build(untouched))
    assert (answer.status_code, answer.get_json()["error"]) == (status, code)
    assert states(untouched.service) == before


@pytest.mark.parametrize("name", ["draw", "cast"])
@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", None])
def test_only_json_is_read(
    asking: FlaskClient, untouched: VotingSession, name: str, kind: str | None
) -> None:
    answer = asking.post(f"/v/{untouched.id}/{name}", data=b"{}", content_type=kind)
    assert (answer.status_code, answer.get_json()["error"]) == (415, "not-json")


@pytest.mark.parametrize("name", ["draw", "cast"])
def test_an_unknown_session_is_said_first(asking: FlaskClient, name: str) -> None:
    for body in (b"{}", b"not json"):
        answer = posted(asking, f"/v/{UNKNOWN}/{name}", body)
        assert (answer.status_code, answer.get_json()["error"]) == (404, "unknown-session")


def test_slips_that_are_not_active(service: Service) -> None:
    voting = prepare(service, active=4)
    client = create_public(service).test_client()
    slips.void(service, voting.id, voter_class=0, first=2, last=2)

    def draw(serial: int) -> tuple[int, str]:
        answer = posted(client, f"/v/{voting.id}/draw", draw_body(voting.start(serial)))
        return answer.status_code, answer.get_json().get("error", "")

    assert draw(7) == (409, "slip-inactive")
    assert draw(2) == (410, "slip-void")
    assert draw(1) == (200, "")
    assert draw(1) == (409, "slip-drawn")


@pytest.mark.parametrize("name", ["draw", "cast"])
def test_before_and_after_voting(service: Service, name: str) -> None:
    voting = prepare(service, phase=Phase.PRINTED)
    client = create_public(service).test_client()
    answer = posted(client, f"/v/{voting.id}/{name}", b"{}")
    assert (answer.status_code, answer.get_json()["error"]) == (409, "not-open")
    other = prepare(service)
    close.close(service, other.id)
    answer = posted(client, f"/v/{other.id}/{name}", b"{}")
    assert (answer.status_code, answer.get_json()["error"]) == (410, "closed")


def refused_cast(client: FlaskClient, voting: VotingSession, entries: list[bytes]) -> str:
    body = json.dumps({"ballots": [b64encode(entry) for entry in entries]}).encode()
    answer = posted(client, f"/v/{voting.id}/cast", body)
    assert answer.status_code >= 400
    assert not voting.service.box.counts(voting.id)
    code: str = answer.get_json()["error"]
    return code


def test_casts_that_are_refused(service: Service) -> None:
    voting = prepare(service, given=draft(subjects=2))
    client = create_public(service).test_client()
    one, two = (ballot.entry for ballot in voting.ballots(1))
    other, _ = (ballot.entry for ballot in voting.ballots(1, voter_class=1))
    assert refused_cast(client, voting, []) == "wrong-boxes"
    assert refused_cast(client, voting, [one]) == "wrong-boxes"
    assert refused_cast(client, voting, [two, one]) == "wrong-boxes"
    assert refused_cast(client, voting, [one, one]) == "wrong-boxes"
    assert refused_cast(client, voting, [one, two, two]) == "wrong-boxes"
    assert refused_cast(client, voting, [other, two]) == "wrong-boxes"
    assert refused_cast(client, voting, [one[:-1], two]) == "malformed"
    assert refused_cast(client, voting, [one + b"\x00", two]) == "malformed"
    assert refused_cast(client, voting, [b"\x05" + one[1:], two]) == "malformed"
    # The token of one box, moved to another: it is worth nothing there.
    moved = one[:1] + two[1:3] + one[3:]
    assert refused_cast(client, voting, [one, moved]) == "token-invalid"


def test_a_ballot_of_another_session_is_refused(service: Service) -> None:
    one, two = prepare(service), prepare(service)
    client = create_public(service).test_client()
    entries = [ballot.entry for ballot in one.ballots(1)]
    assert refused_cast(client, two, entries) == "token-invalid"


def test_every_flipped_bit_is_refused(session: VotingSession, client: FlaskClient) -> None:
    """One bit a byte over the whole entry: nothing of it gets in; the ballot itself still does."""
    (ballot,) = session.ballots(1)
    found = set()
    for at in range(len(ballot.entry)):
        entry = bytearray(ballot.entry)
        entry[at] ^= 1 << at % 8
        found.add(refused_cast(client, session, [bytes(entry)]))
    assert found == {"malformed", "wrong-boxes", "token-invalid", "signature-invalid"}
    answer = posted(client, f"/v/{session.id}/cast", encode_cast([ballot]))
    assert answer.status_code == 200


def test_another_ballot_under_a_used_key(session: VotingSession, client: FlaskClient) -> None:
    blanks = session.blanks()
    first, second = session.fill_in(blanks), session.fill_in(blanks)
    assert posted(client, f"/v/{session.id}/cast", encode_cast(first)).status_code == 200
    answer = posted(client, f"/v/{session.id}/cast", encode_cast(second))
    assert (answer.status_code, answer.get_json()["error"]) == (409, "key-used")


def test_a_cast_over_its_size_is_not_read(untouched: VotingSession, asking: FlaskClient) -> None:
    answer = posted(asking, f"/v/{untouched.id}/cast", b" " * (4 * 2**20 + 1))
    assert (answer.status_code, answer.get_json()["error"]) == (413, "too-large")


def test_every_refusal_is_of_the_protocol(app: Flask) -> None:
    """The codes and statuses of docs/protocol.md §4.11 are those of the code, and no others."""
    from pathlib import Path

    table = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text()
    section = table.split("### 4.11")[1].split("### 4.12")[0]
    written = {
        (int(line.split("|")[1]), line.split("`")[1])
        for line in section.splitlines()
        if line.startswith("| ") and "`" in line
    }
    kinds = [kind for kind in Refusal.__subclasses__() if kind is not TellerRefusal]
    assert written == {(kind.status, kind.code) for kind in kinds}


@pytest.mark.parametrize("address", ["/", "/v", "/v/{id}", "/b/{id}", "/v/0000000000", "/nothing"])
def test_public_pages_set_no_cookie_and_allow_nothing_foreign(
    asking: FlaskClient, untouched: VotingSession, address: str
) -> None:
    answer = asking.get(address.format(id=untouched.id))
    assert "Set-Cookie" not in answer.headers
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.status_code in {200, 404}


def test_the_voters_page_may_ask_the_sessions_further_signers_and_nobody_else(
    session: VotingSession, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connections() -> str:
        policy = client.get(f"/v/{session.id}").headers.getlist("Content-Security-Policy")
        assert len(policy) == 1
        return next(part for part in policy[0].split("; ") if part.startswith("connect-src"))

    assert connections() == "connect-src 'self'"
    one = session.manifest
    further = Signer("区委组织部", b"\1" * 32, "https://signer.example.org:8443")
    two = replace(
        one,
        signers=(*one.signers, further),
        boxes=tuple(
            replace(box, token_keys=(*box.token_keys, bytes([255 - box.contest, *[1] * 255])))
            if box.voter_class == 0
            else replace(box, token_keys=(*box.token_keys, bytes([128 + box.contest, *[1] * 255])))
            for box in one.boxes
        ),
    )
    monkeypatch.setattr(session.service.registrar_manifests, "get", lambda _session: two)
    assert connections() == "connect-src 'self' https://signer.example.org:8443"
    board = client.get(f"/b/{session.id}").headers["Content-Security-Policy"]
    assert "signer.example.org" not in board


def test_the_public_application_has_no_secret(app: Flask) -> None:
    assert app.secret_key is None
    assert app.config["SECRET_KEY"] is None


def test_transport_security_where_there_is_tls(session: VotingSession) -> None:
    settings = replace(session.service.settings, base_url="https://example.org")
    secure = create_public(replace(session.service, settings=settings)).test_client()
    assert "max-age" in secure.get("/healthz").headers["Strict-Transport-Security"]
    plain = create_public(session.service).test_client()
    assert "Strict-Transport-Security" not in plain.get("/healthz").headers


def test_nothing_that_was_sent_is_logged(
    session: VotingSession,
    client: FlaskClient,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither a code nor an address, a body or an agent, also when the unforeseen happens."""
    caplog.set_level(logging.DEBUG)
    headers = {"User-Agent": "Marked-Phone/1.0", "X-Forwarded-For": "203.0.113.7"}
    drawing = session.start()
    secrets = [drawing.slip, "Marked-Phone", "203.0.113.7", b64encode(drawing.request.blinded[0])]

    def send(name: str, body: bytes) -> int:
        address = f"/v/{session.id}/{name}"
        answer = client.post(
            address,
            data=body,
            headers=headers,
            environ_base={"REMOTE_ADDR": "203.0.113.7"},
            **JSON,
        )
        return int(answer.status_code)

    def unforeseen(*_: Any, **__: Any) -> None:
        raise RuntimeError(f"quoting {drawing.slip} and {secrets[3]}")

    assert send("draw", draw_body(drawing)) == 200
    assert send("draw", draw_body(session.start())) == 409
    assert send("cast", b"not json") == 400
    with monkeypatch.context() as patch:
        patch.setattr("appraisal.web.booth.draw", unforeseen)
        assert send("draw", draw_body(drawing)) == 503
        patch.setattr("appraisal.web.booth.cast", unforeseen)
        assert send("cast", draw_body(drawing)) == 503
    written = caplog.text + "".join(capfd.readouterr())
    assert "unexpected RuntimeError" in written
    for secret in secrets:
        assert secret not in written


def test_a_broken_database_is_busy_and_keeps_nothing(
    session: VotingSession, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import OperationalError

    def locked(*_: Any) -> list[None]:
        raise OperationalError("BEGIN IMMEDIATE", None, Exception("database is locked"))

    body = encode_cast(session.ballots())
    with monkeypatch.context() as patch:
        patch.setattr(session.service.box._casts, "_apply", locked)
        answer = posted(client, f"/v/{session.id}/cast", body)
        assert (answer.status_code, answer.get_json()["error"]) == (503, "busy")
    assert not session.service.box.counts(session.id)
    assert posted(client, f"/v/{session.id}/cast", body).status_code == 200


def test_sizes_tell_nothing_of_the_answers(session: VotingSession) -> None:
    """Every ballot of a box has one length, whatever was chosen."""
    sizes = set()
    for serial, answers in ((1, (1, 1, 1)), (2, (5, 5, 5)), (3, (0, 0, 0))):
        found: tuple[CastBallot, ...] = session.fill_in(session.blanks(serial), answers)
        sizes.add(len(encode_cast(found)))
    assert len(sizes) == 1


def test_published_factors_are_told_before_anybody_draws(service: Service) -> None:
    """Whoever has a receipt then reads its ballot."""
    telling = prepare(service, given=replace(draft(), publish_factors=True))
    silent = prepare(service)
    client = create_public(service).test_client()
    assert "谁拿到一个人的回执" in client.get(f"/v/{telling.id}").text
    assert "谁拿到一个人的回执" not in client.get(f"/v/{silent.id}").text
