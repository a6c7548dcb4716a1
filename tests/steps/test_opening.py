from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from appraisal import verifier
from appraisal.errors import StepError
from appraisal.steps import close, opening, publish
from appraisal.steps.report import report_of
from appraisal.steps.service import Service
from appraisal.store.office import Phase
from appraisal.store.registry import Registry, SlipTotals
from appraisal.tally.record import RecordKind
from appraisal.tally.results import Outcome, Status
from tests.voting_session import VotingSession, draft, prepare


def code_of(call: Callable[[], Any]) -> str:
    with pytest.raises(StepError) as caught:
        call()
    return caught.value.code


def closed(service: Service) -> VotingSession:
    voting = prepare(service, given=draft(subjects=2))
    for serial in (1, 2, 3):
        voting.vote(serial)
    for serial in (1, 2):
        voting.vote(serial, voter_class=1)
    close.close(service, voting.id)
    return voting


@pytest.mark.parametrize("kind", list(RecordKind))
def test_the_record_verifies(service_everywhere: Service, kind: RecordKind) -> None:
    voting = closed(service_everywhere)
    results = opening.open_boxes(service_everywhere, voting.id)
    assert results == publish.results_of(service_everywhere, voting.id)
    assert results.status is Status.COUNTED
    assert [contest.groups[0].returned for contest in results.contests] == [3, 3]
    assert results.subjects[0].outcome is Outcome.NOT_MET
    report = verifier.verify(publish.record(service_everywhere, voting.id, kind=kind))
    assert not report.findings
    assert service_everywhere.office.phase(voting.id) is Phase.OPENED


def test_auditors_get_what_opens_the_published_ballots_and_no_others(service: Service) -> None:
    """Claim A5: the box below its floor stays sealed for everyone, auditors too."""
    voting = prepare(service)
    for serial in (1, 2, 3):
        voting.vote(serial)
    voting.vote(1, voter_class=1)
    close.close(service, voting.id)
    opening.open_boxes(service, voting.id)
    audit = publish.record(service, voting.id, kind=RecordKind.AUDIT)
    assert not verifier.verify(audit).findings
    factors = json.loads(audit.files["factors.json"])["tellers"][0]["factors"]
    assert len(factors) == 3
    assert "factors.json" not in publish.public_record(service, voting.id).files


def test_an_opening_cut_off_is_opened_again(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    voting = closed(service)

    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(service.office, "change", crash)
        with pytest.raises(KeyboardInterrupt):
            opening.open_boxes(service, voting.id)
    assert service.office.phase(voting.id) is Phase.CLOSED
    assert code_of(lambda: publish.results_of(service, voting.id)) == "not-opened"
    opening.open_boxes(service, voting.id)
    tags = [entry[0] for entry in publish.board_entries(service, voting.id)]
    assert tags.count(5) == 1
    assert code_of(lambda: opening.open_boxes(service, voting.id)) == "wrong-phase"


def test_more_ballots_than_slips_drawn_void_the_session(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """收回多于发出，无效: the registry is made to claim one draw fewer than there were."""
    voting = closed(service)
    totals = Registry.totals

    def fewer(self: Registry, *args: Any) -> dict[int, SlipTotals]:
        found = totals(self, *args)
        found[0] = SlipTotals(0, inactive=0, undrawn=6, drawn=2, void=0)
        return found

    monkeypatch.setattr(Registry, "totals", fewer)
    results = opening.open_boxes(service, voting.id)
    assert results.status is Status.VOID
    assert not results.contests
    assert service.office.phase(voting.id) is Phase.VOID
    audit = publish.record(service, voting.id, kind=RecordKind.AUDIT)
    assert json.loads(audit.files["factors.json"])["tellers"] == []


def test_nothing_is_published_before_the_opening(service: Service) -> None:
    voting = closed(service)
    assert code_of(lambda: publish.results_of(service, voting.id)) == "not-opened"
    for kind in RecordKind:
        refused = lambda kind=kind: publish.record(service, voting.id, kind=kind)  # noqa: E731
        assert code_of(refused) == "not-opened"


def test_the_reports_dates_are_those_of_the_services_own_time_zone(service: Service) -> None:
    """A quarter to midnight in Greenwich is the next morning in Beijing."""
    late = datetime(2010, 6, 20, 23, 45, tzinfo=UTC).astimezone(timezone(timedelta(hours=8)))
    clocked = replace(service, now=lambda: late)
    voting = closed(clocked)
    opening.open_boxes(clocked, voting.id)
    report = report_of(clocked, voting.id)
    assert {report.begun, report.closed, report.counted} == {date(2010, 6, 21)}
    assert report.manifest.frozen == "2010-06-21"
