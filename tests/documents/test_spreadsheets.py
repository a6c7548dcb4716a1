"""results.csv and results.xlsx carry the results exactly and run nothing."""

from __future__ import annotations

import csv
from dataclasses import replace
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest

from appraisal.ballot_form import SubjectKind
from appraisal.counting_rules import Threshold
from appraisal.documents.listing import listing
from appraisal.documents.rules import rounding, rule_lines
from appraisal.documents.spoilt import Reasons
from appraisal.documents.spreadsheets import (
    BOM,
    CUSTODIAN,
    TOTAL,
    VOID,
    boxes_csv,
    harmless,
    results_csv,
    results_xlsx,
)
from appraisal.instruments import load
from appraisal.manifest import Manifest, Subject
from appraisal.tally.results import Results
from tests.documents import factory


def written(manifest: Manifest, results: Results) -> list[dict[str, str]]:
    """The rows of the CSV by heading."""
    text = results_csv(manifest, results)
    assert text.startswith(BOM)
    return list(csv.DictReader(StringIO(text.removeprefix(BOM), newline="")))


def rows(manifest: Manifest, results: Results) -> list[dict[str, str]]:
    """The rows that are of a subject."""
    return [row for row in written(manifest, results) if row["序号"]]


def notes(manifest: Manifest, results: Results) -> list[str]:
    """What stands above them."""
    return [row["评议对象"] for row in written(manifest, results) if not row["序号"]]


def test_the_csv_has_every_count_and_percentage() -> None:
    manifest = factory.manifest()
    results = factory.results(manifest)
    found = rows(manifest, results)
    names = {n: s.name for n, s in enumerate(manifest.subjects)}
    for contest in results.contests:
        for group in contest.groups:
            name = manifest.classes[group.classes[0]].name.zh
            for number, question in enumerate(group.subjects[0], 1):
                mine = [
                    row
                    for row in found
                    if (row["评议对象"], row["票种"], row["题号"])
                    == (names[contest.contest], name, str(number))
                ]
                expected = (*question.counts, question.blank)
                assert [int(row["票数"]) for row in mine] == list(expected)
                assert tuple(row["百分比"] for row in mine) == question.percent
                assert question.score is not None
                assert {row["题目得分"] for row in mine} == {question.score.printed}
                assert {row["有效"] for row in mine} == {str(group.valid)}


def test_the_csv_opens_in_excel_and_wps() -> None:
    manifest = factory.manifest()
    data = results_csv(manifest, factory.results(manifest)).encode()
    assert data.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in data


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", "\n=1", " =1+1", "＝1+1", "＋1", "－1", "＠A1"],
)
def test_no_text_is_a_formula(text: str) -> None:
    assert harmless(text) == f"'{text}"
    subjects = (Subject(SubjectKind.PERSON, text, text),)
    manifest = factory.manifest(subjects=subjects, title=text)
    results = factory.results(manifest)
    assert {row["评议对象"] for row in rows(manifest, results)} == {f"'{text}"}
    book = openpyxl.load_workbook(BytesIO(results_xlsx(manifest, results)))
    assert all(cell.data_type != "f" for sheet in book for row in sheet for cell in row)


def test_harmless_texts_and_figures_stay_as_they_are() -> None:
    assert harmless("王明") == "王明"
    assert harmless(-1) == -1


def test_the_workbook_has_summary_slips_and_a_sheet_a_question() -> None:
    manifest = factory.manifest()
    results = factory.results(manifest)
    book = openpyxl.load_workbook(BytesIO(results_xlsx(manifest, results)))
    assert book.sheetnames == ["汇总", "计票规则", "发票收票", "票箱", "题1", "题2", "题3"]
    summary = book["汇总"]
    heads = [cell.value for cell in summary[2]]
    assert heads[:10] == [
        "序号", "评议对象", "类别", "职务", "警示", "收回率", "综合得分", "名次", "意见", "理由",
    ]  # fmt: skip
    by_name = {row[1].value: row for row in summary.iter_rows(min_row=3)}
    for subject, result in zip(manifest.subjects, results.subjects, strict=True):
        row = by_name[subject.name]
        assert result.score is not None
        assert float(str(row[6].value)) == float(result.score.printed)
        assert round(100 * float(str(row[5].value)), 2) == float(result.turnout.printed)
        assert row[7].value == result.rank
    assert summary.freeze_panes == "C3"
    assert all(sheet.column_dimensions["B"].width >= 6 for sheet in book)
    first = book["题1"]
    assert [cell.value for cell in first[2]][7:13] == [
        "强",
        "较强",
        "一般",
        "不强",
        "不了解",
        "弃权",
    ]
    (group, *_) = results.contests[0].groups
    assert [cell.value for cell in first[3]][7:13] == [
        *group.subjects[0][0].counts,
        group.subjects[0][0].blank,
    ]
    assert first["N3"].number_format == "0.00%"


def test_what_is_withheld_has_no_figures() -> None:
    manifest = factory.manifest()
    results = factory.results(manifest, withheld=[1])
    sealed = [row for row in rows(manifest, results) if row["票种"] == "群众"]
    assert len(sealed) == len(manifest.contests)
    assert {row["有效"] for row in sealed} == {"不足下限，未开箱"}
    assert {row["票数"] for row in sealed} == {""}
    book = openpyxl.load_workbook(BytesIO(results_xlsx(manifest, results)))
    assert [cell.value for cell in book["题1"][4]][5:] == ["不足下限，未开箱", *[None] * 17]


@pytest.mark.parametrize(
    ("back", "bad", "said"),
    [(0, 0, "没有收到选票"), (6, 4, "有效票不足5张，不予公布")],
)
def test_why_a_group_is_withheld(back: int, bad: int, said: str) -> None:
    manifest = factory.manifest()
    results = factory.results(manifest, returned=(back, 14), spoilt=bad)
    (row,) = [r for r in rows(manifest, results) if (r["序号"], r["票种"]) == ("1", "党员")]
    assert (row["收回"], row["有效"], row["票数"]) == (str(back), said, "")
    book = openpyxl.load_workbook(BytesIO(results_xlsx(manifest, results)))
    assert [cell.value for cell in book["题1"][3]][5:] == [said, *[None] * 17]


def test_the_slip_sheet_has_ballots_returned_and_a_total() -> None:
    manifest = factory.manifest()
    book = openpyxl.load_workbook(BytesIO(results_xlsx(manifest, factory.results(manifest))))
    found = [[cell.value for cell in row] for row in book["发票收票"].iter_rows(min_row=2)]
    assert found == [
        ["票种", "权重（%）", "应到", "印制", "作废", "发出", "领取", "收回"],
        ["党员", 60, 24, 24, 0, 24, 24, 23],
        ["群众", 40, 16, 16, 1, 15, 15, 14],
        [TOTAL, 100, 40, 40, 1, 39, 39, 37],
    ]


def test_ballots_that_differ_by_subject_stand_as_a_range() -> None:
    manifest = factory.manifest()
    results = factory.results(manifest)
    first, *others = results.contests
    (members, public) = first.groups
    fewer = replace(first, groups=(replace(members, returned=21), public))
    results = replace(results, contests=(fewer, *others))
    book = openpyxl.load_workbook(BytesIO(results_xlsx(manifest, results)))
    assert [row[7].value for row in book["发票收票"].iter_rows(min_row=3)] == [
        "21～23", 14, "35～37",
    ]  # fmt: skip


def test_organisations_qualify_and_persons_are_recommended() -> None:
    manifest = factory.manifest()
    results = factory.results(manifest)
    book = openpyxl.load_workbook(BytesIO(results_xlsx(manifest, results)))
    summary = book["汇总"].iter_rows(min_row=3)
    found = [(row[2].value, row[8].value) for row in summary if row[1].value]
    assert found[0] == ("组织", "符合条件")
    assert ("个人", "推荐") in found
    assert {kind for kind, _ in found} == {"组织", "个人"}
    assert {row["类别"] for row in rows(manifest, results)} == {"组织", "个人"}


@pytest.mark.parametrize("void", [False, True])
@pytest.mark.parametrize("custodian", [False, True])
def test_what_the_reader_has_to_know_stands_above_the_figures(void: bool, custodian: bool) -> None:
    """That nothing was opened; that the service could have read ballots before the opening."""
    names = ("评议系统",) if custodian else ("张三", "李四")
    manifest = factory.manifest(custodian=custodian, tellers=names)
    results = factory.results(manifest, void=void)
    said = [*([VOID] if void else []), *([CUSTODIAN] if custodian else [])]
    assert notes(manifest, results) == said
    assert bool(rows(manifest, results)) is not void
    book = openpyxl.load_workbook(BytesIO(results_xlsx(manifest, results)))
    title = str(book.worksheets[0]["A1"].value)
    assert [(note in title) for note in (VOID, CUSTODIAN)] == [void, custodian]


def test_the_same_results_are_the_same_bytes() -> None:
    manifest = factory.manifest()
    results = factory.results(manifest)
    assert results_xlsx(manifest, results) == results_xlsx(manifest, results)


def sheet(book: openpyxl.Workbook, name: str) -> list[dict[str, Any]]:
    """The rows of a sheet by heading."""
    lines = book[name].iter_rows(min_row=2, values_only=True)
    heads = [str(head) for head in next(lines)]
    return [dict(zip(heads, line, strict=True)) for line in lines]


def opened(manifest: Manifest, **drawn: Any) -> tuple[Results, Reasons]:
    """Counted results with the reasons of the spoilt ballots."""
    session = factory.counted(manifest, **drawn)
    assert session.reasons is not None
    return session.results, session.reasons


def test_every_box_has_its_ballots_and_the_spoilt_ones_by_reason() -> None:
    manifest = factory.manifest()
    results, reasons = opened(manifest, spoilt=2, withheld=[1])
    book = openpyxl.load_workbook(BytesIO(results_xlsx(manifest, results, reasons)))
    lines = [line for line in sheet(book, "票箱") if line["票种"]]
    assert len(lines) == len(manifest.boxes)
    first, second = lines[:2]
    assert [first[name] for name in ("发出", "收回", "有效", "无效", "不能解密", "多选")] == [
        24, 23, 21, 2, 2, 0,
    ]  # fmt: skip
    assert second["说明"] == "不足下限，未开箱"
    assert second["有效"] is second["不能解密"] is None
    text = boxes_csv(manifest, results, reasons).removeprefix(BOM)
    found = [row for row in csv.DictReader(StringIO(text, newline="")) if row["选票"]]
    assert [(row["选票"], row["无效"], row["不能解密"]) for row in found[:2]] == [
        (factory.BRANCH, "2", "2"),
        (factory.BRANCH, "", ""),
    ]


def test_reasons_that_are_not_kept_are_not_made_up() -> None:
    manifest = factory.manifest()
    results, _ = opened(manifest, spoilt=2)
    book = openpyxl.load_workbook(BytesIO(results_xlsx(manifest, results)))
    assert sheet(book, "票箱")[0]["不能解密"] is None
    assert sheet(book, "票箱")[0]["无效"] == 2
    assert any("随选票销毁" in str(cell.value) for row in book["票箱"] for cell in row)


def test_the_rules_and_the_rounding_are_in_the_workbook() -> None:
    manifest = factory.manifest()
    book = openpyxl.load_workbook(BytesIO(results_xlsx(manifest, factory.results(manifest))))
    assert [(r["规则"], r["内容"]) for r in sheet(book, "计票规则")] == rule_lines(manifest, "zh")
    assert rounding(manifest, "zh") in [cell.value for cell in book["题1"]["A"]]


def test_classes_are_added_up_and_the_score_is_by_weight() -> None:
    manifest = factory.manifest()
    results = factory.results(manifest)
    book = openpyxl.load_workbook(BytesIO(results_xlsx(manifest, results)))
    members, public, together = sheet(book, "题1")[:3]
    assert together["票种"] == "合计"
    for name in ("发出", "收回", "有效", "无效", "强", "较强", "弃权"):
        assert together[name] == members[name] + public[name]
    score = results.contests[0].subjects[0].questions[0].score
    assert score is not None
    assert together["得分"] == float(score.printed)


def test_the_sum_of_classes_counts_the_ballots_of_a_withheld_one() -> None:
    """As the printed sheets have it: they came back, though nobody knows what is on them."""
    manifest = factory.manifest()
    results = factory.results(manifest, withheld=[1])
    book = openpyxl.load_workbook(BytesIO(results_xlsx(manifest, results)))
    members, public, together = sheet(book, "题1")[:3]
    assert public["有效"] == "不足下限，未开箱"
    for name in ("发出", "收回"):
        assert together[name] == members[name] + public[name]
    assert together["有效"] == members["有效"]


def test_shares_are_the_numbers_that_are_printed() -> None:
    """78.6 divided by 100 as a float would be 0.7859999999999999."""
    manifest = factory.manifest(decimals=1)
    session = factory.counted(manifest)
    book = openpyxl.load_workbook(BytesIO(results_xlsx(manifest, session.results)))
    shares = [
        cell.value
        for row in book["题1"].iter_rows(min_row=3)
        for cell in row
        if cell.number_format == "0.0%"
    ]
    assert len(shares) > 100
    assert all(len(str(share)) <= len("0.786") for share in shares)


def test_what_cannot_be_has_no_column() -> None:
    forms = (load("select-persons"), load("problems"), load("score-100"))
    manifest = factory.manifest(subjects=factory.persons(factory.SIX), instruments=forms)
    session = factory.counted(manifest)
    book = openpyxl.load_workbook(BytesIO(results_xlsx(manifest, session.results)))
    chosen = [cell.value for cell in book["表1题1"][2]]
    assert "得票率" in chosen
    assert "负面评价" not in chosen
    heads = [cell.value for cell in book["汇总"][2]]
    assert "百分制测评（得分）" in heads
    assert "存在问题（得分）" not in heads
    assert "优秀 90—100（%）" in [cell.value for cell in book["表3题1"][2]], "no range of per cent"


def test_votes_of_a_selection_have_counts_and_shares() -> None:
    manifest = factory.manifest(
        subjects=factory.persons(factory.SIX), instruments=(load("select-persons"),)
    )
    session = factory.counted(manifest)
    book = openpyxl.load_workbook(BytesIO(results_xlsx(manifest, session.results)))
    lines = sheet(book, "汇总")
    for block, line in zip(session.blocks, lines, strict=False):
        together = block.forms[0].questions[0].together
        assert together is not None
        assert line["得票"] == together.counts[0]
        assert round(line["得票率"] * 100, 2) == float(together.positive)
    heads = [cell.value for page in ("汇总", "题1") for cell in book[page][2]]
    assert not [name for name in heads if "得分" in str(name)], "the share would stand there twice"
    assert {"推荐（票）", "未选（票）"} <= set(heads)
    found = rows(manifest, session.results)
    assert {row["选项"] for row in found} == {"推荐", "未选"}


def test_bands_and_items_are_named_and_have_no_points() -> None:
    forms = (load("score-100"), load("problems"))
    manifest = factory.manifest(subjects=factory.persons(factory.SIX), instruments=forms)
    session = factory.counted(manifest)
    found = rows(manifest, session.results)
    bands = [row for row in found if row["测评表"] == forms[0].title.zh]
    assert bands[0]["选项"].endswith("90—100")
    assert bands[0]["分值"] == ""
    assert bands[0]["题目得分"] != ""
    items = [row for row in found if row["测评表"] == forms[1].title.zh]
    assert items[0]["题目得分"] == ""
    assert items[-1]["选项"] == "未勾选"
    book = openpyxl.load_workbook(BytesIO(results_xlsx(manifest, session.results)))
    assert book.sheetnames[-2:] == ["表1题1", "表2题1"]
    assert "得分" not in sheet(book, "表2题1")[0]
    assert f"{forms[0].title.zh}（得分）" in sheet(book, "汇总")[0]


def test_two_of_one_name_are_told_apart() -> None:
    manifest = factory.manifest(subjects=factory.persons(("王秀兰", "王秀兰")))
    names = {row["评议对象"] for row in rows(manifest, factory.results(manifest))}
    assert names == {"王秀兰（社区党员，序号1）", "王秀兰（社区党员，序号2）"}


def test_a_red_flag_stands_before_the_outcome() -> None:
    manifest = factory.manifest(negative=Threshold((1, 100), over=False))
    results = factory.results(manifest)
    book = openpyxl.load_workbook(BytesIO(results_xlsx(manifest, results)))
    flagged = {line["评议对象"]: line["警示"] for line in sheet(book, "汇总") if line["警示"]}
    blocks = {block.name: block for block in listing(manifest, results)}
    assert flagged == {name: "；".join(b.flags) for name, b in blocks.items() if b.flags}
    assert flagged


def test_two_thousand_subjects_are_written() -> None:
    names = [f"党员{number}" for number in range(2000)]
    manifest = factory.manifest(
        subjects=factory.persons(names),
        instruments=(load("four-grades"),),
        classes=[("党员", 8, 100)],
    )
    book = openpyxl.load_workbook(
        BytesIO(results_xlsx(manifest, factory.results(manifest))), read_only=True
    )
    assert sum(1 for _ in book["题1"].iter_rows(min_row=3)) == 2001
