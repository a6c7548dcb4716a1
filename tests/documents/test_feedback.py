"""The feedback of a subject: its own figures, the secretary's words, and nothing of anyone else."""

from __future__ import annotations

import re
from typing import Any

import pypdfium2
import pytest

from appraisal.counting_rules import Denominator
from appraisal.documents.sheets.feedback import MAX_TEXT, RULED, Feedback
from appraisal.documents.sheets.pdf import feedback_pdf
from appraisal.errors import MalformedError
from appraisal.instruments import load
from tests.documents import factory
from tests.documents.test_sheets import pages, sheets_of


def test_it_has_the_subjects_own_figures_and_nobody_elses() -> None:
    manifest = factory.manifest()
    session = factory.counted(manifest)
    number = next(n for n, s in enumerate(manifest.subjects) if s.name == "李建国")
    text = "".join(pages(feedback_pdf(session, {number: Feedback()})))
    result = session.results.subjects[number]
    assert result.score is not None
    assert "李建国同志：" in text
    assert f"综合得分{result.score.printed}分" in text
    for group in session.results.contests[number].groups:
        for count in group.subjects[0]:
            assert all(share in text for share in count.percent)
    for other, subject in enumerate(manifest.subjects):
        if other != number and subject.name not in manifest.organisation:
            assert subject.name not in text
    # Where one stands tells where others stand.
    for word in ("名次", f"第{result.rank}名", "推荐名额", "并列"):
        assert word not in text


def test_typed_texts_are_printed_and_empty_ones_leave_ruled_lines() -> None:
    session = factory.counted(factory.manifest(subjects=factory.persons(("王秀兰",))))
    typed = Feedback("学习认真。\n\n  服务群众热心。", "调查研究不够。", "多到群众中去。")
    with_words = feedback_pdf(session, {0: typed})
    text = "".join(pages(with_words))
    for wanted in (
        "一、成绩学习认真。服务群众热心。",
        "二、存在的问题调查研究不够。",
        "三、努力方向多到群众中去。",
    ):
        assert wanted in text
    by_hand = feedback_pdf(session, {0: Feedback()})
    blank = re.sub(r"第\d页共\d页", "", "".join(pages(by_hand)))
    assert "二、存在的问题三、努力方向" in blank
    assert lines(by_hand) >= lines(with_words) + 3 * min(RULED)


def test_to_be_filled_in_by_hand_it_is_one_sheet_of_paper_where_it_can_be() -> None:
    manifest = factory.manifest(
        subjects=factory.persons(factory.SIX),
        instruments=(load("overall-grade"),),
        classes=[("党员", 30, 100)],
        members=36,
    )
    session = factory.counted(manifest)
    given = {number: Feedback() for number in range(len(manifest.subjects))}
    assert len(pages(feedback_pdf(session, given))) == len(manifest.subjects)


def lines(pdf: bytes) -> int:
    """How many paths are drawn."""
    with pypdfium2.PdfDocument(pdf) as document:
        return sum(1 for page in document for item in page.get_objects() if item.type == 2)


def test_ticked_problems_are_suggestions_most_often_first() -> None:
    forms = (load("three-key-questions"), load("problems"))
    manifest = factory.manifest(subjects=factory.persons(factory.SIX), instruments=forms)
    session = factory.counted(manifest)
    block = session.blocks[0]
    text = "".join(pages(feedback_pdf(session, {block.index: Feedback()})))
    (sentence,) = re.findall(r"测评中勾选的（供参考，占有效票的百分比）：(.*?)。", text)
    counts = [int(count) for count in re.findall(r"（(\d+)票，", sentence)]
    assert counts == sorted(counts, reverse=True)
    together = block.forms[1].questions[0].together
    assert together is not None
    assert sum(counts) == sum(together.counts)


@pytest.mark.parametrize(
    ("rules", "wanted"),
    [
        ({"trim": 1}, "去掉1个最高分和1个最低分"),
        ({"denominator": Denominator.ENTITLED}, "相加后除以应到人数"),
    ],
)
def test_a_score_that_is_not_the_mean_of_the_answers_is_explained(
    rules: dict[str, Any], wanted: str
) -> None:
    given = {0: Feedback()}
    text = "".join(pages(feedback_pdf(factory.counted(factory.manifest(**rules)), given)))
    assert wanted in text
    usual = "".join(pages(feedback_pdf(factory.counted(factory.manifest()), given)))
    assert "相加后除以" not in usual


def test_nothing_below_the_floor_is_told() -> None:
    session = factory.counted(factory.manifest(), withheld=[1])
    text = "".join(pages(feedback_pdf(session, {1: Feedback()})))
    assert "不足下限，未开箱" in text
    assert "不予公布" in text
    for form in session.blocks[1].forms:
        assert len(form.questions[0].answers) == 1


def test_sheets_stand_in_the_documents_order_each_numbered_by_itself() -> None:
    manifest = factory.manifest()
    session = factory.counted(manifest)
    given = dict.fromkeys(range(len(manifest.subjects)), Feedback())
    sheets = sheets_of(pages(feedback_pdf(session, given)))
    assert len(sheets) == len(given)
    for block, text in zip(session.blocks, sheets, strict=True):
        assert block.subject.name in text
        assert "（盖章）" in text
        assert "签收：" in text


def test_an_organisation_is_spoken_to_as_one() -> None:
    session = factory.counted(factory.manifest())
    text = "".join(pages(feedback_pdf(session, {0: Feedback()})))
    assert f"{factory.BRANCH}：" in text
    assert "同志：" not in text
    assert "负责人签收" in text


def test_two_of_one_name_are_told_apart() -> None:
    session = factory.counted(factory.manifest(subjects=factory.persons(("王秀兰", "王秀兰"))))
    sheets = sheets_of(pages(feedback_pdf(session, {0: Feedback(), 1: Feedback()})))
    assert "王秀兰同志（社区党员，序号1）：" in sheets[0]
    assert "王秀兰同志（社区党员，序号2）：" in sheets[1]


def test_nobody_signs_a_page_without_words() -> None:
    session = factory.counted(factory.manifest())
    for length in range(0, 1400, 200):
        text = Feedback("好" * length or " ", "改" * length, "进" * (length // 2))
        last = pages(feedback_pdf(session, {1: text}))[-1]
        assert "进" in last or "三、努力方向" in last


def test_a_text_that_no_sheet_has_room_for_is_refused() -> None:
    Feedback("好" * MAX_TEXT)
    with pytest.raises(MalformedError, match="more than 2000 characters"):
        Feedback(problems="好" * (MAX_TEXT + 1))
