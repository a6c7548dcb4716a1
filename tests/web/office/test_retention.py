"""The end of the ballots on the office's pages, and the peers that an operator enrols."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from appraisal.manifest import SessionId
from appraisal.steps import close as close_step
from appraisal.steps import opening, retention, setup, signers
from appraisal.steps.service import Service
from appraisal.store.peers import Peer
from appraisal.web.office.results import sheets as result_sheets
from tests.voting_session import draft, prepare
from tests.web.office.secretary import Secretary, session_form, words

ORGANISATION = "向阳社区党支部"
SENT = {
    "decided_by": "支部委员会",
    "first_witness": "周敏",
    "second_witness": "吴晓东",
    "operator": "李文书",
    "place": "",
    "reason": "支部撤销",
}
PEER = Peer(
    url="https://signer.example.org",
    name="市直机关工委",
    secret="0" * 26,
    signs=True,
    witness_name="witness.example.org",
    witness_key=bytes(32),
)


@pytest.fixture
def office(service: Service) -> Secretary:
    return Secretary.signed_in(service, organisation=ORGANISATION)


@pytest.fixture
def operator(service: Service) -> Secretary:
    return Secretary.signed_in(service, "operator@example.org", operator=True)


def opened(service: Service) -> SessionId:
    voting = prepare(service, given=draft(slips=(6, 5)))
    for serial in (1, 2, 3):
        voting.vote(serial)
        voting.vote(serial, voter_class=1)
    close_step.close(service, voting.id)
    opening.open_boxes(service, voting.id)
    return voting.id


def test_an_opened_session_says_until_when_its_ballots_are_kept(
    service: Service, office: Secretary
) -> None:
    session = opened(service)
    last = retention.kept_until(service, session)
    said = office.text(f"/office/sessions/{session}")
    assert f"保存到 {last.year}年{last.month}月{last.day}日" in said


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reason": ""}, "提前销毁须写明原因"),
        ({"second_witness": "周敏"}, "监销人须是两个不同的人"),
        ({"first_witness": "李文书"}, "监销人须是两个不同的人"),
        ({"first_witness": ""}, "请填写两位监销人的姓名"),
        ({"decided_by": ""}, "请填写由谁决定销毁"),
    ],
)
def test_a_decision_that_is_not_complete_destroys_nothing(
    service: Service, office: Secretary, changes: dict[str, str], sentence: str
) -> None:
    session = opened(service)
    answer = office.send(f"/office/sessions/{session}/destroy", {**SENT, **changes})
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert service.box.counts(session)


def test_what_was_destroyed_is_said_and_the_certificate_offered_again(
    service: Service, office: Secretary
) -> None:
    session = opened(service)
    path = f"/office/sessions/{session}"
    assert office.get(f"{path}/destruction.pdf").status_code == 404
    before = office.text(path)
    assert "收回" in before
    assert office.send(f"{path}/destroy", SENT).status_code == 302
    page = office.get(path)
    assert "监销人：周敏、吴晓东" in words(page)
    assert "下载结果报告" not in words(page)
    assert "结果报告里附着评议记录，所以不再提供" in words(page)
    for _ in range(2):
        pdf = office.get(f"{path}/destruction.pdf")
        assert pdf.data.startswith(b"%PDF")
    assert office.get(f"{path}/result").status_code == 200
    assert office.get(f"{path}/results.xlsx").status_code == 200
    for gone in ("report.pdf", "record-public.zip", "audit"):
        answer = office.get(f"{path}/{gone}")
        assert answer.status_code == 409
        assert "已经按期销毁" in words(answer)
    # The slips that came back are still counted.
    slips = before.split("合计")[1].split()[:5]
    assert words(page).split("合计")[1].split()[:5] == slips


def test_sheets_that_were_made_before_are_dropped(
    service: Service, office: Secretary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They tell why ballots were spoilt, which nobody shall know any more."""
    monkeypatch.setattr(result_sheets, "AT_ONCE", 0)
    session = opened(service)
    path = f"/office/sessions/{session}"
    office.send(f"{path}/sheets/summary-portrait")
    office.wait(session)
    assert office.get(f"{path}/sheets/summary-portrait.pdf").status_code == 200
    office.send(f"{path}/destroy", SENT)
    assert office.get(f"{path}/sheets/summary-portrait.pdf").status_code == 404


def test_a_destruction_that_was_cut_off_is_finished_with_one_press(
    service: Service, office: Secretary, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = opened(service)
    path = f"/office/sessions/{session}"

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    decision = retention.Decision("支部委员会", ("周敏", "吴晓东"), "李文书", "", "支部撤销")
    with monkeypatch.context() as patch:
        patch.setattr(service.box, "destroy", crash)
        with pytest.raises(KeyboardInterrupt):
            retention.destroy(service, session, decision)
    assert "还没有做完" in office.text(path)
    office.send(f"{path}/destroyed")
    assert not service.box.counts(session)
    assert "监销人：周敏、吴晓东" in office.text(path)


def test_only_an_opened_or_void_session_has_ballots_to_destroy(
    service: Service, office: Secretary
) -> None:
    session = prepare(service, given=draft(slips=(6, 5))).id
    assert office.get(f"/office/sessions/{session}/destroy").status_code == 404
    assert office.send(f"/office/sessions/{session}/destroy", SENT).status_code == 404


@pytest.mark.parametrize(
    "ask",
    [
        lambda who: who.get("/office/peers/"),
        lambda who: who.send("/office/peers/", {"link": "https://signer.example.org#A"}),
        lambda who: who.send("/office/peers/dismissed", {"url": PEER.url}),
    ],
    ids=["list", "enrol", "dismiss"],
)
def test_peers_are_the_operators_business(
    service: Service, office: Secretary, ask: Callable[[Secretary], object]
) -> None:
    signers.stored(service).keep(PEER)
    assert ask(office).status_code == 403  # type: ignore[attr-defined]
    assert signers.peers(service)


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        ("", "请粘贴对方给的邀请链接"),
        ("https://signer.example.org", "这不是邀请链接"),
        (f"http://127.0.0.1:9#{'0' * 26}", "联系不上"),
    ],
)
def test_a_peer_that_cannot_be_enrolled_is_explained(
    operator: Secretary, link: str, sentence: str
) -> None:
    answer = operator.send("/office/peers/", {"link": link})
    assert answer.status_code == 422
    assert sentence in words(answer)


def test_a_peer_is_listed_without_its_secret_and_removed_after_one_question(
    service: Service, operator: Secretary
) -> None:
    peer = replace(PEER, secret="7ZKQ" + "0" * 22)
    signers.stored(service).keep(peer)
    page = operator.get("/office/peers/")
    assert "市直机关工委" in words(page)
    assert "签发、见证" in words(page)
    assert peer.secret not in page.text
    path = f"/office/peers/dismissed?url={peer.url}"
    assert "会停在那里" in words(operator.get(path))
    assert signers.peers(service)
    operator.send(path, {"url": peer.url})
    assert signers.peers(service) == ()
    assert operator.get(path).status_code == 302


def test_an_enrolled_peer_can_be_chosen_as_signer_and_witness(
    service: Service, office: Secretary
) -> None:
    signers.stored(service).keep(PEER)
    chosen = session_form(signer=PEER.url, witnesses=PEER.url)
    answer = office.send("/office/sessions/new", chosen)
    session = SessionId(answer.location.split("/sessions/")[1][:10])
    found = setup.draft_of(service, session)
    assert (found.signer, found.witnesses) == (PEER.url, (PEER.url,))
    other = session_form(signer="https://stranger.example.org")
    assert office.send("/office/sessions/new", other).status_code == 422


def test_a_signer_that_does_not_answer_is_said_where_freezing_was_asked_for(
    service: Service, office: Secretary
) -> None:
    away = replace(PEER, url="http://127.0.0.1:9")
    signers.stored(service).keep(away)
    organisation = service.office.organisation(ORGANISATION)
    given = replace(draft(slips=(6, 5)), signer=away.url)
    session = setup.create(service, given, organisation_id=organisation)
    office.send(f"/office/sessions/{session}/freeze")
    office.wait(session)
    assert "联系不上“市直机关工委”" in office.text(f"/office/sessions/{session}")
