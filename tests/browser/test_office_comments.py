"""The comments' page in a real browser: each as it was written, and within its own lines."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Browser, expect

from appraisal.steps import close, opening
from appraisal.steps.draft import CommentsDraft
from tests.browser.test_office import Installation, installation, look, signed_in
from tests.steps.test_comments import vote
from tests.voting_session import draft, prepare

__all__ = ["installation"]  # a fixture
pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

LINES = "路灯坏了三个月。\n请派人来修。"
ENDLESS = "W" * 590
PILED = "好" + "\u0337\u0310" * 120


def test_what_strangers_wrote_breaks_no_page(browser: Browser, installation: Installation) -> None:
    service = installation.service
    box = CommentsDraft("还有什么意见和建议？", "", ("演示账号",))
    voting = prepare(service, given=replace(draft(), comments=box))
    for serial, comment in enumerate((LINES, ENDLESS, PILED), start=1):
        vote(voting, comment, serial)
    close.close(service, voting.id)
    opening.open_boxes(service, voting.id)
    page = signed_in(browser, installation, organisation=draft().organisation)
    page.goto(f"{installation.server.url}/office/sessions/{voting.id}/comments")
    expect(page.locator(".comments li")).to_have_count(3)
    assert LINES in page.locator(".comments li").all_inner_texts()
    for style in page.locator(".comments li").evaluate_all(
        "items => items.map(item => getComputedStyle(item).overflow)"
    ):
        assert style == "clip"
    assert look(page) == []
    page.context.close()
