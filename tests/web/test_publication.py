"""Whom the service tells results, openings and record, by the manifest's scope (protocol §5.5)."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from appraisal import live_board
from appraisal.counting_rules import Publication
from appraisal.encoding import base32decode
from appraisal.errors import StepError
from appraisal.steps import close, opening, publish
from appraisal.steps.report import report_of
from appraisal.steps.service import Service
from appraisal.store.registry import Registry, SlipTotals
from appraisal.tally.record import read_archive
from appraisal.verifier import verify
from appraisal.web.app import create_public
from tests.voting_session import VotingSession, draft, prepare

RESTRICTED = [Publication.ON_THE_SPOT, Publication.BRANCH, Publication.SUBJECT]
BY_LINK = RESTRICTED[:2]


@pytest.fixture
def client(service: Service) -> FlaskClient:
    return create_public(service).test_client()


def voted(service: Service, publication: Publication) -> VotingSession:
    given = draft()
    rules = replace(given.rules, publication=publication)
    voting = prepare(service, given=replace(given, rules=rules))
    for serial in (1, 2, 3):
        voting.vote(serial)
    return voting


def opened(service: Service, publication: Publication) -> VotingSession:
    voting = voted(service, publication)
    close.close(service, voting.id)
    opening.open_boxes(service, voting.id)
    return voting


def link(voting: VotingSession) -> str:
    return f"/b/{voting.id}/r/{publish.results_key(voting.service, voting.id)}"


def told(client: FlaskClient, path: str) -> bool:
    """Whether results, openings and record are told below a path: all of them, or none."""
    page = client.get(path)
    found = {
        'class="subjects"' in page.text,
        client.get(f"{path}/openings.json").status_code == 200,
        client.get(f"{path}/record.zip", buffered=True).status_code == 200,
    }
    assert len(found) == 1
    return found.pop()


def test_public_results_are_on_the_board_and_under_no_link(
    service: Service, client: FlaskClient
) -> None:
    voting = opened(service, Publication.PUBLIC)
    assert told(client, f"/b/{voting.id}")
    assert client.get(link(voting)).status_code == 404
    assert f'data-results="/b/{voting.id}"' in client.get(f"/b/{voting.id}").text


@pytest.mark.parametrize("publication", RESTRICTED)
def test_the_board_of_others_says_to_whom_they_are_told(
    service: Service, client: FlaskClient, publication: Publication
) -> None:
    voting = opened(service, publication)
    path = f"/b/{voting.id}"
    assert not told(client, path)
    page = client.get(path).text
    said = {
        Publication.ON_THE_SPOT: "评议书定的是当场公布",
        Publication.BRANCH: "评议书定的是在本组织范围内公布",
        Publication.SUBJECT: "评议书定的是只反馈本人",
    }
    assert [p for p, words in said.items() if words in page] == [publication]
    assert 'data-results=""' in page
    assert publish.results_key(service, voting.id) not in page
    assert "record.zip" not in page
    assert "openings.json" not in page
    assert "还能看到这张选票填的是什么" not in page, (
        "no openings, no ballot to be seen by a tracker"
    )
    for result in publish.results_of(service, voting.id).subjects:
        assert result.score is not None
        assert result.score.printed not in page


@pytest.mark.parametrize("publication", RESTRICTED)
def test_sealed_ballots_and_head_are_always_public(
    service: Service, client: FlaskClient, publication: Publication
) -> None:
    """Whoever has the record checks with it the board that everybody is shown."""
    voting = opened(service, publication)
    record = publish.public_record(service, voting.id)
    entries = client.get(f"/b/{voting.id}/board.bin", buffered=True)
    assert entries.data == record.files["board.bin"]
    base = "http://board.example.org"

    def fetched(address: str) -> bytes | None:
        answer = client.get(address.removeprefix(base), buffered=True)
        return answer.data if answer.status_code == 200 else None

    assert live_board.differences(record, f"{base}/b/{voting.id}", fetched) == ()
    page = client.get(f"/b/{voting.id}").text
    assert publish.checkpoint_of(service, voting.id).splitlines()[2] in page
    assert "收回 3 张" in page


@pytest.mark.parametrize("publication", BY_LINK)
def test_whoever_has_the_link_is_told(
    service: Service, client: FlaskClient, publication: Publication
) -> None:
    voting = opened(service, publication)
    path = link(voting)
    assert told(client, path)
    page = client.get(path).text
    assert f'data-results="{path}"' in page
    for name in ("openings.json", "record.zip"):
        assert f'href="{path}/{name}"' in page
    assert f'href="/b/{voting.id}/board.bin"' in page
    archive = client.get(f"{path}/record.zip", buffered=True).data
    assert verify(read_archive(archive)).ok
    assert zipfile.ZipFile(io.BytesIO(archive)).read("openings.json") == (
        client.get(f"{path}/openings.json").data
    )
    assert publish.results_address(service, voting.manifest).endswith(path)
    for below in ("", "/openings.json", "/record.zip"):
        answer = client.get(f"{path}{below}", buffered=True)
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "X-Robots-Tag" not in client.get(f"/b/{voting.id}").headers


def test_for_each_subject_alone_there_is_no_link(service: Service, client: FlaskClient) -> None:
    voting = opened(service, Publication.SUBJECT)
    assert client.get(link(voting)).status_code == 404
    assert not told(client, link(voting))
    assert publish.results_path(service, voting.manifest) is None
    address = publish.results_address(service, voting.manifest)
    assert address == f"{service.settings.base_url}/b/{voting.id}"


@pytest.mark.parametrize("publication", BY_LINK)
def test_any_other_key_leads_to_a_page_that_says_so(
    service: Service, client: FlaskClient, publication: Publication
) -> None:
    voting, other = opened(service, publication), opened(service, publication)
    key = publish.results_key(service, voting.id)
    wrong = "0" if key[0] != "0" else "1"
    for guess in (
        wrong + key[1:], key[:-1], key + "0", key.lower() + "0", "Ω", "%FF",
        publish.results_key(service, other.id),
    ):  # fmt: skip
        page = client.get(f"/b/{voting.id}/r/{guess}")
        assert page.status_code == 404
        assert "这个结果链接打不开" in page.text
        assert not told(client, f"/b/{voting.id}/r/{guess}")
    assert client.get("/b/0000000000/r/" + key).status_code == 404


def test_a_key_has_128_bits_of_the_services_secret(service: Service) -> None:
    one, two = voted(service, Publication.BRANCH), voted(service, Publication.BRANCH)
    keys = {publish.results_key(service, voting.id) for voting in (one, two, one)}
    assert len(keys) == 2
    for key in keys:
        assert len(key) == 26
        assert len(base32decode(key)) == 16


def test_before_the_opening_a_link_shows_the_board(service: Service, client: FlaskClient) -> None:
    voting = voted(service, Publication.ON_THE_SPOT)
    assert client.get(link(voting)).status_code == 200
    assert not told(client, link(voting))
    assert "当场公布" not in client.get(f"/b/{voting.id}").text


@pytest.mark.parametrize("publication", RESTRICTED)
def test_that_a_session_is_void_everyone_is_told(
    service: Service,
    client: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    publication: Publication,
) -> None:
    totals = Registry.totals

    def fewer(self: Registry, *args: Any) -> dict[int, SlipTotals]:
        found = totals(self, *args)
        found[0] = SlipTotals(0, inactive=0, undrawn=6, drawn=2, void=0)
        return found

    monkeypatch.setattr(Registry, "totals", fewer)
    voting = opened(service, publication)
    page = client.get(f"/b/{voting.id}").text
    assert "所以没有结果。" in page
    assert client.get(f"/b/{voting.id}/record.zip", buffered=True).status_code == 200
    assert client.get(link(voting)).status_code == 404


@pytest.mark.parametrize("publication", list(Publication))
def test_the_report_names_the_address_where_results_are_told(
    service: Service, publication: Publication
) -> None:
    voting = opened(service, publication)
    address = publish.results_address(service, voting.manifest)
    assert report_of(service, voting.id).record_url == address


def test_who_runs_the_office_always_reads_the_results(service: Service) -> None:
    voting = opened(service, Publication.SUBJECT)
    assert publish.results_of(service, voting.id).subjects[0].score is not None
    with pytest.raises(StepError):
        publish.results_of(service, voted(service, Publication.SUBJECT).id)
