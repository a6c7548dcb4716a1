"""The report of every kind of ballot form, and its sentences for every outcome."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from appraisal.ballot_form import SubjectKind
from appraisal.counting_rules import Denominator, Threshold, Ties
from appraisal.documents import words
from appraisal.documents.listing import in_order, labels, listing
from appraisal.documents.report import report_pdf
from appraisal.documents.rules import rule_lines
from appraisal.instruments import load
from appraisal.manifest import Manifest, Subject
from appraisal.tally.results import Outcome, Results
from tests.documents import factory
from tests.documents.test_sheets import pages, selection


def text_of(manifest: Manifest, results: Results, **more: Any) -> str:
    return "".join(pages(report_pdf(factory.report(manifest, results, **more))))


def test_the_rules_are_an_annex_in_full() -> None:
    manifest = factory.manifest(
        negative=Threshold((1, 3), over=False), trim=1, attendance=Threshold((4, 5), over=False)
    )
    text = text_of(manifest, factory.results(manifest))
    assert "附件1计票规则" in text
    for name, sentence in rule_lines(manifest, "zh"):
        assert name in text
        # A page may turn within a sentence.
        assert sentence[:12] in text


def test_a_selection_has_votes_and_two_rankings() -> None:
    manifest = selection(quota=2, quota_organisations=1)
    results = factory.results(manifest)
    text = text_of(manifest, results)
    assert "推荐得票得票率" in text
    assert "“得票”为各票种票数之和" in text
    assert "推荐的组织1." in text
    assert "列第1名，在1个推荐名额之内" in text
    assert "在2名推荐名额之内" in text
    for block in listing(manifest, results):
        together = block.forms[0].questions[0].together
        assert together is not None
        assert f"{block.name}{together.counts[0]}{together.positive}" in text


def test_a_whole_ballot_of_forty_persons() -> None:
    names = [s + g for g in ("建国", "秀兰") for s in "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"]
    manifest = factory.manifest(
        subjects=factory.persons(names),
        instruments=(load("overall-grade"),),
        classes=[("党员", 46, 100)],
        members=46,
        denominator=Denominator.VALID,
        positive=None,
    )
    results = factory.results(manifest)
    text = text_of(manifest, results)
    assert "不超过党员总数46人的三分之一，即15名" in text
    assert "一张凭证领取" not in text
    for block in listing(manifest, results):
        assert f"{block.name}（社区党员），符合推荐条件，综合得分{block.score}分" in text


def test_a_selection_is_reported_by_votes_and_share() -> None:
    manifest = factory.manifest(
        subjects=factory.persons(factory.SIX), instruments=(load("select-persons"),), positive=None
    )
    results = factory.results(manifest)
    text = text_of(manifest, results)
    assert "得分" not in text
    for block in listing(manifest, results):
        told = f"得票{block.votes}张，得票率{block.score}%"
        assert f"{block.name}（社区党员），符合推荐条件，{told}" in text
        assert f"{block.name}{block.votes}{block.score}{block.result.turnout.printed}" in text


def test_bands_of_a_score_and_items_to_tick_are_in_the_annex() -> None:
    forms = (load("score-100"), load("problems"))
    manifest = factory.manifest(subjects=factory.persons(factory.SIX), instruments=forms)
    results = factory.results(manifest)
    text = text_of(manifest, results)
    for block in listing(manifest, results):
        score, ticks = (form.questions[0] for form in block.forms)
        for answers in score.answers:
            row = zip(answers.columns, answers.percent, strict=True)
            assert "".join(f"{count}{share}" for count, share in row) in text
        for place, option in enumerate(ticks.question.options):
            assert f"{option.text.zh}{ticks.answers[0].counts[place]}" in text
    assert "一张凭证领取12张选票" in text


def test_the_share_of_a_single_question_is_not_called_like_a_score() -> None:
    """综合评分 85.71 beside 综合得分 90.00 would be two scores to whoever reads the table."""
    manifest = factory.manifest(
        subjects=factory.persons(factory.SIX), instruments=(load("score-100"),)
    )
    text = text_of(manifest, factory.results(manifest))
    assert "评议对象正面评价收回率综合得分" in text


def test_the_one_form_with_a_scale_has_its_columns_beside_a_list_to_tick() -> None:
    forms = (load("problems"), load("approve"))
    manifest = factory.manifest(subjects=factory.persons(factory.SIX), instruments=forms)
    results = factory.results(manifest)
    text = text_of(manifest, results)
    assert "评议对象正面评价收回率综合得分" in text
    for block in listing(manifest, results):
        (share,) = (own.questions[0].positive for own in block.forms if own.instrument.scaled)
        assert f"{block.name}{share}{block.result.turnout.printed}{block.score}" in text


def test_a_long_post_is_whole_in_the_annex() -> None:
    post = "社区保安队副队长兼夜间巡逻组组长、网格党小组组长"
    subjects = (
        Subject(SubjectKind.PERSON, "买买提·阿布都热合曼·艾合买提", post),
        Subject(SubjectKind.PERSON, "王秀兰", "护士"),
    )
    manifest = factory.manifest(subjects=subjects)
    text = text_of(manifest, factory.results(manifest))
    annex = text[text.rindex("评议结果明细") :]
    assert post in annex
    assert "…" not in annex
    assert "王秀兰（护士）综合得分" in annex


def test_every_page_of_the_annex_begins_with_whose_figures_stand_there() -> None:
    manifest = factory.manifest(
        subjects=factory.persons(factory.SIX), instruments=(load("five-lead"), load("problems"))
    )
    found = pages(report_pdf(factory.report(manifest, factory.results(manifest))))
    first = next(n for n, page in enumerate(found) if page.startswith("附件3"))
    for page in found[first + 1 :]:
        assert re.match(r"\d+\.\D", page)
    assert "（续）" in "".join(found[first:])


def test_a_list_to_tick_alone_is_not_scored_and_nobody_is_recommended() -> None:
    manifest = factory.manifest(
        subjects=factory.persons(("王秀兰", "李建国")), instruments=(load("problems"),)
    )
    text = text_of(manifest, factory.results(manifest))
    assert "没有可以推荐的个人" in text
    assert text.count("测评表只勾选不评分，不计得分，不排名次") == 2


def test_a_red_flag_is_told_and_decides_nothing() -> None:
    manifest = factory.manifest(
        subjects=factory.persons(("王秀兰", "李建国")),
        negative=Threshold((1, 100), over=False),
        positive=None,
    )
    results = factory.results(manifest)
    flagged = [block for block in listing(manifest, results) if block.flags]
    assert flagged
    text = text_of(manifest, results)
    assert "（二）警示" in text
    for block in flagged:
        assert block.result.outcome is Outcome.RECOMMENDED
        assert "，达到1%" in block.flags[0]
        assert block.flags[0] in text


def test_a_red_flag_is_read_before_the_outcome_wherever_one_stands() -> None:
    """Nothing is asked of an organisation here: to read that it qualifies would be to misread."""
    branch = Subject(SubjectKind.ORGANISATION, "第二党支部", "")
    manifest = factory.manifest(
        subjects=(branch, *factory.persons(("王秀兰",))),
        negative=Threshold((1, 100), over=False),
        positive=None,
        turnout=None,
        quota=0,
    )
    results = factory.results(manifest)
    text = text_of(manifest, results)
    assert "符合" not in text
    for block in listing(manifest, results):
        assert block.flags
        rank = block.result.rank or "—"
        assert block.verdict == "警示\n不设条件"
        assert f"{block.score}{rank}警示不设条件" in text
        post = f"（{block.post}）" if block.post else ""
        assert f"{block.name}{post}，有警示，未设推荐条件，综合得分{block.score}分" in text
        named = f"第{rank}名" if block.result.rank else ""
        assert f"警示综合得分{block.score}{named}不设条件" in text


@pytest.mark.parametrize(
    ("ties", "outcome", "wanted"),
    [
        (Ties.OPEN, "并列待研究", "请党组织研究确定"),
        (Ties.ALL, "推荐", "按规则一并推荐"),
        (Ties.NONE, "名额之外", "按规则均不推荐"),
    ],
)
def test_equal_scores_across_the_quota(ties: Ties, outcome: str, wanted: str) -> None:
    manifest = factory.manifest(
        quota=1, positive=None, ties=ties, subjects=factory.persons(("丁一", "王二"))
    )
    results = factory.results(manifest, alike=[(0, 1)], spoilt=0)
    for block in listing(manifest, results):
        assert block.outcome == outcome
        assert block.reason.endswith(f"并列第1名；2人同分而推荐名额只余1名，{wanted}")


@pytest.mark.parametrize(
    ("rules", "wanted"),
    [
        ({"attendance": Threshold((1, 1), over=False)}, "实到占应到97.50%，不足百分之百"),
        ({"turnout": Threshold((99, 100), over=False)}, "收回率94.87%，不足99%"),
        ({"turnout": Threshold((98, 100), over=True)}, "收回率94.87%，未超过98%"),
    ],
)
def test_conditions_that_are_not_met_have_their_numbers(rules: dict[str, Any], wanted: str) -> None:
    manifest = factory.manifest(**rules)
    for block in listing(manifest, factory.results(manifest)):
        assert block.outcome == "未达条件"
        assert wanted in block.reason


def test_without_a_quota_whoever_meets_the_rules_qualifies() -> None:
    manifest = factory.manifest(quota=0, positive=None)
    blocks = listing(manifest, factory.results(manifest))
    assert {block.outcome for block in blocks} == {"符合条件"}
    assert any(block.reason.endswith("列第1名，不设推荐名额") for block in blocks)


def test_a_session_without_quotas_reports_results_and_no_recommendation() -> None:
    """Though the office's usual award stands in its rules."""
    people = factory.persons(factory.SIX)
    manifest = factory.manifest(subjects=people, quota=0, award="群众心目中的好党员", positive=None)
    text = text_of(manifest, factory.results(manifest))
    assert f"关于{re.sub(' ', '', manifest.title)}结果的报告" in text
    assert "现将结果报告如下" in text
    assert "三、评议意见" in text
    assert "不设个人推荐名额，按综合得分排列" in text
    for wrong in ("推荐对象", "推荐下列", "没有可以推荐的个人", "其他对象", "好党员”人选"):
        assert wrong not in text, wrong
    nominating = replace(manifest, rules=replace(manifest.rules, quota=1))
    assert "结果及“群众心目中的好党员”推荐对象的报告" in text_of(
        nominating, factory.results(nominating)
    )


def test_subjects_stand_in_order_and_are_told_apart_by_post_then_by_number() -> None:
    subjects = (
        Subject(SubjectKind.PERSON, "王秀兰", "护士"),
        Subject(SubjectKind.PERSON, "丁一", ""),
        Subject(SubjectKind.PERSON, "王秀兰", "教师"),
        Subject(SubjectKind.PERSON, "丁一", ""),
        Subject(SubjectKind.ORGANISATION, "第二支部", ""),
        Subject(SubjectKind.ORGANISATION, "第一支部", ""),
    )
    manifest = factory.manifest(subjects=subjects)
    assert in_order(manifest) == (4, 5, 1, 3, 0, 2)
    assert labels(manifest)[:4] == (
        "王秀兰（护士）", "丁一（序号3）", "王秀兰（教师）", "丁一（序号4）",
    )  # fmt: skip


def test_results_that_are_not_given_out_are_not_promised_by_the_code() -> None:
    manifest = factory.manifest(subjects=factory.persons(("王秀兰",)))
    report = factory.report(manifest, factory.results(manifest))
    public = "".join(pages(report_pdf(report)))
    assert "也可扫上方二维码取得" in public
    kept = "".join(pages(report_pdf(replace(report, published=False))))
    assert "按公布范围不另行提供" in kept
    assert "也可扫上方二维码取得" not in kept


def test_options_are_told_with_what_they_are_worth() -> None:
    grades = load("three-key-questions").questions[0]
    assert words.option_range(grades, 0) == "强 100"
    assert words.option_range(grades, 4) == "不了解"
    score = load("score-100").questions[0]
    bands = [words.option_range(score, place) for place in range(len(score.options))]
    assert bands[0].endswith("90—100")
    assert bands[-1].endswith("0—59")
