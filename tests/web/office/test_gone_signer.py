"""A further signer that does not answer at close, as the secretary sees it."""

from __future__ import annotations

import re

import pytest

from appraisal.steps import signers
from appraisal.steps.service import Service
from appraisal.store.office import Phase
from tests.second_signer import (
    NAME,
    SecondSigner,
    prepare_with,
)
from tests.two_signers import vote
from tests.voting_session import VotingSession, draft, prepare
from tests.web.office.secretary import Secretary, words


@pytest.fixture
def office(service: Service) -> Secretary:
    return Secretary.signed_in(service, organisation=draft().organisation)


@pytest.fixture
def session(service: Service, second: SecondSigner) -> VotingSession:
    made = prepare_with(service, second)
    for serial in (1, 2, 3):
        vote(made, second, serial)
    return made


def tried(office: Secretary, session: VotingSession, step: str = "close") -> str:
    """The session's page after a step that somebody else is asked in."""
    office.send(f"/office/sessions/{session.id}/{step}")
    office.wait(session.id)
    return words(office.get(f"/office/sessions/{session.id}"))


def test_closing_without_the_signer_says_what_is_done_and_what_is_missing(
    service: Service, office: Secretary, second: SecondSigner, session: VotingSession
) -> None:
    path = f"/office/sessions/{session.id}"
    assert "对方再也联系不上" not in words(office.get(path))
    with second.away():
        said = tried(office, session)
        assert f"联系不上“{NAME}”" in said
        said = words(office.get(path))
        assert "投票已经结束，封箱还没有做完" in said
        assert f"封箱还差{NAME}声明" in said
        assert "再次封箱" in said
        assert "全部启用" not in said
        screen = words(office.get(f"{path}/screen"))
        assert "投票结束，正在封箱" in screen
        assert "用手机扫您手中选票凭证" not in screen
    tried(office, session)
    assert service.office.phase(session.id) is Phase.CLOSED


def test_giving_up_a_signer_is_asked_once_and_says_what_it_costs(
    service: Service, office: Secretary, second: SecondSigner, session: VotingSession
) -> None:
    path = f"/office/sessions/{session.id}"
    with second.away():
        tried(office, session)
        said = words(office.get(f"{path}/unstated"))
        for part in (
            f"确定等不到{NAME}，这次评议作废吗？",
            "会再问它一次",
            "所有选票永远封着",
            "不能恢复",
            "再次封箱",
        ):
            assert part in said
        assert service.office.phase(session.id) is Phase.VOTING
        said = tried(office, session, "unstated")
    assert service.office.phase(session.id) is Phase.VOID
    assert f"{NAME}没有声明在它那里领取了多少张" in said
    assert "比领取的凭证还多" not in said
    reached = re.search(r'aria-current="step">\s*<span>(.*?)<', office.get(path).text)
    assert reached
    assert reached[1] == "封箱", "it never was closed"
    assert office.get(f"{path}/sheets/summary-portrait.pdf").status_code in {200, 404}


def test_a_signer_that_is_back_is_not_given_up(
    service: Service, office: Secretary, second: SecondSigner, session: VotingSession
) -> None:
    with second.away():
        tried(office, session)
    said = tried(office, session, "unstated")
    assert "各签发方都答复了，这次评议不用作废" in said
    assert service.office.phase(session.id) is Phase.VOTING
    tried(office, session)
    assert service.office.phase(session.id) is Phase.CLOSED


def test_a_signer_is_not_removed_while_people_vote(
    service: Service, second: SecondSigner, session: VotingSession
) -> None:
    operator = Secretary.signed_in(service, organisation=draft().organisation, operator=True)
    refused = operator.send("/office/peers/dismissed", {"url": second.url})
    assert refused.status_code == 409
    assert "封箱以后才能移除" in words(refused)
    assert service.office.phase(session.id) is Phase.VOTING
    assert [peer.url for peer in signers.peers(service)] == [second.url]


def test_only_a_session_that_waits_for_a_signer_is_given_up(
    service: Service, office: Secretary, session: VotingSession
) -> None:
    alone = prepare(service, given=draft(slips=(6, 5)))
    for one in (session, alone):
        for answer in (
            office.get(f"/office/sessions/{one.id}/unstated"),
            office.send(f"/office/sessions/{one.id}/unstated"),
        ):
            assert answer.status_code == 409
            assert "等不到签发方" in words(answer)
        assert service.office.phase(one.id) is Phase.VOTING
    assert signers.unstated(service, alone.manifest) == ()
