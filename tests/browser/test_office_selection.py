"""The result of a selection in the office: on the projector, and on a phone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Browser, expect

from appraisal.ballots.cast import encode_cast
from appraisal.steps import close, opening
from appraisal.steps.cast import cast
from appraisal.steps.draft import Draft, FormDraft
from tests.browser.forms import PEOPLE
from tests.browser.test_office import Installation, installation, signed_in
from tests.voting_session import VotingSession, draft, prepare

__all__ = ["installation"]  # a fixture
pytestmark = pytest.mark.browser

OVERLAPS = """() => [...document.querySelectorAll(".screen-results li")].filter((row) => {
  const boxes = [...row.children].map((cell) => {
    const text = document.createRange();
    text.selectNodeContents(cell);
    return text.getBoundingClientRect();
  }).filter((box) => box.width);
  return boxes.some((one, i) => boxes.slice(i + 1).some((other) =>
    one.left < other.right && other.left < one.right &&
    one.top < other.bottom && other.top < one.bottom));
}).map((row) => row.innerText)"""
"""Rows in which one text is written over another."""


def opened(installation: Installation) -> tuple[VotingSession, Draft]:
    """A selection of persons with votes, opened."""
    usual = draft(slips=(6,))
    given = replace(usual, forms=(FormDraft("select-persons"),), subjects=PEOPLE)
    session = prepare(installation.service, given=given)
    for serial in range(1, 4):
        ballots = session.fill_in(session.blanks(serial), (1, 1, 1, 0, 0, 0))
        cast(installation.service, session.id, encode_cast(ballots))
    close.close(installation.service, session.id)
    opening.open_boxes(installation.service, session.id)
    return session, given


def test_votes_and_their_share_are_not_written_over_the_outcome(
    browser: Browser, installation: Installation
) -> None:
    session, given = opened(installation)
    page = signed_in(browser, installation, organisation=given.organisation)
    for language in ("zh", "en"):
        page.goto(f"{installation.server.url}/office/sessions/{session.id}")
        if language == "en":
            page.get_by_role("button", name="English").click()
            page.wait_for_load_state()
        page.goto(f"{installation.server.url}/office/sessions/{session.id}/screen")
        expect(page.locator(".screen-results li")).to_have_count(len(PEOPLE))
        assert "%" in page.locator(".screen-results").inner_text()
        for width in (1280, 1920, 390):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(OVERLAPS) == [], f"{language}, {width} px"
    page.context.close()


def test_votes_and_their_share_stand_in_one_line_on_a_phone(
    browser: Browser, installation: Installation
) -> None:
    session, given = opened(installation)
    page = signed_in(browser, installation, organisation=given.organisation)
    page.set_viewport_size({"width": 320, "height": 568})
    page.goto(f"{installation.server.url}/office/sessions/{session.id}")
    tops = page.evaluate(
        """() => [...document.querySelectorAll(".outcomes.ranked tbody tr")].map((row) =>
          new Set([...row.querySelectorAll(".number")].map((c) => c.offsetTop)).size)"""
    )
    assert tops == [1] * len(PEOPLE)
    page.context.close()
