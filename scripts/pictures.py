"""Takes the READMEs' pictures from the running product: `.venv/bin/python scripts/pictures.py`.

Starts a demonstration in a folder of its own, votes on a phone's screen, signs in to the office,
and renders the report's first page. Pictures go to docs/pictures/.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

import pypdfium2
from playwright.sync_api import Browser, sync_playwright

from appraisal import demonstration
from appraisal.demonstration import Demonstration
from appraisal.rehearsal import drafts
from appraisal.rehearsal.server import free_settings, serving
from appraisal.steps.service import open_service
from appraisal.web.office.entry.accounts import demonstration_link

OUT: Final = Path(__file__).parents[1] / "docs" / "pictures"
ARGUMENTS: Final = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


def main() -> None:
    """Take every picture anew."""
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        service = open_service(free_settings(Path(folder)))
        with serving(service.settings), sync_playwright() as playwright:
            url = service.settings.base_url
            shown = demonstration.prepare(service, url, progress=lambda *_: None)
            browser = playwright.chromium.launch(
                executable_path="/usr/bin/chromium", args=list(ARGUMENTS)
            )
            vote(browser, shown)
            office(
                browser,
                demonstration_link(service, organisation=drafts.ORGANISATION),
                f"{url}/office/sessions/{shown.open}",
            )
            browser.close()
            report(shown)
        service.close()


def vote(browser: Browser, shown: Demonstration) -> None:
    """The voter's way, from the slip to the final state."""
    context = browser.new_context(
        viewport={"width": 390, "height": 780},
        device_scale_factor=2,
        is_mobile=True,
        has_touch=True,
    )
    page = context.new_page()
    page.goto(shown.voter_link)
    page.get_by_role("button", name="领取选票").wait_for()
    page.screenshot(path=OUT / "voter-1-start.png")
    page.get_by_role("button", name="领取选票").tap()
    for number in range(7):
        page.get_by_text(f"第 {number + 1} 个，共 7 个").wait_for(state="attached")
        for place, question in enumerate(page.locator("fieldset").all()):
            question.locator("label").nth((number + place) % 3).tap()
        if number == 1:
            page.evaluate("() => scrollTo(0, 0)")
            page.wait_for_timeout(1000)  # until the tap's highlight is gone
            page.screenshot(path=OUT / "voter-2-card.png")
        page.get_by_role("button", name="下一个" if number < 6 else "检查选票").tap()
    page.get_by_role("button", name="投入票箱").wait_for()
    page.screenshot(path=OUT / "voter-3-review.png")
    page.get_by_role("button", name="投入票箱").tap()
    page.get_by_role("heading", name="您的选票已投入票箱").wait_for()
    page.screenshot(path=OUT / "voter-4-done.png")
    context.close()


def office(browser: Browser, link: str, session: str) -> None:
    """The office, while people vote."""
    page = browser.new_context(viewport={"width": 1280, "height": 860}, locale="zh-CN").new_page()
    page.goto(link)
    page.locator("main button").first.click()
    page.goto(session)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=OUT / "office-session.png")


def report(shown: Demonstration) -> None:
    """The first page of the nomination report."""
    with pypdfium2.PdfDocument(shown.report) as pdf:
        pdf[0].render(scale=1.2).to_pil().save(OUT / "report-1.png")


if __name__ == "__main__":
    main()
