"""Result sheets, feedback and publication on the office's pages."""

from __future__ import annotations

import html
import io
import re
from dataclasses import replace

import openpyxl
import pypdfium2
import pytest

from appraisal.ballot_form import SubjectKind
from appraisal.counting_rules import Publication, Threshold
from appraisal.documents.sheets.pdf import Orientation, SheetKind
from appraisal.steps import close, opening, publish
from appraisal.steps.draft import FormDraft
from appraisal.steps.feedback import feedback_of
from appraisal.steps.service import Service
from appraisal.store.registry import Registry, SlipTotals
from appraisal.web.app import create_public
from appraisal.web.office.results import sheets as result_sheets
from tests.voting_session import VotingSession, draft, prepare
from tests.web.office.secretary import Secretary, words
from tests.web.opened import opened as opened_under
from tests.web.opened import organisation, person
from tests.web.test_results_view import CHOOSE, selection

ORGANISATION = draft().organisation
OVERALL = FormDraft("overall-grade", SubjectKind.PERSON)


@pytest.fixture
def office(service: Service) -> Secretary:
    return Secretary.signed_in(service, organisation=ORGANISATION)


def opened(service: Service, publication: Publication = Publication.PUBLIC) -> VotingSession:
    given = draft(subjects=3)
    rules = replace(given.rules, publication=publication)
    voting = prepare(service, given=replace(given, rules=rules))
    for serial in (1, 2, 3):
        voting.vote(serial)
    close.close(service, voting.id)
    opening.open_boxes(service, voting.id)
    return voting


def printed(data: bytes) -> str:
    """The text of a PDF without its spaces."""
    with pypdfium2.PdfDocument(data) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    return re.sub(r"\s+", "", "".join(pages))


def test_every_sheet_is_offered_and_fetched(service: Service, office: Secretary) -> None:
    voting = opened(service)
    path = f"/office/sessions/{voting.id}"
    page = office.get(path).text
    for kind in (SheetKind.SUBJECTS, SheetKind.ITEMS, SheetKind.SUMMARY):
        for orientation in Orientation:
            address = f"{path}/sheets/{kind.value}-{orientation.value}.pdf"
            assert f'href="{address}"' in page
            answer = office.get(address)
            assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
            text = printed(answer.data)
            for subject in voting.manifest.subjects:
                assert subject.name in text
            with pypdfium2.PdfDocument(answer.data) as document:
                width, height = document[0].get_size()
            assert (width > height) is (orientation is Orientation.LANDSCAPE)


def test_a_selection_has_a_sheet_of_its_own(service: Service, office: Secretary) -> None:
    voting = selection(service)
    path = f"/office/sessions/{voting.id}"
    # The session stands for another organisation; its office alone sees it.
    mine = Secretary.signed_in(
        service, "w@x.example.org", organisation=voting.manifest.organisation
    )
    assert "推荐情况表" in words(mine.get(path))
    assert mine.get(f"{path}/sheets/selection-portrait.pdf").status_code == 200
    other = opened(service)
    assert "推荐情况表" not in words(office.get(f"/office/sessions/{other.id}"))
    address = f"/office/sessions/{other.id}/sheets/selection-portrait.pdf"
    assert office.get(address).status_code == 404
    assert CHOOSE.instrument == "select-exactly"


def test_there_are_no_other_sheets(service: Service, office: Secretary) -> None:
    path = f"/office/sessions/{opened(service).id}"
    for what in ("summary", "summary-square", "others-portrait", "feedback-portrait"):
        assert office.get(f"{path}/sheets/{what}.pdf").status_code == 404
        assert office.send(f"{path}/sheets/{what}").status_code == 404


def test_the_sheets_of_many_subjects_are_made_beside_the_request(
    service: Service, office: Secretary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(result_sheets, "AT_ONCE", 2)
    voting = opened(service)
    path = f"/office/sessions/{voting.id}"
    address = f"{path}/sheets/summary-landscape.pdf"
    page = office.get(path)
    assert f'href="{address}"' not in page.text
    assert "先点“生成”，做好以后再下载" in words(page)
    assert office.get(address).status_code == 404
    assert office.send(f"{path}/sheets/summary-landscape").status_code == 302
    office.wait(voting.id)
    page = office.get(path)
    assert f'href="{address}"' in page.text
    assert f'href="{path}/sheets/items-portrait.pdf"' not in page.text
    assert voting.manifest.subjects[1].name in printed(office.get(address).data)


def test_the_workbook_of_very_many_subjects_is_made_beside_the_request(
    service: Service, office: Secretary, monkeypatch: pytest.MonkeyPatch
) -> None:
    voting = opened(service)
    path = f"/office/sessions/{voting.id}"
    at_once = office.get(f"{path}/results.xlsx").data
    monkeypatch.setattr(result_sheets, "BOOK_AT_ONCE", 2)
    assert f'href="{path}/results.xlsx"' not in office.get(path).text
    assert office.get(f"{path}/results.xlsx").status_code == 404
    assert office.send(f"{path}/sheets/workbook").status_code == 302
    office.wait(voting.id)
    assert f'href="{path}/results.xlsx"' in office.get(path).text
    assert office.get(f"{path}/results.xlsx").data == at_once
    assert office.get(f"{path}/sheets/workbook.pdf").status_code == 404


def test_the_report_of_many_subjects_is_made_beside_the_request(
    service: Service, office: Secretary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(result_sheets, "AT_ONCE", 2)
    voting = opened(service)
    path = f"/office/sessions/{voting.id}"
    assert f'href="{path}/report.pdf"' not in office.get(path).text
    early = office.get(f"{path}/report.pdf")
    assert early.status_code == 409
    assert "结果报告要先生成" in words(early)
    assert office.send(f"{path}/sheets/report").status_code == 302
    office.wait(voting.id)
    assert f'href="{path}/report.pdf"' in office.get(path).text
    answer = office.get(f"{path}/report.pdf")
    assert voting.manifest.fingerprint[:5] in printed(answer.data)
    # Who has cosigned stands in it: with another head it is another report.
    monkeypatch.setattr(publish, "checkpoint_of", lambda *_: "another head\n1\nroot\n")
    assert f'href="{path}/report.pdf"' not in office.get(path).text


def test_before_the_opening_there_are_no_sheets(service: Service, office: Secretary) -> None:
    voting = prepare(service)
    path = f"/office/sessions/{voting.id}"
    for address in ("sheets/summary-landscape.pdf", "feedback/0.pdf", "boxes.csv", "results.svg"):
        assert office.get(f"{path}/{address}").status_code == 404
    assert office.get(f"{path}/feedback").status_code == 409
    assert office.get(f"{path}/feedback/0").status_code == 409


def test_what_is_written_stands_on_the_sheet(service: Service, office: Secretary) -> None:
    voting = opened(service)
    path = f"/office/sessions/{voting.id}"
    assert "还没有填；不填也可以打印，留空手写。" in words(office.get(path))
    page = office.get(f"{path}/feedback/1")
    assert 'name="achievements"' in page.text
    sent = {"achievements": "坚持值班\r\n帮助<b>邻里</b>", "problems": "", "direction": "多学习"}
    answer = office.send(f"{path}/feedback/1", {**sent, "do": "save"}, follow=True)
    assert "已保存。" in words(answer)
    assert feedback_of(service, voting.id)[1].achievements == "坚持值班\n帮助<b>邻里</b>"
    assert "已填 1 个，共 3 个" in words(office.get(path))
    assert html.escape("坚持值班\n帮助<b>邻里</b>") in office.get(f"{path}/feedback/1").text
    text = printed(office.get(f"{path}/feedback/1.pdf").data)
    assert "坚持值班" in text
    assert "帮助<b>邻里</b>" in text
    assert voting.manifest.subjects[1].name in text
    assert voting.manifest.subjects[2].name not in text
    whole = printed(office.get(f"{path}/sheets/feedback.pdf").data)
    assert "多学习" in whole
    assert voting.manifest.subjects[2].name in whole


def test_feedback_goes_on_to_the_next_subject_in_the_reports_order(
    service: Service, office: Secretary
) -> None:
    voting = opened(service)
    path = f"/office/sessions/{voting.id}/feedback"
    answer = office.send(f"{path}/0", {"achievements": "一", "do": "next"})
    assert answer.location == f"{path}/1?saved=1"
    answer = office.send(f"{path}/2", {"achievements": "三", "do": "next"})
    assert answer.location == f"{path}?saved=1"
    assert "保存，写下一个" not in words(office.get(f"{path}/2"))


def test_a_text_that_is_too_long_is_said_and_kept_on_the_page(
    service: Service, office: Secretary
) -> None:
    voting = opened(service)
    path = f"/office/sessions/{voting.id}/feedback/1"
    answer = office.send(path, {"problems": "长" * 2001, "do": "save"})
    assert answer.status_code == 422
    assert "最多 2000 个字。" in words(answer)
    assert "长" * 2001 in answer.text
    assert feedback_of(service, voting.id)[1].problems == ""
    assert office.get(f"/office/sessions/{voting.id}/feedback/9").status_code == 404


def test_a_sheet_that_was_made_is_made_anew_after_writing(
    service: Service, office: Secretary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(result_sheets, "AT_ONCE", 2)
    voting = opened(service)
    path = f"/office/sessions/{voting.id}"
    office.send(f"{path}/sheets/feedback")
    office.wait(voting.id)
    assert office.get(f"{path}/sheets/feedback.pdf").status_code == 200
    office.send(f"{path}/feedback/1", {"direction": "改了", "do": "save"})
    assert office.get(f"{path}/sheets/feedback.pdf").status_code == 404


def test_tables_have_the_spoilt_ballots_by_reason(service: Service, office: Secretary) -> None:
    voting = opened(service)
    path = f"/office/sessions/{voting.id}"
    text = office.get(f"{path}/boxes.csv").data.decode("utf-8-sig")
    assert "不能解密" in text
    book = openpyxl.load_workbook(io.BytesIO(office.get(f"{path}/results.xlsx").data))
    assert len(book.sheetnames) > 2


def test_others_see_no_sheet(service: Service) -> None:
    voting = opened(service)
    stranger = Secretary.signed_in(service, "x@y.example.org", organisation="别的支部")
    for address in ("sheets/summary-landscape.pdf", "feedback", "feedback/1", "feedback/1.pdf"):
        assert stranger.get(f"/office/sessions/{voting.id}/{address}").status_code == 404


def test_people_of_one_name_are_told_apart_wherever_they_are_listed(service: Service) -> None:
    """The lists for a room and for the public have no column of posts."""
    people = [person("王伟", "书记"), person("王伟", "委员"), person("丁一"), person("赵六")]
    voting = opened_under(service, ["approve"], people, {0: [[(1,), (2,), (1,), (1,)]] * 5})
    mine = Secretary.signed_in(service, organisation=voting.manifest.organisation)
    path = f"/office/sessions/{voting.id}"
    board = create_public(service).test_client().get(f"/b/{voting.id}").text
    lists = {
        "screen": mine.get(f"{path}/screen").text,
        "result": mine.get(f"{path}/result").text.partition("<section")[0],
        "board": board[board.index('<table class="overview"') :].partition("</table>")[0],
    }
    for where, text in lists.items():
        for subject in ("王伟（书记）", "王伟（委员）", "丁一"):
            assert f">{subject}<" in text, where


@pytest.mark.parametrize("publication", list(Publication))
def test_the_office_says_to_whom_the_results_are_told(
    service: Service, office: Secretary, publication: Publication
) -> None:
    voting = opened(service, publication)
    path = f"/office/sessions/{voting.id}"
    page = office.get(path)
    link = f"/b/{voting.id}/r/{publish.results_key(service, voting.id)}"
    by_link = publication in {Publication.ON_THE_SPOT, Publication.BRANCH}
    assert (link in page.text) is by_link
    assert ("results.svg" in page.text) is (publication is Publication.BRANCH)
    status = 404 if publication is Publication.SUBJECT else 200
    assert office.get(f"{path}/results.svg").status_code == status
    screen = office.get(f"{path}/screen")
    shown = publication in {Publication.PUBLIC, Publication.ON_THE_SPOT}
    assert ('class="screen-results' in screen.text) is shown
    for result in publish.results_of(service, voting.id).subjects:
        assert result.score is not None
        assert (result.score.printed in words(screen)) is shown
        # Whoever is signed in here always reads them.
        assert result.score.printed in words(office.get(f"{path}/result"))


@pytest.mark.parametrize(
    ("publication", "said"),
    [
        (Publication.PUBLIC, "结果随即列上公示板，任何人都看得到"),
        (Publication.ON_THE_SPOT, "结果显示在投影页上"),
        (Publication.BRANCH, "您会得到一个结果链接"),
        (Publication.SUBJECT, "只有您看得到全部结果"),
    ],
)
def test_who_will_read_is_said_before_the_opening(
    service: Service, office: Secretary, publication: Publication, said: str
) -> None:
    given = draft()
    rules = replace(given.rules, publication=publication)
    voting = prepare(service, given=replace(given, rules=rules))
    for serial in (1, 2):
        voting.vote(serial)
    close.close(service, voting.id)
    assert said in words(office.get(f"/office/sessions/{voting.id}/open"))


def test_a_void_session_has_one_sheet(
    service: Service, office: Secretary, monkeypatch: pytest.MonkeyPatch
) -> None:
    totals = Registry.totals

    def fewer(self: Registry, *args: object) -> dict[int, SlipTotals]:
        found = totals(self, *args)  # type: ignore[arg-type]
        found[0] = SlipTotals(0, inactive=0, undrawn=6, drawn=2, void=0)
        return found

    monkeypatch.setattr(Registry, "totals", fewer)
    voting = opened(service)
    path = f"/office/sessions/{voting.id}"
    assert "作废情况表" in words(office.get(path))
    text = printed(office.get(f"{path}/sheets/summary-portrait.pdf").data)
    assert "作废情况表" in text
    assert office.get(f"{path}/sheets/feedback.pdf").status_code == 404
    assert "这次评议无效" in words(office.get(f"{path}/screen"))


def test_results_of_every_kind_are_shown(service: Service) -> None:
    """Whole ballots, lists to tick and scores, in the office's own words."""
    subjects = [organisation("甲支部"), person("丁一"), person("王二")]
    ticks = [1, 0, 0, 0, 0, 0, 0, 0, 0]
    ballot = [ticks, (91,), ticks, (91,), ticks, (91,), (1, 2)]
    voting = opened_under(
        service,
        ["problems", "score-100", OVERALL],
        subjects,
        {0: [ballot] * 3},
        members=4,
    )
    mine = Secretary.signed_in(
        service, "w@x.example.org", organisation=voting.manifest.organisation
    )
    said = words(mine.get(f"/office/sessions/{voting.id}/result"))
    for part in ("党性观念淡薄", "优秀（90—100分） 3", "评议对象都在同一张选票上", "未勾选"):
        assert part in said


def test_a_selection_is_told_by_votes_and_a_red_flag_before_the_outcome(
    service: Service, office: Secretary
) -> None:
    people = [person(name) for name in ("甲一", "乙二", "丙三", "丁四")]
    chosen = [[(1, 1, 0, 0)]] * 5
    voting = opened_under(service, ["select-persons"], people, {0: chosen}, quota=2)
    for address in ("", "/result", "/feedback", "/feedback/0"):
        page = words(office.get(f"/office/sessions/{voting.id}{address}"))
        assert "得分" not in page, address
        assert "得票" in page, address
    flagged = opened_under(
        service, ["approve"], people, {0: [[(3,)] * 4] * 5},
        positive=None, negative=Threshold((1, 3), over=False),
    )  # fmt: skip
    for address in ("", "/result"):
        page = office.get(f"/office/sessions/{flagged.id}{address}").text
        assert page.index('class="flag"') < page.index('class="outcome outcome-'), address
