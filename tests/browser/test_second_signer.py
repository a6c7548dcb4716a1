"""A vote with a second signer and tellers, on a phone: both must answer, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import Browser, expect

from appraisal.ballots import tokens
from appraisal.ballots.slips import credential
from appraisal.config import Settings
from appraisal.signer.draw import draw as draw_from
from appraisal.steps.close import close
from appraisal.steps.service import open_service
from tests.browser.phone import CALM, VIEWPORT, Booth, Phone, answer_lost, findings, no_network
from tests.live import LiveServer, free_port, on_port
from tests.second_signer import SecondSigner, enrolled, second_signer, settings_in
from tests.voting_session import draft, prepare

pytestmark = pytest.mark.browser

SUBJECTS = 2
AWAY = "第二签发方暂时连不上"


@dataclass
class TwoSigners(Booth):
    """A booth whose ballots need a second signer's token as well."""

    second: SecondSigner | None = None

    @property
    def signer(self) -> SecondSigner:
        assert self.second is not None
        return self.second


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoSigners]:
    folder = tmp_path_factory.mktemp("both")
    given = {"APPRAISAL_DATA": str(folder / "var"), "APPRAISAL_KEYS": str(folder / "keys")}
    settings = on_port(Settings.from_environment(given), free_port())
    service = open_service(settings)
    with second_signer(settings_in(folder / "second")) as second:
        enrolled(service, second)
        wanted = draft(subjects=SUBJECTS, slips=(30, 6), tellers=3, quorum=2)
        session = prepare(service, given=replace(wanted, signer=second.url))
        server = LiveServer(settings).start()
        yield TwoSigners(service, server, session, second=second)
        server.kill()
    service.close()


@pytest.fixture
def phone(browser: Browser, both: TwoSigners) -> Iterator[Phone]:
    """A phone that in the end has talked to the two signers alone."""
    phone = Phone.new(browser)
    yield phone
    phone.context.close()
    assert not phone.errors
    known = (both.server.url, both.signer.url, "data:")
    assert not [r.url for r in phone.requests if not r.url.startswith(known)]


def sent_to(phone: Phone, site: str) -> list[str]:
    """The bodies of this phone's draw requests to one signer, in order."""
    posts = [request for request in phone.posts if request.url.endswith("/draw")]
    return [str(request.post_data) for request in posts if request.url.startswith(site)]


def test_a_whole_vote_with_two_signers(both: TwoSigners, phone: Phone) -> None:
    drawn, cast = both.counts()
    slip = both.slip()
    phone.vote(both.link(slip.code))
    assert both.counts() == (drawn + 1, cast + 1)
    sites = [request.url.split("/v/")[0] for request in phone.posts]
    assert sites == [both.server.url, both.signer.url, both.server.url]
    for signer, site in enumerate([both.server.url, both.signer.url]):
        (body,) = sent_to(phone, site)
        assert credential(slip.code, session=both.session.id, signer=signer) in body
        assert slip.code not in body
    assert phone.kept() == {"appraisal/1/done": "1"}


def test_the_signer_is_told_nothing_of_the_voter(both: TwoSigners, phone: Phone) -> None:
    phone.draw(both.fresh_link())
    (request,) = [r for r in phone.posts if r.url.startswith(both.signer.url)]
    headers = request.all_headers()
    assert "cookie" not in headers
    assert "referer" not in headers
    assert headers["origin"] == both.server.url


def test_a_signer_that_comes_back(both: TwoSigners, phone: Phone) -> None:
    drawn, _ = both.counts()
    phone.scan(both.fresh_link())
    with both.signer.away():
        phone.page.click("#draw")
        expect(phone.page.locator("#progress")).to_contain_text("正在重试")
    phone.page.wait_for_selector("fieldset")
    assert both.counts()[0] == drawn + 1


def test_a_signer_that_stays_away_says_so_and_the_slip_is_still_good(
    both: TwoSigners, phone: Phone
) -> None:
    phone.page.clock.install()
    phone.scan(both.fresh_link())
    phone.page.route(f"{both.signer.url}/**", no_network)
    phone.page.click("#draw")
    expect(phone.page.locator("#progress")).to_contain_text("正在重试")
    phone.give_up()
    expect(phone.page.locator("h1")).to_have_text(AWAY)
    expect(phone.page.locator("main .advice")).to_contain_text("您的凭证没有作废")
    phone.page.unroute(f"{both.signer.url}/**")
    phone.page.click("#again")
    phone.page.wait_for_selector("fieldset")
    assert len(sent_to(phone, both.server.url)) == 1  # the registrar had answered: not again


def test_a_phone_closed_between_the_two_signers(both: TwoSigners, phone: Phone) -> None:
    drawn, cast = both.counts()
    link = both.fresh_link()
    phone.scan(link)
    phone.context.route(f"{both.signer.url}/**", no_network)
    phone.page.click("#draw")
    expect(phone.page.locator("#progress")).to_contain_text("正在重试")
    assert both.counts()[0] == drawn + 1
    kept = str(phone.kept())
    phone.page.close()
    phone.context.unroute(f"{both.signer.url}/**")
    phone.page = phone.context.new_page()
    phone.vote(link)
    assert both.counts() == (drawn + 1, cast + 1)
    assert len(sent_to(phone, both.server.url)) == 1
    first, *_, last = sent_to(phone, both.signer.url)
    assert first == last
    fragment = link.split("#")[1]
    assert fragment.split(".")[0] not in kept.replace(fragment, "")  # the code in the link alone


def test_a_reload_offline_between_the_two_signers(both: TwoSigners, phone: Phone) -> None:
    phone.scan(both.fresh_link())
    phone.page.route(f"{both.signer.url}/**", no_network)
    phone.page.click("#draw")
    expect(phone.page.locator("#progress")).to_contain_text("正在重试")
    phone.page.unroute(f"{both.signer.url}/**")
    phone.page.reload()
    phone.page.wait_for_selector("#draw")
    phone.context.set_offline(True)
    phone.page.click("#draw")
    expect(phone.page.locator("#progress")).to_contain_text("正在重试")
    phone.context.set_offline(False)
    phone.page.wait_for_selector("fieldset")
    phone.to_review()
    phone.page.click("#cast")
    phone.page.wait_for_selector(".final")


def test_an_answer_of_the_second_signer_that_is_lost(both: TwoSigners, phone: Phone) -> None:
    phone.page.route(f"{both.signer.url}/v/*/draw", answer_lost, times=1)
    phone.draw(both.fresh_link())
    first, second = sent_to(phone, both.signer.url)
    assert first == second


def test_the_registrars_refusal_uses_up_nothing_elsewhere(both: TwoSigners, phone: Phone) -> None:
    phone.scan(both.link("0" + "9" * 20))
    phone.page.click("#draw")
    expect(phone.page.locator("h1")).to_have_attribute("data-problem", "slip-unknown")
    assert sent_to(phone, both.signer.url) == []


def test_a_slip_that_somebody_used_with_the_second_signer_alone(
    both: TwoSigners, phone: Phone
) -> None:
    slip = both.slip()
    drawing = both.session.start(slip.serial)
    draw_from(both.signer.signer.signing, both.session.id, tokens.encode_draw(drawing.requests[1]))
    phone.scan(both.link(slip.code))
    phone.page.click("#draw")
    title = phone.page.locator("h1")
    expect(title).to_have_text("这张凭证在第二签发方已经有人用过")
    expect(phone.page.locator("main .advice")).to_contain_text("工作人员或监票人")
    phone.page.goto("about:blank")
    phone.page.goto(both.link(slip.code))  # said again, for those who come to help
    phone.page.click("#draw")
    expect(title).to_have_attribute("data-problem", "signer-drawn")


def test_a_signer_with_a_false_signature(both: TwoSigners, phone: Phone) -> None:
    false = '{"signatures":["' + '","'.join(["A" * 342 + "=="] * SUBJECTS) + '"]}'
    link = both.fresh_link()
    phone.scan(link)
    given = {"Access-Control-Allow-Origin": "*"}
    address = f"{both.signer.url}/v/*/draw"
    phone.page.route(address, lambda r: r.fulfill(status=200, json=None, body=false, headers=given))
    phone.page.click("#draw")
    expect(phone.page.locator("h1")).to_have_attribute("data-problem", "bad-signature")
    phone.page.unroute(address)
    phone.page.click("#again")
    phone.page.wait_for_selector("fieldset")


def test_the_page_says_who_opens_and_who_signs(both: TwoSigners, browser: Browser) -> None:
    for language, opens, signs in [
        ("zh", "3 位监票人各有一把钥匙，要 2 位一起才能打开", "区委组织部也盖一个章"),
        (
            "en",
            "Each of 3 tellers has a key, and it takes 2 together",
            "a stamp of 区委组织部 as well",
        ),
    ]:
        context = browser.new_context(viewport=VIEWPORT, **CALM)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{both.address}?lang={language}#{both.fresh_link().split('#')[1]}")
        page.wait_for_selector("#draw")
        expect(page.locator(".why ol")).to_be_hidden()
        page.click(".why summary")
        expect(page.locator(".why")).to_contain_text(opens)
        expect(page.locator(".why")).to_contain_text(signs)
        expect(page.locator(".why li")).to_have_count(5)
        expect(page.locator(".foot")).to_contain_text(
            "监票人0、监票人1" if language == "zh" else "2 of 3"
        )
        assert page.locator(".why a").get_attribute("href") == f"/help/voter?lang={language}"
        assert findings(page) == []
        context.close()


def test_a_void_slip_is_not_contradicted_by_the_signer_that_keeps_no_list_of_them(
    both: TwoSigners, phone: Phone
) -> None:
    wanted = replace(draft(slips=(4, 3)), signer=both.signer.url)
    session = prepare(both.service, given=wanted, active=3)
    close(both.service, session.id)
    phone.page.goto(f"{both.server.url}/b/{session.id}")
    phone.page.fill("#slip-code", session.code(4))
    phone.page.click("#find-slip button[type=submit]")
    found = phone.page.locator("#slip-found")
    expect(found).to_contain_text("本系统：已作废。")
    expect(found).to_contain_text("有没有作废，这一方不记。")
    expect(found).not_to_contain_text("也没有作废")
    expect(found.locator(".error")).to_have_count(0)
