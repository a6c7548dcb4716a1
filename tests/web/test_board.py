"""The board's addresses: what anyone may fetch, and when."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from appraisal.ballots import board
from appraisal.ballots.checkpoint import verify_checkpoint
from appraisal.manifest import Manifest
from appraisal.steps import close, opening, setup
from appraisal.steps.service import Service
from appraisal.store.office import Phase
from appraisal.web.app import create_public
from tests.voting_session import VotingSession, draft, prepare


@pytest.fixture
def client(service: Service) -> FlaskClient:
    return create_public(service).test_client()


def checked(client: FlaskClient, manifest: Manifest) -> list[int]:
    """The tags of the board's entries, after their checkpoint was verified."""
    entries = board.parse_lines(client.get(f"/b/{manifest.session}/board.txt").text)
    note = client.get(f"/b/{manifest.session}/checkpoint.txt").text
    assert verify_checkpoint(note, manifest.board) == board.head(
        entries, origin=manifest.board.origin
    )
    return [entry[0] for entry in entries]


def test_the_board_grows_with_the_session(service: Service, client: FlaskClient) -> None:
    frozen = prepare(service, phase=Phase.FROZEN)
    assert checked(client, frozen.manifest) == [1]
    voting = prepare(service)
    assert checked(client, voting.manifest) == [1, 2, 2]
    for serial in (1, 2, 3):
        voting.vote(serial)
    # Nothing cast is shown before close.
    assert checked(client, voting.manifest) == [1, 2, 2]
    close.close(service, voting.id)
    assert checked(client, voting.manifest) == [1, 2, 2, 3, 3, 4, 4, 4]
    assert client.get(f"/b/{voting.id}/record.zip").status_code == 404
    opening.open_boxes(service, voting.id)
    assert checked(client, voting.manifest) == [1, 2, 2, 3, 3, 4, 4, 4, 5]


@pytest.mark.parametrize(
    ("publish_keys", "others", "published"), [(False, 2, False), (True, 2, True), (True, 1, False)]
)
def test_the_record_carries_keys_only_if_declared_and_nothing_is_withheld(
    service: Service, client: FlaskClient, publish_keys: bool, others: int, published: bool
) -> None:
    voting = prepare(service, given=replace(draft(), publish_keys=publish_keys))
    for voter_class, number in enumerate((3, others)):
        for serial in range(1, number + 1):
            voting.vote(serial, voter_class=voter_class)
    close.close(service, voting.id)
    opening.open_boxes(service, voting.id)
    answer = client.get(f"/b/{voting.id}/record.zip")
    assert answer.mimetype == "application/zip"
    names = zipfile.ZipFile(io.BytesIO(answer.data)).namelist()
    assert ("keys.json" in names) is published
    assert names[:6] == [
        "record.json",
        "manifest.json",
        "board.txt",
        "checkpoint.txt",
        "openings.json",
        "results.json",
    ]


def test_the_board_page_shows_no_turnout_before_close(session: VotingSession) -> None:
    client = create_public(session.service).test_client()
    for serial in (1, 2, 3, 4, 5, 6, 7):
        session.vote(serial)
    page = client.get(f"/b/{session.id}").text
    assert "<td>7</td>" not in page
    close.close(session.service, session.id)
    assert client.get(f"/b/{session.id}").text.count("<td>7</td>") == 2


def test_a_draft_is_nobodys_business(service: Service, client: FlaskClient) -> None:
    organisation = service.office.organisation("向阳社区党支部")
    session = setup.create(service, draft(), organisation_id=organisation)
    for address in (
        f"/v/{session}",
        f"/v/{session}/manifest.json",
        f"/b/{session}",
        f"/b/{session}/board.txt",
        f"/b/{session}/checkpoint.txt",
        f"/b/{session}/record.zip",
    ):
        assert client.get(address).status_code == 404


def test_healthz_says_whether_both_databases_answer(
    service: Service, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import OperationalError

    def down() -> None:
        raise OperationalError("SELECT 1", None, Exception("no connection"))

    assert client.get("/healthz").status_code == 200
    monkeypatch.setattr(service.box.database, "check", down)
    assert client.get("/healthz").status_code == 503
