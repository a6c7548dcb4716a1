"""What the board's page says once the boxes are open: everything, in order, in both languages."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import render_template
from flask.testing import FlaskClient

from appraisal.counting_rules import BelowFloor
from appraisal.documents.listing import in_order
from appraisal.documents.rules import rule_lines
from appraisal.steps import close, opening, publish
from appraisal.steps.service import Service
from appraisal.store.registry import Registry, SlipTotals
from appraisal.web import board
from appraisal.web.app import create_public
from appraisal.web.board_facts import grouped
from tests.voting_session import VotingSession, draft, prepare
from tests.web.opened import opened as counted
from tests.web.opened import person


@pytest.fixture
def client(service: Service) -> FlaskClient:
    return create_public(service).test_client()


def opened(service: Service, *votes: int) -> VotingSession:
    """Three subjects; so many votes of each class, all alike."""
    voting = prepare(service, given=draft(subjects=3))
    for voter_class, number in enumerate(votes):
        for serial in range(1, number + 1):
            voting.vote(serial, voter_class=voter_class)
    close.close(service, voting.id)
    opening.open_boxes(service, voting.id)
    return voting


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def test_every_subject_in_the_reports_order_with_figures(
    service: Service, client: FlaskClient
) -> None:
    voting = opened(service, 6, 4)
    page = client.get(f"/b/{voting.id}").text
    names = re.findall(r'<h4><span class="name">([^<]*)</span>', page)
    manifest, results = voting.manifest, publish.results_of(service, voting.id)
    assert names == [manifest.subjects[number].name for number in in_order(manifest)]
    for subject in results.subjects:
        assert subject.score is not None
        assert subject.score.printed in page
    for contest in results.contests:
        for question in contest.subjects[0].questions:
            assert question.positive is None or f"正面评价 {question.positive.printed}%" in plain(
                page
            )
        for group in contest.groups:
            for count in group.subjects[0]:
                for number, percent in zip(
                    (*count.counts, count.blank), count.percent, strict=True
                ):
                    assert f"<td>{number}</td><td>{percent}%</td>" in page
    assert "由党组织研究决定" in page
    assert "the organs decide" in page
    fingerprint = grouped(manifest.fingerprint)
    assert fingerprint in re.sub(r"</?(strong|span)[^>]*>", "", page)
    assert f'<strong class="symbols">{fingerprint[:11]}</strong>' in page


def test_the_counting_rules_stand_in_words(service: Service, client: FlaskClient) -> None:
    voting = opened(service, 3, 2)
    page = client.get(f"/b/{voting.id}").text
    for name, sentence in rule_lines(voting.manifest, "zh"):
        assert f"{name} {sentence}" in plain(page)
    assert len(rule_lines(voting.manifest, "en")) == len(rule_lines(voting.manifest, "zh"))


def test_the_page_is_kept_in_each_language(service: Service, client: FlaskClient) -> None:
    address = f"/b/{opened(service, 3, 2).id}"
    for _ in range(2):
        assert '<html lang="en">' in client.get(address, query_string={"lang": "en"}).text
        assert '<html lang="zh-Hans">' in client.get(address).text


def test_many_who_ask_at_once_have_the_page_made_once(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    voting = opened(service, 6, 4)
    app, made = create_public(service), []

    def slowly(name: str, **context: Any) -> str:
        made.append(name)
        time.sleep(0.2)
        return render_template(name, **context)

    monkeypatch.setattr(board, "render_template", slowly)
    with ThreadPoolExecutor(6) as phones:
        asked = [phones.submit(app.test_client().get, f"/b/{voting.id}") for _ in range(6)]
    assert {answer.result().status_code for answer in asked} == {200}
    assert made == ["board/page.html"]


def test_before_opening_there_are_no_results(session: VotingSession, client: FlaskClient) -> None:
    assert 'id="results"' not in client.get(f"/b/{session.id}").text
    assert client.get(f"/b/{session.id}/openings.json").status_code == 404
    close.close(session.service, session.id)
    assert 'id="results"' not in client.get(f"/b/{session.id}").text
    assert client.get(f"/b/{session.id}/openings.json").status_code == 404


def test_the_openings_are_those_that_the_record_holds(
    service: Service, client: FlaskClient
) -> None:
    voting = opened(service, 3, 2)
    answer = client.get(f"/b/{voting.id}/openings.json")
    assert answer.mimetype == "application/json"
    assert answer.data == publish.public_record(service, voting.id).files["openings.json"]


def test_what_is_withheld_is_said(service: Service, client: FlaskClient) -> None:
    page = client.get(f"/b/{opened(service, 4, 1).id}").text
    assert "群众：收回1张，不足2张，没有开箱，内容不公布。" in page
    assert "1 returned, fewer than 2; the box stays sealed" in page
    assert "职工" not in page
    nothing = client.get(f"/b/{opened(service, 1, 1).id}").text
    assert "不公布结果" in nothing
    assert "没有可以公布的票箱" in nothing
    assert "票数和百分比" not in nothing


def test_a_void_session_has_no_result(
    service: Service, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The registry is made to claim one draw fewer than there were."""
    totals = Registry.totals

    def fewer(self: Registry, *args: Any) -> dict[int, SlipTotals]:
        found = totals(self, *args)
        found[0] = SlipTotals(0, inactive=0, undrawn=6, drawn=2, void=0)
        return found

    monkeypatch.setattr(Registry, "totals", fewer)
    page = client.get(f"/b/{opened(service, 3, 2).id}").text
    assert "这次评议作废：票箱里的选票比领出的多，按规定没有开箱。" in page
    assert "所以没有结果。" in page
    assert "So there is no result." in page
    assert 'class="subjects"' not in page


def test_what_shares_are_divided_by_stands_above_them(
    service: Service, client: FlaskClient
) -> None:
    """A share and the percentage of an answer have not always the same denominator."""
    page = client.get(f"/b/{opened(service, 6, 4).id}").text
    above = page.partition("<h4>")[0].replace(" ", "")
    outside = re.sub(r"<details>.*?</details>", "", above, flags=re.DOTALL)
    assert "正面、负面评价的百分比用同一分母" in outside
    assert "各选项和弃权" not in outside


def test_a_bar_names_its_class_only_beside_others(service: Service, client: FlaskClient) -> None:
    people = [person(name) for name in ("丁一", "王二", "赵三")]
    votes = [[(1, 1, 0)], [(1, 0, 1)], [(1, 1, 0)]]

    def bars(voting: VotingSession) -> str:
        page = client.get(f"/b/{voting.id}").text
        return "".join(re.findall(r'<div class="answer beside">\s*(.*?)\s*<div>', page))

    forms = ["select-persons"]
    assert not bars(counted(service, forms, people, {0: votes}, below_floor=BelowFloor.MERGE))
    assert "群众" in bars(counted(service, forms, people, {0: votes, 1: votes}))
