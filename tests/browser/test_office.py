"""The whole way of a secretary, in a real browser, from the sign-in link to the report."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, expect

from appraisal.ballots import voter
from appraisal.ballots.cast import encode_cast
from appraisal.ballots.slips import SlipCode
from appraisal.codec import to_json
from appraisal.config import Settings
from appraisal.encoding import b64decode
from appraisal.manifest import decode_manifest
from appraisal.steps.service import Service, open_service
from appraisal.web.office.entry import accounts
from tests.browser.phone import CALM, SMALL, Phone, findings, sideways
from tests.camera import codes
from tests.live import LiveServer, free_port, on_port

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

WIDE = {"width": 1280, "height": 800}
LIST = "姓名\t职务\n周敏\t社区居民委员会主任\n刘 洋\t网格员\n阿不都热依木·买买提\t楼门长\n"
BROKEN = """() => [...document.querySelectorAll(".whole")].filter(
  (name) => name.offsetHeight > 1.9 * parseFloat(getComputedStyle(name).lineHeight)).length"""
"""How many names stand in two lines."""
ROW = 100
"""Pixels that codes of one row of slips differ by at most, and those of two by more."""
ANSWERS = [(1, 1, 1), (1, 2, 1), (2, 1, 1), (1, 1, 0), (1, 5, 2), (2, 2, 3)]


@dataclass
class Installation:
    """A service that nobody has used yet, and its address."""

    service: Service
    server: LiveServer


@pytest.fixture
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("office")
    given = {"APPRAISAL_DATA": str(folder / "var"), "APPRAISAL_KEYS": str(folder / "keys")}
    settings = on_port(Settings.from_environment(given), free_port())
    service = open_service(settings)
    server = LiveServer(settings).start()
    yield Installation(service, server)
    server.kill()
    service.close()


class Walk:
    """A secretary at work; every screen is named when it stands."""

    def __init__(self, browser: Browser, installation: Installation, *, english: bool) -> None:
        self.installation = installation
        self.english = english
        self.browser = browser
        self.context = browser.new_context(viewport=WIDE, locale="zh-CN", **CALM)  # type: ignore[arg-type]
        self.context.set_default_timeout(45_000)
        self.page: Page = self.context.new_page()
        self.errors: list[str] = []
        self.context.on("weberror", lambda error: self.errors.append(str(error.error)))
        self.context.on(
            "console",
            lambda message: self.errors.append(message.text) if message.type == "error" else None,
        )
        self.slips: list[str] = []

    def action(self) -> None:
        """The page's one filled button, to the page that it leads to."""
        self.follow("main .button:not(.plain)")

    def follow(self, selector: str) -> None:
        """A link or button, and the page that comes then: what is looked at must stand."""
        with self.page.expect_navigation():
            self.page.locator(selector).click()

    def screens(self) -> Iterator[str]:
        """From the sign-in link to the frozen session."""
        page, service = self.page, self.installation.service
        page.goto(accounts.invite(service, "li@branch.example.org", "和平里社区党支部"))
        if self.english:
            page.get_by_role("button", name="English").click()
        yield "first password"
        page.fill("#password", "a sentence that is long")
        page.fill("#again", "a sentence that is long")
        self.action()
        page.wait_for_url("**/office/")
        yield "nothing yet"
        self.action()
        yield "new session"
        page.locator(".import summary").click()
        page.fill("#paste", LIST)
        page.locator("button[value=import]").click()
        page.wait_for_selector(".notice")
        yield "list imported"
        page.fill("#classes-0-slips", "4")
        page.fill("#classes-1-slips", "5")
        self.action()
        page.wait_for_selector(".errors")
        yield "below the floor"
        page.fill("#classes-0-slips", "6")
        self.action()
        page.wait_for_selector("a[href$='/freeze']")
        yield "draft"
        self.url = self.installation.server.url + urlsplit(page.url).path
        page.goto(f"{self.url}/preview")
        yield "preview"
        page.goto(self.url)
        self.action()
        yield "freeze?"
        self.action()
        page.wait_for_selector("a[href$='/slips/print']")
        yield "frozen"
        self.action()
        yield "print?"
        self.action()
        page.wait_for_selector("a[download]")
        yield "printed"
        yield from self.vote()

    def vote(self) -> Iterator[str]:
        """From the downloaded slips to the projector."""
        page = self.page
        with page.expect_download() as download:
            page.locator("a[download]").click()
        self.slips = scanned(download.value.path().read_bytes())
        assert len(self.slips) == 11
        self.follow("form[action$='/saved'] button")
        yield "to be handed out"
        self.action()
        page.wait_for_selector("form[action$='/begin']")
        yield "active"
        self.action()
        page.wait_for_selector("[data-live]")
        page.locator("summary").first.click()
        yield "voting"
        page.locator("a[href$='/void']").click()
        page.fill("#first", "6")
        page.fill("#last", "6")
        yield "which to void"
        self.action()
        yield "void?"
        self.action()
        page.wait_for_selector(".notice")
        yield "one void"
        phone = Phone.new(self.browser)
        phone.vote(next(link for link in self.slips if "#0" in link))
        assert not phone.errors
        phone.context.close()
        self.cast_the_others()
        expect(page.locator("td[data-figure=total-cast]")).to_have_text("10")
        expect(page.locator("[data-live-said]")).to_contain_text("10")
        page.goto(f"{self.url}/screen")
        yield "projector"
        yield from self.finish()

    def cast_the_others(self) -> None:
        """Everyone else votes, by the protocol's own calls; the void slip is left over."""
        members = [link for link in self.slips if "#0" in link]
        others = [link for link in self.slips if "#1" in link]
        with httpx.Client(base_url=self.slips[0].partition("#")[0]) as booth:
            manifest = decode_manifest(booth.get("/manifest.json").content)
            for number, link in enumerate([*members[1:5], *others]):
                code = SlipCode(link.partition("#")[2].partition(".")[0])
                drawing = voter.start_drawing(manifest, code, rng=os.urandom)
                drawn = booth.post("/draw", json=to_json(drawing.request)).raise_for_status().json()
                blanks = voter.finish_drawing(drawing, [b64decode(s) for s in drawn["signatures"]])
                answers = [ANSWERS[number % len(ANSWERS)]] * len(blanks)
                ballots = voter.fill_in(manifest, blanks, answers, rng=os.urandom)
                body = encode_cast(ballots)
                headers = {"Content-Type": "application/json"}
                booth.post("/cast", content=body, headers=headers).raise_for_status()

    def finish(self) -> Iterator[str]:
        """From closing to the report."""
        page = self.page
        page.goto(self.url)
        self.action()
        yield "close?"
        self.action()
        page.wait_for_selector("a[href$='/open']")
        yield "closed"
        self.action()
        yield "open?"
        self.action()
        page.wait_for_selector("a[href$='/report.pdf']")
        yield "opened"
        for name, start in (
            ("report.pdf", b"%PDF-"),
            ("record-public.zip", b"PK"),
            ("results.xlsx", b"PK"),
            ("results.csv", b"\xef\xbb\xbf"),
        ):
            with page.expect_download() as download:
                page.locator(f"a[href$='/{name}']").click()
            assert download.value.path().read_bytes().startswith(start)
        self.follow("a[href$='/audit']")
        yield "audit record?"
        with page.expect_download() as download:
            page.locator("main .button:not(.plain)").click()
        assert download.value.path().read_bytes().startswith(b"PK")
        page.goto(self.url)
        page.locator("a[href$='/result']").click()
        page.wait_for_selector("svg.bar")
        yield "every question"
        page.goto(self.installation.server.url + "/office/")
        yield "all sessions"
        page.goto(self.installation.server.url + "/office/account")
        yield "account"
        self.follow("form[action$='/logout'] button")
        yield "sign-in"


def scanned(pdf: bytes) -> list[str]:
    """The links that a phone reads from the sheets, in the order of the sheets."""
    found: list[str] = []
    for sheet in pypdfium2.PdfDocument(io.BytesIO(pdf)):
        read = [(c.position.top_left, str(c.text)) for c in codes(sheet.render(scale=2.5).to_pil())]
        while read:
            top = min(place.y for place, _ in read)
            row = [(place, text) for place, text in read if place.y < top + ROW]
            found += [text for _, text in sorted(row, key=lambda one: one[0].x)]
            read = [one for one in read if one not in row]
    return found


@pytest.mark.parametrize("english", [False, True], ids=["zh", "en"])
def test_a_secretary_from_the_link_to_the_report(
    browser: Browser, installation: Installation, *, english: bool
) -> None:
    walk = Walk(browser, installation, english=english)
    wrong = {
        screen: found for screen in walk.screens() if (found := look(walk.page, dark=not english))
    }
    walk.context.close()
    assert not wrong, "\n".join(f"{screen}: {what}" for screen, what in wrong.items())
    assert walk.errors == []


def look(page: Page, *, dark: bool = True) -> list[str]:
    """What is wrong with the screen that stands: on a desk and on a small phone, in large text."""
    page.wait_for_load_state()
    found = findings(page)
    if dark:  # the colours are the same in every language
        page.emulate_media(color_scheme="dark")
        found += findings(page)
        page.emulate_media(color_scheme="light")
    page.set_viewport_size(SMALL)  # type: ignore[arg-type]
    if page.evaluate(BROKEN):
        found.append("a name is broken across lines")
    if wide := sideways(page):
        found.append(f"scrolls sideways: {wide}")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    return found


def signed_in(
    browser: Browser, installation: Installation, *, organisation: str = "和平里社区党支部"
) -> Page:
    """A secretary at the list of sessions."""
    context = browser.new_context(viewport=WIDE, locale="zh-CN", **CALM)  # type: ignore[arg-type]
    context.set_default_timeout(45_000)
    page = context.new_page()
    sign_in(page, installation, organisation)
    return page


def sign_in(page: Page, installation: Installation, organisation: str) -> None:
    page.goto(accounts.demonstration_link(installation.service, organisation=organisation))
    page.locator("main .button").click()
    expect(page).to_have_url(f"{installation.server.url}/office/")


def test_what_was_typed_survives_a_lost_sign_in(
    browser: Browser, installation: Installation
) -> None:
    page = signed_in(browser, installation)
    new = f"{installation.server.url}/office/sessions/new"
    page.goto(new)
    page.fill("#title", "写到一半的名称")
    page.fill("#classes-0-slips", "3O")
    page.context.clear_cookies()
    with page.expect_navigation():
        page.locator("button.button[value=save]").click()
    sign_in(page, installation, "和平里社区党支部")
    page.goto(new)
    expect(page.locator("#title")).to_have_value("写到一半的名称")
    expect(page.locator("#classes-0-slips")).to_have_value("3O")
    page.locator(".notice button").click()
    expect(page.locator("#title")).not_to_have_value("写到一半的名称")
    page.context.close()


def test_the_weights_are_added_up_as_they_are_typed(
    browser: Browser, installation: Installation
) -> None:
    page = signed_in(browser, installation)
    page.goto(installation.server.url + "/office/sessions/new")
    total = page.locator("output[data-sum=weight]")
    expect(total).to_have_text("100")
    page.fill("#classes-0-weight", "50")
    expect(total).to_have_text("90（应为 100）")
    page.context.close()
