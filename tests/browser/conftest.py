"""A real server with a session that is voting, and phones that visit it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from appraisal.config import Settings
from appraisal.steps.service import open_service
from tests.browser.phone import Booth, Phone
from tests.live import LiveServer, free_port, on_port
from tests.voting_session import draft, prepare

SUBJECTS = 7
# A busy machine is no failure: only what never comes is one.
PATIENCE_MS = 30_000
PATIENCE = pytest.mark.timeout(300)
expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test in a browser has as long as the longest, unless it says otherwise."""
    for item in items:
        if item.get_closest_marker("browser") and not item.get_closest_marker("timeout"):
            item.add_marker(PATIENCE)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium that CHROMIUM names, or the system's own."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox", "--disable-gpu"],
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def booth(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Booth]:
    """Seven subjects, two classes, 60 slips in the first: one is used up by each voter."""
    folder = tmp_path_factory.mktemp("booth")
    settings = on_port(
        Settings.from_environment(
            {"APPRAISAL_DATA": str(folder / "var"), "APPRAISAL_KEYS": str(folder / "keys")}
        ),
        free_port(),
    )
    service = open_service(settings)
    session = prepare(service, given=draft(subjects=SUBJECTS, slips=(60, 6)))
    server = LiveServer(settings).start()
    yield Booth(service, server, session)
    server.kill()
    service.close()


@pytest.fixture
def phone(browser: Browser, booth: Booth) -> Iterator[Phone]:
    """A phone with nothing on it; in the end it has talked to the service alone, without errors."""
    phone = Phone.new(browser)
    yield phone
    phone.context.close()
    assert not phone.errors
    elsewhere = [r.url for r in phone.requests if not r.url.startswith((booth.server.url, "data:"))]
    assert not elsewhere
