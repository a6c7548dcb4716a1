"""The tellers' addresses: what they answer, what they refuse, what they never do."""

from __future__ import annotations

import io
import logging
from typing import Any

import pytest
from flask.testing import FlaskClient

from appraisal.encoding import b64decode
from appraisal.manifest import SessionId
from appraisal.steps import close, setup, tellers
from appraisal.steps.service import Service
from appraisal.web import headers
from appraisal.web.app import create_public
from tests.tellers import KeyCard, invited
from tests.voting_session import draft, prepare

UNKNOWN = "0000000000"
JSON = "application/json"
POSTS = ("challenge", "key", "factors")


@pytest.fixture
def client(service: Service) -> FlaskClient:
    return create_public(service).test_client()


@pytest.fixture
def session(service: Service) -> SessionId:
    """A draft with three tellers, two of whom open."""
    given = draft(tellers=3, quorum=2)
    organisation = service.office.organisation(given.organisation)
    return setup.create(service, given, organisation_id=organisation)


def posted(client: FlaskClient, address: str, data: bytes) -> Any:
    return client.post(address, data=data, content_type=JSON)


def handed_in(client: FlaskClient, card: KeyCard) -> Any:
    """The answer to a key that was handed in over HTTP."""
    asked = posted(client, f"/t/{card.session}/challenge", card.asked())
    challenge = b64decode(asked.get_json()["challenge"], size=80)
    return posted(client, f"/t/{card.session}/key", card.answered(challenge))


def test_a_key_is_handed_in_over_http(
    service: Service, client: FlaskClient, session: SessionId
) -> None:
    answer = handed_in(client, invited(service, session, 1))
    assert (answer.status_code, answer.get_json()) == (200, {"teller": 1})
    assert client.get(f"/t/{session}/status").get_json() == {
        "session": session,
        "title": "2010年上半年民主评议",
        "phase": "draft",
        "custodian": False,
        "quorum": 2,
        "tellers": [
            {"name": f"监票人{number}", "checked": number == 1, "handed_in": False}
            for number in range(3)
        ],
        "witnesses": [],
    }


def test_factors_are_handed_in_over_http(service: Service, client: FlaskClient) -> None:
    voting = prepare(service, given=draft(tellers=3, quorum=2))
    for serial in (1, 2):
        voting.vote(serial)
    address = f"/t/{voting.id}/factors"
    card = voting.cards[2]
    early = posted(client, address, card.handing_in([bytes(32)]))
    assert (early.status_code, early.get_json()["error"]) == (409, "not-closed")
    close.close(service, voting.id)
    good = card.factors(voting.manifest)
    wrong = posted(client, address, card.handing_in([good[1], good[1]]))
    assert (wrong.status_code, wrong.get_json()) == (400, {"error": "factors-wrong", "detail": "1"})
    answer = posted(client, address, card.handing_in(good))
    assert (answer.status_code, answer.get_json()) == (200, {"handed_in": 1, "quorum": 2})
    status = client.get(f"/t/{voting.id}/status").get_json()
    assert [teller["handed_in"] for teller in status["tellers"]] == [False, False, True]


class Unread(io.RawIOBase):
    """A body of which nobody may read a byte."""

    def readable(self) -> bool:
        return True

    def readinto(self, _buffer: object) -> int:
        raise AssertionError("the body was read")


def sent(client: FlaskClient, session: str, size: int, stream: io.IOBase) -> Any:
    """Factors announced with so many bytes."""
    return client.post(
        f"/t/{session}/factors",
        content_type=JSON,
        environ_overrides={"wsgi.input": stream, "CONTENT_LENGTH": str(size)},
    )


def test_nothing_is_read_of_factors_that_nobody_waits_for(
    service: Service, client: FlaskClient, session: SessionId
) -> None:
    """Anyone can send them, and reading JSON of any size costs time and memory."""
    voting = prepare(service, given=draft(tellers=2, quorum=2))
    for name, status, code in (
        (UNKNOWN, 404, "unknown-session"),
        (session, 409, "not-closed"),
        (voting.id, 409, "not-closed"),
    ):
        answer = sent(client, name, 2**24, Unread())
        assert (answer.status_code, answer.get_json()["error"]) == (status, code)


def test_of_factors_no_more_is_read_than_the_ballots_to_be_opened_need(
    service: Service, client: FlaskClient
) -> None:
    """Two of the first class are opened; the one of the other is below the floor."""
    voting = prepare(service, given=draft(tellers=2, quorum=2, floor=2))
    for serial in (1, 2):
        voting.vote(serial)
    voting.vote(1, voter_class=1)
    close.close(service, voting.id)
    limit = tellers.factors_limit(service, voting.id)
    assert limit == tellers.KEY_LIMIT + 2 * tellers.FACTOR_BYTES
    large = sent(client, voting.id, limit + 2, Unread())
    assert (large.status_code, large.get_json()["error"]) == (413, "too-large")
    card = voting.cards[0]
    body = card.handing_in(card.factors(voting.manifest))
    padded = body + b" " * (limit - len(body))
    assert sent(client, voting.id, limit, io.BytesIO(padded)).status_code == 200


def test_the_factors_of_any_number_of_ballots_fit(service: Service, session: SessionId) -> None:
    card = invited(service, session, 0)
    for number in (0, 1, 1000):
        body = card.handing_in([bytes([255]) * 32] * number)
        assert len(body) <= tellers.KEY_LIMIT + number * tellers.FACTOR_BYTES


def test_refusals_are_json(service: Service, client: FlaskClient, session: SessionId) -> None:
    card = invited(service, session, 0)
    voting = prepare(service)
    guess: dict[str, str | int] = {"answer": "A" * 43 + "=", **card.terms}
    for address, body, status, code in (
        (f"/t/{session}/challenge", b"{", 400, "malformed"),
        (f"/t/{session}/challenge", b"", 400, "malformed"),
        (f"/t/{session}/challenge", card.asked(secret="0" * 26), 403, "link-unknown"),
        (f"/t/{session}/key", card.asked(**guess), 400, "answer-wrong"),
        (f"/t/{session}/key", card.asked(**guess | {"quorum": 10}), 400, "malformed"),
        (f"/t/{UNKNOWN}/key", card.asked(**guess), 404, "unknown-session"),
        (f"/t/{voting.id}/challenge", card.asked(), 409, "custodian"),
    ):
        answer = posted(client, address, body)
        assert (answer.status_code, answer.get_json()["error"]) == (status, code)
    unknown = client.get(f"/t/{UNKNOWN}/status")
    assert (unknown.status_code, unknown.get_json()["error"]) == (404, "unknown-session")


@pytest.mark.parametrize("name", ["challenge", "key"])
def test_requests_are_small_and_json(client: FlaskClient, session: SessionId, name: str) -> None:
    address = f"/t/{session}/{name}"
    large = posted(client, address, b" " * (tellers.KEY_LIMIT + 1))
    assert (large.status_code, large.get_json()["error"]) == (413, "too-large")
    other = client.post(address, data=b"{}", content_type="text/plain")
    assert (other.status_code, other.get_json()["error"]) == (415, "not-json")


def test_only_post_changes_anything(
    service: Service, client: FlaskClient, session: SessionId
) -> None:
    card = invited(service, session, 0)
    for name in POSTS:
        for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE"):
            client.open(f"/t/{session}/{name}", method=method, data=card.asked())
    assert not any(status.checked for status in tellers.statuses(service, session))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_is_there_from_the_draft_on(
    service: Service, client: FlaskClient, session: SessionId, lang: str
) -> None:
    for number, phase in ((session, "draft"), (prepare(service).id, "voting")):
        page = client.get(f"/t/{number}?lang={lang}")
        assert page.status_code == 200
        assert f'data-phase="{phase}"' in page.text
        assert page.headers["Content-Security-Policy"] == headers.CONTENT_SECURITY_POLICY
        assert page.headers["Referrer-Policy"] == "no-referrer"
    assert client.get(f"/t/{UNKNOWN}").status_code == 404


def test_no_cookie_is_set_and_nothing_is_logged(
    service: Service, client: FlaskClient, session: SessionId, caplog: pytest.LogCaptureFixture
) -> None:
    card = invited(service, session, 0)
    with caplog.at_level(logging.DEBUG):
        answers = [
            handed_in(client, card),
            posted(client, f"/t/{session}/key", b"{"),
            client.get(f"/t/{session}/status"),
        ]
    assert not any("Set-Cookie" in answer.headers for answer in answers)
    assert {answer.headers["Cache-Control"] for answer in answers} == {"no-store"}
    assert card.secret not in caplog.text


def test_a_links_secret_is_nowhere_in_the_data(service: Service, session: SessionId) -> None:
    card = invited(service, session, 0)
    card.hand_in_key()
    written = b"".join(
        path.read_bytes() for path in service.settings.data.rglob("*") if path.is_file()
    )
    assert card.public in written
    assert card.secret.encode() not in written
    assert card.key.private_bytes_raw() not in written


def test_whose_link_is_told_in_every_phase_and_nobodys_refused(service: Service) -> None:
    session = prepare(service, given=draft(tellers=2, quorum=2))
    client = create_public(service).test_client()
    for number, card in enumerate(session.cards):
        answer = client.post(f"/t/{session.id}/link", json={"secret": card.secret})
        assert answer.get_json() == {"teller": number}
    refused = client.post(f"/t/{session.id}/link", json={"secret": "0" * 26})
    assert (refused.status_code, refused.get_json()["error"]) == (403, "link-unknown")
    assert client.post(f"/t/{session.id}/link", json={}).get_json()["error"] == "malformed"
