"""The way of a session through the office's pages, and each step taken out of turn."""

from __future__ import annotations

import io
import re
import zipfile
from urllib.parse import unquote

import openpyxl
import pypdfium2
import pytest

from appraisal.documents import slips as slip_sheets
from appraisal.manifest import SessionId
from appraisal.steps import close as close_step
from appraisal.steps import opening, setup
from appraisal.steps import slips as slip_steps
from appraisal.steps.service import Service
from appraisal.store.office import Phase
from appraisal.tally.record import read_archive
from appraisal.verifier import verify
from tests.voting_session import VotingSession, draft, prepare
from tests.web.office.secretary import Secretary, session_form, words

ORGANISATION = "向阳社区党支部"
SLIPS = (6, 5)


@pytest.fixture
def office(service: Service) -> Secretary:
    """A secretary of the organisation whose sessions `prepare` makes."""
    return Secretary.signed_in(service, organisation=ORGANISATION)


def phase_of(service: Service, session: SessionId) -> Phase:
    phase = service.office.phase(session)
    assert phase is not None
    return phase


def in_phase(service: Service, phase: Phase) -> SessionId:
    """A session that stands in a phase."""
    if phase is Phase.DRAFT:
        organisation = service.office.organisation(ORGANISATION)
        return setup.create(service, draft(slips=SLIPS), organisation_id=organisation)
    if phase in {Phase.FROZEN, Phase.PRINTED, Phase.VOTING}:
        return prepare(service, phase=phase, given=draft(slips=SLIPS)).id
    voting = voted(service)
    close_step.close(service, voting.id)
    if phase is Phase.OPENED:
        opening.open_boxes(service, voting.id)
    return voting.id


def voted(service: Service) -> VotingSession:
    voting = prepare(service, given=draft(slips=SLIPS))
    for serial in range(1, 5):
        voting.vote(serial)
    for serial in range(1, 4):
        voting.vote(serial, voter_class=1)
    return voting


STEPS = {
    "freeze": Phase.DRAFT,
    "delete": Phase.DRAFT,
    "edit": Phase.DRAFT,
    "slips/print": Phase.FROZEN,
    "begin": Phase.PRINTED,
    "close": Phase.VOTING,
    "open": Phase.CLOSED,
}
PHASES = [p for p in Phase if p is not Phase.VOID]


@pytest.mark.parametrize("phase", PHASES, ids=lambda phase: phase.value)
def test_a_step_out_of_turn_changes_nothing_and_says_where_the_session_stands(
    service: Service, office: Secretary, phase: Phase
) -> None:
    session = in_phase(service, phase)
    for step, right in STEPS.items():
        if phase is right:
            continue
        answer = office.send(f"/office/sessions/{session}/{step}", session_form())
        assert answer.status_code == 409, step
        assert 'class="notice notice-refused" role="alert"' in answer.text
        assert 'aria-current="step"' in answer.text
        assert phase_of(service, session) is phase, step
    if phase not in {Phase.PRINTED, Phase.VOTING}:
        for what in ("void", "reprint"):
            serials = {"voter_class": "0", "first": "1", "last": "2", "confirmed": "1"}
            answer = office.send(f"/office/sessions/{session}/slips/{what}", serials)
            assert answer.status_code == 409
        answer = office.send(f"/office/sessions/{session}/slips/active", {"all": "1"})
        assert answer.status_code == 409
    if phase is not Phase.OPENED:
        for name in ("report.pdf", "record-public.zip", "audit", "results.xlsx", "results.csv"):
            assert office.get(f"/office/sessions/{session}/{name}").status_code == 404
        assert office.get(f"/office/sessions/{session}/result").status_code == 409


@pytest.mark.parametrize("phase", PHASES, ids=lambda phase: phase.value)
def test_every_phase_has_one_next_action(service: Service, office: Secretary, phase: Phase) -> None:
    page = office.get(f"/office/sessions/{in_phase(service, phase)}").text
    assert page.count('class="button"') == 1


@pytest.mark.parametrize("step", ["freeze", "slips/print", "close", "open"])
def test_what_cannot_be_undone_is_asked_once(
    service: Service, office: Secretary, step: str
) -> None:
    session = in_phase(service, STEPS[step])
    page = office.get(f"/office/sessions/{session}/{step}")
    assert page.status_code == 200
    assert "不，返回" in words(page)
    assert phase_of(service, session) is STEPS[step]


@pytest.mark.parametrize("step", [*STEPS, "slips/active", "slips/void", "slips/sheet/saved"])
def test_no_step_is_taken_without_the_forms_token(
    service: Service, office: Secretary, step: str
) -> None:
    session = in_phase(service, STEPS.get(step, Phase.PRINTED))
    before = phase_of(service, session)
    answer = office.post(f"/office/sessions/{session}/{step}", session_form(confirmed="1"))
    assert answer.status_code == 400
    assert "页面已经过期" in words(answer)
    assert phase_of(service, session) is before


def test_a_whole_session_through_the_pages(service: Service, secretary: Secretary) -> None:
    path = secretary.send("/office/sessions/new", session_form()).location.partition("?")[0]
    session = SessionId(path.rsplit("/", 1)[1])
    for step, reached in (("freeze", Phase.FROZEN), ("slips/print", Phase.PRINTED)):
        secretary.send(f"{path}/{step}")
        secretary.wait(session)
        assert phase_of(service, session) is reached

    page = secretary.text(path)
    assert "共 11 张" in page
    sheet = secretary.get(f"{path}/slips/sheet.pdf")
    assert sheet.mimetype == "application/pdf"
    assert sheet.data == secretary.get(f"{path}/slips/sheet.pdf").data, "may be fetched again"
    assert len(pypdfium2.PdfDocument(sheet.data)) == 2
    secretary.send(f"{path}/slips/sheet/saved")
    assert secretary.get(f"{path}/slips/sheet.pdf").status_code == 410

    some = {"voter_class": "0", "first": "1", "last": "6"}
    assert secretary.send(f"{path}/slips/active", some).location == f"{path}?activated=6"
    early = secretary.send(f"{path}/begin")
    assert early.status_code == 409
    assert "“群众”只启用了 0 张，少于公开下限 5 张" in words(early)
    secretary.send(f"{path}/slips/active", {"all": "1"})
    assert secretary.send(f"{path}/begin").status_code == 302
    assert phase_of(service, session) is Phase.VOTING

    for step, reached in (("close", Phase.CLOSED), ("open", Phase.OPENED)):
        secretary.send(f"{path}/{step}")
        secretary.wait(session)
        assert phase_of(service, session) is reached
    page = secretary.text(path)
    assert "不公布结果" in page, "nobody voted, so nothing is told"
    record = secretary.get(f"{path}/record-public.zip")
    assert not verify(read_archive(record.data)).findings


def test_the_result_is_read_and_taken_home(service: Service, office: Secretary) -> None:
    session = in_phase(service, Phase.OPENED)
    page = office.text(f"/office/sessions/{session}/result")
    assert "向阳社区党支部" in page
    assert "强 0" in page
    assert "较强 0" in page
    path = f"/office/sessions/{session}"
    report = office.get(f"{path}/report.pdf")
    assert report.data.startswith(b"%PDF-")
    book = openpyxl.load_workbook(io.BytesIO(office.get(f"{path}/results.xlsx").data))
    assert len(book.worksheets) >= 3
    csv = office.get(f"{path}/results.csv")
    assert csv.data.startswith(b"\xef\xbb\xbf")
    assert csv.headers["Content-Type"] == "text/csv; charset=utf-8"
    for answer, factors in (
        (office.get(f"{path}/record-public.zip"), False),
        (office.send(f"{path}/audit"), True),
    ):
        record = zipfile.ZipFile(io.BytesIO(answer.data))
        assert ("factors.json" in record.namelist()) == factors


def test_the_audit_record_is_given_out_only_after_saying_what_it_is(
    service: Service, office: Secretary
) -> None:
    path = f"/office/sessions/{in_phase(service, Phase.OPENED)}"
    assert f'href="{path}/audit"' in office.get(path).text
    asked = office.get(f"{path}/audit")
    assert asked.mimetype == "text/html"
    assert "又看到某人的回执，就能看到那人怎么投的" in words(asked)
    assert "只当面交给审计的人" in words(asked)
    assert office.post(f"{path}/audit").status_code == 400
    assert office.get(f"{path}/record-audit.zip").status_code == 404
    given = office.send(f"{path}/audit")
    assert given.mimetype == "application/zip"
    assert given.headers["Cache-Control"] == "no-store"


def test_the_audit_record_is_offered_also_where_a_box_stayed_sealed(
    service: Service, office: Secretary
) -> None:
    voting = prepare(service, given=draft(slips=SLIPS))
    for voter_class, number in enumerate((3, 1)):
        for serial in range(1, number + 1):
            voting.vote(serial, voter_class=voter_class)
    close_step.close(service, voting.id)
    opening.open_boxes(service, voting.id)
    path = f"/office/sessions/{voting.id}"
    assert f"{path}/audit" in office.get(path).text
    answer = office.send(f"{path}/audit")
    assert answer.status_code == 200
    assert not verify(read_archive(answer.data)).findings


def test_the_turnout_moves_in_steps_and_tells_no_result(
    service: Service, office: Secretary
) -> None:
    voting = prepare(service, given=draft(slips=(12, 6), floor=5))
    address = f"/office/sessions/{voting.id}/turnout.json"
    seen, said = [], []
    for serial in range(1, 7):
        voting.vote(serial)
        answer = office.get(address).json
        assert answer is not None
        assert set(answer) == {"phase", "classes", "figures"}
        assert set(answer["classes"][0]) == {"printed", "active", "drawn", "cast", "void"}
        seen.append(answer["classes"][0]["cast"])
        said.append(answer["figures"]["0-cast"])
    assert seen == [0, 0, 0, 0, 5, 5]
    assert said == ["不到 5"] * 4 + ["5 以上"] * 2
    page = office.text(f"/office/sessions/{voting.id}")
    assert "按 5 张一档" in page
    assert "5 张以上 已投票" in page
    assert "不到 5" in page, "the others, of whom nobody has voted"
    for serial in range(7, 13):
        voting.vote(serial)
    answer = office.get(address).json
    assert answer is not None
    assert answer["figures"]["0-cast"] == "12", "all are in"
    assert answer["figures"]["total-cast-said"] == "12 张以上"


def test_void_and_printed_again(service: Service, office: Secretary) -> None:
    voting = prepare(service, phase=Phase.PRINTED, given=draft(slips=SLIPS))
    path = f"/office/sessions/{voting.id}/slips"
    serials = {"voter_class": "0", "first": "5", "last": "6"}
    asked = office.send(f"{path}/void", serials)
    assert "作废这些选票凭证吗" in words(asked)
    assert slip_steps.turnout(service, voting.id, exact=True)[0].void == 0
    assert office.send(f"{path}/void", {**serials, "confirmed": "1"}).location.endswith("voided=2")
    office.send(f"{path}/reprint", {**serials, "first": "1", "last": "2", "confirmed": "1"})
    office.wait(voting.id)
    counted = slip_steps.turnout(service, voting.id, exact=True)[0]
    assert (counted.printed, counted.void, counted.active) == (8, 4, 2)
    assert office.get(f"{path}/sheet.pdf").status_code == 200
    office.send(f"{path}/reprint", {**serials, "confirmed": "1"})
    office.wait(voting.id)
    again = office.get(f"/office/sessions/{voting.id}")
    assert "第 5 号到第 6 号里没有可以作废的凭证" in words(again)
    assert "没有可以作废" not in office.text(f"/office/sessions/{voting.id}"), "said once"


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [
        ("", "3", "请填写起始号"),
        ("3", "2", "结束号不能小于起始号"),
        ("0", "2", "起始号从 1 开始"),
        ("一", "2", "请填写整数"),
    ],
)
def test_a_range_that_is_none_is_asked_again(
    service: Service, office: Secretary, first: str, last: str, says: str
) -> None:
    session = in_phase(service, Phase.PRINTED)
    serials = {"voter_class": "1", "first": first, "last": last}
    for what in ("active", "void", "reprint"):
        answer = office.send(f"/office/sessions/{session}/slips/{what}", serials)
        assert answer.status_code == 422
        assert says in words(answer)


def test_numbers_that_were_never_printed_are_named(service: Service, office: Secretary) -> None:
    session = in_phase(service, Phase.PRINTED)
    serials = {"voter_class": "0", "first": "5", "last": "7"}
    for what in ("active", "void", "reprint"):
        answer = office.send(f"/office/sessions/{session}/slips/{what}", serials)
        assert answer.status_code == 422
        assert "党员只有 1–6 号。" in words(answer)
    assert slip_steps.turnout(service, session, exact=True)[0].printed == 6


def test_a_sheet_is_fetched_before_another_is_printed(service: Service, office: Secretary) -> None:
    session = in_phase(service, Phase.PRINTED)
    path = f"/office/sessions/{session}/slips"
    serials = {"voter_class": "0", "first": "1", "last": "2", "confirmed": "1"}
    office.send(f"{path}/reprint", serials)
    office.wait(session)
    again = office.send(f"{path}/reprint", {**serials, "first": "3", "last": "4"})
    assert again.status_code == 409
    assert "还没有下载" in words(again)
    name = office.get(f"{path}/sheet.pdf").headers["Content-Disposition"]
    assert unquote(name).endswith("-党员7-8.pdf")
    office.send(f"{path}/reprint", {**serials, "first": "3", "last": "4"})
    office.wait(session)
    name = office.get(f"{path}/sheet.pdf").headers["Content-Disposition"]
    assert unquote(name).endswith("-党员9-10.pdf")


def test_the_sheet_is_for_who_had_it_made(service: Service, office: Secretary) -> None:
    session = in_phase(service, Phase.FROZEN)
    # A second account of the same organisation, in the same running office.
    other = Secretary(service)
    other.client = type(office.client)(office.client.application)
    from appraisal.web.office.entry import accounts

    other.use_link(accounts.invite(service, "wang@branch.example.org", ORGANISATION))
    office.send(f"/office/sessions/{session}/slips/print")
    office.wait(session)
    address = f"/office/sessions/{session}/slips/sheet.pdf"
    assert other.get(address).status_code == 410
    other.send(f"/office/sessions/{session}/slips/sheet/saved")
    assert office.get(address).status_code == 200


def test_a_sheet_that_could_not_be_set_is_told_and_printed_again(
    service: Service, office: Secretary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The codes are gone, but they never counted: the slips are printed as if for the first time.

    A sheet that is printed again is lost in the same way, and nothing of it is void.
    """
    session = in_phase(service, Phase.FROZEN)
    path = f"/office/sessions/{session}"
    with monkeypatch.context() as broken:
        broken.setattr(slip_sheets, "_page", lambda *_a, **_k: 1 / 0)
        office.send(f"{path}/slips/print")
        office.wait(session)
    assert "出了意外的问题" in office.text(path)
    assert phase_of(service, session) is Phase.FROZEN
    office.send(f"{path}/slips/print")
    office.wait(session)
    sheet = office.get(f"{path}/slips/sheet.pdf").data
    serials = {"voter_class": "0", "first": "1", "last": "6", "confirmed": "1"}
    with monkeypatch.context() as broken:
        broken.setattr(slip_sheets, "_page", lambda *_a, **_k: 1 / 0)
        office.send(f"{path}/slips/reprint", serials)
        office.wait(session)
    assert slip_steps.turnout(service, session, exact=True)[0].void == 0
    assert office.get(f"{path}/slips/sheet.pdf").data == sheet


@pytest.mark.parametrize(
    ("phase", "says", "code"),
    [
        (Phase.PRINTED, "投票还没有开始", ""),
        (Phase.VOTING, "正在投票", ""),
        (Phase.CLOSED, "投票结束，已封箱", "board.svg"),
        (Phase.OPENED, "已开箱，结果如下", "results.svg"),
    ],
)
def test_the_screen_shows_one_code_and_only_where_it_is_the_right_one(
    service: Service, office: Secretary, phase: Phase, says: str, code: str
) -> None:
    """A code to scan while voting would lead to the board instead of the booth."""
    session = in_phase(service, phase)
    page = office.get(f"/office/sessions/{session}/screen")
    assert says in words(page)
    codes = re.findall(r'src="[^"]*/([^/"]+\.svg)"', page.text)
    assert codes == ([code] if code else [])
    assert ("扫您手中" in page.text) is not bool(code)


def test_the_projector_shows_where_to_go(service: Service, office: Secretary) -> None:
    session = in_phase(service, Phase.VOTING)
    page = office.text(f"/office/sessions/{session}/screen")
    assert f"{service.settings.base_url}/v/{session}" in page
    assert f"{service.settings.base_url}/b/{session}" in page
    code = office.get(f"/office/sessions/{session}/board.svg")
    assert code.mimetype == "image/svg+xml"
    assert b"style=" not in code.data
