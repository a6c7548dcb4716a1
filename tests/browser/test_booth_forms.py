"""Every kind of ballot form on a phone: what it takes, what it refuses, what it asks for."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from appraisal.counting_rules import EmptyBallot
from tests.browser.forms import KINDS, LONG, PEOPLE, PLEDGE, kind, link_into, voting
from tests.browser.phone import Booth, Phone
from tests.voting_session import VotingSession

pytestmark = pytest.mark.browser


def arrive(booth: Booth, phone: Phone, name: str, **rules: Any) -> VotingSession:
    """Draws a ballot in a session of this kind."""
    session = voting(booth, KINDS[name], **rules)
    phone.draw(link_into(session, booth))
    return session


def tap(choice: Locator) -> None:
    """As a finger does; a test's own click would wait for what is refused to be allowed."""
    choice.scroll_into_view_if_needed()
    choice.locator("input").dispatch_event("click")


def answers(phone: Phone, session: VotingSession) -> list[list[int]]:
    """What the phone keeps of the answers, ballot by ballot."""
    kept = next(text for name, text in phone.kept().items() if session.id in name)
    found: list[list[int]] = json.loads(kept)["answers"]
    return found


def cast(page: Page) -> None:
    page.click("#cast")
    page.wait_for_selector(".final")


def number(page: Page, points: int) -> Locator:
    return page.locator(f".grid .choice:has(input[value='{points}'])")


def row(page: Page, number: int) -> Locator:
    return page.locator(".row").nth(number)


def test_a_blank_required_question_is_asked_for_once(booth: Booth, phone: Phone) -> None:
    phone.draw(booth.fresh_link())
    page = phone.page
    phone.choose(1, 0, 2)
    page.click("#next")
    told = page.locator("nav .told")
    expect(told).to_contain_text("还有 1 题没有填，空着算弃权")
    phone.choose(0, 3)
    expect(told).to_be_empty()
    page.click("#next")
    expect(page.locator(".bar")).to_contain_text("2 / 7")
    page.click("#next")
    expect(told).to_contain_text("还有 3 题")
    page.click("#next")
    expect(page.locator(".bar")).to_contain_text("3 / 7")


def test_what_stands_beside_the_questions(booth: Booth, phone: Phone) -> None:
    arrive(booth, phone, "card")
    page = phone.page
    expect(page.get_by_text(PLEDGE)).to_be_visible()
    expect(page.get_by_text("请对照公开承诺评议。")).to_be_visible()
    first = page.locator("fieldset").first
    expect(first).to_contain_text("（选填）")
    note = first.locator(".note")
    expect(note).to_be_visible()
    assert first.get_attribute("aria-describedby") == note.get_attribute("id")
    expect(page.locator("details ol li")).to_have_count(10)
    expect(page.locator("details ol li").first).to_be_hidden()
    page.get_by_text("参考：反向情形").click()
    expect(page.locator("details ol li").last).to_be_visible()
    page.click("#next")  # nothing is required: nothing is asked for
    expect(page.locator("h1")).to_have_text("李秀英")
    expect(page.get_by_text("公开承诺", exact=True)).to_have_count(0)


def test_whoever_is_appraised_skips_the_own_card(booth: Booth, phone: Phone) -> None:
    session = arrive(booth, phone, "score")
    page = phone.page
    expect(page.locator("main")).to_contain_text("如果这是您本人，请不要评")
    page.locator(".chip").first.click()
    page.locator(".grid .choice").first.click()
    assert answers(phone, session) == [[101]]
    page.get_by_role("button", name="这是我本人，跳过").click()
    expect(page.locator("dd.blank")).to_have_text("未填（弃权）")
    assert answers(phone, session) == [[0]]
    cast(page)


def test_nobody_skips_where_the_own_appraisal_counts(booth: Booth, phone: Phone) -> None:
    arrive(booth, phone, "share", self_appraisal=True)
    expect(phone.page.locator("main")).not_to_contain_text("本人")


def test_a_list_takes_so_many_ticks(booth: Booth, phone: Phone) -> None:
    session = arrive(booth, phone, "ticks")
    page = phone.page
    choices = page.locator(".choice")
    expect(page.locator("legend")).to_have_text("存在问题（最多选 2 项）")
    for number in (8, 0, 4):
        tap(choices.nth(number))
    expect(page.locator("fieldset .told:visible")).to_contain_text("最多选 2 项，已经满了")
    expect(choices.nth(4).locator("input")).not_to_be_checked()
    expect(choices.nth(4).locator("input")).to_have_attribute("aria-disabled", "true")
    assert answers(phone, session) == [[1, 0, 0, 0, 0, 0, 0, 0, 1]]
    tap(choices.nth(8))
    expect(page.locator("fieldset .told:visible")).to_have_count(0)
    expect(page.locator("[aria-disabled]")).to_have_count(0)
    tap(choices.nth(4))
    page.click("#next")
    ticked = page.locator(".summary dd li").all_inner_texts()
    assert ticked == ["党性观念淡薄", "群众观念淡薄"]
    cast(page)


def test_points_by_band_then_number(booth: Booth, phone: Phone) -> None:
    session = arrive(booth, phone, "score")
    page = phone.page
    chips = page.locator(".chips").first.get_by_role("button")
    assert chips.all_inner_texts() == ["优秀 90–100", "称职 70–89", "基本称职 60–69", "不称职 0–59"]
    chips.nth(1).click()
    page.click("#next")  # a band is no number yet
    expect(page.locator("nav .told")).to_contain_text("“称职”里还没有选分数")
    number(page, 73).click()
    expect(page.locator(".said")).to_have_text("73 分，称职")
    assert answers(phone, session) == [[74]]
    chips.nth(3).click()
    assert answers(phone, session) == [[0]]  # no points of another band stay behind
    page.get_by_role("button", name="0–9", exact=True).click()
    number(page, 0).click()
    assert answers(phone, session) == [[1]]
    page.reload()
    expect(page.locator(".said")).to_have_text("0 分，不称职")
    expect(page.locator("input:checked")).to_have_value("0")
    page.get_by_role("button", name="清空这一页").click()
    expect(page.locator(".grid input")).to_have_count(0)
    chips.nth(0).click()
    page.keyboard.press("Space")  # the first number has the focus
    expect(page.locator(".said")).to_have_text("100 分，优秀")
    page.click("#next")
    expect(page.locator(".summary dd")).to_have_text("100 分，优秀")
    cast(page)


def test_exactly_so_many(booth: Booth, phone: Phone) -> None:
    session = arrive(booth, phone, "exactly")
    page = phone.page
    bar = page.locator(".limits p")
    assert bar.all_inner_texts() == ["须选 2 个组织 · 已选 0", "须选 3 人 · 已选 0"]
    for number in (0, 1, 3, 2):  # the last is one branch too many
        tap(row(page, number).locator(".choice"))
    expect(row(page, 2).locator(".told")).to_contain_text("已经选满 2 个组织。要选第二小学党总支")
    assert bar.all_inner_texts() == ["须选 2 个组织 · 已选 2 · 够了", "须选 3 人 · 已选 1"]
    for _ in range(2):  # a ballot with too few is spoilt: nobody goes on with one
        page.click("#next")
        expect(page.locator("nav .told")).to_contain_text("还差 2 人，选不够是无效票")
        expect(page.locator(".bar")).to_be_visible()
    tap(row(page, 5).locator(".choice"))
    tap(row(page, 6).locator(".choice"))
    assert bar.all_inner_texts()[1] == "须选 3 人 · 已选 3 · 够了"
    page.click("#next")
    chosen = page.locator(".summary dd li").all_inner_texts()
    shared = "王建华（青年志愿者服务队）"  # another one has this name
    assert chosen == ["银杏社区党支部", LONG, "王建华（支部书记）", "欧阳明珺", shared]
    assert answers(phone, session) == [[1, 1, 0, 1, 0, 1, 1, 0, 0]]
    cast(page)


def test_a_ballot_that_would_be_spoilt_is_not_cast(booth: Booth, phone: Phone) -> None:
    arrive(booth, phone, "exactly")
    page = phone.page
    page.click("#next")
    expect(page.locator("nav .told")).to_contain_text("什么也没有填，算弃权")
    page.click("#next")
    expect(page.locator("#blanks")).to_contain_text("全部算弃权。这样也可以投")
    page.go_back()
    tap(row(page, 0).locator(".choice"))
    page.go_forward()  # past the page's own question
    expect(page.locator("#spoilt")).to_contain_text("还差 1 个组织、3 人。现在这样是无效票")
    expect(page.locator("#cast")).to_have_count(0)
    page.click("#fix")
    page.get_by_role("button", name="清空这一页").click()
    expect(page.locator("main > .told")).to_contain_text("确实清空，再点一次")
    expect(page.locator("input:checked")).to_have_count(1)
    page.get_by_role("button", name="清空这一页").click()
    expect(page.locator("input:checked")).to_have_count(0)
    phone.to_review()
    cast(page)


def test_an_empty_ballot_that_is_spoilt_is_told_of_before(booth: Booth, phone: Phone) -> None:
    session = voting(booth, KINDS["at most"], empty_ballot=EmptyBallot.SPOILT)
    page = phone.page
    phone.scan(link_into(session, booth))
    expect(page.locator("main")).to_contain_text("一题也不填的选票是无效票")
    page.click("#draw")
    page.click("#next")
    expect(page.locator("nav .told")).to_contain_text("空白的选票是无效票")
    page.click("#next")
    expect(page.locator("#empty")).to_contain_text("推荐优秀共产党员")
    expect(page.locator("#empty")).to_contain_text("空白的选票是无效票")
    expect(page.locator("main")).not_to_contain_text("这样也可以投")
    cast(page)


def test_a_share_of_the_members(booth: Booth, phone: Phone) -> None:
    """优秀 for a third of 8 members, that is 2; whoever else is to have it must take a place."""
    session = arrive(booth, phone, "share")
    page = phone.page
    bar = page.locator(".limits p")
    expect(bar).to_have_text("优秀：最多 2 人 · 已选 0")
    for number in (0, 1, 2):
        tap(row(page, number).locator(".choice").first)
    expect(bar).to_have_text("优秀：最多 2 人 · 已选 2 · 已满")
    told = row(page, 2).locator(".told:visible")
    expect(told).to_contain_text("“优秀”最多 2 人，已经满了。要给欧阳明珺，先把一个“优秀”改成别的")
    expect(row(page, 2).locator("input:checked")).to_have_count(0)
    tap(row(page, 0).locator(".choice").nth(1))
    tap(row(page, 2).locator(".choice").first)
    assert answers(phone, session) == [[2, 1, 1, 0, 0, 0]]
    page.get_by_role("button", name="清空：李秀英").click()
    expect(bar).to_have_text("优秀：最多 2 人 · 已选 1")
    page.click("#next")
    expect(page.locator("nav .told")).to_contain_text(
        "还有 4 个没有填完：李秀英、王建华（青年志愿者"
    )
    page.click("#next")
    graded = page.locator(".summary dd").all_inner_texts()
    assert graded[:3] == ["合格", "未填（弃权）", "优秀"]
    cast(page)


def test_whoever_stands_in_a_list_leaves_the_own_row(booth: Booth, phone: Phone) -> None:
    """The phone keeps blanks, and never who said "this is me"."""
    session = arrive(booth, phone, "share")
    page = phone.page
    before = phone.kept()
    mine = page.get_by_role("button", name="刘喆是我本人，不评")
    mine.click()
    expect(mine).to_have_attribute("aria-pressed", "true")
    expect(row(page, 5).locator("fieldset")).to_be_hidden()
    assert phone.kept() == before
    for number in range(5):
        tap(row(page, number).locator(".choice").nth(1))
    page.click("#next")  # the own row is not asked for
    expect(page.locator("#blanks")).to_contain_text("有 1 题没有填")
    assert answers(phone, session) == [[2, 2, 2, 2, 2, 0]]
    cast(page)


def test_a_selection_asks_nobody_to_choose_himself(booth: Booth, phone: Phone) -> None:
    arrive(booth, phone, "at most")
    expect(phone.page.locator("main")).to_contain_text("请不要选自己")
    expect(phone.page.get_by_text(PLEDGE)).to_be_hidden()
    phone.page.get_by_text("公开承诺").click()
    expect(phone.page.get_by_text(PLEDGE)).to_be_visible()
    expect(phone.page.locator("input:checked")).to_have_count(0)


def test_a_comment_is_cast_and_nothing_of_it_stays(booth: Booth, phone: Phone) -> None:
    session = arrive(booth, phone, "comments")
    page = phone.page
    phone.choose(1)
    page.click("#next")
    expect(page.locator("main")).to_contain_text("只给张书记看，不上公示板")
    expect(page.locator("#comment-room")).to_have_text("还可以写大约 200 个字。")
    # No browser sends it away to be checked, or offers it to the next voter.
    expect(page.locator("#comment")).to_have_attribute("spellcheck", "false")
    expect(page.locator("#comment")).to_have_attribute("autocomplete", "off")
    page.fill("#comment", "好" * 201)
    page.click("#next")
    expect(page.locator("nav .told")).to_contain_text("请删掉大约 1 个字")
    page.fill("#comment", "楼道照明要修。\n谢谢。")
    page.reload()
    expect(page.locator("#comment")).to_have_value("楼道照明要修。\n谢谢。")
    page.click("#next")
    expect(page.locator(".written")).to_have_text("楼道照明要修。\n谢谢。")
    cast(page)
    page.click("#receipt")
    # One receipt, of the ballot: a comment's would be looked for on the board in vain.
    assert len(page.input_value("#receipt-text").split("\n")[2:]) == 2
    page.click(".trackers button")
    expect(page.locator(".tracker-list dt")).to_have_text("王建华")
    assert "照明" not in json.dumps(phone.kept(), ensure_ascii=False)
    assert len(json.loads(phone.posts[-1].post_data or "{}")["ballots"]) == 2
    assert session.manifest.comments is not None


def test_two_forms_about_one_person_are_told_apart(booth: Booth, phone: Phone) -> None:
    both = KINDS["ticks"].forms + KINDS["score"].forms
    session = voting(booth, kind(*both, subjects=PEOPLE[1:2]))
    phone.draw(link_into(session, booth))
    expect(phone.page.locator(".form-title")).to_have_text("存在问题")
    phone.go_on()
    phone.page.locator(".chip").first.click()
    number(phone.page, 95).click()
    phone.page.go_back()
    phone.page.click("#self")  # both of them, and on to what comes after
    assert [sum(ballot) for ballot in answers(phone, session)] == [0, 0]
    titles = phone.page.locator(".summary h2").all_inner_texts()
    assert titles == ["李秀英：存在问题", "李秀英：百分制测评"]
