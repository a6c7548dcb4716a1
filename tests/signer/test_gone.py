"""A second signer that is gone for good at close: the session ends void, and nothing is opened."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import delete

from appraisal import verifier
from appraisal.ballots import board
from appraisal.ballots.checkpoint import verify_checkpoint
from appraisal.errors import NotClosed, StepError
from appraisal.peers.client import PeerClient, RefusedByPeerError
from appraisal.steps import close, opening, publish, signers, slips, tellers, witnesses
from appraisal.steps.board import board_entries
from appraisal.steps.service import Service
from appraisal.store.office import Phase
from appraisal.store.signed import SignedSessionRow
from appraisal.tally.openings import VoidReason
from appraisal.tally.record import RecordKind
from appraisal.tally.results import Status
from tests.second_signer import (
    NAME,
    SecondSigner,
    enrolled,
    prepare_with,
)
from tests.two_signers import vote
from tests.voting_session import VotingSession, draft, prepare


@pytest.fixture
def voted(service: Service, second: SecondSigner) -> VotingSession:
    session = prepare_with(service, second)
    for serial in (1, 2, 3):
        vote(session, second, serial)
    for serial in (1, 2):
        vote(session, second, serial, voter_class=1)
    return session


def code_of(call: Callable[[], Any]) -> str:
    with pytest.raises(StepError) as caught:
        call()
    return caught.value.code


def given_up(session: VotingSession, second: SecondSigner) -> None:
    """Closed while nobody answers, tried again, and declared void."""
    with second.away():
        for _ in range(2):
            assert code_of(lambda: close.close(session.service, session.id)) == "peer-unreachable"
        close.declare_unstated(session.service, session.id)


def entries_of(session: VotingSession) -> list[board.Entry]:
    return [board.decode(e, session.manifest) for e in board_entries(session.service, session.id)]


def test_its_board_says_why_and_its_records_verify(
    service: Service, second: SecondSigner, voted: VotingSession
) -> None:
    given_up(voted, second)
    assert service.row(voted.id).phase is Phase.VOID
    entries = entries_of(voted)
    turnouts = [e for e in entries if isinstance(e, board.Turnout)]
    assert [(t.signer, t.voter_class, len(t.drawn)) for t in turnouts] == [(0, 0, 3), (0, 1, 2)]
    assert [board.tag(entry) for entry in entries[-6:]] == [4, 4, 4, 4, 4, 5]
    assert json.loads(publish.openings_of(service, voted.id)) == {
        "format": "appraisal-openings/1",
        "groups": [],
        "void": VoidReason.UNSTATED.value,
    }
    results = publish.results_of(service, voted.id)
    assert (results.status, results.contests, results.subjects) == (Status.VOID, (), ())
    assert signers.unstated(service, voted.manifest) == (NAME,)


def test_once_its_witness_has_cosigned_every_check_holds(
    service: Service, second: SecondSigner, voted: VotingSession
) -> None:
    """The second signer is its witness too: what it cosigned before is continued."""
    given_up(voted, second)
    witnesses.ask_witnesses(service, voted.id)
    reports = [verifier.verify(publish.record(service, voted.id, kind=kind)) for kind in RecordKind]
    for report in reports:
        assert report.ok, report.text("en")
        assert f"{NAME} did not state the turnout" in report.text("en")
        assert f"没有{NAME}的封箱声明" in report.text("zh")
    head = verify_checkpoint(
        service.office.checkpoint(voted.id) or "", voted.manifest.board, voted.manifest.witnesses
    )
    assert [number for number, _ in head.cosigned] == [0]


def test_nothing_is_opened_afterwards_or_closed(
    service: Service, second: SecondSigner, voted: VotingSession
) -> None:
    given_up(voted, second)
    for step in (
        lambda: close.close(service, voted.id),
        lambda: opening.open_boxes(service, voted.id),
        lambda: close.declare_unstated(service, voted.id),
        lambda: slips.activate(service, voted.id, voter_class=0, first=1, last=1),
    ):
        assert code_of(step) == "wrong-phase"


def test_tellers_are_not_asked_for_anything(service: Service, second: SecondSigner) -> None:
    enrolled(service, second)
    wanted = replace(draft(slips=(4, 3), tellers=2, quorum=2), signer=second.url)
    session = prepare(service, given=wanted)
    for serial in (1, 2, 3):
        vote(session, second, serial)
    with second.away():
        assert code_of(lambda: close.close(service, session.id)) == "peer-unreachable"
        with pytest.raises(NotClosed):
            session.cards[0].hand_in_factors(session.manifest)
        close.declare_unstated(service, session.id)
    with pytest.raises(NotClosed):
        session.cards[0].hand_in_factors(session.manifest)
    assert not any(one.handed_in for one in tellers.statuses(service, session.id))


def test_while_every_signer_answers_the_session_is_closed_instead(
    service: Service, second: SecondSigner, voted: VotingSession
) -> None:
    """Nobody makes a session void by declaring gone a signer that is there."""
    assert not close.unfinished(service, voted.id)
    assert code_of(lambda: close.declare_unstated(service, voted.id)) == "not-closing"
    with second.away():
        assert code_of(lambda: close.close(service, voted.id)) == "peer-unreachable"
    assert close.unfinished(service, voted.id)
    assert code_of(lambda: close.declare_unstated(service, voted.id)) == "signers-answer"
    assert service.row(voted.id).phase is Phase.VOTING
    close.close(service, voted.id)
    assert not close.unfinished(service, voted.id)
    assert code_of(lambda: close.declare_unstated(service, voted.id)) == "wrong-phase"
    opening.open_boxes(service, voted.id)


def test_a_closed_session_keeps_its_signers_turnout(
    service: Service, second: SecondSigner, voted: VotingSession
) -> None:
    """Once it has stated it, nobody can say that it did not: not even if it goes then."""
    close.close(service, voted.id)
    with second.away():
        assert code_of(lambda: close.declare_unstated(service, voted.id)) == "wrong-phase"
    assert {e.signer for e in entries_of(voted) if isinstance(e, board.Turnout)} == {0, 1}


def test_a_turnout_that_was_stated_before_the_close_was_cut_off_counts(
    service: Service,
    second: SecondSigner,
    voted: VotingSession,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def cut_off(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(close, "_complete", cut_off)
        with pytest.raises(KeyboardInterrupt):
            close.close(service, voted.id)
    with second.away():
        assert code_of(lambda: close.declare_unstated(service, voted.id)) == "signers-answer"
        close.close(service, voted.id)
    assert service.row(voted.id).phase is Phase.CLOSED


def test_a_signer_that_is_merely_busy_is_not_gone(
    service: Service,
    second: SecondSigner,
    voted: VotingSession,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def busy(*_: object, **__: object) -> None:
        raise RefusedByPeerError(503, "busy", "")

    with second.away():
        assert code_of(lambda: close.close(service, voted.id)) == "peer-unreachable"
    with monkeypatch.context() as patch:
        patch.setattr(PeerClient, "close", busy)
        assert code_of(lambda: close.declare_unstated(service, voted.id)) == "peer-refused"
    assert service.row(voted.id).phase is Phase.VOTING


def test_a_signer_that_has_lost_the_session_has_gone_as_well(
    service: Service, second: SecondSigner, voted: VotingSession
) -> None:
    """Its machine is back, from a backup of the day before: it knows of no such session."""
    with second.signer.registry.database.write() as tx:
        tx.execute(delete(SignedSessionRow))
    assert code_of(lambda: close.close(service, voted.id)) == "peer-refused"
    close.declare_unstated(service, voted.id)
    assert service.row(voted.id).phase is Phase.VOID


def test_nobody_strikes_off_a_signer_to_have_it_declared_gone(
    service: Service, second: SecondSigner, voted: VotingSession
) -> None:
    """It would not be asked any more, although it would answer."""
    with second.away():
        assert code_of(lambda: close.close(service, voted.id)) == "peer-unreachable"
    assert code_of(lambda: signers.dismiss(service, second.url)) == "peer-needed"
    assert code_of(lambda: close.declare_unstated(service, voted.id)) == "signers-answer"
    close.close(service, voted.id)
    signers.dismiss(service, second.url)
    assert signers.peers(service) == ()


def test_a_signer_whose_enrolment_is_lost_can_be_given_up(
    service: Service, second: SecondSigner, voted: VotingSession
) -> None:
    signers.stored(service).remove(second.url)
    assert code_of(lambda: close.close(service, voted.id)) == "peer-unknown"
    close.declare_unstated(service, voted.id)
    assert signers.unstated(service, voted.manifest) == (NAME,)
