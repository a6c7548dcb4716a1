"""The voter's page on a phone, against the real service."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from tests.browser.phone import Booth, Phone, answer_lost, no_network
from tests.voting_session import draft, prepare

pytestmark = pytest.mark.browser

FINAL = "您的选票已投入票箱"
SYNTHETIC_EVENTS = """() => {
  const button = document.getElementById("draw");
  button.focus();
  button.click();
  for (const target of [button, document.body]) {
    for (const kind of ["pointerdown", "pointerup"]) {
      target.dispatchEvent(new PointerEvent(kind, { bubbles: true }));
    }
    for (const kind of ["mousedown", "mouseup", "click"]) {
      target.dispatchEvent(new MouseEvent(kind, { bubbles: true }));
    }
    for (const key of ["Enter", " "]) {
      target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
      target.dispatchEvent(new KeyboardEvent("keyup", { key, bubbles: true }));
    }
  }
  scrollTo(0, document.body.scrollHeight);
}"""
"""What a script that opens links may do to a page; no tap of a person."""


def test_a_whole_vote_by_taps(booth: Booth, phone: Phone) -> None:
    drawn, cast = booth.counts()
    phone.scan(booth.fresh_link())
    page = phone.page
    expect(page).to_have_url(booth.address)  # the code left the address bar at once
    expect(page.locator("h1")).to_have_text(booth.session.manifest.title)
    expect(page.locator("main")).to_contain_text("评议\u00a07\u00a0个对象")
    expect(page.locator("main")).to_contain_text("匿名")
    expect(page.locator(".foot")).to_contain_text("开箱密钥没有交给监票人，由系统代管")
    expect(page.locator(".demonstration")).to_be_visible()
    assert booth.counts() == (drawn, cast)
    page.click("#draw")
    for subject in range(1, 8):
        expect(page.locator(".bar")).to_contain_text(f"{subject} / 7")
        phone.choose(1, 2, 5)
        page.click("#next")
    expect(page.locator("#blanks")).to_have_text("每一题都填了。")
    page.click("#cast")
    expect(page.locator("h1.final")).to_have_text(FINAL)
    expect(page.locator("#live")).to_have_text("")  # nothing is being sealed any more
    expect(page.locator("main")).to_contain_text("可以关闭本页")
    assert booth.counts() == (drawn + 1, cast + 1)
    assert [request.url.rsplit("/", 1)[-1] for request in phone.posts] == ["draw", "cast"]


def test_nothing_is_sent_between_draw_and_cast(booth: Booth, phone: Phone) -> None:
    phone.draw(booth.fresh_link())
    before = len(phone.requests)
    phone.choose(1, 2, 3)
    phone.to_review()
    assert len(phone.requests) == before


def test_afterwards_the_phone_keeps_nothing_that_shows_the_vote(booth: Booth, phone: Phone) -> None:
    phone.vote(booth.fresh_link())
    expect(phone.page.locator("main")).to_contain_text("要回执请现在取")
    assert phone.kept() == {"appraisal/1/done": "1"}
    assert phone.context.cookies() == []
    phone.page.reload()
    expect(phone.page.locator("h1.final")).to_have_text(FINAL)
    expect(phone.page.locator("#receipt, #receipt-now")).to_have_count(0)  # gone with the page
    phone.page.go_back()
    expect(phone.page.locator("fieldset")).to_have_count(0)


def test_blank_answers_are_shown_and_allowed(booth: Booth, phone: Phone) -> None:
    phone.draw(booth.fresh_link())
    phone.choose(1, 0, 2)
    phone.to_review()
    expect(phone.page.locator("dd.blank")).to_have_count(19)
    expect(phone.page.locator("#blanks")).to_contain_text("有 19 题没有填，算弃权")
    phone.page.click("#cast")
    phone.page.wait_for_selector(".final")


def test_quick_fill_offers_every_grade_alike_and_can_be_cleared(booth: Booth, phone: Phone) -> None:
    phone.draw(booth.fresh_link())
    page = phone.page
    page.click("summary")
    offers = page.locator("details button").all_inner_texts()
    assert offers[0] == "强 · 够 · 明显"
    assert len(offers) == 5
    page.locator("details button").nth(3).click()
    assert page.locator("input:checked").evaluate_all("(all) => all.map((i) => i.value)") == [
        "4",
        "4",
        "4",
    ]
    page.get_by_role("button", name="清空这一页").click()
    expect(page.locator("input:checked")).to_have_count(0)


def test_a_change_from_the_review(booth: Booth, phone: Phone) -> None:
    phone.draw(booth.fresh_link())
    phone.choose(1, 1, 1)
    phone.to_review()
    phone.page.locator(".summary button").first.click()
    phone.choose(0, 4)
    phone.to_review()
    answers = phone.page.locator(".summary").first.locator("dd").all_inner_texts()
    assert answers == ["强", "不够", "明显"]


def test_reload_in_the_middle(booth: Booth, phone: Phone) -> None:
    phone.draw(booth.fresh_link())
    phone.choose(1, 2, 3)
    phone.page.click("#next")
    phone.choose(4)
    phone.page.reload()
    expect(phone.page.locator(".bar")).to_contain_text("2 / 7")
    expect(phone.page.locator("fieldset").first.locator("input:checked")).to_have_value("4")
    phone.page.go_back()
    expect(phone.page.locator(".bar")).to_contain_text("1 / 7")
    expect(phone.page.locator("input:checked")).to_have_count(3)


def test_reload_before_the_draw(booth: Booth, phone: Phone) -> None:
    phone.scan(booth.fresh_link())
    phone.page.reload()
    phone.page.click("#draw")
    phone.page.wait_for_selector("fieldset")


def test_the_page_was_killed_and_is_scanned_again(booth: Booth, phone: Phone) -> None:
    link = booth.fresh_link()
    phone.draw(link)
    phone.choose(3)
    phone.page.close()
    phone.page = phone.context.new_page()
    phone.page.goto(link)
    expect(phone.page.locator("input:checked")).to_have_value("3")


def test_the_page_was_killed_and_is_opened_without_its_code(booth: Booth, phone: Phone) -> None:
    phone.draw(booth.fresh_link())
    phone.choose(3)
    phone.page.close()
    phone.page = phone.context.new_page()
    phone.page.goto(booth.address)
    phone.page.get_by_role("button", name="接着填没投完的").click()
    expect(phone.page.locator("input:checked")).to_have_value("3")


def test_an_answer_lost_at_the_draw_is_asked_for_again(booth: Booth, phone: Phone) -> None:
    drawn, _ = booth.counts()
    phone.page.route("**/draw", answer_lost, times=1)
    phone.draw(booth.fresh_link())
    assert booth.counts()[0] == drawn + 1
    first, second = phone.posts
    assert first.post_data == second.post_data


def test_an_answer_lost_at_the_cast_neither_loses_nor_doubles(booth: Booth, phone: Phone) -> None:
    phone.draw(booth.fresh_link())
    _, cast = booth.counts()
    phone.to_review()
    phone.page.route("**/cast", answer_lost, times=2)
    phone.page.click("#cast")
    phone.page.wait_for_selector(".final")
    assert booth.counts()[1] == cast + 1
    bodies = {request.post_data for request in phone.posts if request.url.endswith("/cast")}
    assert len(bodies) == 1


def test_no_network_at_the_cast_then_a_new_page(booth: Booth, phone: Phone) -> None:
    phone.draw(booth.fresh_link())
    _, cast = booth.counts()
    phone.to_review()
    phone.page.route("**/cast", no_network)
    phone.page.click("#cast")
    expect(phone.page.locator("#progress")).to_contain_text("正在重试")
    sealed = next(v for k, v in phone.kept().items() if booth.session.id in k)
    assert "answers" not in sealed  # only what is sealed is left on the phone
    phone.page.close()
    phone.page = phone.context.new_page()
    phone.page.goto(booth.address)
    phone.page.get_by_role("button", name="接着填没投完的").click()
    phone.page.wait_for_selector(".final")
    assert booth.counts()[1] == cast + 1


def test_a_network_that_stays_away_says_what_to_do(booth: Booth, phone: Phone) -> None:
    phone.page.clock.install()
    phone.draw(booth.fresh_link())
    phone.to_review()
    phone.page.route("**/cast", no_network)
    phone.page.click("#cast")
    phone.give_up()
    expect(phone.page.locator("h1")).to_have_text("连不上网络")
    expect(phone.page.locator("main .advice")).to_contain_text("没有丢，也不会重复")
    phone.page.unroute("**/cast")
    phone.page.click("#again")
    phone.page.wait_for_selector(".final")


def test_the_next_voter_on_the_same_phone(booth: Booth, phone: Phone) -> None:
    _, cast = booth.counts()
    phone.vote(booth.fresh_link())
    phone.page.click("#next-voter")
    assert phone.kept() == {}
    phone.page.evaluate("(link) => location.assign(link)", booth.fresh_link())
    phone.page.click("#draw")
    phone.page.wait_for_selector("fieldset")
    expect(phone.page.locator("input:checked")).to_have_count(0)
    phone.to_review()
    phone.page.click("#cast")
    phone.page.wait_for_selector(".final")
    assert booth.counts()[1] == cast + 2


def test_another_slip_while_one_is_unfinished(booth: Booth, phone: Phone) -> None:
    first, second = booth.fresh_link(), booth.fresh_link()
    phone.draw(first)
    phone.choose(2)
    phone.page.goto("about:blank")
    phone.page.goto(second)
    expect(phone.page.locator("h1")).to_have_text("手机上有没投完的选票")
    phone.page.click("#aside")
    phone.page.click("#draw")
    phone.page.wait_for_selector("fieldset")
    expect(phone.page.locator("input:checked")).to_have_count(0)
    phone.to_review()
    phone.page.click("#cast")
    phone.page.wait_for_selector(".final")
    phone.page.goto("about:blank")
    phone.page.goto(first)  # the one put aside is still there
    expect(phone.page.locator("input:checked")).to_have_value("2")


def test_two_pages_of_one_phone(booth: Booth, phone: Phone) -> None:
    drawn, cast = booth.counts()
    link = booth.fresh_link()
    phone.scan(link)
    first, phone.page = phone.page, phone.context.new_page()
    phone.draw(link)
    first.bring_to_front()
    first.click("#draw")  # does not draw again: the other page's ballot is here too
    first.wait_for_selector("fieldset")
    assert len(phone.posts) == 1
    phone.page.bring_to_front()
    phone.to_review()
    phone.page.click("#cast")
    phone.page.wait_for_selector(".final")
    phone.page = first
    first.bring_to_front()
    phone.to_review()
    first.click("#cast")
    expect(first.locator("h1.problem")).to_have_text("这张选票已经投过一次")
    assert booth.counts() == (drawn + 1, cast + 1)
    assert booth.session.id not in str(phone.kept())


def test_a_typed_code_and_the_fingerprint(booth: Booth, phone: Phone) -> None:
    page = phone.page
    page.goto(f"{booth.server.url}/v")
    page.fill("#session", booth.session.id.upper())
    page.fill("#code", "0-7XK")
    page.click("button[type=submit]")
    expect(page.locator("#code-error")).to_contain_text("21 位")
    code = booth.slip().code
    page.fill("#code", f" {code[0]}-{code[1:6].lower()} {code[6:]}")
    page.click("button[type=submit]")
    shown = page.locator(".symbols").inner_text().replace("-", "")
    assert shown == booth.session.manifest.fingerprint[:10]
    page.get_by_role("button", name="不一样", exact=True).click()
    expect(page.locator("h1.problem")).to_have_attribute("data-problem", "fingerprint")
    assert phone.posts == []
    page.get_by_role("button", name="再看一遍").click()
    page.get_by_role("button", name="一样", exact=True).click()
    page.click("#draw")
    page.wait_for_selector("fieldset")


def test_english_is_one_tap_away_and_keeps_the_answers(booth: Booth, phone: Phone) -> None:
    phone.draw(booth.fresh_link())
    phone.choose(1, 2)
    phone.page.click("#language")
    expect(phone.page.locator("html")).to_have_attribute("lang", "en")
    expect(phone.page.locator("#next")).to_have_text("Next")
    expect(phone.page.locator("input:checked")).to_have_count(2)
    phone.page.reload()
    expect(phone.page.locator("#next")).to_have_text("Next")
    phone.to_review()
    phone.page.click("#cast")
    expect(phone.page.locator("h1.final")).to_have_text("Your ballot is in the box")
    body = phone.page.locator("main").inner_text() + phone.page.locator("footer").inner_text()
    assert not re.search(r"[\u4e00-\u9fff]", body)


def test_only_a_persons_tap_draws(booth: Booth, phone: Phone) -> None:
    drawn, _ = booth.counts()
    phone.scan(booth.fresh_link())
    phone.page.evaluate(SYNTHETIC_EVENTS)
    phone.page.wait_for_timeout(1500)
    assert phone.posts == []
    assert booth.counts()[0] == drawn
    expect(phone.page.locator("#draw")).to_be_visible()


def test_a_page_left_open_by_a_machine_draws_nothing(booth: Booth, phone: Phone) -> None:
    """A10: what opens links and pokes at them, for 30 seconds and more, uses no slip up."""
    drawn, cast = booth.counts()
    page = phone.page
    page.clock.install()
    link = booth.fresh_link()
    phone.scan(link)
    for _ in range(6):
        page.evaluate(SYNTHETIC_EVENTS)
        page.wait_for_timeout(1000)  # a real second
        page.clock.run_for(6000)  # and six of the page's own
    assert phone.posts == []
    assert booth.counts() == (drawn, cast)
    page.reload()
    phone.vote(link)  # the slip is as good as new
    assert booth.counts() == (drawn + 1, cast + 1)


def test_without_a_mouse(booth: Booth, phone: Phone) -> None:
    phone.scan(booth.fresh_link())
    page = phone.page
    _tab_to(page, "draw")
    page.keyboard.press("Enter")
    page.wait_for_selector("fieldset")
    assert page.evaluate("document.activeElement.tagName") == "H1"
    for _ in range(2):  # past the quick fill, into the first question
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    expect(page.locator("input:checked")).to_have_value("2")
    _tab_to(page, "next")
    page.keyboard.press("Enter")
    expect(page.locator(".told[role=alert]").last).to_contain_text("还有 2 题没有填")
    page.keyboard.press("Enter")  # asked, and meant
    expect(page.locator(".bar")).to_contain_text("2 / 7")


def _tab_to(page: Page, name: str) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == name:
            return
    raise AssertionError(f"no way to #{name}")


def test_a_phone_that_keeps_nothing_can_still_vote(booth: Booth, phone: Phone) -> None:
    phone.context.add_init_script(
        """for (const name of ["localStorage", "sessionStorage"]) {
          const get = () => { throw new DOMException("no", "SecurityError"); };
          Object.defineProperty(window, name, { get });
        }"""
    )
    phone.scan(booth.fresh_link())
    expect(phone.page.locator(".warning")).to_contain_text("请一口气填完")
    phone.page.click("#draw")
    phone.page.wait_for_selector("fieldset")
    phone.choose(1)
    phone.to_review()
    phone.page.click("#cast")
    phone.page.wait_for_selector(".final")


def test_a_phone_of_2020(booth: Booth, phone: Phone) -> None:
    phone.context.add_init_script(
        """delete Object.hasOwn; delete Intl.Segmenter; delete window.structuredClone;
        delete Array.prototype.at; delete Array.prototype.findLast; delete Array.prototype.toSorted;
        delete String.prototype.replaceAll; delete Uint8Array.fromHex;
        delete Uint8Array.prototype.toHex; delete AbortSignal.timeout;
        delete navigator.__proto__.clipboard; delete Crypto.prototype.subtle;
        delete Crypto.prototype.randomUUID;"""
    )
    phone.vote(booth.fresh_link())


def test_a_receipt_that_will_tell_says_so(booth: Booth, phone: Phone) -> None:
    """Where decryption factors are published, whoever has a receipt reads its ballot."""
    session = prepare(booth.service, given=replace(draft(), publish_factors=True))
    phone.vote(Booth(booth.service, booth.server, session).fresh_link())
    phone.page.click("#receipt")
    expect(phone.page.locator("main .warning").first).to_contain_text("谁就能看到您怎么投的")
    expect(phone.page.locator("main")).not_to_contain_text("看不出您怎么投的")


def test_a_receipt_only_on_request_and_the_trackers_behind_a_warning(
    booth: Booth, phone: Phone
) -> None:
    phone.vote(booth.fresh_link())
    main = phone.page.locator("main")
    assert not re.search(r"[0-9a-f]{16}", main.inner_text())
    phone.page.click("#receipt")
    lines = phone.page.input_value("#receipt-text").strip().split("\n")
    assert len(lines) == 9
    assert lines[1] == f"公示板：{booth.server.url}/b/{booth.session.id}"
    assert all(re.fullmatch(r"[0-9a-f]{64} [A-Za-z0-9+/]{86}==", line) for line in lines[2:])
    expect(main).to_contain_text("不要给任何人看")
    expect(phone.page.locator(".tracker-list")).to_have_count(0)
    phone.page.click(".trackers button")
    expect(phone.page.locator(".tracker-list dd")).to_have_count(7)
