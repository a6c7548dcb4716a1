"""For every eye and thumb: axe is silent, text and targets are large, nothing scrolls sideways."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Final, Literal

import pytest
from playwright.sync_api import Browser

from tests.browser.phone import SMALL, VIEWPORT, Booth, Phone, findings, sideways

pytestmark = pytest.mark.browser

SCHEMES: Final[tuple[Literal["dark", "light"], ...]] = ("dark", "light")
SMALL_TEXT = """[...document.querySelectorAll("body *")]
  .filter((e) => e.checkVisibility() && !e.closest(".visually-hidden") &&
    [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
  .filter((e) => parseFloat(getComputedStyle(e).fontSize) < 18)
  .map((e) => e.outerHTML.slice(0, 100))"""
SMALL_TARGETS = """
[...document.querySelectorAll("button, a, summary, label.choice, input[type=text]")]
  .filter((e) => e.checkVisibility())
  .map((e) => [e.outerHTML.slice(0, 100), e.getBoundingClientRect()])
  .filter(([, box]) => box.height < 47.99 || box.width < 47.99)
  .map(([html, box]) => `${html} ${box.width} x ${box.height}`)"""


def test_axe_text_and_targets(booth: Booth, browser: Browser) -> None:
    phone = Phone.new(browser)
    found: dict[str, list[str]] = {}
    for screen in phone.every_screen(booth):
        found[screen] = phone.page.evaluate(SMALL_TEXT) + phone.page.evaluate(SMALL_TARGETS)
        for scheme in SCHEMES:
            phone.page.emulate_media(color_scheme=scheme)
            found[screen] += findings(phone.page)
    phone.context.close()
    assert len(found) == 12
    assert {screen: what for screen, what in found.items() if what} == {}


@pytest.mark.parametrize("english", [False, True])
def test_small_screens_and_large_text(booth: Booth, browser: Browser, *, english: bool) -> None:
    phone = Phone.new(browser, viewport=SMALL)
    wide = {}
    for screen in phone.every_screen(booth):
        if screen == "landing" and english:
            phone.page.click("#language")
        if found := sideways(phone.page):
            wide[screen] = found
    phone.context.close()
    assert wide == {}


def test_names_stay_on_one_line(booth: Booth, phone: Phone) -> None:
    phone.draw(booth.fresh_link())
    phone.go_on()
    height, line = phone.page.evaluate(
        """[document.querySelector("h1").getBoundingClientRect().height,
            parseFloat(getComputedStyle(document.querySelector("h1")).lineHeight)]"""
    )
    assert height == pytest.approx(line, abs=2)


def test_everything_downloaded_fits(booth: Booth, phone: Phone) -> None:
    """Page, scripts, styles and manifest for 7 subjects and 2 classes, as they are sent."""
    sizes: dict[str, int] = {}
    client = phone.context.new_cdp_session(phone.page)
    client.send("Network.enable")
    addresses: dict[str, str] = {}

    def remember(key: str) -> Callable[[dict[str, object]], None]:
        def hear(event: dict[str, object]) -> None:
            name = str(event["requestId"])
            if key == "url":
                response = event["response"]
                assert isinstance(response, dict)
                addresses[name] = str(response["url"])
            else:
                sizes[name] = int(str(event["encodedDataLength"]))

        return hear

    client.on("Network.responseReceived", remember("url"))
    client.on("Network.loadingFinished", remember("size"))
    phone.scan(booth.fresh_link())
    phone.page.wait_for_load_state("networkidle")
    total = sum(size for name, size in sizes.items() if not addresses[name].startswith("data:"))
    print({addresses[name].rsplit("/", 1)[-1]: size for name, size in sizes.items()}, total)
    assert len(sizes) >= 4
    assert total <= 60_000  # the house's own bound; the is 90 kB
    assert len(gzip.compress(booth.session.manifest.encoded)) < 10_000


def test_the_last_button_stays_within_reach(booth: Booth, phone: Phone) -> None:
    phone.draw(booth.fresh_link())
    box = phone.page.locator("#next").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= VIEWPORT["height"]
