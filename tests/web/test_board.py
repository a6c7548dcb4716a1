"""The board's addresses: what anyone may fetch, and when."""

from __future__ import annotations

import io
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from appraisal.ballots import board
from appraisal.ballots.checkpoint import verify_checkpoint
from appraisal.manifest import Manifest, SessionId
from appraisal.steps import close, opening, publish, setup
from appraisal.steps.board import board_entries
from appraisal.steps.service import Service
from appraisal.store.office import Phase
from appraisal.tally.record import write_archive as archived
from appraisal.web.app import create_public
from tests.voting_session import VotingSession, draft, prepare


@pytest.fixture
def client(service: Service) -> FlaskClient:
    return create_public(service).test_client()


def checked(client: FlaskClient, manifest: Manifest) -> list[int]:
    """The tags of the board's entries, after their checkpoint was verified."""
    entries = board.unpacked(client.get(f"/b/{manifest.session}/board.bin", buffered=True).data)
    note = client.get(f"/b/{manifest.session}/checkpoint.txt").text
    head = verify_checkpoint(note, manifest.board, manifest.witnesses).checkpoint
    assert head == board.head(entries, origin=manifest.board.origin)
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


def test_downloads_are_made_once_and_anew_after_the_opening(
    service: Service, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten people fetch the board just when it is complete; ten more after the opening."""
    voting = prepare(service)
    for serial in (1, 2, 3):
        voting.vote(serial)
    made: list[str] = []
    for name in ("board_entries", "write_archive"):
        known = getattr(publish, name)

        def counted(*given: object, name: str = name, known: Any = known) -> Any:
            made.append(name)
            time.sleep(0.05)
            return known(*given)

        monkeypatch.setattr(publish, name, counted)

    # Ten applications, as of ten processes; made one by one, since CPython 3.11 cannot always
    # parse a route in several threads at once ("AST constructor recursion depth mismatch").
    apart = [create_public(service).test_client() for _ in range(10)]

    def fetch(reader: FlaskClient, address: str) -> bytes:
        answer = reader.get(address, buffered=True)
        assert "Last-Modified" not in answer.headers
        return bytes(answer.data)

    def fetched(address: str) -> bytes:
        with ThreadPoolExecutor(10) as people:
            answers = set(people.map(fetch, apart, [address] * 10))
        return answers.pop() if len(answers) == 1 else b""

    close.close(service, voting.id)
    entries = board.packed(board_entries(service, voting.id))
    assert fetched(f"/b/{voting.id}/board.bin") == entries
    opening.open_boxes(service, voting.id)
    entries = board.packed(board_entries(service, voting.id))
    assert fetched(f"/b/{voting.id}/board.bin") == entries
    record = fetched(f"/b/{voting.id}/record.zip")
    assert record == archived(publish.public_record(service, voting.id))
    assert made == ["board_entries"] * 3 + ["write_archive", "board_entries"]
    address = f"/b/{voting.id}/board.bin"
    answer = client.get(address, buffered=True)
    assert answer.headers["Cache-Control"] == "no-cache"
    again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]}, buffered=True)
    assert again.status_code == 304


def test_large_downloads_leave_threads_for_the_vote(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    voting = prepare(service)
    close.close(service, voting.id)
    monkeypatch.setattr("appraisal.web.downloads.HANDED_OVER", 0)
    phone = create_public(service).test_client()
    address = f"/b/{voting.id}/board.bin"
    reading = [phone.get(address) for _ in range(service.settings.threads // 4)]
    refused = phone.get(address)
    assert refused.status_code == 503
    assert refused.headers["Retry-After"]
    reading.pop().close()
    with phone.get(address) as again:
        assert again.status_code == 200
    for answer in reading:
        answer.close()


def test_a_board_that_grows_while_its_file_is_made_is_made_again(
    service: Service, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    voting = prepare(service)
    voting.vote(1)
    close.close(service, voting.id)
    before = publish.checkpoint_of(service, voting.id)

    def slow(service: Service, session: SessionId) -> tuple[bytes, ...]:
        if publish.checkpoint_of(service, session) == before:
            opening.open_boxes(service, session)
        return board_entries(service, session)

    monkeypatch.setattr(publish, "board_entries", slow)
    assert checked(client, voting.manifest)[-1] == 5
    # What a write that was cut off has left is not taken for the file.
    path = publish.board_file(service, voting.id)
    path.rename(path.with_suffix(".part"))
    assert checked(client, voting.manifest)[-1] == 5


@pytest.mark.parametrize(("publish_factors", "others"), [(False, 2), (True, 2), (True, 1)])
def test_the_public_record_carries_factors_only_if_the_manifest_says_so(
    service: Service, client: FlaskClient, publish_factors: bool, others: int
) -> None:
    voting = prepare(service, given=replace(draft(), publish_factors=publish_factors))
    for voter_class, number in enumerate((3, others)):
        for serial in range(1, number + 1):
            voting.vote(serial, voter_class=voter_class)
    close.close(service, voting.id)
    opening.open_boxes(service, voting.id)
    answer = client.get(f"/b/{voting.id}/record.zip", buffered=True)
    assert answer.mimetype == "application/zip"
    names = zipfile.ZipFile(io.BytesIO(answer.data)).namelist()
    assert ("factors.json" in names) is publish_factors
    assert names[:6] == [
        "record.json",
        "manifest.json",
        "board.bin",
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
        f"/b/{session}/board.bin",
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
