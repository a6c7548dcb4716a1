"""Before the draw a voter reads to whom the results will be told, unless it is everyone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from appraisal.counting_rules import Publication
from tests.browser.forms import KINDS, link_into, voting
from tests.browser.phone import Booth, Phone

pytestmark = pytest.mark.browser

TOLD = {
    Publication.ON_THE_SPOT: ("只当场告诉在场的人", "on the spot, to those present"),
    Publication.BRANCH: ("只告诉本组织的人", "within the organisation"),
    Publication.SUBJECT: ("投票人不能复算", "voters cannot recount"),
}


@pytest.mark.parametrize("publication", TOLD, ids=lambda publication: publication.value)
def test_who_is_told_the_results_stands_before_the_draw(
    booth: Booth, phone: Phone, publication: Publication
) -> None:
    session = voting(booth, KINDS["score"], publication=publication)
    chinese, english = TOLD[publication]
    phone.scan(link_into(session, booth))
    expect(phone.page.locator("#told")).to_contain_text(chinese)
    phone.page.click("#language")
    expect(phone.page.locator("#told")).to_contain_text(english)


def test_nothing_is_said_of_results_that_everyone_is_told(booth: Booth, phone: Phone) -> None:
    phone.scan(booth.fresh_link())
    expect(phone.page.locator("#told")).to_have_count(0)


def test_no_tracker_is_offered_where_openings_are_told_to_nobody(
    booth: Booth, phone: Phone
) -> None:
    """It would be of use only against its voter: to the service, which keeps the openings."""
    session = voting(booth, KINDS["score"], publication=Publication.SUBJECT)
    phone.vote(link_into(session, booth))
    phone.page.click("#receipt")
    expect(phone.page.locator("#receipt-text")).to_be_visible()
    expect(phone.page.locator(".trackers")).to_have_count(0)
