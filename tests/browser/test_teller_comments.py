"""A teller opens the comment box with the ballots, and nothing that is no comment (§4.14)."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Route, expect

from appraisal.ballots import blind_rsa, board, merkle, voter
from appraisal.ballots.cast import encode_cast
from appraisal.steps import opening
from appraisal.steps.board import board_entries
from appraisal.steps.cast import cast
from appraisal.steps.close import close
from appraisal.steps.comments import comments_of
from appraisal.steps.draft import CommentsDraft
from tests.browser.phone import Booth, findings, sideways
from tests.browser.teller import Teller, paper
from tests.voting_session import ANSWERS, VotingSession, draft, prepare

pytestmark = pytest.mark.browser

READER = "支部书记"
BOX = CommentsDraft("还有什么意见和建议？", "Anything else?", (READER,))


def commented(
    booth: Booth,
    *written: str,
    floor: int = 2,
    before_close: Callable[[VotingSession], None] = lambda _: None,
) -> VotingSession:
    """A closed session of two tellers, in which members wrote this, or nothing."""
    given = replace(draft(tellers=2, quorum=2, floor=floor), comments=BOX)
    session = prepare(booth.service, given=given)
    for serial, comment in enumerate(written, start=1):
        blanks = session.blanks(serial)
        ballots = voter.fill_in(
            session.manifest, blanks, [ANSWERS], rng=os.urandom, comment=comment
        )
        cast(booth.service, session.id, encode_cast(ballots))
    before_close(session)
    close(booth.service, session.id)
    return session


def at_the_summary(booth: Booth, browser: Browser, session: VotingSession) -> Teller:
    """The first teller, whose key is unlocked."""
    teller = Teller.new(browser, paper(booth, session.cards[0]))
    teller.open()
    teller.unlock()
    return teller


def test_comments_are_opened_with_the_ballots(booth: Booth, browser: Browser) -> None:
    session = commented(booth, "路灯坏了", "", "书记辛苦了")
    teller = at_the_summary(booth, browser, session)
    page = teller.page
    expect(page.locator("#comments")).to_contain_text("意见箱里有 3 份意见")
    # The comment box is no box of ballots.
    assert page.locator("tbody tr").first.inner_text().split() == ["党员", "1", "3", "3"]
    page.set_viewport_size({"width": 320, "height": 568})
    assert sideways(page) == {}
    assert findings(page) == []
    page.click("#open")
    expect(page.locator("#count")).to_have_text("已交 1 / 2，还差 1 位。")
    session.cards[1].hand_in_factors(session.manifest)
    opening.open_boxes(booth.service, session.id)
    found = comments_of(booth.service, session.id, reader=READER)
    assert found is not None
    assert sorted(found) == ["书记辛苦了", "路灯坏了"]
    assert teller.phone.errors == []
    teller.phone.context.close()


def test_too_few_comments_stay_sealed(booth: Booth, browser: Browser) -> None:
    session = commented(booth, "只有两个人写", "", floor=3)
    teller = at_the_summary(booth, browser, session)
    expect(teller.page.locator("#comments")).to_contain_text("意见箱里不到 3 份，按规定不开")
    teller.phone.context.close()


def test_more_comments_than_slips_drawn_are_not_opened(booth: Booth, browser: Browser) -> None:
    """A service could make the tokens of as many as lack to the floor, and so lay one bare."""
    made: list[bytes] = []

    def make(session: VotingSession) -> None:
        *_, entry = minted(booth, session)
        made.append(entry)

    session = commented(booth, "只有一个人写", floor=2, before_close=make)

    def filled(route: Route) -> None:
        entries = sorted([comment_of(booth, session), *made], key=merkle.leaf_hash)
        route.fulfill(body=board.packed(entries))

    teller = Teller.new(browser, paper(booth, session.cards[0]))
    teller.page.route("**/comments", filled)
    teller.open()
    teller.unlock()
    expect(teller.page.locator("h1.problem")).to_have_text("意见箱没有通过核对，请先不要开箱")
    expect(teller.page.locator(".found li")).to_have_text(["意见比领取的凭证还多"])
    teller.phone.context.close()


def minted(booth: Booth, session: VotingSession) -> list[bytes]:
    """The entries of a ballot and a comment for which no slip was drawn."""
    drawing = voter.start_drawing(session.manifest, session.code(8), rng=os.urandom)
    boxes = session.manifest.boxes_of_class(0)
    keys = booth.service.keys.token_keys(session.id, boxes)
    signatures = [
        blind_rsa.blind_sign(key, blinded, rng=os.urandom)
        for key, blinded in zip(keys, drawing.request.blinded, strict=True)
    ]
    blanks = voter.finish_drawing(drawing, signatures)
    return [b.entry for b in voter.fill_in(session.manifest, blanks, [ANSWERS], rng=os.urandom)]


def comment_of(booth: Booth, session: VotingSession) -> bytes:
    """The only comment in the box."""
    (found,) = (
        ballot.entry
        for ballot in booth.service.box.ballots(session.id)
        if session.manifest.is_comment(ballot.box)
    )
    return found


@pytest.mark.parametrize("which", ["changed", "turned", "repeated", "ballot", "few", "cut"])
def test_what_is_no_comment_box_is_not_opened(booth: Booth, browser: Browser, which: str) -> None:
    """Nor does the teller's key touch the ballots then."""
    session = commented(booth, "一", "二", "三")

    def altered(route: Route) -> None:
        entries = list(board.unpacked(route.fetch().body()))
        match which:
            case "changed":
                entries[0] = entries[0][:-100] + bytes([entries[0][-100] ^ 1]) + entries[0][-99:]
            case "turned":
                entries.reverse()
            case "repeated":
                entries.append(entries[-1])
            case "ballot":
                entries.append(
                    next(e for e in board_entries(booth.service, session.id) if e[0] == 4)
                )
            case "few":
                del entries[1:]
            case "cut":
                entries[2] = entries[2][:-1]
            case _:
                raise AssertionError(which)
        route.fulfill(body=board.packed(entries))

    teller = Teller.new(browser, paper(booth, session.cards[0]))
    teller.page.route("**/comments", altered)
    teller.open()
    teller.unlock()
    expect(teller.page.locator("h1.problem")).to_have_text("意见箱没有通过核对，请先不要开箱")
    expect(teller.page.locator(".found li").first).not_to_be_empty()
    expect(teller.page.locator("#open")).to_have_count(0)
    teller.page.unroute_all()
    teller.page.click("#again")
    expect(teller.page.locator("#open")).to_be_visible()
    teller.phone.context.close()
