"""What a voter reads before the draw and before casting holds for the form that is voted on."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from appraisal.counting_rules import EmptyBallot
from tests.browser.forms import KINDS, PEOPLE, kind, link_into, voting
from tests.browser.phone import Booth, Phone

pytestmark = pytest.mark.browser


def test_where_a_number_is_to_be_chosen_fewer_are_said_to_spoil(booth: Booth, phone: Phone) -> None:
    phone.scan(link_into(voting(booth, KINDS["exactly"]), booth))
    what = phone.page.locator("#what")
    expect(what).to_contain_text("选不够的选票无效。整张空着算弃权。")
    phone.page.click("#language")
    expect(what).to_contain_text("a ballot with fewer is spoilt. A ballot left blank as a whole")
    phone.scan(link_into(voting(booth, KINDS["at most"]), booth))
    expect(what).to_contain_text("Leave anything blank if you like")


def test_an_empty_ballot_is_not_called_both_spoilt_and_an_abstention(
    booth: Booth, phone: Phone
) -> None:
    session = voting(booth, KINDS["exactly"], empty_ballot=EmptyBallot.SPOILT)
    phone.scan(link_into(session, booth))
    expect(phone.page.locator("#what")).to_contain_text("一题也不填的选票是无效票")
    expect(phone.page.locator("#what")).not_to_contain_text("弃权")
    session = voting(booth, KINDS["score"], empty_ballot=EmptyBallot.SPOILT)
    phone.draw(link_into(session, booth))
    phone.to_review()
    expect(phone.page.locator("dd.blank")).to_have_text("未填")


def test_a_list_of_which_nothing_is_ticked_is_not_called_filled_in(
    booth: Booth, phone: Phone
) -> None:
    both = KINDS["ticks"].forms + KINDS["comments"].forms
    phone.draw(link_into(voting(booth, kind(*both, subjects=PEOPLE[:1])), booth))
    phone.go_on()
    phone.choose(1)
    phone.to_review()
    expect(phone.page.locator("dd.blank")).to_have_text("没有选")
    expect(phone.page.locator("#blanks")).to_have_text("该填的都填了。")
    phone.page.get_by_role("button", name="修改：王建华：存在问题").click()
    phone.page.locator(".choice").first.click()
    phone.to_review()
    expect(phone.page.locator("#blanks")).to_have_text("每一题都填了。")


def test_no_line_of_a_name_begins_with_its_dot(booth: Booth, phone: Phone) -> None:
    phone.draw(link_into(voting(booth, KINDS["at most"]), booth))
    name = phone.page.locator(".name", has_text="艾合买提")
    assert name.evaluate("(name) => /(^|[^\\u2060])·/u.test(name.textContent)") is False
