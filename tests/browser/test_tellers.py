"""Three tellers: keys on paper, on a picture and in typed lines; two of them open the boxes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Route, ViewportSize, expect

from appraisal.manifest import SessionId
from appraisal.steps import opening, setup, slips, tellers, voting
from appraisal.steps.close import close
from appraisal.tally.results import Status
from tests.browser.phone import SMALL, VIEWPORT, Booth, Phone, findings, no_network, sideways
from tests.browser.teller import (
    DESKTOP,
    PASSPHRASE,
    Teller,
    every_screen,
    invited,
    lines_of,
    link,
    mistyped,
    paper,
    photographed,
    scanned,
)
from tests.browser.test_booth_comfort import SCHEMES, SMALL_TARGETS, SMALL_TEXT
from tests.tellers import with_keys
from tests.voting_session import VotingSession, draft, prepare

pytestmark = pytest.mark.browser


def test_two_of_three_tellers_open(booth: Booth, browser: Browser) -> None:
    session = invited(booth)
    service = booth.service
    links = [link(booth, session, number) for number in range(3)]
    everything: list[Phone] = []

    def teller(address: str, **options: object) -> Teller:
        made = Teller.new(browser, address, **options)
        everything.append(made.phone)
        return made

    # The first prints at a desk and scans the paper with a phone, where it goes on.
    desk = teller(links[0], viewport=DESKTOP, has_touch=False)
    desk.make()
    sheet = desk.printed()
    paper = scanned(sheet)
    assert paper.startswith(links[0] + ".")
    assert scanned(desk.printed("A5")) == paper
    desk.page.click("#kept")
    hand = teller(paper)
    hand.open()
    expect(hand.page).not_to_have_url(re.compile("#"))
    hand.unlock("not the passphrase")
    expect(hand.page.locator("#passphrase-error")).to_contain_text("口令不对")
    assert not tellers.statuses(service, session)[0].checked
    hand.unlock()
    hand.expect_checked()
    desk.expect_checked()  # of itself

    # The second keeps a picture, and photographs the paper.
    second = teller(links[1])
    second.make()
    assert scanned(second.saved()).startswith(links[1] + ".")
    photo = photographed(second.printed())
    second.page.click("#kept")
    second.give_picture(b"GIF89a")
    expect(second.page.locator("#picture-error")).to_contain_text("不是能打开的图片")
    second.give_picture(photo, "photo.jpg")
    second.unlock()
    second.expect_checked()

    # The third types the lines, with a mistake in one.
    third = teller(links[2])
    third.make()
    typed = lines_of(scanned(third.saved()))
    third.page.click("#kept")
    third.page.click("#type")
    wrong = mistyped(typed[3], 4)
    third.type_card([*typed[:3], wrong, *typed[4:]])
    expect(third.page.locator("#line-4-state")).to_contain_text("第 4 行有错")
    expect(third.page.locator("#line-4")).to_be_focused()
    third.page.fill("#line-4", " ".join(typed[3].lower().replace("0", "o").replace("1", "l")))
    third.page.click("button.main")
    third.unlock()
    third.expect_checked()

    # Frozen and voting: nothing to do, but each can see that the manifest names the key.
    manifest = setup.freeze(service, session)
    printed = slips.print_slips(service, session)
    for number, voter_class in enumerate(manifest.classes):
        slips.activate(service, session, voter_class=number, first=1, last=voter_class.slips)
    voting.begin(service, session)
    hand.open()
    expect(hand.page.locator("h1")).to_have_text("钥匙对得上")
    third.open()
    expect(third.page.locator("main .advice")).to_contain_text("正在投票")
    third.page.click("#verify")
    third.page.click("#type")
    third.type_card(typed)
    expect(third.page.locator(".final-close")).to_contain_text("第 3 位监票人王小明")

    voters = VotingSession(service, manifest, printed)
    for serial in (1, 2, 3):
        voters.vote(serial)
    voters.vote(1, voter_class=1)
    close(service, session)

    # The first opens from the paper; the class with one ballot stays sealed.
    hand.open()
    hand.unlock()
    hand.page.wait_for_selector("#open")
    rows = hand.page.locator("tbody tr").all_inner_texts()
    assert [row.split() for row in rows] == [["党员", "2", "6", "6"], ["群众", "2", "2", "0"]]
    expect(hand.page.locator("#sealed")).to_contain_text("2 个票箱选票太少（一共 2 张）")
    hand.page.route("**/factors", no_network)
    hand.page.click("#open")
    expect(hand.page.locator("#progress")).to_contain_text("正在重试（第 2 次）")
    hand.page.unroute("**/factors")
    expect(hand.page.locator("#count")).to_have_text("已交 1 / 2，还差 1 位。")
    expect(hand.page.locator(".people li").nth(0)).to_contain_text("已交")
    expect(hand.page.locator(".people li").nth(1)).to_contain_text("还没有交")

    # The second has a new link, and the card's picture with the old one.
    second.open(link(booth, session, 1))
    second.give_picture(photo, "photo.jpg")
    second.unlock()
    second.page.click("#open")
    expect(second.page.locator("#count")).to_have_text("已交 2 / 2，够了。请主持人开箱。")
    expect(hand.page.locator("#count")).to_contain_text("够了")

    assert opening.open_boxes(service, session).status is Status.COUNTED
    expect(hand.page.locator("h1.final")).to_have_text("已经开箱")
    third.open()
    expect(third.page.locator("h1.final")).to_have_text("已经开箱")

    _nothing_was_told_or_kept(everything, [hand, second, third], typed)


def _nothing_was_told_or_kept(phones: list[Phone], there: list[Teller], typed: list[str]) -> None:
    """Neither card nor passphrase nor key left a browser, or stayed in it."""
    sent = [post.post_data or "" for phone in phones for post in phone.posts]
    assert sent
    for body in sent:
        assert set(json.loads(body)) <= {"secret", "key", "answer", "tellers", "quorum", "factors"}
        assert PASSPHRASE not in body
        assert typed[0][:22] not in body
    for phone in phones:
        assert not any(
            "#" in request.url and "data:" not in request.url for request in phone.requests
        )
        assert phone.errors == []
    for teller in there:
        assert PASSPHRASE not in teller.kept()
        assert typed[0][:22] not in teller.kept()
    assert "secret" not in there[0].kept()
    for phone in phones:
        phone.context.close()


@pytest.fixture
def teller(booth: Booth, browser: Browser) -> Iterator[Teller]:
    """The first of three tellers of a new session, with a fresh link."""
    session = invited(booth)
    made = Teller.new(browser, link(booth, session, 0))
    yield made
    assert made.phone.errors == []
    made.phone.context.close()


def _session(teller: Teller) -> SessionId:
    return SessionId(teller.link.rsplit("/", 1)[1].split("#")[0])


def test_only_this_very_card_is_read_back(booth: Booth, teller: Teller) -> None:
    teller.make()
    first = teller.saved()
    elsewhere = link(booth, invited(booth), 0)
    teller.link, own = elsewhere, teller.link
    teller.make()
    other_session = teller.saved()
    teller.link = own
    teller.make()
    teller.page.click("#kept")
    error = teller.page.locator("#picture-error")
    teller.give_picture(first)
    expect(error).to_contain_text("不是刚才生成的那张卡")
    teller.give_picture(other_session)
    expect(error).to_contain_text("这是另一次评议的钥匙卡")
    assert not tellers.statuses(booth.service, _session(teller))[0].checked
    assert not any(post.url.endswith("/key") for post in teller.phone.posts)


def test_the_public_key_is_told_only_after_the_reading(teller: Teller) -> None:
    teller.make()
    card = scanned(teller.saved())
    before = [post.post_data or "" for post in teller.phone.posts]
    assert len(before) == 1  # whose link it is, asked with a key that is thrown away
    teller.page.click("#kept")
    teller.page.click("#type")
    teller.type_card(lines_of(card))
    teller.unlock()
    teller.expect_checked()
    asked, handed_in = (json.loads(post.post_data or "") for post in teller.phone.posts[1:])
    assert asked["key"] == handed_in["key"]
    assert asked["key"] not in before[0]


def test_a_passphrase_is_long_enough_and_the_same_twice(teller: Teller) -> None:
    teller.open()
    teller.page.click("#begin")
    for first, second, said in (
        ("1234567", "1234567", "至少要 8 个字"),
        ("aaaaaaaa", "aaaaaaaa", "太容易猜"),
        ("12345678", "12345678", "太容易猜"),
        ("correct horse", "correct hors", "两遍输的不一样"),
    ):
        teller.page.fill("#passphrase", first)
        teller.page.fill("#again-passphrase", second)
        teller.page.click("button.main")
        expect(teller.page.locator(".error:not(:empty)")).to_contain_text(said)
    teller.page.check("#show")
    expect(teller.page.locator("#passphrase")).to_have_attribute("type", "text")


def test_links_that_are_nobodys_or_done_with(booth: Booth, teller: Teller) -> None:
    session, own = _session(teller), teller.link
    teller.open(own[:-1])
    assert teller.problem() == "bad-link"
    tellers.invite(booth.service, session, 0)
    teller.open(own)
    assert teller.problem() == "link-unknown"
    teller.link = link(booth, session, 0)
    teller.make()
    card = scanned(teller.saved())
    teller.open(card)
    teller.unlock()
    teller.expect_checked()
    teller.open()
    assert teller.problem() == "key-standing"
    teller.open(card[:-1])
    assert teller.problem() == "bad-card"


def test_a_session_without_tellers_says_so(booth: Booth, teller: Teller) -> None:
    teller.open(f"{booth.server.url}/t/{booth.session.id}")
    assert teller.problem() == "custodian"


def test_a_card_that_the_manifest_does_not_name(booth: Booth, teller: Teller) -> None:
    """Whoever exchanges a key in the service is found out by the card, before anyone votes."""
    session = _session(teller)
    teller.make()
    lost = scanned(teller.saved())
    for number in range(3):
        again = link(booth, session, number)
        teller.link = again
        teller.make()
        teller.open(scanned(teller.saved()))
        teller.unlock()
        teller.expect_checked()
    setup.freeze(booth.service, session)
    teller.open(lost)
    assert teller.problem() == "other-card"
    expect(teller.page.locator("main .advice")).to_contain_text("欧阳建国")


def _another_quorum(booth: Booth, session: SessionId, quorum: int) -> None:
    draft_now = setup.draft_of(booth.service, session)
    setup.save(booth.service, session, replace(draft_now, quorum=quorum))


def test_a_page_from_before_a_change_of_the_quorum_makes_no_card(
    booth: Booth, teller: Teller
) -> None:
    teller.open()
    teller.page.click("#begin")
    _another_quorum(booth, _session(teller), 3)
    teller.page.fill("#passphrase", PASSPHRASE)
    teller.page.fill("#again-passphrase", PASSPHRASE)
    teller.page.click("button.main")
    expect(teller.page.locator("h1.problem")).to_have_attribute("data-problem", "terms-changed")
    teller.page.click("#again")
    expect(teller.page.locator("ul.lines")).to_contain_text("3 位到齐才能开箱")


def test_a_card_from_before_a_change_of_the_quorum_is_not_registered(
    booth: Booth, browser: Browser, teller: Teller
) -> None:
    """Neither by the page that made it, nor by a phone that scans it afterwards."""
    session = _session(teller)
    teller.make()
    picture = teller.saved()
    _another_quorum(booth, session, 3)
    teller.page.click("#kept")
    teller.give_picture(picture)
    teller.unlock()
    expect(teller.page.locator("h1.problem")).to_have_attribute("data-problem", "terms-changed")
    phone = Teller.new(browser, scanned(picture))
    phone.open()
    phone.unlock()
    expect(phone.page.locator("h1.problem")).to_have_attribute("data-problem", "terms-changed")
    phone.phone.context.close()
    assert not tellers.statuses(booth.service, session)[0].checked
    teller.page.click("#again")
    teller.make()
    anew = teller.saved()
    teller.page.click("#kept")
    teller.give_picture(anew)
    teller.unlock()
    teller.expect_checked()


def test_a_manifest_with_another_quorum_than_the_card_is_told_by_the_card(
    booth: Booth, teller: Teller
) -> None:
    """Whoever lowers it in the service is found out before anyone votes."""
    session = _session(teller)
    held = with_keys(booth.service, session)
    setup.freeze(booth.service, session)
    teller.open(paper(booth, held[1]))
    expect(teller.page.locator("h1.final")).to_have_text("钥匙对得上")
    expect(teller.page.locator(".final-close")).to_contain_text("3 位监票人里要 2 位开箱")
    teller.open(paper(booth, replace(held[1], quorum=3)))
    expect(teller.page.locator("h1.problem")).to_have_attribute("data-problem", "other-terms")
    expect(teller.page.locator("main .advice")).to_contain_text(
        "3 位到齐开箱，评议书上是 3 位、2 位"
    )


@pytest.fixture(scope="module")
def closed(booth: Booth) -> VotingSession:
    """Two tellers, either of whom opens: three ballots in one class, one in the other."""
    given = draft(subjects=1, slips=(4, 3), tellers=2, quorum=1)
    session = prepare(booth.service, given=given)
    for serial in (1, 2, 3):
        session.vote(serial)
    session.vote(1, voter_class=1)
    close(booth.service, session.id)
    return session


def _size(size: dict[str, int]) -> ViewportSize:
    return ViewportSize(width=size["width"], height=size["height"])


def _typed(teller: Teller, card_link: str) -> None:
    teller.page.click("#type")
    teller.type_card(lines_of(card_link))


def test_the_lines_of_the_paper_are_enough(
    booth: Booth, closed: VotingSession, teller: Teller
) -> None:
    """The address that stands on the card, and its seven lines: no link, no camera."""
    teller.open(f"{booth.server.url}/t/{closed.id}")
    _typed(teller, paper(booth, closed.cards[0]))
    teller.unlock()
    teller.page.wait_for_selector("#open")


def test_a_card_of_another_session_opens_nothing(
    booth: Booth, closed: VotingSession, teller: Teller
) -> None:
    other = with_keys(booth.service, invited(booth))
    teller.open(f"{booth.server.url}/t/{closed.id}#{closed.cards[0].secret}")
    _typed(teller, paper(booth, other[0]))
    assert teller.problem() == "other-card"
    teller.open(f"{booth.server.url}/t/{closed.id}#{closed.cards[0].secret}")
    _typed(teller, paper(booth, other[2]))
    assert teller.problem() == "other-teller"


def test_link_and_card_of_two_tellers(booth: Booth, closed: VotingSession, teller: Teller) -> None:
    teller.open(f"{booth.server.url}/t/{closed.id}#{closed.cards[0].secret}")
    _typed(teller, paper(booth, closed.cards[1]))
    assert teller.problem() == "other-link"
    expect(teller.page.locator("main .advice")).to_contain_text("什么也没有交出去")
    teller.page.click("#another")
    _typed(teller, paper(booth, closed.cards[0]))
    teller.unlock()
    teller.page.wait_for_selector("#open")


def test_another_card_can_be_taken_at_the_passphrase(
    booth: Booth, closed: VotingSession, teller: Teller
) -> None:
    teller.open(paper(booth, closed.cards[0]))
    teller.page.click("#another")
    expect(teller.page.locator("h1")).to_have_text("请拿出您的钥匙卡")


@pytest.mark.parametrize("file", ["board.bin", "checkpoint.txt", "manifest.json"])
def test_a_board_that_fails_its_checks_is_not_opened(
    booth: Booth, closed: VotingSession, teller: Teller, *, file: str
) -> None:
    def altered(route: Route) -> None:
        response = route.fetch()
        body = bytearray(response.body())
        # The title of the manifest; elsewhere a bit of what is signed.
        at = body.find("上".encode()) if file == "manifest.json" else len(body) - 10
        changed = bytes(body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :])
        route.fulfill(response=response, body=changed)

    teller.page.route(f"**/{file}", altered)
    teller.open(paper(booth, closed.cards[0]))
    teller.unlock()
    assert teller.problem() == "bad-board"
    expect(teller.page.locator(".found li").first).not_to_be_empty()
    assert not [post for post in teller.phone.posts if post.url.endswith("/factors")]


def test_who_has_handed_in_sees_who_is_missing(
    booth: Booth, closed: VotingSession, teller: Teller
) -> None:
    card_link = paper(booth, closed.cards[1])
    teller.open(card_link)
    teller.unlock()
    teller.page.click("#open")
    expect(teller.page.locator("#count")).to_contain_text("已交 1 / 1，够了")
    teller.open(card_link)
    expect(teller.page.locator(".people li").nth(1)).to_contain_text("监票人1（您）")
    expect(teller.page.locator(".people li").nth(0)).to_contain_text("还没有交")
    assert findings(teller.page) == []


@pytest.mark.parametrize("english", [False, True])
def test_every_screen_for_every_eye_and_thumb(
    booth: Booth, browser: Browser, *, english: bool
) -> None:
    """axe is silent, text and targets are large, and nothing scrolls sideways at 320 px."""
    found: dict[str, list[str]] = {}
    for screen, phone in every_screen(booth, browser):
        page = phone.page
        if screen == "nobody" and english:
            page.click("#language")
        found[screen] = page.evaluate(SMALL_TEXT) + page.evaluate(SMALL_TARGETS)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            found[screen] += findings(page)
        page.set_viewport_size(_size(SMALL))
        if wide := sideways(page):
            found[screen].append(f"scrolls sideways: {wide}")
        page.set_viewport_size(_size(VIEWPORT))
    assert len(found) == 11
    assert {screen: what for screen, what in found.items() if what} == {}


def test_a_link_that_was_replaced_is_told_before_the_passphrase(
    booth: Booth, closed: VotingSession, teller: Teller
) -> None:
    """The QR code of the card holds the old link: the new one and the seven lines still open."""
    card = paper(booth, closed.cards[0])
    renewed = link(booth, closed.id, 0)
    teller.open(card)
    assert teller.problem() == "link-unknown"
    expect(teller.page.locator("main .advice")).to_contain_text("不要再扫它")
    teller.open(renewed)
    _typed(teller, card)
    teller.unlock()
    teller.page.wait_for_selector("#open")
