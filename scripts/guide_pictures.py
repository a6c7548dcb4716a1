"""Takes the guides' pictures from the product: `.venv/bin/python scripts/guide_pictures.py`.

Starts a demonstration and a second signer in folders of their own, and photographs what each role
sees, small enough for a phone's connection. Pictures go to appraisal/guides/pictures/.
"""

from __future__ import annotations

import base64
import io
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Final

import pypdfium2
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from appraisal import demonstration
from appraisal.ballot_form import Text
from appraisal.ballots.slips import slip_link
from appraisal.manifest import SessionId
from appraisal.rehearsal import drafts
from appraisal.rehearsal.booth import Booth
from appraisal.rehearsal.electorate import people
from appraisal.rehearsal.server import free_settings, serving, signing
from appraisal.rehearsal.tellers import KeyHolder
from appraisal.rehearsal.voting import vote_all
from appraisal.steps import close, library, setup, signers, slips, tellers, voting
from appraisal.steps.draft import FormDraft
from appraisal.steps.service import Service, open_service
from appraisal.web.office.entry.accounts import demonstration_link

OUT: Final = Path(__file__).parents[1] / "appraisal" / "guides" / "pictures"
ARGUMENTS: Final = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
COLOURS: Final = 24
"""As many as a page of black, grey and one red needs; a picture stays below 60 kB with them."""
PASSPHRASE: Final = "向阳 花木 2010 早逢春"  # noqa: S105 - invented, for a picture


def main() -> None:
    """Take every picture anew."""
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as other:
        service = open_service(free_settings(Path(folder)))
        with (
            serving(service.settings),
            signing(Path(other)) as link,
            sync_playwright() as playwright,
        ):
            shown = demonstration.prepare(
                service, service.settings.base_url, progress=lambda *_: None
            )
            browser = playwright.chromium.launch(
                executable_path="/usr/bin/chromium", args=list(ARGUMENTS)
            )
            voter(browser, shown.voter_link)
            forms(browser, service)
            teller(browser, service)
            signers.enrol(service, link)
            office(browser, service, shown.open, shown.finished)
            auditor(browser, service, shown.finished)
            browser.close()
        service.close()


def keep(page: Page, name: str, *, top: bool = True) -> None:
    """The page from its top or as it stands, in few colours."""
    if top:
        page.evaluate("() => scrollTo(0, 0)")
    page.wait_for_timeout(800)  # until a tap's highlight is gone
    save(Image.open(io.BytesIO(page.screenshot())), name)


def save(picture: Image.Image, name: str) -> None:
    """A picture in few colours."""
    few = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(OUT / f"{name}.png", optimize=True)


def phone(browser: Browser, *, height: int = 720) -> Page:
    """A phone of today."""
    return browser.new_context(
        viewport={"width": 390, "height": height},
        device_scale_factor=1.5,
        is_mobile=True,
        has_touch=True,
        locale="zh-CN",
    ).new_page()


def voter(browser: Browser, link: str) -> None:
    """From the slip to the final state."""
    page = phone(browser)
    page.goto(link)
    page.wait_for_selector("#draw")
    page.click(".why summary")
    keep(page, "voter-start")
    page.click("#draw")
    for number in range(7):
        page.get_by_text(f"第 {number + 1} 个，共 7 个").wait_for(state="attached")
        for place, question in enumerate(page.locator("fieldset").all()):
            question.locator("label").nth((number + place) % 3).tap()
        if number == 1:
            keep(page, "voter-card")
        page.click("#next")
    page.click("#cast")
    page.wait_for_selector(".final")
    keep(page, "voter-done")


def forms(browser: Browser, service: Service) -> None:
    """A score, and a list of six of whom two may be excellent."""
    organisation = service.office.organisation(drafts.ORGANISATION)
    usual = drafts.draft(title="2010年党员民主评议", slips=(8, 5), demonstration=True)
    draft = replace(
        usual,
        subjects=drafts.MEMBERS,
        forms=(FormDraft("overall-grade"), FormDraft("score-100")),
        rules=replace(usual.rules, members=8, self_appraisal=False),
    )
    session = setup.create(service, draft, organisation_id=organisation)
    manifest = setup.freeze(service, session)
    printed = slips.print_slips(service, session)
    for number, voter_class in enumerate(manifest.classes):
        slips.activate(service, session, voter_class=number, first=1, last=voter_class.slips)
    voting.begin(service, session)
    page = phone(browser, height=844)
    code, fingerprint = printed[0].code, manifest.fingerprint
    page.goto(
        slip_link(service.settings.base_url, session=session, code=code, fingerprint=fingerprint)
    )
    page.click("#draw")
    page.locator(".chip", has_text="优秀").tap()
    page.locator(".grid .choice", has_text="93").tap()
    keep(page, "voter-score")
    while not page.locator(".row").count():
        page.click("#next")  # what is blank is asked for once
    for row, grade in zip(page.locator(".row").all(), (0, 0, 1), strict=False):
        row.locator(".choice").nth(grade).tap()
    keep(page, "voter-list")


def teller(browser: Browser, service: Service) -> None:
    """A key card, and what a teller checks before opening; the two others come by HTTP."""
    booth = Booth(service.settings.base_url)
    draft = drafts.draft(
        title="2010年党员评议", slips=(12, 8), contests=3, demonstration=True, tellers=3, quorum=2
    )
    organisation = service.office.organisation(drafts.ORGANISATION)
    session = setup.create(service, draft, organisation_id=organisation)
    first, *others = (tellers.invite(service, session, number) for number in range(3))
    for number, secret in enumerate(others, 1):
        key = X25519PrivateKey.generate()
        KeyHolder(session, number, secret, key).hand_in_key(booth)
    page = phone(browser)
    page.goto(f"{service.settings.base_url}/t/{session}#{first}")
    page.click("#begin")
    page.fill("#passphrase", PASSPHRASE)
    page.fill("#again-passphrase", PASSPHRASE)
    page.click("button.main")
    page.wait_for_selector("#kept")
    keep(page, "teller-card")
    card = base64.b64decode(str(page.get_attribute("#save", "href")).split(",")[1])
    page.click("#kept")
    unlock(page, card)
    page.wait_for_selector("h1.final")
    hold(service, booth, session)
    page.goto("about:blank")
    page.goto(f"{service.settings.base_url}/t/{session}#{first}")
    unlock(page, card)
    page.wait_for_selector("#open")
    keep(page, "teller-open")


def unlock(page: Page, card: bytes) -> None:
    """The key card is read from its picture."""
    page.set_input_files("#picture", {"name": "card.png", "mimeType": "image/png", "buffer": card})
    page.wait_for_selector("#passphrase")
    page.fill("#passphrase", PASSPHRASE)
    page.click("button.main")


def hold(service: Service, booth: Booth, session: SessionId) -> None:
    """The vote, from freezing to close."""
    manifest = setup.freeze(service, session)
    printed = slips.print_slips(service, session)
    for number, voter_class in enumerate(manifest.classes):
        slips.activate(service, session, voter_class=number, first=1, last=voter_class.slips)
    voting.begin(service, session)
    crowd = people(manifest, casting=(10, 7), gave_up=0, away=0, seed=1)
    left = {number: [s for s in printed if s.voter_class == number] for number in (0, 1)}
    handed_out = [(left[person.voter_class].pop().code, person) for person in crowd]
    vote_all(booth, manifest, handed_out, progress=lambda *_: None)
    close.close(service, session)


def office(browser: Browser, service: Service, session: SessionId, finished: SessionId) -> None:
    """A session while people vote, the ballot forms, the peers, and a sheet of results."""
    page = browser.new_context(viewport={"width": 1000, "height": 640}, locale="zh-CN").new_page()
    page.goto(demonstration_link(service, organisation=drafts.ORGANISATION))
    page.locator("main button").first.click()
    page.goto(f"{service.settings.base_url}/office/sessions/{session}")
    page.wait_for_load_state("networkidle")
    keep(page, "office-session")
    page.get_by_role("link", name="上级机构").click()
    page.wait_for_load_state("networkidle")
    keep(page, "operator-peers")
    own = library.copy(service, service.office.organisation(drafts.ORGANISATION), "four-grades")
    library.keep(
        service,
        service.office.organisation(drafts.ORGANISATION),
        replace(own, title=Text("年度测评", "Yearly appraisal")),
    )
    page.goto(f"{service.settings.base_url}/office/forms")
    keep(page, "office-forms")
    sheet = f"{service.settings.base_url}/office/sessions/{finished}/sheets/subjects-portrait.pdf"
    with pypdfium2.PdfDocument(page.request.get(sheet).body()) as pdf:
        save(pdf[0].render(scale=1.2).to_pil(), "office-sheet")


def auditor(browser: Browser, service: Service, session: SessionId) -> None:
    """A recount on the board's page."""
    page = phone(browser)
    page.goto(f"{service.settings.base_url}/b/{session}")
    page.click("#recount-go")
    page.get_by_text("复算完成").first.wait_for(timeout=120_000)
    page.locator("#recount").scroll_into_view_if_needed()
    keep(page, "auditor-recount", top=False)


if __name__ == "__main__":
    main()
