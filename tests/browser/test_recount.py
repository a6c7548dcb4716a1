"""Recounting on the board's page, and looking a slip up, as anyone may do it on a phone."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Route, expect

from appraisal.ballots.slips import credential, slip_hash
from appraisal.steps.close import close
from appraisal.steps.opening import open_boxes
from appraisal.steps.publish import public_record
from appraisal.tally.record import Record, write_archive
from tests.browser.phone import Booth, Phone, findings, sideways
from tests.voting_session import VotingSession, draft, prepare

pytestmark = pytest.mark.browser

VECTORS = Path(__file__).parents[1] / "vectors" / "records"


@pytest.fixture(scope="module")
def opened(booth: Booth) -> VotingSession:
    """Four slips of a class, three of which became ballots; opened."""
    session = prepare(booth.service, given=draft(subjects=2, slips=(4,)))
    for serial in (1, 2, 3):
        session.vote(serial)
    close(booth.service, session.id)
    open_boxes(booth.service, session.id)
    return session


@pytest.fixture
def reader(browser: Browser, booth: Booth, opened: VotingSession) -> Iterator[Phone]:
    """A phone on the board's page of that session; nothing is ever posted."""
    phone = Phone.new(browser)
    phone.page.goto(f"{booth.server.url}/b/{opened.id}")
    yield phone
    assert phone.posts == []
    assert not phone.errors
    phone.context.close()


def recounted(phone: Phone) -> Locator:
    """What the recount came to."""
    phone.page.click("#recount-go")
    answer = phone.page.locator("#recounted")
    expect(answer.locator(".verdict")).to_be_visible(timeout=60_000)
    return answer


def vector(name: str) -> bytes:
    return (VECTORS / f"{name}.vector").read_bytes().split(b"\n\n", 1)[1]


def test_a_real_session_is_recounted_on_the_phone(reader: Phone) -> None:
    answer = recounted(reader)
    expect(answer.locator(".verdict")).to_have_text("复算完成：能核对的 11 项全部相符。")
    expect(answer.locator(".checks > .passed")).to_have_count(11)
    expect(answer.locator(".checks > .needs-factors")).to_contain_text("审计人")
    expect(answer).to_contain_text("6 张选票格式正确")
    expect(answer).to_contain_text("重新计票，和公布的结果一字不差")
    expect(answer).to_contain_text("只凭公开记录看不出")
    assert findings(reader.page) == []
    reader.page.click("#language")
    expect(answer.locator(".verdict")).to_contain_text("all 11 checks that are possible here hold")
    reader.page.set_viewport_size({"width": 320, "height": 568})
    assert sideways(reader.page) == {}


def test_the_page_answers_while_it_recounts_without_a_worker(
    browser: Browser, booth: Booth, opened: VotingSession
) -> None:
    phone = Phone.new(browser)
    phone.context.add_init_script("delete globalThis.Worker")
    phone.page.goto(f"{booth.server.url}/b/{opened.id}")
    expect(recounted(phone).locator(".checks > .passed")).to_have_count(11)
    phone.context.close()


def test_a_changed_count_is_named(reader: Phone, booth: Booth, opened: VotingSession) -> None:
    record = public_record(booth.service, opened.id)
    changed = record.files["results.json"].replace(b'"blank":0', b'"blank":1', 1)
    tampered = write_archive(Record({**record.files, "results.json": changed}))
    reader.page.route("**/record.zip", lambda route: route.fulfill(body=tampered))
    answer = recounted(reader)
    expect(answer.locator(".verdict")).to_have_text("复算发现问题：1 项不符。")
    wrong = answer.locator(".checks > .failed")
    expect(wrong).to_have_count(1)
    expect(wrong).to_contain_text(re.compile(r"11\..*重新计票"))
    wrong.locator("summary").click()
    expect(wrong).to_contain_text("results.json")
    assert findings(reader.page) == []


def test_the_tiles_for_monitors_are_compared_as_well(reader: Phone) -> None:
    recounted(reader)
    expect(reader.page.locator("#tiles")).to_contain_text("也和这份记录一致")


def test_a_tile_that_disagrees_is_named(reader: Phone) -> None:
    def altered(route: Route) -> None:
        response = route.fetch()
        body = response.body()
        route.fulfill(response=response, body=body[:-1] + bytes([body[-1] ^ 1]))

    reader.page.route("**/tile/0/**", altered)
    answer = recounted(reader)
    told = answer.locator(".error")
    expect(told).to_contain_text("公示板分块公布的哈希和这份记录对不上：0/000.p/")
    expect(reader.page.locator("#tiles")).to_have_count(0)


def test_a_forged_ballot_is_named_with_its_place(reader: Phone) -> None:
    """The record is one of the vectors: another session's, which is said as well."""
    forged = vector("signature-bit")
    reader.page.route("**/record.zip", lambda route: route.fulfill(body=forged))
    answer = recounted(reader)
    expect(answer).to_contain_text("这份记录是另一次评议的")
    wrong = answer.locator(".checks > .failed")
    expect(wrong).to_contain_text("8.")
    wrong.locator("summary").click()
    expect(wrong).to_contain_text("board.bin:")


def test_what_is_no_record_is_told(reader: Phone) -> None:
    reader.page.route("**/record.zip", lambda route: route.fulfill(body="<html>"))
    reader.page.click("#recount-go")
    expect(reader.page.locator("#recounted .error")).to_contain_text("不是评议记录")
    reader.page.unroute_all()
    reader.page.route("**/record.zip", lambda route: route.abort())
    reader.page.click("#recount-go")
    expect(reader.page.locator("#recounted .error")).to_contain_text("没有下载下来")


def test_recounting_can_be_stopped(reader: Phone) -> None:
    reader.page.route("**/record.zip", lambda _: None)  # it never comes
    reader.page.click("#recount-go")
    expect(reader.page.locator("progress")).to_be_visible()
    reader.page.click("#recount-stop")
    expect(reader.page.locator("#recounted")).to_contain_text("停下来了")
    reader.page.unroute_all()
    reader.page.click("#recounted button")
    expect(reader.page.locator("#recounted .verdict")).to_contain_text("11 项全部相符")


def test_an_auditor_opens_again_from_a_file(reader: Phone) -> None:
    reader.page.locator("#recount summary").click()
    file = FilePayload(name="record.zip", mimeType="application/zip", buffer=vector("audit"))
    reader.page.set_input_files("#record-file", [file])
    answer = reader.page.locator("#recounted")
    expect(answer.locator(".verdict")).to_have_text("复算完成：12 项核对全部相符。")
    expect(answer).to_contain_text("另一次评议的")


def test_boxes_that_were_opened_and_withheld_are_counted_for_all_to_see(reader: Phone) -> None:
    """That too few of their ballots were valid no record shows, and the page says so."""
    reader.page.locator("#recount summary").click()
    answer = reader.page.locator("#recounted")
    for name, said in (("audit", 0), ("few-valid-audit", 1)):
        file = FilePayload(name=f"{name}.zip", mimeType="application/zip", buffer=vector(name))
        reader.page.set_input_files("#record-file", [file])
        expect(answer.locator(".verdict")).to_have_text("复算完成：12 项核对全部相符。")
        expect(answer.get_by_text("有 1 组票箱开箱后因为有效票不到公开下限")).to_have_count(said)
    reader.page.click("#language")
    expect(answer).to_contain_text("fewer of their ballots than the floor were valid: 1.")
    expect(answer).to_contain_text("Ballots in them: 3.")


def packed(record: Record, method: int) -> FilePayload:
    """A record's files as another program packs them."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in record.files.items():
            archive.writestr(name, data)
    return FilePayload(name="mine.zip", mimeType="application/zip", buffer=file.getvalue())


def test_a_record_that_was_only_packed_anew_is_told_apart_from_a_changed_one(
    reader: Phone, booth: Booth, opened: VotingSession
) -> None:
    record = public_record(booth.service, opened.id)
    answer = reader.page.locator("#recounted")
    reader.page.locator("#recount summary").click()
    reader.page.set_input_files("#record-file", [packed(record, zipfile.ZIP_STORED)])
    expect(answer.locator(".verdict")).to_contain_text("内容没有变，10 项核对都相符")
    expect(answer).to_contain_text("请用下载来的原文件再算一遍")
    expect(answer).not_to_contain_text("请不要采用公布的结果")
    expect(answer.locator(".checks > .failed")).to_have_count(1)
    expect(answer.locator(".checks > .failed")).to_contain_text("1.")
    reader.page.set_input_files("#record-file", [packed(record, zipfile.ZIP_DEFLATED)])
    expect(answer.locator(".error")).to_contain_text("重新打过包")
    expect(answer.locator(".error")).to_contain_text("命令行的验证程序")
    changed = record.files["results.json"].replace(b'"blank":0', b'"blank":1', 1)
    other = Record({**record.files, "results.json": changed})
    reader.page.set_input_files("#record-file", [packed(other, zipfile.ZIP_STORED)])
    expect(answer.locator(".verdict.wrong")).to_contain_text("2 项不符")


def test_the_board_root_is_that_of_checkpoint_and_page(
    reader: Phone, booth: Booth, opened: VotingSession
) -> None:
    root = public_record(booth.service, opened.id).files["checkpoint.txt"].decode().split("\n")[2]
    expect(recounted(reader)).to_contain_text(f"公示板根，和报告上印的应当一样：{root}")
    assert reader.page.locator("main").inner_text().count(root) == 2


def look_up(phone: Phone, code: str) -> str:
    phone.page.fill("#slip-code", code)
    phone.page.click("#find-slip button[type=submit]")
    phone.page.wait_for_selector("#slip-found p")
    return phone.page.inner_text("#slip-found")


def test_a_slip_is_looked_up_and_nobody_learns_which(reader: Phone, opened: VotingSession) -> None:
    used, unused = opened.code(1), opened.code(4)
    assert "已领取选票" in look_up(reader, used)
    reader.page.locator("#slip-found button").click()
    assert reader.page.input_value("#slip-code") == ""
    typed = f"{unused[0]}-{unused[1:6]} {unused[6:]}".lower()
    assert "没有领取过" in look_up(reader, typed)
    hashes = [
        slip_hash(opened.id, credential(code, session=opened.id, signer=0)).hex()
        for code in (used, unused)
    ]
    for request in reader.requests:
        assert not any(secret in request.url for secret in (used, unused, *hashes))


def test_a_code_that_is_none_is_told(reader: Phone, opened: VotingSession) -> None:
    assert "您输入了 4 位" in look_up(reader, "0-abc")
    reader.page.click("#language")
    another = opened.code(1)[:-1] + ("1" if opened.code(1)[-1] == "0" else "0")
    reader.page.fill("#slip-code", another)
    reader.page.click("#find-slip button[type=submit]")
    expect(reader.page.locator("#slip-found")).to_contain_text("not on the board")
    reader.page.fill("#slip-code", f"9{another[1:]}")
    reader.page.click("#find-slip button[type=submit]")
    expect(reader.page.locator("#slip-found")).to_contain_text("no class of this session")


def test_while_voting_a_slip_is_only_printed(booth: Booth, browser: Browser) -> None:
    phone = Phone.new(browser)
    phone.page.goto(f"{booth.server.url}/b/{booth.session.id}")
    assert "封箱以后才公布" in look_up(phone, booth.session.code(1))
    expect(phone.page.locator("#recount")).to_have_count(0)
    phone.context.close()
