"""Every refusal and every odd situation: its own plain sentence, and what to do next."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Route, expect

from appraisal.encoding import CROCKFORD, base32encode
from appraisal.errors import Refusal, TellerRefusal
from appraisal.steps import slips, voting
from appraisal.steps.close import close
from appraisal.store.office import Phase
from tests.browser.phone import Booth, Phone
from tests.voting_session import VotingSession, prepare

pytestmark = pytest.mark.browser

CODES = sorted(kind.code for kind in Refusal.__subclasses__() if kind is not TellerRefusal)
LASTING = ["malformed", "wrong-boxes", "token-invalid", "signature-invalid", "closed"]


def refusing(code: str, status: int = 409) -> Callable[[Route], None]:
    """A route that refuses with this code."""
    return lambda route: route.fulfill(
        status=status, content_type="application/json", body=json.dumps({"error": code})
    )


def link_into(session: VotingSession, booth: Booth, serial: int = 1) -> str:
    return (
        f"{booth.server.url}/v/{session.id}#{session.code(serial)}.{session.manifest.fingerprint}"
    )


def test_every_refused_draw_is_explained(booth: Booth, phone: Phone) -> None:
    page = phone.page
    said = set()
    for number, code in enumerate(code for code in CODES if code != "busy"):
        page.unroute_all()
        page.route("**/draw", refusing(code))
        page.goto(booth.link("07XK9M4TQWE2H8PAZR50" + CROCKFORD[number]))
        page.click("#draw")
        expect(page.locator("h1.problem")).to_have_attribute("data-problem", code)
        chinese = phone.heading(), page.locator("main .advice").inner_text()
        page.click("#language")
        english = phone.heading(), page.locator("main .advice").inner_text()
        page.click("#language")
        assert all(re.search(r"[\u4e00-\u9fff]", text) for text in chinese)
        assert not any(re.search(r"[\u4e00-\u9fff]", text) for text in english)
        assert code not in " ".join(chinese)
        said |= {chinese, english}
    assert len(said) == 2 * (len(CODES) - 1)  # each has a sentence of its own


def test_every_refused_cast_is_explained(booth: Booth, phone: Phone) -> None:
    phone.draw(booth.fresh_link())
    phone.to_review()
    tap = "#cast"
    for code in LASTING:
        phone.page.unroute_all()
        phone.page.route("**/cast", refusing(code))
        phone.page.click(tap)
        shown = "closed-cast" if code == "closed" else code
        expect(phone.page.locator("h1.problem")).to_have_attribute("data-problem", shown)
        tap = "#again"
    assert phone.kept() == {}


def test_a_busy_service_is_asked_again(booth: Booth, phone: Phone) -> None:
    phone.page.route("**/draw", refusing("busy", 503), times=2)
    phone.draw(booth.fresh_link())
    assert len(phone.posts) == 3


def test_an_answer_that_is_no_answer_is_asked_again(booth: Booth, phone: Phone) -> None:
    phone.page.route(
        "**/draw", lambda route: route.fulfill(status=200, body="<p>Sign in to Wi-Fi"), times=1
    )
    phone.draw(booth.fresh_link())


def test_a_signature_that_does_not_verify_is_not_used(booth: Booth, phone: Phone) -> None:
    def spoil(route: Route) -> None:
        answer = route.fetch()
        signatures = answer.json()["signatures"]
        route.fulfill(response=answer, json={"signatures": signatures[::-1]})

    phone.page.route("**/draw", spoil, times=1)
    phone.scan(booth.fresh_link())
    phone.page.click("#draw")
    expect(phone.page.locator("h1.problem")).to_have_attribute("data-problem", "bad-signature")
    phone.page.click("#again")
    phone.page.wait_for_selector("fieldset")


def test_a_receipt_that_does_not_verify_is_no_final_state(booth: Booth, phone: Phone) -> None:
    def spoil(route: Route) -> None:
        answer = route.fetch()
        receipts = answer.json()["receipts"]
        receipts[0]["signature"] = receipts[1]["signature"]
        route.fulfill(response=answer, json={"receipts": receipts})

    phone.draw(booth.fresh_link())
    phone.to_review()
    phone.page.route("**/cast", spoil, times=1)
    phone.page.click("#cast")
    expect(phone.page.locator("h1.problem")).to_have_attribute("data-problem", "bad-receipt")
    phone.page.click("#again")
    phone.page.wait_for_selector(".final")


def test_another_fingerprint_stops_before_anything_is_sent(booth: Booth, phone: Phone) -> None:
    other = booth.session.manifest.fingerprint[::-1]
    phone.page.goto(booth.link(booth.slip().code, fingerprint=other))
    expect(phone.page.locator("h1")).to_have_text("指纹对不上，请先不要投票")
    expect(phone.page.locator("main")).to_contain_text("找工作人员或监票人")
    expect(phone.page.locator("#draw")).to_have_count(0)
    assert phone.posts == []


def test_a_manifest_that_was_altered_is_refused(booth: Booth, phone: Phone) -> None:
    def alter(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("王1", "王2", 1))

    phone.page.route("**/manifest.json", alter)
    phone.page.goto(booth.fresh_link())
    expect(phone.page.locator("h1.problem")).to_have_attribute("data-problem", "fingerprint")
    expect(phone.page.locator("#draw")).to_have_count(0)
    assert phone.posts == []


def test_another_manifest_to_some_voters_is_noticed(booth: Booth, phone: Phone) -> None:
    """A6: a genuine manifest with keys of its own for a few voters; nothing is ever posted."""
    other = prepare(booth.service)
    fields = json.loads(other.manifest.encoded) | {"session": booth.session.id}
    split = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    served = hashlib.sha256(split.encode()).digest()
    phone.page.route(
        "**/manifest.json",
        lambda route: route.fulfill(body=split, content_type="application/json"),
    )
    code = booth.slip().code
    phone.page.goto(booth.link(code))
    expect(phone.page.locator("h1.problem")).to_have_attribute("data-problem", "fingerprint")
    # A typed code brings no fingerprint: the page shows that of what it was served.
    phone.page.goto(f"{booth.address}?typed#{code}")
    shown = phone.page.locator(".symbols").inner_text().replace("-", "")
    assert shown == base32encode(served)[:10] != booth.session.manifest.fingerprint[:10]
    assert phone.posts == []


def test_another_manifest_after_the_draw_is_noticed(booth: Booth, phone: Phone) -> None:
    phone.draw(booth.fresh_link())
    text = booth.session.manifest.encoded.decode()
    phone.page.route(
        "**/manifest.json",
        lambda route: route.fulfill(
            body=text.replace("王1", "王2", 1), content_type="application/json"
        ),
    )
    phone.page.reload()
    expect(phone.page.locator("h1.problem")).to_have_attribute("data-problem", "other-manifest")
    assert [post.url.rsplit("/", 1)[-1] for post in phone.posts] == ["draw"]


@pytest.mark.parametrize(
    ("fragment", "problem"),
    [
        ("07XK9M", "bad-link"),
        ("07XK9M4TQWE2H8PAZR5DN.7XK9M", "bad-link"),
        ("07XK9M4TQWE2H8PAZR5DU.{fingerprint}", "bad-link"),
        ("Z7XK9M4TQWE2H8PAZR5DN.{fingerprint}", "wrong-class"),
    ],
)
def test_a_link_that_is_none(booth: Booth, phone: Phone, fragment: str, problem: str) -> None:
    fingerprint = booth.session.manifest.fingerprint
    phone.page.goto(f"{booth.address}#{fragment.format(fingerprint=fingerprint)}")
    expect(phone.page.locator("h1.problem")).to_have_attribute("data-problem", problem)
    phone.page.get_by_role("button", name="输入凭证码").click()
    phone.page.fill("#code", booth.slip().code)
    phone.page.click("button[type=submit]")
    expect(phone.page.locator(".symbols")).to_be_visible()


def test_slips_that_the_registrar_refuses(booth: Booth, browser: Browser) -> None:
    session = prepare(booth.service, active=2)
    slips.void(booth.service, session.id, voter_class=0, first=2, last=2)
    session.blanks(1)
    for serial, problem in ((1, "slip-drawn"), (2, "slip-void"), (3, "slip-inactive")):
        phone = Phone.new(browser)
        phone.scan(link_into(session, booth, serial))
        phone.page.click("#draw")
        expect(phone.page.locator("h1.problem")).to_have_attribute("data-problem", problem)
        kept = phone.kept()
        assert all(name in {"appraisal/1/link", "appraisal/1/slip"} for name in kept)
        if problem == "slip-inactive":
            slips.activate(booth.service, session.id, voter_class=0, first=3, last=3)
            phone.page.click("#again")
            phone.page.wait_for_selector("fieldset")
        phone.context.close()


def test_before_the_voting_and_after(booth: Booth, phone: Phone) -> None:
    session = prepare(booth.service, phase=Phase.PRINTED)
    page = phone.page
    page.goto(link_into(session, booth))
    expect(page.locator("h1.problem")).to_have_attribute("data-problem", "not-open")
    voting.begin(booth.service, session.id)
    page.click("#again")
    page.click("#draw")
    page.wait_for_selector("fieldset")
    phone.choose(1, 2, 3)
    phone.to_review()
    close(booth.service, session.id)
    page.click("#cast")
    expect(page.locator("h1")).to_have_text("已经封箱，这张选票没有投进去")
    assert phone.kept() == {}
    page.click("a.go")
    expect(page).to_have_url(f"{booth.server.url}/b/{session.id}")
    page.goto(link_into(session, booth))
    expect(page.locator("h1")).to_have_text("投票已经结束")


def test_a_ballot_that_is_in_the_box_is_finished_after_close_too(
    booth: Booth, phone: Phone
) -> None:
    session = prepare(booth.service)
    phone.draw(link_into(session, booth))
    phone.to_review()

    def lost_for_good(route: Route) -> None:
        route.fetch()
        route.abort()

    phone.page.route("**/cast", lost_for_good)
    phone.page.click("#cast")
    expect(phone.page.locator("#progress")).to_contain_text("正在重试")
    close(booth.service, session.id)
    phone.page.unroute_all(behavior="ignoreErrors")
    phone.page.reload()
    phone.page.wait_for_selector(".final")


def test_no_such_session(booth: Booth, phone: Phone) -> None:
    answer = phone.page.goto(f"{booth.server.url}/v/0000000000#{booth.slip().code}")
    assert answer is not None
    assert answer.status == 404
    expect(phone.page.locator("h1")).to_have_text("没有这次评议")
    expect(phone.page.locator("main")).to_contain_text("There is no such session")


def test_without_javascript(booth: Booth, browser: Browser) -> None:
    phone = Phone.new(browser, java_script_enabled=False)
    phone.page.goto(booth.fresh_link())
    sentences = phone.page.locator("noscript .advice")
    expect(sentences.first).to_be_visible()
    expect(sentences.first).to_contain_text("这个网页要用 JavaScript")
    expect(sentences.last).to_contain_text("Your slip has not been used")
    phone.context.close()


def test_an_old_browser(booth: Booth, phone: Phone) -> None:
    phone.context.add_init_script("delete window.BigInt")
    phone.page.route("**/booth.*.js", lambda route: route.abort())  # as one that cannot read it
    phone.page.goto(booth.fresh_link())
    expect(phone.page.locator("#old-browser")).to_be_visible()
    expect(phone.page.locator("#old-browser")).to_contain_text("请换一部手机")


def test_a_page_that_was_cut_short(booth: Booth, phone: Phone) -> None:
    phone.page.clock.install()
    phone.page.route("**/booth.*.js", lambda route: route.abort())
    phone.page.goto(booth.fresh_link())
    phone.page.clock.run_for(13_000)
    expect(phone.page.locator("#not-loaded")).to_contain_text("请刷新")
