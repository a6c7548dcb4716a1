"""The board's page, and finding one's own ballot there without telling anyone which it is."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from appraisal.steps.close import close
from appraisal.steps.opening import open_boxes
from appraisal.steps.publish import public_record
from appraisal.tally.results import Status
from tests.browser.phone import SETTLED, SMALL, Booth, Phone, findings, sideways
from tests.voting_session import VotingSession, draft, prepare

pytestmark = pytest.mark.browser


def _link(booth: Booth, session: VotingSession, serial: int) -> str:
    fingerprint = session.manifest.fingerprint
    return f"{booth.server.url}/v/{session.id}#{session.code(serial)}.{fingerprint}"


def _search(phone: Phone, text: str) -> str:
    phone.page.fill("#receipt-text", text)
    phone.page.click("#find button")
    phone.page.wait_for_selector("#found p")
    return phone.page.locator("#found").inner_text()


def test_from_a_receipt_to_the_ballot_and_its_count(booth: Booth, browser: Browser) -> None:
    """Two phones vote; what they chose is exactly what is opened, and their receipts find it."""
    session = prepare(booth.service, given=draft(subjects=2, slips=(4,)))
    receipts, trackers = [], []
    for serial, grades in ((1, (1, 2, 0)), (2, (4, 5, 3))):
        phone = Phone.new(browser)
        phone.draw(_link(booth, session, serial))
        phone.choose(*grades)
        phone.go_on()
        phone.choose(*reversed(grades))
        phone.to_review()
        phone.page.click("#cast")
        phone.page.wait_for_selector(".final")
        phone.page.click("#receipt")
        receipts.append(phone.page.input_value("#receipt-text"))
        phone.page.click(".trackers button")
        shown = phone.page.locator(".tracker-list dd").all_inner_texts()
        trackers.append([text.replace(" ", "") for text in shown])
        phone.context.close()

    phone = Phone.new(browser)
    address = f"{booth.server.url}/b/{session.id}"
    phone.page.goto(address)
    early = _search(phone, receipts[0])
    assert "还没有封箱" in early
    assert "您的选票已被收下" in early

    close(booth.service, session.id)
    results = open_boxes(booth.service, session.id)
    assert results.status is not Status.VOID
    phone.page.goto(address)
    for receipt in receipts:
        assert "找到了：2 张选票都在公示板上" in _search(phone, receipt)
    asked = [request for request in phone.requests if request.method != "GET"]
    assert asked == []
    for line in receipts[0].split("\n")[2:4]:
        assert not any(line[:64] in request.url for request in phone.requests)

    record = public_record(booth.service, session.id)
    openings = record.files["openings.json"].decode()
    for voter, (first, second) in enumerate((([1, 2, 0], [0, 2, 1]), ([4, 5, 3], [3, 5, 4]))):
        for tracker, answers in zip(trackers[voter], (first, second), strict=True):
            written = str(answers).replace(" ", "")
            assert f'{{"answers":{written},"tracker":"{tracker}"}}' in openings

    missing = receipts[0].replace(receipts[0].split("\n")[2][:64], "ab" * 32)
    assert "2 张选票里有 1 张不在公示板上" in _search(phone, missing)
    assert "签名不是这次评议的" in phone.page.locator("#found").inner_text()
    assert "没有认出回执" in _search(phone, "hello")
    phone.page.click("#language")
    assert "No receipt or tracker was recognised" in phone.page.locator("#found").inner_text()
    phone.page.click("#language")

    _look_up_trackers(phone, trackers[0])
    expect(phone.page.locator("#slips ~ .scroll table")).to_contain_text("党员")
    expect(phone.page.locator("#results")).to_contain_text("由党组织研究决定")
    expect(phone.page.locator(".downloads")).to_contain_text(f"record-{session.id}.zip")
    phone.page.click("#language")
    expect(phone.page.locator("h2").first).to_have_text("Results")
    phone.page.locator("#results details:has(.scroll) > summary").first.click()
    assert findings(phone.page) == []
    for width in (390, 320):
        phone.page.set_viewport_size({"width": width, "height": 844})
        phone.page.evaluate(SETTLED)
        cut = "(e) => e.filter((box) => box.scrollWidth > box.clientWidth).length"
        assert phone.page.locator(".scroll").evaluate_all(cut) == 0
        assert sideways(phone.page) == {}
    _tells_of_scrolling(phone)
    phone.context.close()


def _tells_of_scrolling(phone: Phone) -> None:
    """At twice the size of type a table that does not fit says that it can be moved."""
    tables = phone.page.locator("details[open] .scroll")
    told = "(e) => e.filter((box) => !box.previousElementSibling.hidden).length"
    assert tables.evaluate_all(told) == 0
    phone.page.evaluate("document.documentElement.style.fontSize = '225%'")
    phone.page.evaluate(SETTLED)
    cut = "(e) => e.filter((box) => box.scrollWidth > box.clientWidth).length"
    assert tables.evaluate_all(told) == tables.evaluate_all(cut) > 0


def _look_up_trackers(phone: Phone, trackers: list[str]) -> None:
    """From the trackers of a vote of grades 1, 2, 0 and 0, 2, 1 to what was published of it."""
    page, answer = phone.page, phone.page.locator("#found")
    before = len(phone.requests)
    typed = [" ".join(tracker[at : at + 8] for at in range(0, 32, 8)) for tracker in trackers]
    assert "请确认旁边没有人在看" in _search(phone, "\n".join(typed))
    assert len(phone.requests) == before  # nothing is even fetched before the warning is read
    page.click("#show-ballot")
    expect(answer.locator("section")).to_have_count(2)
    said = [text.split("\n") for text in answer.locator("section").all_inner_texts()]
    assert said[0][1:] == [
        "党性观念强不强", "强", "联系服务群众够不够", "较够",
        "发挥先锋模范作用明显不明显", "未填（弃权）",
    ]  # fmt: skip
    assert said[1][2::2] == ["未填（弃权）", "较够", "明显"]
    page.click("#language")
    expect(answer.locator("section").first).to_contain_text("Strong")
    page.click("#language")
    assert not any(tracker in request.url for request in phone.requests for tracker in trackers)
    answer.locator("button").click()
    expect(answer.locator("section")).to_have_count(0)
    assert page.input_value("#receipt-text") == ""

    _search(phone, "0" * 32)
    page.click("#show-ballot")
    expect(answer.locator(".error")).to_contain_text("1 个核对号里有 1 个没有找到")
    expect(answer).to_contain_text("抄错了")
    page.route("**/openings.json", lambda route: route.fulfill(body="{}"))
    _search(phone, trackers[0])
    page.click("#show-ballot")
    expect(answer.locator(".error")).to_contain_text("不是同一份")
    page.unroute_all()


def test_a_tracker_is_asked_to_wait_for_the_opening(booth: Booth, browser: Browser) -> None:
    phone = Phone.new(browser)
    phone.page.goto(f"{booth.server.url}/b/{booth.session.id}")
    assert "还没有开箱" in _search(phone, "ab" * 16)
    expect(phone.page.locator("#show-ballot")).to_have_count(0)
    phone.context.close()


def test_a_board_page_while_voting(booth: Booth, browser: Browser) -> None:
    phone = Phone.new(browser, viewport=SMALL)
    phone.page.goto(f"{booth.server.url}/b/{booth.session.id}")
    expect(phone.page.locator("[aria-current]")).to_contain_text("投票")
    expect(phone.page.locator("main")).to_contain_text("封箱以后才公布")
    expect(phone.page.locator(".foot")).to_contain_text("代管")
    assert sideways(phone.page) == {}
    assert findings(phone.page) == []
    phone.context.close()
