"""Who opens the boxes, on the office's pages: set up, tellers' links, opening, giving up."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest

from appraisal.errors import StepError
from appraisal.manifest import SessionId
from appraisal.steps import close as close_step
from appraisal.steps import setup
from appraisal.steps.service import Service
from appraisal.store.office import Phase
from tests.tellers import invited, with_keys
from tests.voting_session import VotingSession, draft, prepare
from tests.web.office.secretary import Secretary, session_form, words

ORGANISATION = "向阳社区党支部"
NAMES = "张三\n李四、王五"


@pytest.fixture
def office(service: Service) -> Secretary:
    return Secretary.signed_in(service, organisation=ORGANISATION)


def drafted(service: Service) -> SessionId:
    """A complete draft with three tellers, two of whom open."""
    organisation = service.office.organisation(ORGANISATION)
    given = draft(slips=(6, 5), tellers=3, quorum=2)
    return setup.create(service, given, organisation_id=organisation)


def closed(service: Service) -> VotingSession:
    voting = prepare(service, given=draft(slips=(6, 5), tellers=3, quorum=2))
    for serial in (1, 2, 3):
        voting.vote(serial)
        voting.vote(serial, voter_class=1)
    close_step.close(service, voting.id)
    return voting


def saved(office: Secretary, **changes: object) -> SessionId:
    answer = office.send("/office/sessions/new", session_form(**changes))
    assert answer.status_code == 302, words(answer)
    return SessionId(answer.location.split("/sessions/")[1][:10])


def filled(page: str) -> list[str]:
    """What the filled buttons of a page's main part say."""
    main = page.split("<main", 1)[1]
    return re.findall(r'class="button"[^>]*>([^<]*)<', main)


def test_a_new_session_is_in_custody_and_says_what_that_means(office: Secretary) -> None:
    page = office.get("/office/sessions/new").text
    assert re.search(r'name="custody" value="custodian" checked', page)
    assert "服务的管理员有能力提前开箱" in page
    found = setup.draft_of(office.service, saved(office))
    assert (found.tellers, found.quorum, found.retention_months) == ((), 0, 12)


def test_tellers_are_named_a_line_each_and_a_majority_opens(office: Secretary) -> None:
    session = saved(office, custody="tellers", tellers=NAMES, quorum="")
    found = setup.draft_of(office.service, session)
    assert (found.tellers, found.quorum) == (("张三", "李四", "王五"), 2)
    assert "3 人中 2 人即可开箱：丢 1 张卡不要紧，丢 2 张这次评议作废。" in office.text(
        f"/office/sessions/{session}"
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"tellers": "张三"}, "至少 2 位"),
        ({"tellers": "\n".join(f"监票人{n}" for n in range(10))}, "一次最多 9 位"),
        ({"tellers": "张三\n张三"}, "监票人“张三”写了两次"),
        ({"tellers": f"张三\n{'李' * 101}"}, "最多 100 个字"),
        ({"quorum": "1"}, "请填写 2 到 3"),
        ({"quorum": "4"}, "请填写 2 到 3"),
        ({"quorum": "两"}, "请填写整数"),
        ({"retention_months": "0"}, "1 到 120 个月"),
        ({"retention_months": ""}, "请填写选票保存期"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    office: Secretary, changes: dict[str, str], sentence: str
) -> None:
    sent = session_form(**{"custody": "tellers", "tellers": NAMES, "quorum": "2", **changes})
    answer = office.send("/office/sessions/new", sent)
    assert answer.status_code == 422
    assert sentence in words(answer)


def test_names_typed_for_tellers_do_not_count_in_a_custodian_session(office: Secretary) -> None:
    found = setup.draft_of(office.service, saved(office, tellers=NAMES, quorum="9"))
    assert (found.tellers, found.quorum) == ((), 0)


def test_a_link_is_shown_once_with_its_code(service: Service, office: Secretary) -> None:
    session = drafted(service)
    answer = office.send(f"/office/sessions/{session}/tellers/0/link")
    link = html.unescape(answer.text).split('id="address">')[1].split("<")[0]
    assert re.fullmatch(rf"{service.settings.base_url}/t/{session}#[0-9A-Z]{{26}}", link)
    assert "<svg" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    secret = link.split("#")[1]
    page = office.get(f"/office/sessions/{session}")
    assert secret not in page.text
    assert "链接已发，等核对钥匙" in words(page)


def test_a_renewed_link_warns_that_the_checked_key_is_forgotten(
    service: Service, office: Secretary
) -> None:
    session = drafted(service)
    card = invited(service, session, 1)
    card.hand_in_key()
    path = f"/office/sessions/{session}/tellers/1/link"
    assert "先前核对过的钥匙也作废" in words(office.get(path))
    status = office.get(f"/office/sessions/{session}/tellers.json").json
    assert status["tellers"] == ["未发链接", "钥匙已核对 ✓", "未发链接"]  # type: ignore[index]
    office.send(path)
    status = office.get(f"/office/sessions/{session}/tellers.json").json
    assert status["tellers"][1] == "链接已发，等核对钥匙"  # type: ignore[index]


def test_who_changes_the_quorum_is_told_that_the_checked_keys_are_void(office: Secretary) -> None:
    session = saved(office, custody="tellers", tellers=NAMES, quorum="2")
    invited(office.service, session, 0).hand_in_key()
    invited(office.service, session, 1).hand_in_key()
    path = f"/office/sessions/{session}"
    form = session_form(custody="tellers", tellers=NAMES, quorum="2", title="另一个名称")
    answer = office.send(f"{path}/edit", form, follow=True)
    assert "把钥匙作废" not in words(answer)
    answer = office.send(f"{path}/edit", form | {"quorum": "3"}, follow=True)
    assert "核对过的 2 把钥匙作废，旧钥匙卡不能再用" in words(answer)
    assert words(answer).count("链接已发，等核对钥匙") == 2


def test_beside_checked_keys_stands_what_voids_them(service: Service, office: Secretary) -> None:
    session = drafted(service)
    said = "核对过的钥匙都作废，每位要重新做钥匙卡"
    assert said not in office.text(f"/office/sessions/{session}")
    with_keys(service, session)
    assert said in office.text(f"/office/sessions/{session}")


@pytest.mark.parametrize("number", [3, 99])
def test_there_is_no_link_for_a_teller_that_there_is_not(
    service: Service, office: Secretary, number: int
) -> None:
    session = drafted(service)
    assert office.get(f"/office/sessions/{session}/tellers/{number}/link").status_code == 404


def test_freezing_waits_for_every_key_and_names_who_is_missing(
    service: Service, office: Secretary
) -> None:
    session = drafted(service)
    invited(service, session, 0).hand_in_key()
    page = office.get(f"/office/sessions/{session}")
    assert "还差 2 位" in words(page)
    assert filled(page.text) == []
    refused = office.get(f"/office/sessions/{session}/freeze")
    assert refused.status_code == 409
    assert "监票人1、监票人2" in words(refused)
    with_keys(service, session)
    page = office.get(f"/office/sessions/{session}")
    assert filled(page.text) == ["定稿…"]
    office.send(f"/office/sessions/{session}/freeze")
    office.wait(session)
    assert service.office.phase(session) is Phase.FROZEN


def test_the_boxes_can_be_opened_once_a_quorum_has_handed_in(
    service: Service, office: Secretary
) -> None:
    voting = closed(service)
    path = f"/office/sessions/{voting.id}"
    page = office.get(path)
    assert filled(page.text) == []
    assert "已交来：0 位，要 2 位" in words(page)
    assert "请监票人打开自己的链接" in words(page)
    assert "无法开箱…" in page.text
    voting.cards[2].hand_in_factors(voting.manifest)
    status = office.get(f"{path}/tellers.json").json
    assert status == {
        "phase": "closed",
        "ready": False,
        "tellers": ["还没有交", "还没有交", "已交 ✓"],
    }
    voting.cards[0].hand_in_factors(voting.manifest)
    page = office.get(path)
    assert filled(page.text) == ["开箱…"]
    assert "监票人的钥匙够数了：已有 2 位交来自己的一份，要 2 位" in words(page)
    assert "打开自己的链接" not in words(page)
    assert "无法开箱…" not in page.text
    office.send(f"{path}/open")
    office.wait(voting.id)
    assert service.office.phase(voting.id) is Phase.OPENED


@pytest.mark.parametrize("votes", [0, 1])
def test_where_no_box_has_enough_ballots_nobody_waits_for_keys(
    service: Service, office: Secretary, votes: int
) -> None:
    voting = prepare(service, given=draft(slips=(6, 5), tellers=3, quorum=2))
    for serial in range(1, votes + 1):
        voting.vote(serial)
    close_step.close(service, voting.id)
    path = f"/office/sessions/{voting.id}"
    page = office.get(path)
    assert filled(page.text) == ["开箱…"]
    for said in ("没有够数的票箱", "不用钥匙", "请点“开箱”"):
        assert said in words(page)
        assert said in words(office.get(f"{path}/open"))
    for unsaid in ("已交来", "打开自己的链接", "无法开箱…"):
        assert unsaid not in words(page)
    office.send(f"{path}/open")
    office.wait(voting.id)
    assert service.office.phase(voting.id) is Phase.OPENED


def test_who_is_appraised_opens_no_box(service: Service, office: Secretary) -> None:
    """A name is all that is known of either: two people of one name are told apart by it."""
    session = saved(office, custody="tellers", tellers="周 敏\n李四\n王五", quorum="2")
    path = f"/office/sessions/{session}"
    for page in (office.text(path), office.text(f"{path}/edit?check=1")):
        assert "“周 敏”既是评议对象又是监票人" in page
        assert "例如“周 敏（财务）”" in page
    assert office.get(f"{path}/freeze").status_code == 302
    with_keys(service, session)
    with pytest.raises(StepError) as refused:
        setup.freeze(service, session)
    assert (refused.value.code, refused.value.values) == ("teller-appraised", {"name": "周 敏"})
    other = session_form(custody="tellers", tellers="周敏（财务）\n李四\n王五", quorum="2")
    office.send(f"{path}/edit", other)
    assert "既是评议对象又是监票人" not in office.text(path)
    with_keys(service, session)
    setup.freeze(service, session)


def test_who_lost_the_link_gets_another_and_opens_with_the_same_card(
    service: Service, office: Secretary
) -> None:
    voting = closed(service)
    path = f"/office/sessions/{voting.id}/tellers/0/link"
    assert "钥匙卡不变" in words(office.get(path))
    answer = html.unescape(office.send(path).text)
    secret = answer.split('id="address">')[1].split("<")[0].split("#")[1]
    card = replace(voting.cards[0], secret=secret)
    assert card.hand_in_factors(voting.manifest) == (1, 2)


def test_giving_up_is_asked_once_and_says_what_it_costs(
    service: Service, office: Secretary
) -> None:
    voting = closed(service)
    voting.cards[0].hand_in_factors(voting.manifest)
    path = f"/office/sessions/{voting.id}/unopened"
    said = words(office.get(path))
    assert "要 2 位监票人各交自己的一份，现在交来 1 位" in said
    assert "所有选票永远封着" in said
    assert service.office.phase(voting.id) is Phase.CLOSED
    office.send(path)
    office.wait(voting.id)
    assert service.office.phase(voting.id) is Phase.VOID
    assert "交来自己那一份的监票人不够数" in office.text(f"/office/sessions/{voting.id}")


def test_nobody_gives_up_what_a_quorum_can_open(service: Service, office: Secretary) -> None:
    voting = closed(service)
    for card in voting.cards[:2]:
        card.hand_in_factors(voting.manifest)
    office.send(f"/office/sessions/{voting.id}/unopened")
    office.wait(voting.id)
    assert "请开箱；不能再宣布无法开箱" in office.text(f"/office/sessions/{voting.id}")
    assert service.office.phase(voting.id) is Phase.CLOSED


def test_a_custodian_session_is_not_given_up(service: Service, office: Secretary) -> None:
    voting = prepare(service, given=draft(slips=(6, 5)))
    voting.vote()
    close_step.close(service, voting.id)
    assert office.get(f"/office/sessions/{voting.id}/unopened").status_code == 409
    assert office.send(f"/office/sessions/{voting.id}/unopened").status_code == 409
    assert service.office.phase(voting.id) is Phase.CLOSED
