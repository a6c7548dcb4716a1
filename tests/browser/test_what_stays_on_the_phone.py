"""Claim A11: afterwards nothing on the screen or the phone shows how the voter voted.

**The attacker** takes the phone out of the voter's hand a moment after "the ballot is in the box",
with the developer's tools open, goes back and forward, reloads, and reads whatever there is.
"""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Browser, Request, expect

from tests.browser.forms import KINDS, link_into, voting
from tests.browser.phone import Booth, Phone
from tests.browser.test_booth import FINAL
from tests.browser.test_booth_forms_comfort import screens

EVERYTHING = """async () => JSON.stringify({
  text: document.body.innerText,
  page: document.documentElement.outerHTML,
  address: location.href,
  title: document.title,
  name: window.name,
  state: history.state,
  local: {...localStorage},
  session: {...sessionStorage},
  cookies: document.cookie,
  databases: indexedDB.databases ? (await indexedDB.databases()).map((one) => one.name) : [],
  caches: 'caches' in window ? await caches.keys() : [],
  workers: 'serviceWorker' in navigator && navigator.serviceWorker
    ? (await navigator.serviceWorker.getRegistrations()).length : 0,
  fetched: performance.getEntries().map((entry) => entry.name),
  inputs: [...document.querySelectorAll('input, textarea, select')].map((one) => one.value),
})"""


def sent_entries(posts: list[Request]) -> list[str]:
    """What was posted to the box: its sealed ballots, in b64."""
    casts = [post for post in posts if post.url.endswith("/cast")]
    return [entry for post in casts for entry in json.loads(post.post_data or "{}")["ballots"]]


def test_whoever_takes_the_phone_afterwards_finds_nothing(booth: Booth, phone: Phone) -> None:
    page = phone.page
    code = booth.slip().code
    phone.draw(booth.link(code))
    for _ in range(7):
        phone.choose(4, 4, 4)  # all of the worst grade: no other voter of these tests does that
        page.click("#next")
    page.click("#cast")
    expect(page.locator("h1.final")).to_have_text(FINAL)
    chosen = [
        question.options[3].text.zh for question in booth.session.manifest.instruments[0].questions
    ]
    entries = sent_entries(phone.posts)
    assert len(entries) == 7

    def look() -> None:
        expect(page.locator("h1.final")).to_have_text(FINAL)
        found = json.loads(page.evaluate(EVERYTHING))
        assert found["databases"] == found["caches"] == []
        assert found["workers"] == 0
        assert found["cookies"] == found["name"] == ""
        assert set(found["local"]) | set(found["session"]) <= {"appraisal/1/done"}
        for grade in chosen:
            assert grade not in found["text"]
        # The browser's own memory of the first address, as its history has it: THREAT_MODEL §4.9.
        del found["fetched"]
        everywhere = json.dumps(found, ensure_ascii=False)
        assert code not in everywhere
        for entry in entries:
            assert entry[:60] not in everywhere
        assert not re.search(r"[0-9a-f]{32}", found["text"])  # no tracker, no receipt

    look()
    page.go_back()
    look()
    page.go_forward()
    look()
    page.reload()
    look()
    assert phone.context.cookies() == []


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_left_of_any_kind_of_form(booth: Booth, browser: Browser, kind: str) -> None:
    """No name out of a list, no points, no words of a comment."""
    session = voting(booth, KINDS[kind])
    phone = Phone.new(browser)
    page = phone.page
    phone.draw(link_into(session, booth))
    for _ in screens(page, kind):
        if page.locator("#comment").count():
            page.fill("#comment", "楼道照明要修。")
    page.click("#cast")
    expect(page.locator("h1.final")).to_have_text(FINAL)
    for leave in (page.go_back, page.go_forward, page.reload):
        leave()
        expect(page.locator("h1.final")).to_have_text(FINAL)
        found = json.loads(page.evaluate(EVERYTHING))
        assert set(found["local"]) | set(found["session"]) <= {"appraisal/1/done"}
        everywhere = json.dumps(found, ensure_ascii=False)
        assert "照明" not in everywhere
        for subject in session.manifest.subjects:
            assert subject.name not in everywhere
    phone.context.close()
