"""The board of a session whose further signer does not state its turnout."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from appraisal import verifier
from appraisal.errors import StepError
from appraisal.steps import close
from appraisal.steps.service import Service
from appraisal.tally.record import read_archive
from appraisal.web.app import create_public
from tests.second_signer import (
    NAME,
    SecondSigner,
    prepare_with,
)
from tests.two_signers import vote
from tests.voting_session import VotingSession


@pytest.fixture
def client(service: Service) -> FlaskClient:
    return create_public(service).test_client()


@pytest.fixture
def waiting(service: Service, second: SecondSigner) -> Iterator[VotingSession]:
    """Closing was tried while the second signer is away, and it stays away."""
    session = prepare_with(service, second)
    for serial in (1, 2, 3):
        vote(session, second, serial)
    with second.away():
        with pytest.raises(StepError):
            close.close(service, session.id)
        yield session


def test_while_closing_waits_for_a_signer_everyone_reads_whom_it_waits_for(
    client: FlaskClient, waiting: VotingSession
) -> None:
    page = client.get(f"/b/{waiting.id}").text
    assert f"投票已经结束。封箱还在等{NAME}声明领取张数" in page
    assert "Voting is over." in page


def test_a_session_that_votes_or_was_closed_waits_for_nobody(
    service: Service, second: SecondSigner, client: FlaskClient
) -> None:
    session = prepare_with(service, second)
    assert "封箱还在等" not in client.get(f"/b/{session.id}").text
    close.close(service, session.id)
    assert "封箱还在等" not in client.get(f"/b/{session.id}").text


def test_a_void_session_names_the_signer_and_was_never_closed(
    client: FlaskClient, waiting: VotingSession
) -> None:
    close.declare_unstated(waiting.service, waiting.id)
    page = client.get(f"/b/{waiting.id}").text
    assert f"这次评议作废：{NAME}没有声明在它那里领取了多少张" in page
    assert f"This session is void: {NAME} did not state" in page
    for other in ("比领出的多", "钥匙太多", "封箱还在等"):
        assert other not in page
    closed = page.partition("封箱</")[2].partition("</li>")[0]
    assert "<time" not in closed
    assert "在它那里登记领取" not in page
    assert "没有声明在它那里领取了多少张</span>" in page
    assert f"领取的张数是本系统的数；{NAME}没有声明" in page, "figures that agree are not checked"


def test_its_record_is_everyones_and_says_the_same(
    client: FlaskClient, waiting: VotingSession
) -> None:
    close.declare_unstated(waiting.service, waiting.id)
    with client.get(f"/b/{waiting.id}/record.zip") as answer:
        report = verifier.verify(read_archive(answer.data))
    # Its witness, the same machine, is away as well.
    assert {finding.check for finding in report.findings} == {4}
    assert f"{NAME} did not state the turnout" in report.text("en")
