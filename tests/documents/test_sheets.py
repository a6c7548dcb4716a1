"""Result sheets: every figure, lines to sign, repeated heads, long and like names whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2
import pytest

from appraisal.ballot_form import Option, SubjectKind, Text
from appraisal.counting_rules import BelowFloor, Denominator, Threshold
from appraisal.documents.flow import LEAST, PORTRAIT, Paper, Part, Piece, Sheet, fitted, paginated
from appraisal.documents.listing import in_order
from appraisal.documents.sheets.pdf import Orientation, SheetKind, kinds_of, sheets_pdf
from appraisal.documents.sheets.session import CountedSession
from appraisal.instruments import load
from appraisal.manifest import Contest, Manifest, Subject
from appraisal.tally.openings import VoidReason
from tests.documents import factory

ORIENTATIONS = tuple(Orientation)
ALIKE = (
    Subject(SubjectKind.PERSON, "王秀兰", "社区卫生服务站护士"),
    Subject(SubjectKind.PERSON, "王秀兰", "退休职工"),
    Subject(SubjectKind.PERSON, "王秀兰", "退休职工"),
    Subject(SubjectKind.PERSON, "李", ""),
    Subject(SubjectKind.PERSON, f"买买提·{'喆' * 26}", "社区居委会副主任、党支部组织委员"),
    Subject(SubjectKind.PERSON, "𬭎䶮", "委员"),
)


def pages(pdf: bytes) -> list[str]:
    """The text of each page without spaces and line ends."""
    with pypdfium2.PdfDocument(pdf) as document:
        texts = [p.get_textpage().get_text_range().replace("\ufffe", "-") for p in document]
        return [re.sub(r"\s", "", text) for text in texts]


def text_of(session: CountedSession, kind: SheetKind, *how: Orientation) -> str:
    return "".join(pages(sheets_pdf(session, kind, *how)))


def organisations(*names: str) -> list[Subject]:
    return [Subject(SubjectKind.ORGANISATION, name, "") for name in names]


def selection(**more: Any) -> Manifest:
    """Exactly 3 organisations and 7 persons of more."""
    return factory.manifest(
        subjects=(
            *organisations(*(f"枣林社区第{n}党支部" for n in "一二三四")),
            *factory.persons([f"{surname}建国" for surname in "王李张刘陈杨赵黄"]),
        ),
        instruments=(load("select-exactly"),),
        positive=None,
        **more,
    )


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_a_sheet_a_subject_has_every_figure_and_the_lines_to_sign(
    orientation: Orientation,
) -> None:
    manifest = factory.manifest(negative=Threshold((1, 3), over=False))
    session = factory.counted(manifest)
    found = pages(sheets_pdf(session, SheetKind.SUBJECTS, orientation))
    texts = sheets_of(found)
    assert len(texts) == len(manifest.subjects)
    for number, text in zip(in_order(manifest), texts, strict=True):
        result = session.results.subjects[number]
        subject = manifest.subjects[number]
        assert subject.name in text
        assert result.score is not None
        assert f"综合得分{result.score.printed}" in text
        for group in session.results.contests[number].groups:
            assert f"{group.issued}{group.returned}{group.valid}{group.spoilt}" in text
            for count in group.subjects[0]:
                for shown in (*count.percent, *map(str, count.counts)):
                    assert shown in text
                assert count.score is not None
                assert count.score.printed in text
        for wanted in ("监票人：", "计票人：", "支部书记：", "年月日", "2010年6月22日计票"):
            assert wanted in text, wanted
        assert f"组织单位：{manifest.organisation}" in text
        assert "按最大余数法取舍，合计100%" in text
        assert "开箱密钥由系统代管" in text
        assert "负面评价达到三分之一即警示" in text


@pytest.mark.parametrize("form", ["three-key-questions", "five-lead", "central-2011-members"])
def test_what_fits_on_a_page_has_one(form: str) -> None:
    """With fewer than a hundred ballots a count stands beside its share, not above it."""
    manifest = factory.manifest(
        subjects=factory.persons(factory.SIX),
        instruments=(load(form),),
        negative=Threshold((1, 3), over=False),
    )
    found = pages(sheets_pdf(factory.counted(manifest), SheetKind.SUBJECTS))
    assert len(found) == len(factory.SIX)


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_a_form_has_its_own_score_only_where_a_subject_stands_under_several(
    orientation: Orientation,
) -> None:
    forms = (load("five-good"), load("five-lead"))
    subjects = (*organisations("第一党支部", "第二党支部"), *factory.persons(factory.SIX[:2]))
    apart = factory.manifest(
        subjects=subjects,
        instruments=forms,
        contests=[Contest((n,), n // 2) for n in range(4)],
    )
    text = text_of(factory.counted(apart), SheetKind.SUMMARY, orientation)
    assert "本表得分" not in text
    assert "“合计”一行为各评议对象的票数相加" in text
    if orientation is Orientation.PORTRAIT:
        assert "《先进基层党组织“五个好”》题1：领导班子好；" in text
    both = factory.manifest(subjects=subjects, instruments=(*forms, load("approve")))
    assert "本表得分" in text_of(factory.counted(both), SheetKind.SUMMARY, orientation)


def sheets_of(found: Sequence[str]) -> list[str]:
    """The pages of each sheet together: each has its own first page."""
    sheets: list[str] = []
    for page in found:
        if re.search(r"第1页共\d+页", page):
            sheets.append("")
        sheets[-1] += page
    return sheets


def test_spoilt_ballots_have_their_reasons_as_long_as_they_are_known() -> None:
    manifest = factory.manifest()
    known = factory.counted(manifest, spoilt=2)
    assert "2（不能解密2）" in text_of(known, SheetKind.SUBJECTS)
    forgotten = factory.counted(manifest, spoilt=2, reasons=False)
    assert "不能解密" not in text_of(forgotten, SheetKind.SUBJECTS)


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_a_sheet_an_item_has_a_row_a_subject_by_class_and_together(
    orientation: Orientation,
) -> None:
    manifest = factory.manifest()
    session = factory.counted(manifest)
    texts = sheets_of(pages(sheets_pdf(session, SheetKind.ITEMS, orientation)))
    questions = manifest.instruments[0].questions
    assert len(texts) == len(questions)
    for place, (question, text) in enumerate(zip(questions, texts, strict=True)):
        assert f"题{place + 1}{question.text.zh}" in text
        for block in session.blocks:
            asked = block.forms[0].questions[place]
            assert block.subject.name in text
            assert asked.together is not None
            for answers in (*asked.answers, asked.together):
                assert all(share in text for share in answers.percent)
                assert answers.score in text
        assert "监票人：" in text


def test_the_ballots_of_all_classes_add_up() -> None:
    session = factory.counted(factory.manifest())
    for block in session.blocks:
        for asked in block.forms[0].questions:
            first, second = asked.answers
            together = asked.together
            assert together is not None
            assert together.valid == first.valid + second.valid
            assert together.columns == tuple(
                a + b for a, b in zip(first.columns, second.columns, strict=True)
            )
            assert sum(round(float(share) * 100) for share in together.percent) == 10000


def test_the_summary_repeats_its_head_numbers_its_pages_and_ends_with_the_sum() -> None:
    names = [surname + name for name in ("建国", "秀兰") for surname in "王李张刘陈杨赵黄周吴徐孙"]
    manifest = factory.manifest(
        subjects=factory.persons(names),
        instruments=(load("overall-grade"),),
        classes=[("党员", 30, 100)],
        members=36,
        denominator=Denominator.VALID,
    )
    session = factory.counted(manifest)
    found = pages(sheets_pdf(session, SheetKind.SUMMARY))
    assert len(found) > 1
    for number, text in enumerate(found, 1):
        assert "序号评议对象发出收回有效无效优秀合格基本合格不合格弃权得分名次结果" in re.sub(
            r"\d+分", "", text
        )
        assert f"第{number}页共{len(found)}页" in text
    assert all("监票人：" not in text for text in found[:-1])
    last = found[-1]
    counted = [group for c in session.results.contests for group in c.groups]
    excellent = sum(s[0].counts[0] for group in counted for s in group.subjects)
    # All stand on one ballot: what was issued and returned is not told once for each of them.
    assert f"合计{30}{29}{28}{1}{excellent}" in last
    assert "同一张选票上的，“合计”一行各等次、各选项的票数为各评议对象相加" in last
    assert last.index("合计") > last.index(session.blocks[-1].subject.name)
    whole = "".join(found)
    order = [whole.index(block.subject.name) for block in session.blocks]
    assert order == sorted(order)


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_a_selection_has_votes_share_rank_and_outcome(orientation: Orientation) -> None:
    manifest = selection(quota=7, quota_organisations=3)
    session = factory.counted(manifest)
    text = text_of(session, SheetKind.SELECTION, orientation)
    assert "推荐时间2010年6月21日至2010年6月22日" in text
    assert "参加推荐（领票）人数39" in text
    for block in session.blocks:
        asked = block.forms[0].questions[0]
        votes = [answers.counts[0] for answers in asked.answers]
        line = (
            f"{block.subject.name}{block.subject.post}{votes[0]}{votes[1]}{sum(votes)}"
            f"{asked.positive}{block.result.rank}{block.outcome}"
        )
        assert line in text
    assert "“推荐”的组织须恰好3个，多选、少选均无效" in text
    assert "推荐的得票率" not in text
    assert "得票率为一个票种的得票数除以有效票数" in text


@pytest.mark.parametrize("kind", [SheetKind.SUBJECTS, SheetKind.ITEMS, SheetKind.SUMMARY])
def test_a_selection_is_told_as_votes_and_share_and_has_no_score(kind: SheetKind) -> None:
    """The share of votes as a score beside it would be the same figure twice."""
    session = factory.counted(selection(quota=7, quota_organisations=3))
    text = text_of(session, kind)
    assert "得分" not in text
    assert "推荐（票）未选（票）得票率" in text
    for block in session.blocks:
        asked = block.forms[0].questions[0]
        assert asked.together is not None
        votes = [one.counts[0] for one in (*asked.answers, asked.together)]
        left = [one.blank for one in (*asked.answers, asked.together)]
        shares = [one.positive for one in (*asked.answers, asked.together)]
        if kind is SheetKind.SUMMARY:
            assert f"{votes[-1]}{left[-1]}{asked.positive}{block.result.rank}" in text
        else:
            assert "".join(f"{one}" for one in (*votes, *left, *shares)) in text


@pytest.mark.parametrize("form", ["three-key-questions", "central-2011-members", "problems"])
def test_a_sheet_a_subject_is_one_page(form: str) -> None:
    """Whoever signs below has the figures above on the same page, however the paper stands."""
    subjects = factory.persons((*factory.SIX, f"买买提·{'喆' * 26}"))
    session = factory.counted(factory.manifest(subjects=subjects, instruments=(load(form),)))
    for orientation in ORIENTATIONS:
        found = pages(sheets_pdf(session, SheetKind.SUBJECTS, orientation))
        assert len(found) == len(subjects)
        assert all("监票人" in page for page in found)


def _of(height: float) -> Callable[[Paper], Sheet]:
    """A sheet of pieces as high as a row, in all so many millimetres."""
    return lambda _paper: Sheet(
        [Part([[Piece(5, lambda *_: None)] for _ in range(round(height / 5))])], lambda *_: None
    )


@pytest.mark.parametrize(
    ("height", "scale", "left"),
    [(255, 1, 1), (270, 0.94, 1), (285, 0.89, 1), (300, 1, 2), (560, 0.91, 2), (2000, 1, 8)],
)
def test_a_sheet_is_made_smaller_only_where_that_leaves_a_page_out(
    height: float, scale: float, left: int
) -> None:
    """Never so small that it is hard to read, and not for one of many pages."""
    sheet = fitted(_of(height), PORTRAIT)
    assert sheet.scale == pytest.approx(scale, abs=0.021)
    assert sheet.scale >= LEAST
    assert len(paginated(sheet.parts, PORTRAIT.shrunk(sheet.scale))) == left


def test_only_a_selection_has_the_sheet_of_one() -> None:
    assert SheetKind.SELECTION in kinds_of(selection())
    assert SheetKind.SELECTION not in kinds_of(factory.manifest())


@pytest.mark.parametrize("kind", [SheetKind.SUBJECTS, SheetKind.ITEMS, SheetKind.SUMMARY])
def test_what_is_withheld_is_a_dash_and_is_explained(kind: SheetKind) -> None:
    session = factory.counted(factory.manifest(), withheld=[1])
    text = text_of(session, kind)
    assert "票箱收回不足5张，或有效票不足5张的，不公布" in text
    assert "其权重由其他票种按比例分担" in text
    if kind is SheetKind.SUBJECTS:
        assert "群众4016153不足下限，未开箱" in text


def test_classes_that_were_merged_stand_as_one() -> None:
    manifest = factory.manifest(
        below_floor=BelowFloor.MERGE, custodian=False, tellers=("张三", "李四", "王五")
    )
    session = factory.counted(manifest, withheld=[1], openers=("张三", "李四"))
    text = text_of(session, SheetKind.SUBJECTS)
    assert "党员、群众（合并）100" in text
    assert "票箱由监票人张三、李四开箱" in text
    assert "代管" not in text


def test_items_to_tick_are_named_in_full() -> None:
    forms = (load("three-key-questions"), load("problems"))
    manifest = factory.manifest(subjects=factory.persons(factory.SIX), instruments=forms)
    session = factory.counted(manifest)
    first = session.blocks[0].forms[1].questions[0]
    text = sheets_of(pages(sheets_pdf(session, SheetKind.SUBJECTS)))[0]
    for place, option in enumerate(first.question.options):
        own = [f"{a.counts[place]}{a.percent[place]}" for a in first.answers]
        assert f"{place + 1}{option.text.zh}{own[0]}{own[1]}" in text
    for kind in (SheetKind.ITEMS, SheetKind.SUMMARY):
        assert f"1.{first.question.options[0].text.zh}；2." in text_of(session, kind)


@pytest.mark.parametrize("kind", [SheetKind.SUBJECTS, SheetKind.ITEMS, SheetKind.SUMMARY])
@pytest.mark.parametrize("reason", list(VoidReason))
def test_a_void_session_has_one_sheet_that_says_so(kind: SheetKind, reason: VoidReason) -> None:
    session = factory.void(factory.manifest(), reason)
    (text,) = pages(sheets_pdf(session, kind))
    assert "本次评议无效" in text
    assert ("监票人不足" in text) is (reason is VoidReason.UNOPENED)
    unstated = "签发方“市直机关工委”没有声明领取张数，不能封箱"
    assert (unstated in text) is (reason is VoidReason.UNSTATED)
    assert ("多于该票种已领取" in text) is (reason is VoidReason.OVERFULL)
    # 收回 beside 领取: whether more came back than were drawn is what the sheet is about.
    back = 25 if reason is VoidReason.OVERFULL else 24
    assert f"发出领取收回党员60242402424{back}" in text
    assert "监票人：" in text


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("kind", list(SheetKind))
def test_long_rare_and_like_names_are_whole_and_on_the_page(
    kind: SheetKind, orientation: Orientation
) -> None:
    form = "select-persons" if kind is SheetKind.SELECTION else "three-key-questions"
    manifest = factory.manifest(subjects=ALIKE, instruments=(load(form),), demonstration=True)
    pdf = sheets_pdf(factory.counted(manifest), kind, orientation)
    text = "".join(pages(pdf))
    assert "〓" not in text
    assert "…" not in text
    for subject in ALIKE:
        assert subject.name in text
    if kind is SheetKind.SUBJECTS:
        assert "王秀兰（序号2）职务退休职工" in text
        assert "王秀兰职务社区卫生服务站护士" in text
    else:
        assert "王秀兰（退休职工，序号2）" in text
        assert "王秀兰（退休职工，序号3）" in text
        assert "王秀兰社区卫生服务站护士" in text
    width, height = (210, 297) if orientation is Orientation.PORTRAIT else (297, 210)
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            assert [round(side * 25.4 / 72) for side in page.get_size()] == [width, height]
            letters = page.get_textpage()
            boxes = [letters.get_charbox(i) for i in range(letters.count_chars())]
            assert max(box[2] for box in boxes) * 25.4 / 72 <= width - 15
            assert "不具有任何效力" in letters.get_text_range()


def test_numbers_of_long_questions_are_explained_with_the_name_of_their_form() -> None:
    # Across the page the questions of 五带头 stand by name, those of 五争当模范 by number.
    manifest = factory.manifest(instruments=(load("five-lead"), load("five-strive")))
    text = text_of(factory.counted(manifest), SheetKind.SUMMARY, Orientation.LANDSCAPE)
    assert "《五争当模范》题1：争当学习理论、学习业务的模范；题2：" in text
    assert "〓" not in text


def test_many_classes_and_many_options_stand_in_several_tables() -> None:
    classes = [(f"第{n}类代表", 12, 10) for n in range(10)]
    form = load("problems")
    items = tuple(
        Option(Text(f"问题{n}", f"Problem {n}"), positive=False, negative=False) for n in range(30)
    )
    form = replace(form, questions=(replace(form.questions[0], options=items),))
    manifest = factory.manifest(
        subjects=factory.persons(factory.SIX), classes=classes, instruments=(form,)
    )
    session = factory.counted(manifest, returned=(10,) * 10)
    for kind in (SheetKind.ITEMS, SheetKind.SUMMARY):
        text = text_of(session, kind, Orientation.PORTRAIT)
        assert "续" in text
        assert "第9类代表" in text or kind is SheetKind.SUMMARY
        assert "…" not in text


def test_the_pdf_is_tagged_titled_and_has_a_bookmark_a_sheet() -> None:
    manifest = factory.manifest()
    pdf = sheets_pdf(factory.counted(manifest), SheetKind.SUBJECTS)
    with pikepdf.open(BytesIO(pdf)) as document:
        assert document.Root.Lang == "zh-CN"
        assert str(document.docinfo["/Title"]) == f"{manifest.title}：民主测评结果表"
        assert document.Root.MarkInfo.Marked
        metadata = document.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "U")
        with document.open_outline() as outline:
            titles = [item.title for item in outline.root]
        assert titles[0] == f"1. {factory.BRANCH}"
        assert len(titles) == len(manifest.subjects)
        keys = [int(n) for n in list(document.Root.StructTreeRoot.ParentTree.Nums.as_list())[::2]]
        assert keys == list(range(len(document.pages)))
    assert all(font.embedded for font in factory.fonts(pdf))


def test_the_same_values_are_the_same_bytes() -> None:
    session = factory.counted(factory.manifest())
    assert sheets_pdf(session, SheetKind.SUMMARY) == sheets_pdf(session, SheetKind.SUMMARY)
