"""A voter's phone: a Chromium with a phone's viewport, and what people do with it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, Page, Request, Route

from appraisal.steps.service import Service
from appraisal.steps.slips import PrintedSlip, turnout
from tests.live import ROOT, LiveServer
from tests.voting_session import VotingSession

AXE: Final = ROOT / "node_modules" / "axe-core" / "axe.min.js"
VIEWPORT: Final = {"width": 390, "height": 844}
SMALL: Final = {"width": 320, "height": 568}
CALM: Final = {"reduced_motion": "reduce"}
"""No fading between colours, which axe would catch half-way."""
TEXT_SIZES: Final = ("225%", "168.75%", "112.5%")
"""Twice as large, the largest that WeChat offers, and as the page has it."""
SET_TEXT_SIZE: Final = "(size) => { document.documentElement.style.fontSize = size; }"
SETTLED: Final = "new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)))"
"""Until what waits for the next picture, as what watches sizes does, has run."""
OVERFLOW: Final = r"""() => {
  const address = new Set(location.pathname.split("/"));
  const drawn = (word) => address.has(word) || (/[0-9]/.test(word) && /[A-Za-z]/.test(word));
  const widest = (word) => word.replace(/[0-9A-Za-z+/]/g, /[A-Z]/.test(word) ? "W" : "m");
  const kept = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    const wide = text.data
      .replace(/[0-9A-Za-z+/]{43,}=*/g, widest)
      .replace(/[0-9A-Za-z]{5,}/g, (word) => drawn(word) ? widest(word) : word)
      .replace(/\b\d{1,2}月\d{1,2}日/g, "12月28日")
      .replace(/\b\d{1,2} [A-Z][a-z]{2,8}(?= \d{4}\b)/g, "28 September");
    if (wide === text.data) continue;
    kept.push([text, text.data]);
    text.data = wide;
  }
  const overflow = document.documentElement.scrollWidth - innerWidth;
  for (const [text, data] of kept) text.data = data;
  return overflow;
}"""
"""By how many px a page scrolls sideways where all that is drawn by chance, and the day's date, is
as wide as it can turn out: no page fits by luck. Drawn are the names of sessions, codes,
fingerprints, hashes and signatures; nothing is wider than a W, or an m of the small letters."""


@dataclass
class Booth:
    """A server with a session that is voting, and its slips, each for one test."""

    service: Service
    server: LiveServer
    session: VotingSession
    used: int = 0

    @property
    def address(self) -> str:
        return f"{self.server.url}/v/{self.session.id}"

    def slip(self) -> PrintedSlip:
        """The next unused slip of the first class."""
        self.used += 1
        return next(slip for slip in self.session.slips if slip.serial == self.used)

    def link(self, code: str, *, fingerprint: str | None = None) -> str:
        """What the slip's QR code holds."""
        return f"{self.address}#{code}.{fingerprint or self.session.manifest.fingerprint}"

    def fresh_link(self) -> str:
        return self.link(self.slip().code)

    def counts(self) -> tuple[int, int]:
        """Slips drawn and ballots in a box, in the first class."""
        first = turnout(self.service, self.session.id, exact=True)[0]
        return first.drawn, first.cast


@dataclass
class Phone:
    """One phone: pages share its storage; all that they send is kept here."""

    context: BrowserContext
    page: Page
    requests: list[Request] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @classmethod
    def new(cls, browser: Browser, **options: Any) -> Phone:
        wanted = {"viewport": VIEWPORT, "has_touch": True, "locale": "zh-CN", **CALM, **options}
        context = browser.new_context(**wanted)
        context.set_default_timeout(30_000)
        phone = cls(context, context.new_page())
        context.on("request", phone._sent)
        context.on("weberror", lambda error: phone.errors.append(str(error.error)))
        context.on("console", lambda message: phone._heard(message.text))
        return phone

    def _sent(self, request: Request) -> None:
        self.requests.append(request)

    def _heard(self, text: str) -> None:
        if "Content Security Policy" in text or "integrity" in text:
            self.errors.append(text)

    @property
    def posts(self) -> list[Request]:
        return [request for request in self.requests if request.method == "POST"]

    def heading(self) -> str:
        return self.page.locator("h1").inner_text().replace("\u200b", "")

    def scan(self, link: str) -> None:
        """Opens the address of a QR code, and waits for the landing's button."""
        self.page.goto(link)
        self.page.wait_for_selector("#draw")

    def draw(self, link: str) -> None:
        self.scan(link)
        self.page.click("#draw")
        self.page.wait_for_selector("fieldset")

    def choose(self, *grades: int) -> None:
        """The n-th grade of each question of the present card; 0 leaves it blank."""
        for question, grade in enumerate(grades):
            if grade:
                field = self.page.locator("fieldset").nth(question)
                field.locator(".choice").nth(grade - 1).click()

    def go_on(self) -> None:
        """To the next page; where it asks for what is blank, once more."""
        here = self.page.locator("h1").element_handle()
        self.page.click("#next")
        if here.evaluate("(heading) => heading.isConnected"):
            self.page.click("#next")

    def to_review(self) -> None:
        while not self.page.locator("#cast").count():
            self.page.click("#next")

    def give_up(self) -> None:
        """The page's own time runs by itself, until it has waited all that it waits."""
        problem = self.page.locator("h1.problem")
        while not problem.count():
            self.page.clock.run_for(10_000)
            self.page.wait_for_timeout(50)  # for what is asked in real time

    def vote(self, link: str) -> None:
        """A whole vote, all blank."""
        self.draw(link)
        self.to_review()
        self.page.click("#cast")
        self.page.wait_for_selector(".final")

    def kept(self) -> dict[str, Any]:
        """All that this phone's storage holds for the page, both kinds together."""
        text = self.page.evaluate(
            "JSON.stringify(Object.fromEntries("
            "[...Object.entries(localStorage), ...Object.entries(sessionStorage)]))"
        )
        kept: dict[str, Any] = json.loads(text)
        return kept

    def every_screen(self, booth: Booth) -> Iterator[str]:
        """Walks a whole vote and names each screen when it stands."""
        page = self.page
        self.scan(booth.fresh_link())
        yield "landing"
        page.click("summary")
        yield "why it is anonymous"
        page.click("#draw")
        page.wait_for_selector("fieldset")
        yield "card"
        page.click("summary")
        yield "quick fill"
        page.locator("details button").first.click()
        page.click("#next")
        self.choose(1, 5)
        yield "second card"
        self.to_review()
        yield "review"
        page.click("#cast")
        page.wait_for_selector(".final")
        yield "done"
        page.click("#receipt")
        page.click(".trackers button")
        yield "receipt"
        page.locator("button.link").last.click()
        page.click("#next-voter")
        yield "next voter"
        page.fill("#code", "0-abc")
        page.click("button[type=submit]")
        yield "mistyped code"
        page.fill("#code", booth.slip().code)
        page.click("button[type=submit]")
        page.wait_for_selector(".symbols")
        yield "fingerprint"
        page.locator(".pair button").last.click()
        page.wait_for_selector("h1.problem")
        yield "problem"
        self.page.goto(booth.address)


def findings(page: Page) -> list[str]:
    """What axe-core finds on the page as it stands, with the elements concerned."""
    page.evaluate(Path(AXE).read_text(encoding="utf-8"))  # by the debugger: the policy stands
    violations = page.evaluate("axe.run(document).then((result) => result.violations)")
    return [
        f"{violation['id']}: {[node['html'][:120] for node in violation['nodes']]}"
        for violation in violations
    ]


def sideways(page: Page) -> dict[str, int]:
    """By how many px the page as it stands scrolls sideways, in the sizes of text in which it does.

    With all that is drawn by chance as wide as it can turn out.
    """
    found = {}
    for size in TEXT_SIZES:
        page.evaluate(SET_TEXT_SIZE, size)
        found[size] = int(page.evaluate(OVERFLOW))
    page.evaluate(SET_TEXT_SIZE, "")
    return {size: px for size, px in found.items() if px > 0}


def answer_lost(route: Route) -> None:
    """The request arrives at the service, and the answer never at the phone."""
    route.fetch()
    route.abort()


def no_network(route: Route) -> None:
    """The request arrives nowhere."""
    route.abort()
