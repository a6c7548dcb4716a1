"""The voter's page on a slow phone: bytes, time until ready to vote, time from tap to final state.

Chromium with a phone's viewport, the processor slowed down 4 times and the network as Chromium's
own "Slow 4G" (1.44 Mbit/s down, 675 kbit/s up, 562.5 ms a request), nothing cached, a ballot of 7
subjects. The reference is the same browser, in the same turn, loading the bare text of /healthz
over the same network: a page that does nothing. The same votes in a session of 3 tellers, turn by
turn, say what sealing to each of them costs a voter.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from appraisal.ballots.slips import slip_link
from appraisal.config import Settings
from appraisal.rehearsal import drafts
from appraisal.rehearsal.booth import Booth
from appraisal.rehearsal.server import free_settings, serving
from appraisal.rehearsal.tellers import holders
from appraisal.steps import setup, slips, voting
from appraisal.steps.service import Service, open_service
from appraisal.steps.tellers import invite

TURNS: Final = 5
SUBJECTS: Final = 7
SLOWDOWN: Final = 4
SLOW_4G: Final = {
    "offline": False,
    "latency": 562.5,
    "downloadThroughput": 180_000,
    "uploadThroughput": 84_375,
}
BYTES, READY_SECONDS, FINAL_SECONDS, MORE_SECONDS = 90_000, 2.5, 2.0, 1.0
TELLERS: Final = 3
CHROMIUM: Final = "/usr/bin/chromium"
WATCH: Final = """() => {
    addEventListener("click", () => { globalThis.tapped = performance.now(); }, {capture: true});
    new MutationObserver(() => {
        if (document.body.innerText.includes("您的选票已投入票箱")) {
            globalThis.finished ??= performance.now();
        }
    }).observe(document.body, {subtree: true, childList: true, characterData: true});
}"""
"""Notes the moments of the last tap and of the final state on the page's own clock."""
ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@dataclass(frozen=True)
class _Turn:
    bytes: int
    ready: float
    final: float
    bare: float


def run() -> Iterator[dict[str, object]]:
    """The metrics of the voter's page."""
    with tempfile.TemporaryDirectory() as folder:
        settings = free_settings(Path(folder))
        service = open_service(settings)
        with serving(settings), sync_playwright() as playwright:
            links = _links(service)
            to_tellers = _links(service, tellers=TELLERS)
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
            both = [
                (_turn(browser, settings, link), _turn(browser, settings, further))
                for link, further in list(zip(links, to_tellers, strict=True))[:TURNS]
            ]
            browser.close()
        turns = [turn for turn, _ in both]
        service.close()
    size = max(turn.bytes for turn in turns)
    yield _metric("voter's page, everything downloaded, compressed", size, "B", BYTES, BYTES)
    bare = statistics.median(turn.bare for turn in turns)
    ready = statistics.median(turn.ready for turn in turns)
    final = statistics.median(turn.final for turn in turns)
    yield _metric("voter's page, ready to vote, slow phone", ready, "s", bare, READY_SECONDS)
    yield _metric("last tap to final state, 7 subjects", final, "s", bare, FINAL_SECONDS)
    more = statistics.median(further.final - turn.final for turn, further in both)
    yield _metric("sealing to 3 tellers, more than to one", more, "s", final, MORE_SECONDS)


def _metric(
    name: str, value: float, unit: str, reference: float, target: float
) -> dict[str, object]:
    return {
        "name": name,
        "value": round(value, 3),
        "unit": unit,
        "reference": round(reference, 3),
        "ratio": round(value / reference, 2),
        "target": target,
        "met": value <= target,
    }


def _links(service: Service, *, tellers: int = 0) -> list[str]:
    draft = drafts.draft(
        title="测速",
        slips=(10, 10),
        contests=SUBJECTS,
        demonstration=True,
        tellers=tellers,
        quorum=tellers // 2 + 1 if tellers else 0,
    )
    organisation = service.office.organisation(drafts.ORGANISATION)
    session = setup.create(service, draft, organisation_id=organisation)
    secrets = [invite(service, session, number) for number in range(tellers)]
    holders(Booth(service.settings.base_url), session, secrets)
    manifest = setup.freeze(service, session)
    printed = slips.print_slips(service, session)
    for voter_class in range(len(manifest.classes)):
        slips.activate(service, session, voter_class=voter_class, first=1, last=10)
    voting.begin(service, session)
    url = service.settings.base_url
    return [
        slip_link(url, session=session, code=slip.code, fingerprint=manifest.fingerprint)
        for slip in printed
    ]


def _turn(browser: Browser, settings: Settings, link: str) -> _Turn:
    bare, _ = _loaded(browser, f"{settings.base_url}/healthz", "body")
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        device_scale_factor=2,
        is_mobile=True,
        has_touch=True,
    )
    page = context.new_page()
    cdp = context.new_cdp_session(page)
    sizes = _count(cdp)
    _slow(cdp)
    page.goto(link, wait_until="commit")
    draw = page.get_by_role("button", name="领取选票")
    draw.wait_for()
    ready = _now(page)
    size = sum(sizes)
    draw.tap()
    for number in range(SUBJECTS):
        page.get_by_text(f"第 {number + 1} 个，共 {SUBJECTS} 个").wait_for(state="attached")
        for question in page.locator("fieldset").all():
            question.locator("label").first.tap()
        page.get_by_role("button", name="下一个" if number + 1 < SUBJECTS else "检查选票").tap()
    cast = page.get_by_role("button", name="投入票箱")
    cast.wait_for()
    page.evaluate(WATCH)
    cast.tap()
    page.get_by_role("heading", name="您的选票已投入票箱").wait_for()
    final = float(page.evaluate("() => (globalThis.finished - globalThis.tapped) / 1000"))
    context.close()
    return _Turn(size, ready, final, bare)


def _loaded(browser: Browser, url: str, selector: str) -> tuple[float, Page]:
    context = browser.new_context()
    page = context.new_page()
    _slow(context.new_cdp_session(page))
    page.goto(url, wait_until="commit")
    page.locator(selector).wait_for()
    seconds = _now(page)
    context.close()
    return seconds, page


def _now(page: Page) -> float:
    """Seconds since the navigation began, on the page's own clock."""
    return float(page.evaluate("performance.now() / 1000"))


def _slow(cdp: CDPSession) -> None:
    cdp.send("Network.enable")
    cdp.send("Network.emulateNetworkConditions", SLOW_4G)
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})


def _count(cdp: CDPSession) -> list[int]:
    """The bytes of every response on the wire, headers included, as they come in."""
    sizes: list[int] = []
    cdp.send("Network.enable")
    cdp.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    return sizes
