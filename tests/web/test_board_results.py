"""What the board's page says once the boxes are open: everything, in order, in both languages."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from flask_babel import force_locale

from appraisal.ballot_form import SubjectKind
from appraisal.counting_rules import Rules
from appraisal.documents import words
from appraisal.documents.listing import in_order
from appraisal.steps import close, opening, publish
from appraisal.steps.service import Service
from appraisal.store.registry import Registry, SlipTotals
from appraisal.tally.results import Outcome
from appraisal.web.app import create_public
from appraisal.web.board_facts import grouped
from appraisal.web.board_results import outcome_of, results_view
from appraisal.web.office import create_office
from appraisal.web.office.words import outcome_words
from tests.voting_session import VotingSession, draft, prepare

HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def client(service: Service) -> FlaskClient:
    return create_public(service).test_client()


def opened(service: Service, *votes: int, rules: Rules | None = None) -> VotingSession:
    """Three subjects; so many votes of each class, all alike."""
    given = draft(subjects=3)
    voting = prepare(service, given=replace(given, rules=rules or given.rules))
    for voter_class, number in enumerate(votes):
        for serial in range(1, number + 1):
            voting.vote(serial, voter_class=voter_class)
    close.close(service, voting.id)
    opening.open_boxes(service, voting.id)
    return voting


def test_every_subject_in_the_reports_order_with_figures(
    service: Service, client: FlaskClient
) -> None:
    voting = opened(service, 6, 4)
    page = client.get(f"/b/{voting.id}").text
    names = re.findall(r'<h4 class="name">([^<]*)</h4>', page)
    manifest, results = voting.manifest, publish.results_of(service, voting.id)
    assert names == [manifest.subject_of(contest).name for contest in in_order(manifest)]
    for contest in results.contests:
        assert contest.score is not None
        assert contest.score.printed in page
        for question in contest.questions:
            assert question.positive is None or f"正面</span> {question.positive.printed}%" in page
    assert "由党组织研究决定" in page
    assert "the organs decide" in page
    fingerprint = grouped(manifest.fingerprint)
    assert fingerprint in re.sub(r"</?(strong|span)[^>]*>", "", page)
    assert f'<strong class="symbols">{fingerprint[:11]}</strong>' in page


def test_organisations_qualify_and_persons_are_recommended(
    service: Service, client: FlaskClient
) -> None:
    """In the words of report and office."""
    voting = opened(service, 6, 4)
    results = publish.results_of(service, voting.id)
    view = results_view(voting.manifest, results)
    said = {s.name: s.outcome for s in (*view.organisations, *view.persons)}
    with create_office(service).test_request_context():
        for contest in results.contests:
            subject = voting.manifest.subject_of(contest.contest)
            assert said[subject.name].zh == words.outcome(subject.kind, contest.outcome)
        for kind in SubjectKind:
            for outcome in Outcome:
                shown = outcome_of(kind, outcome)
                assert outcome_words(kind, outcome) == shown.zh == words.outcome(kind, outcome)
                with force_locale("en"):
                    assert outcome_words(kind, outcome) == shown.en
    assert said[voting.manifest.organisation].zh == "符合条件"


def test_the_page_is_kept_in_each_language(service: Service, client: FlaskClient) -> None:
    address = f"/b/{opened(service, 3, 2).id}"
    for _ in range(2):
        assert '<html lang="en">' in client.get(address, query_string={"lang": "en"}).text
        assert '<html lang="zh-Hans">' in client.get(address).text


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
    assert "各等次占多少" not in nothing


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


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_has_its_words_and_its_reason_in_english(
    service: Service, outcome: Outcome
) -> None:
    """The same counts under rules and a count of votes that lead to each outcome."""
    generous = replace(draft().rules, turnout=(0, 1), positive=(0, 1))
    rules, votes = {
        Outcome.RECOMMENDED: (replace(generous, quota=2), 6),
        Outcome.TIED: (generous, 6),
        Outcome.BELOW_QUOTA: (replace(generous, quota=0), 6),
        Outcome.NOT_MET: (replace(draft().rules, positive=(1, 1), turnout=(1, 1)), 2),
        Outcome.WITHHELD: (generous, 1),
    }[outcome]
    voting = opened(service, votes, votes, rules=rules)
    view = results_view(voting.manifest, publish.results_of(service, voting.id))
    assert len(view.persons) == 2
    person = view.persons[0]
    kinds = [subject.kind for subject in voting.manifest.subjects]
    assert kinds.count(SubjectKind.PERSON) == 2
    results = publish.results_of(service, voting.id)
    assert {contest.outcome for contest in results.contests[1:]} == {outcome}
    for text in (person.outcome, person.reason, view.rules, view.decide, *person.notes):
        assert HAN.search(text.zh)
        assert text.en
        assert not HAN.search(text.en)
    assert "〇" not in view.rules.zh
