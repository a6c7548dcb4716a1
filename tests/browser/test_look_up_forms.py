"""A voter looks up the own ballots by tracker, whatever was asked on them."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import Browser

from appraisal.ballots import voter
from appraisal.ballots.cast import encode_cast
from appraisal.steps.cast import cast
from appraisal.steps.close import close
from appraisal.steps.draft import FormDraft, LimitDraft
from appraisal.steps.opening import open_boxes
from tests.browser.forms import BRANCHES, ORGANISATION, PEOPLE, PERSON, kind, link_into, voting
from tests.browser.phone import SMALL, Booth, Phone, findings, sideways

pytestmark = pytest.mark.browser

EVERY = kind(
    FormDraft("three-key-questions", ORGANISATION),
    FormDraft("two-problems", PERSON),
    FormDraft("score-100", PERSON),
    FormDraft("select-exactly", limits=(LimitDraft(1, 1), LimitDraft(2, 2))),
    FormDraft("overall-grade", PERSON),
    subjects=(BRANCHES[0], PEOPLE[0], PEOPLE[1], PEOPLE[3]),
    members=3,
)
NAMES = ("王建华（支部书记）", "李秀英", "王建华（青年志愿者服务队）")


def test_answers_of_every_kind(booth: Booth, browser: Browser) -> None:
    session = voting(booth, EVERY)
    phone = Phone.new(browser)
    page = phone.page
    phone.draw(link_into(session, booth))
    phone.choose(1, 0, 5)
    phone.go_on()
    page.locator(".choice").nth(1).click()
    page.locator(".choice").nth(8).click()
    phone.go_on()
    page.locator(".chip").nth(0).click()
    page.locator(".grid .choice").nth(5).click()
    for _ in range(5):  # both others: no shortcoming ticked, no points
        phone.go_on()
    for number in (0, 1, 3):
        page.locator(".row .choice").nth(number).click()
    phone.go_on()
    page.locator("section.row").nth(1).locator(".choice").nth(0).click()
    phone.to_review()
    page.click("#cast")
    page.wait_for_selector(".final")
    page.click("#receipt")
    page.click(".trackers button")
    titles = page.locator(".tracker-list dt").all_inner_texts()
    assert titles[:3] == [
        "银杏社区党支部：三个关键问题",
        f"{NAMES[0]}：存在问题",
        f"{NAMES[0]}：百分制测评",
    ]
    trackers = page.locator(".tracker-list dd").all_inner_texts()
    phone.context.close()

    blanks = session.blanks(2)
    others = [[0] * form.size for form in session.manifest.forms]
    ballots = voter.fill_in(session.manifest, blanks, others, rng=os.urandom)
    cast(booth.service, session.id, encode_cast(ballots))
    close(booth.service, session.id)
    open_boxes(booth.service, session.id)

    phone = Phone.new(browser, viewport=SMALL)
    page = phone.page
    page.goto(f"{booth.server.url}/b/{session.id}")
    page.fill("#receipt-text", "\n".join(trackers))
    page.click("#find button")
    page.click("#show-ballot")
    shown = page.locator("#found section")
    page.wait_for_selector("#found section")
    found = [[line for line in text.split("\n") if line] for text in shown.all_inner_texts()]
    assert found[0][2::2] == ["强", "未填（弃权）", "不了解"]
    assert found[1][2:] == ["党员意识弱化", "联系服务群众不够"]
    assert found[2][1:] == ["综合评分", "95 分，优秀"]
    assert found[3][2:] == ["没有选"]
    assert found[4][2:] == ["未填（弃权）"]
    assert found[7] == [
        "按定额推荐先进基层党组织和优秀共产党员", "是否推荐为表彰对象（选了 3 个）",
        "银杏社区党支部", NAMES[0], NAMES[2],
    ]  # fmt: skip
    assert found[8][1:] == [NAMES[0], "未填（弃权）", NAMES[1], "优秀", NAMES[2], "未填（弃权）"]
    assert sideways(page) == {}
    assert findings(page) == []
    assert not phone.errors
    phone.context.close()
