"""A teller does not open a board that no witness has cosigned, or only knowing it (§4.13)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from appraisal.config import Settings
from appraisal.steps import witnesses
from appraisal.steps.close import close
from appraisal.steps.service import open_service
from tests.browser.phone import Booth
from tests.browser.teller import Teller, paper
from tests.live import LiveServer, free_port, on_port
from tests.second_signer import NAME, SecondSigner, enrolled, second_signer, settings_in
from tests.voting_session import draft, prepare

pytestmark = pytest.mark.browser


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[tuple[Booth, SecondSigner]]:
    """A session of two tellers with a witness, in voting, with votes enough."""
    given = {"APPRAISAL_DATA": str(tmp_path / "var"), "APPRAISAL_KEYS": str(tmp_path / "keys")}
    settings = on_port(Settings.from_environment(given), free_port())
    service = open_service(settings)
    with second_signer(settings_in(tmp_path / "witness")) as witness:
        enrolled(service, witness)
        wanted = replace(draft(tellers=2, quorum=2), witnesses=(witness.url,))
        session = prepare(service, given=wanted)
        for serial in (1, 2, 3):
            session.vote(serial)
        server = LiveServer(settings).start()
        yield Booth(service, server, session), witness
        server.kill()
    service.close()


def test_a_board_without_its_witness_is_opened_only_knowingly(
    watched: tuple[Booth, SecondSigner], browser: Browser
) -> None:
    booth, witness = watched
    service, session = booth.service, booth.session
    with witness.away():
        close(service, session.id)
    teller = Teller.new(browser, paper(booth, session.cards[0]))
    teller.open()
    teller.unlock()
    page = teller.page
    (signing,) = session.manifest.witnesses
    said = f"见证方还没有签这块公示板：{NAME}（{signing.name}）。"
    expect(page.locator("#uncosigned")).to_contain_text(said)
    expect(page.locator("#open")).to_have_class("second")
    expect(page.locator("#shown")).to_contain_text("2 位监票人里要 2 位开箱")
    expect(page.locator("#shown")).to_contain_text("公示板共")

    witnesses.ask_witnesses(service, session.id)
    page.click("#again")
    expect(page.locator("#open")).to_have_class("main")
    expect(page.locator("#uncosigned")).to_have_count(0)
    page.click("#open")
    expect(page.locator("#count")).to_have_text("已交 1 / 2，还差 1 位。")
