"""Ballot forms in a real browser: a form of one's own, from the library to a session's ballot."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_office import Installation, installation, look, signed_in

__all__ = ["installation"]  # a fixture
pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

PEOPLE = "周敏\t社区居民委员会主任\n刘洋\t网格员\n阿不都热依木·买买提\t楼门长\n"


def screens(page: Page, office: str) -> Iterator[str]:
    """From the library over an own form and its file to a session that uses it."""
    page.goto(f"{office}/forms/")
    yield "library"
    page.locator("li", has_text="综合评定").locator("button").click()
    page.wait_for_selector("#questions")
    yield "editor"
    english = page.locator("#title_en")
    expect(english).to_be_hidden()
    page.check("#english")
    expect(english).to_be_visible()
    page.get_by_role("button", name="下移：优秀").click()
    expect(page.locator("#questions-0-options-1-text")).to_have_value("优秀")
    page.fill("#questions-0-options-0-text", "")
    page.locator("button.button[value=save]").click()
    page.wait_for_selector(".errors")
    yield "mistakes"
    page.locator(".errors a").first.click()
    expect(page.locator("#questions-0-options-0-text")).to_be_focused()
    page.fill("#questions-0-options-0-text", "合格")
    page.get_by_role("button", name="上移：优秀").click()
    expect(page.locator("#questions-0-options-0-text")).to_have_value("优秀")
    page.locator("button.button[value=save]").click()
    page.wait_for_url("**saved=1*")
    yield "saved"
    page.locator("a[href$='/text']").click()
    page.wait_for_selector("#text")
    yield "file"
    source = page.input_value("#text")
    page.fill("#text", source.replace("points = 80", "points = 1080"))
    page.locator("main .button").click()
    page.wait_for_selector(".errors")
    yield "mistakes of the file"
    page.locator("a[data-line]").first.click()
    chosen = page.evaluate(
        "() => { const t = document.querySelector('#text');"
        " return t.value.slice(t.selectionStart, t.selectionEnd); }"
    )
    assert "1080" in chosen, "the line is marked"
    page.goto(f"{office}/forms/overall-grade-own-1/delete")
    yield "remove?"
    page.goto(f"{office}/forms/overall-grade-own-1")
    yield "preview of a form"
    page.goto(f"{office}/forms/select-exactly")
    yield "preview of a selection"
    page.goto(f"{office}/sessions/new")
    page.locator(".import summary").click()
    page.fill("#paste", PEOPLE)
    page.locator("button[value=import]").click()
    page.wait_for_selector(".notice")
    page.select_option("#add_form", "overall-grade-own-1")
    page.locator("button[value=add-form]").click()
    page.wait_for_selector("#members")
    page.locator(".more-rules summary").click()
    page.locator(".commitments summary").click()
    expect(page.locator("#comment_readers")).to_be_hidden()
    page.check("#comments")
    page.fill("#comment_readers", "王书记")
    yield "a second form"
    page.fill("#members", "9")
    page.locator("button.button[value=save]").click()
    page.wait_for_selector("a[href$='/freeze']")
    page.locator(".rules-told summary").click()
    yield "draft"
    session = page.url.partition("?")[0]
    page.goto(f"{session}/preview")
    expect(page.locator("main")).to_contain_text("最多 3 人 · 已选 0")
    yield "preview of all"
    page.goto(f"{session}/freeze")
    yield "freeze?"


def test_a_form_of_ones_own_from_the_library_to_the_ballot(
    browser: Browser, installation: Installation
) -> None:
    page = signed_in(browser, installation)
    wrong = {}
    for screen in screens(page, f"{installation.server.url}/office"):
        found = look(page)
        if found:
            wrong[screen] = found
    page.context.close()
    assert not wrong, "\n".join(f"{screen}: {what}" for screen, what in wrong.items())


def test_who_is_entitled_is_added_up_with_the_slips(
    browser: Browser, installation: Installation
) -> None:
    page = signed_in(browser, installation)
    page.goto(f"{installation.server.url}/office/sessions/new")
    total = page.locator("output[data-sum=entitled]")
    expect(total).to_have_text("40")
    page.fill("#classes-0-entitled", "30")
    expect(total).to_have_text("46")
    page.context.close()
