"""For every eye and thumb, on every kind of form: axe, sizes, large text, keys, what is said."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.forms import KINDS, link_into, voting
from tests.browser.phone import (
    SET_TEXT_SIZE,
    SMALL,
    TEXT_SIZES,
    VIEWPORT,
    Booth,
    Phone,
    findings,
    sideways,
)
from tests.browser.test_booth_comfort import SCHEMES, SMALL_TARGETS, SMALL_TEXT

pytestmark = pytest.mark.browser

COVERED = """(e) => {
  const box = e.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return !(top === e || e.contains(top) || e.parentElement.contains(top));
}"""


def screens(page: Page, kind: str) -> Iterator[str]:
    """The page of a kind empty, then full and refusing one more, then what it asks; the review."""
    yield "empty"
    for chip in page.locator(".chip").all()[-1:]:
        chip.click()
        page.locator(".tens .chip").first.click()
        page.locator(".grid .choice").first.click()
    if page.locator("#self, .self[aria-pressed]").count() and kind == "share":
        page.locator(".self[aria-pressed]").last.click()
    for number in range(3):
        boxes = page.locator(".row" if page.locator(".row").count() else "fieldset")
        place = min(number, boxes.count() - 1)
        choices = boxes.nth(place).locator(".choice")
        choice = choices.nth(number if kind == "ticks" else 0)
        if kind != "score":
            choice.locator("input").dispatch_event("click")
    for folded in page.locator("details:not([open]) > summary").all()[:1]:
        folded.click()
    yield "full"
    page.click("#next")
    yield "asked, or on the next page"
    for _ in range(6):
        for number in (3, 4, 5) if kind == "exactly" else ():
            box = page.locator(".row input").nth(number)
            if box.count() and not box.is_checked():
                box.dispatch_event("click")
        if not page.locator("#cast").count():
            page.click("#next")
    yield "review"


@pytest.mark.parametrize("kind", KINDS)
def test_axe_text_and_targets(booth: Booth, browser: Browser, kind: str) -> None:
    session = voting(booth, KINDS[kind])
    phone = Phone.new(browser)
    phone.draw(link_into(session, booth))
    found: dict[str, list[str]] = {}
    for screen in screens(phone.page, kind):
        found[screen] = phone.page.evaluate(SMALL_TEXT) + phone.page.evaluate(SMALL_TARGETS)
        for scheme in SCHEMES:
            phone.page.emulate_media(color_scheme=scheme)
            found[screen] += findings(phone.page)
    phone.context.close()
    assert len(found) == 4
    assert {screen: what for screen, what in found.items() if what} == {}
    assert not phone.errors


@pytest.mark.parametrize("english", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_small_screens_and_large_text(
    booth: Booth, browser: Browser, kind: str, *, english: bool
) -> None:
    session = voting(booth, KINDS[kind])
    phone = Phone.new(browser, viewport=SMALL)
    phone.draw(link_into(session, booth))
    if english:
        phone.page.click("#language")
    wide = {}
    for screen in screens(phone.page, kind):
        if found := sideways(phone.page):
            wide[screen] = found
    phone.context.close()
    assert wide == {}


@pytest.mark.parametrize("size", TEXT_SIZES)
def test_a_refusal_and_the_limits_are_in_sight(booth: Booth, browser: Browser, size: str) -> None:
    """Half-way down a list, at every size of type: the count on top, the refusal where tapped."""
    session = voting(booth, KINDS["share"])
    phone = Phone.new(browser)
    page = phone.page
    phone.draw(link_into(session, booth))
    page.evaluate(SET_TEXT_SIZE, size)
    for number in (0, 1, 4):
        choice = page.locator(".row").nth(number).locator(".choice").first
        choice.scroll_into_view_if_needed()
        choice.locator("input").dispatch_event("click")
    told = page.locator(".row").nth(4).locator(".told:visible")
    expect(told).to_be_in_viewport(ratio=1)
    expect(page.locator(".limits")).to_be_in_viewport(ratio=1)
    assert not told.evaluate(COVERED)
    phone.context.close()


def test_without_a_mouse(booth: Booth, browser: Browser) -> None:
    """Nothing that is focused lies under what sticks to the top and the bottom."""
    session = voting(booth, KINDS["share"])
    phone = Phone.new(browser, viewport=SMALL)
    page = phone.page
    phone.draw(link_into(session, booth))
    covered = []
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "next":
            break
        page.keyboard.press("Space")
        focused = page.locator(":focus")
        if focused.evaluate("(e) => e.closest('header, .limits') === null") and focused.evaluate(
            COVERED
        ):
            covered.append(focused.evaluate("(e) => e.outerHTML.slice(0, 80)"))
    assert page.evaluate("document.activeElement.id") == "next"
    assert covered == []
    phone.context.close()


def test_what_is_read_out(booth: Booth, browser: Browser) -> None:
    session = voting(booth, KINDS["share"])
    phone = Phone.new(browser)
    page = phone.page
    phone.draw(link_into(session, booth))
    group = page.get_by_role("group", name="李秀英 综合评定")
    expect(group.get_by_role("radio")).to_have_count(4)
    expect(group.get_by_role("radio", name="优秀", exact=True)).to_be_enabled()
    expect(page.get_by_role("heading", name="李秀英 组织委员")).to_have_count(1)
    expect(page.get_by_role("status").filter(has_text="优秀：最多 2 人")).to_have_count(1)
    phone.context.close()


def test_the_last_button_stays_within_reach(booth: Booth, browser: Browser) -> None:
    session = voting(booth, KINDS["exactly"])
    phone = Phone.new(browser)
    phone.draw(link_into(session, booth))
    box = phone.page.locator("#next").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= VIEWPORT["height"]
    phone.context.close()
