"""No page scrolls sideways on a small phone, whatever was drawn, in any size of text.

The voter's and the tellers' screens are walked in `test_booth_comfort`, `test_booth_forms_comfort`
and `test_tellers`, the office's in `test_office`; here is what else people open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, expect

from appraisal.steps import opening, witnesses
from appraisal.steps.close import close
from tests.browser.forms import BRANCHES, PEOPLE
from tests.browser.phone import SMALL, Booth, Phone, sideways
from tests.browser.teller import Teller, paper
from tests.browser.test_teller_and_witness import watched
from tests.second_signer import SecondSigner
from tests.voting_session import VotingSession, draft, prepare

__all__ = ["watched"]  # a fixture
pytestmark = pytest.mark.browser

LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])
UNFOLD = "document.querySelectorAll('details').forEach((folded) => { folded.open = true; })"
GUIDES = ("voter", "secretary", "teller", "auditor", "operator")


@pytest.fixture
def phone(browser: Browser) -> Iterator[Phone]:
    """A small one."""
    phone = Phone.new(browser, viewport=SMALL)
    yield phone
    phone.context.close()
    assert not phone.errors


def voted(booth: Booth) -> VotingSession:
    """Branches and people with long names, three tellers, votes of one class."""
    given = draft(slips=(4, 3), tellers=3, quorum=2)
    session = prepare(booth.service, given=replace(given, subjects=(*BRANCHES, *PEOPLE)))
    for serial in (1, 2, 3):
        session.vote(serial)
    return session


def closed(booth: Booth) -> VotingSession:
    session = voted(booth)
    close(booth.service, session.id)
    return session


def opened(booth: Booth) -> VotingSession:
    session = closed(booth)
    for card in session.cards[1:]:
        card.hand_in_factors(session.manifest)
    opening.open_boxes(booth.service, session.id)
    return session


def void(booth: Booth) -> VotingSession:
    session = closed(booth)
    opening.declare_unopened(booth.service, session.id)
    return session


@LANGUAGES
@pytest.mark.parametrize("state", [voted, closed, void])
def test_the_board_before_there_are_results(
    booth: Booth, phone: Phone, language: str, state: Callable[[Booth], VotingSession]
) -> None:
    phone.page.goto(f"{booth.server.url}/b/{state(booth).id}?lang={language}")
    phone.page.evaluate(UNFOLD)
    assert sideways(phone.page) == {}


@LANGUAGES
def test_the_board_with_results_recounted_and_all_that_is_found_on_it(
    booth: Booth, phone: Phone, language: str
) -> None:
    session = opened(booth)
    page = phone.page
    page.goto(f"{booth.server.url}/b/{session.id}?lang={language}")
    page.click("#recount-go")
    expect(page.locator("#recounted .verdict")).to_be_visible()
    page.fill("#slip-code", session.code(1))
    page.click("#find-slip button[type=submit]")
    expect(page.locator("#slip-found p").first).to_be_visible()
    page.fill("#receipt-text", f"{'ab' * 32} {'A' * 86}==")
    page.click("#find button")
    expect(page.locator("#found p").first).to_be_visible()
    page.evaluate(UNFOLD)
    assert sideways(page) == {}


@LANGUAGES
def test_a_board_with_its_witness_and_the_teller_who_compares_it(
    watched: tuple[Booth, SecondSigner], phone: Phone, browser: Browser, language: str
) -> None:
    booth, witness = watched
    service, session = booth.service, booth.session
    with witness.away():
        close(service, session.id)
    teller = Teller.new(browser, paper(booth, session.cards[0]), viewport=SMALL)
    teller.open()
    teller.page.wait_for_selector("#passphrase")
    if language == "en":
        teller.page.click("#language")
    for cosigned in (False, True):
        if cosigned:
            witnesses.ask_witnesses(service, session.id)
            teller.page.click("#again")
            expect(teller.page.locator("#open")).to_have_class("main")
        else:
            teller.unlock()
            expect(teller.page.locator("#uncosigned")).to_be_visible()
        assert sideways(teller.page) == {}
        phone.page.goto(f"{booth.server.url}/b/{session.id}?lang={language}")
        phone.page.evaluate(UNFOLD)
        assert sideways(phone.page) == {}
    teller.phone.context.close()


@LANGUAGES
def test_guides_the_typed_code_and_what_is_not_there(
    booth: Booth, phone: Phone, language: str
) -> None:
    wide = {}
    paths = [*(f"/help/{role}" for role in GUIDES), "/v", "/v/0000000000", "/b/0000000000"]
    for path in paths:
        phone.page.goto(f"{booth.server.url}{path}?lang={language}")
        expect(phone.page.locator("h1").first).to_be_visible()
        phone.page.evaluate(UNFOLD)
        if found := sideways(phone.page):
            wide[path] = found
    assert wide == {}
