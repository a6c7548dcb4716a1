"""The rules in words: each says its own numbers, in both languages, and nothing that is not so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from appraisal.ballot_form import Option, Question, QuestionKind, SubjectKind, Text
from appraisal.counting_rules import (
    BelowFloor,
    Denominator,
    EmptyBallot,
    EmptyClass,
    Percentages,
    Publication,
    Threshold,
    Ties,
)
from appraisal.documents.rules import condition_lines, rounding, rule_lines
from appraisal.instruments import available, load
from appraisal.manifest import Contest, Manifest, Subject
from tests.documents import factory


def said(manifest: Manifest) -> dict[str, str]:
    return dict(rule_lines(manifest, "zh"))


def in_english(manifest: Manifest) -> dict[str, str]:
    return dict(rule_lines(manifest, "en"))


@pytest.mark.parametrize("form", available(), ids=lambda form: form.id)
def test_every_shipped_form_has_its_rules_in_both_languages(form: Any) -> None:
    members = 40 if any(limit.share for limit in form.limits) else 0
    manifest = factory.manifest(
        subjects=(
            *(Subject(SubjectKind.ORGANISATION, f"第{n}支部", "") for n in range(4)),
            *factory.persons([f"党员{n}" for n in range(8)]),
        ),
        instruments=(form,),
        members=members,
        negative=Threshold((1, 3), over=False),
    )
    zh, en = rule_lines(manifest, "zh"), rule_lines(manifest, "en")
    assert len(zh) == len(en) >= 8
    assert all(sentence.endswith("。") and "。。" not in sentence for _, sentence in zh)
    assert all(sentence.endswith(".") and ".." not in sentence for _, sentence in en)
    names = [name for name, _ in zh]
    assert len(set(names)) == len(names)
    # Whatever English has no Chinese but the names that only Chinese has.
    assert not any(mark in sentence for _, sentence in en for mark in "，。；：（）")


def test_classes_and_weights_have_their_numbers() -> None:
    text = said(factory.manifest())["票种和权重"]
    assert "党员应到24人，印制选票凭证24张，权重60%；群众应到16人" in text
    alone = said(factory.manifest(classes=[("党员", 30, 100)]))
    assert alone["票种和权重"] == "只设党员一个票种，应到30人，印制选票凭证30张，不加权。"
    assert "空票种" not in alone


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        (Denominator.ANSWERS, "除以有效答案数（“不了解”和弃权不算）"),
        (Denominator.VALID, "除以有效票数，弃权和不计分值的答案在分母之内"),
        (Denominator.RETURNED, "除以收回票数，无效票"),
        (Denominator.PRESENT, "除以发出票数（实到）"),
        (Denominator.ENTITLED, "除以应到人数"),
    ],
)
def test_what_is_divided_by(rule: Denominator, wanted: str) -> None:
    assert wanted in said(factory.manifest(denominator=rule))["分母"]


def test_only_what_a_session_has_is_said_of_its_scores() -> None:
    """Neither an answer that no form has, nor a mean where each subject stands under one form."""
    forms = (load("central-2011-organisations"), load("central-2011-members"))
    subjects = (Subject(SubjectKind.ORGANISATION, "第一支部", ""), *factory.persons(["王一"]))
    apart = factory.manifest(
        subjects=subjects, instruments=forms, contests=[Contest((0,), 0), Contest((1,), 1)]
    )
    text = said(apart)
    assert "以各等次分值乘以票数，相加后除以有效答案数（弃权不算）；" in text["分母"]
    assert "综合得分即测评表的得分" in text["综合得分"]
    assert (
        "综合得分为各测评表得分的平均"
        in said(factory.manifest(subjects=subjects, instruments=(*forms, load("approve"))))[
            "综合得分"
        ]
    )
    scores = said(factory.manifest(subjects=subjects, instruments=(load("score-100"),)))
    assert "以所打分数乘以票数" in scores["分母"]


def test_a_choice_has_a_share_of_votes_and_no_grades() -> None:
    manifest = factory.manifest(
        subjects=factory.persons(factory.SIX), instruments=(load("select-persons"),)
    )
    lines = said(manifest)
    assert lines["分母"] == "推选的得票率为一个票种的得票数除以有效票数。"
    assert "得分" not in "".join(lines.values())
    assert "符合条件的个人按得票率由高到低排名" in lines["个人名额"]
    beside = factory.manifest(
        subjects=factory.persons(factory.SIX),
        instruments=(load("select-persons"), load("approve")),
    )
    assert "得分与得票率相同" in said(beside)["分母"]


@pytest.mark.parametrize(
    ("threshold", "zh", "en"),
    [
        (Threshold((4, 5), over=False), "达到五分之四（≥4/5）", "reach 4/5 (≥)"),
        (Threshold((1, 2), over=True), "超过二分之一（>1/2）", "exceed 1/2 (>)"),
        (Threshold((85, 100), over=False), "达到85%（≥85%）", "reach 85% (≥)"),
    ],
)
def test_thresholds_say_whether_they_are_reached_or_exceeded(
    threshold: Threshold, zh: str, en: str
) -> None:
    manifest = factory.manifest(
        attendance=threshold, turnout=threshold, positive=threshold, negative=threshold
    )
    chinese, english = said(manifest), in_english(manifest)
    for name in ("到会", "收回率", "正面评价", "负面警示"):
        assert zh in chinese[name], name
    for name in ("Attendance", "Turnout", "Positive answers", "Red flag"):
        assert en in english[name], name


def test_a_rule_that_does_not_apply_has_no_sentence() -> None:
    manifest = factory.manifest(turnout=None, positive=None)
    assert not {"到会", "收回率", "正面评价", "负面警示"} & said(manifest).keys()
    assert "去掉最高最低" not in said(manifest)
    assert "名额限制" not in said(manifest)


def test_positive_and_negative_options_are_named() -> None:
    lines = said(factory.manifest(negative=Threshold((1, 3), over=False)))
    assert "（“强”“较强”；“够”“较够”；“明显”“较明显”）" in lines["正面评价"]
    assert "（“不强”；“不够”；“不明显”）" in lines["负面警示"]
    assert "不影响名次和推荐" in lines["负面警示"]


def test_a_share_of_all_members_is_told_with_its_number() -> None:
    manifest = factory.manifest(
        subjects=factory.persons(factory.SIX), instruments=(load("overall-grade"),), members=36
    )
    assert (
        "“优秀”的个人不超过党员总数36人的三分之一，即12名，多选无效" in said(manifest)["名额限制"]
    )
    assert (
        "at most 1/3 of all 36 members, that is 12 persons"
        in in_english(manifest)["Limits on a ballot"]
    )


def test_exact_and_least_numbers_are_told() -> None:
    subjects = (
        *(Subject(SubjectKind.ORGANISATION, f"第{n}支部", "") for n in range(4)),
        *factory.persons([f"党员{n}" for n in range(8)]),
    )
    exact = said(factory.manifest(subjects=subjects, instruments=(load("select-exactly"),)))
    assert "“推荐”的组织须恰好3个，多选、少选均无效" in exact["名额限制"]
    assert "“推荐”的个人须恰好7名，多选、少选均无效" in exact["名额限制"]
    form = load("select-persons")
    (limit,) = form.limits
    between = replace(form, limits=(replace(limit, least=1, most=3),))
    lines = said(factory.manifest(subjects=subjects[4:], instruments=(between,)))
    assert "不超过3名，不少于1，多选、少选均无效" in lines["名额限制"]


def test_too_many_ticks_are_told() -> None:
    ticks = replace(load("problems").questions[0], most=3, text=Text("存在问题", "Problems"))
    form = replace(load("problems"), questions=(ticks,))
    lines = said(factory.manifest(instruments=(form,)))
    assert lines["勾选项数"] == "“存在问题”最多勾选3项，多选的整张选票无效。"
    assert "分母" not in lines


def test_bands_of_a_score_are_told_with_their_ranges() -> None:
    option = [
        Option(Text(name, name), positive=n == 0, negative=False, at_least=least)
        for n, (name, least) in enumerate((("优秀", 90), ("称职", 60), ("不称职", 0)))
    ]
    question = Question(
        QuestionKind.SCORE, Text("综合评分", "Score"), required=True, options=tuple(option),
        highest=100,
    )  # fmt: skip
    form = replace(load("score-100"), questions=(question,))
    text = said(factory.manifest(instruments=(form,)))["分值"]
    assert "记0—100分，分数段为优秀 90—100、称职 60—89、不称职 0—59" in text


@pytest.mark.parametrize(
    ("name", "rules", "wanted"),
    [
        ("空白票和弃权", {"empty_ballot": EmptyBallot.VALID}, "全部留空的选票为有效票"),
        ("空白票和弃权", {"empty_ballot": EmptyBallot.SPOILT}, "全部留空的选票为无效票"),
        ("公开下限", {"floor": 7}, "票箱收回不足7张，或有效票不足7张的，不公布"),
        ("公开下限", {"below_floor": BelowFloor.MERGE}, "合并开箱"),
        ("空票种", {"empty_class": EmptyClass.RENORMALISE}, "由其他票种按比例分担"),
        ("空票种", {"empty_class": EmptyClass.ZERO}, "按零计，权重不变"),
        ("去掉最高最低", {"trim": 1}, "多于5份时，去掉1个最高分和1个最低分"),
        ("去掉最高最低", {"trim": 4}, "多于8份时，去掉4个最高分和4个最低分"),
        ("百分比和取舍", {"decimals": 1}, "保留1位小数，按最大余数法取舍"),
        ("百分比和取舍", {"decimals": 0}, "取整数"),
        (
            "百分比和取舍",
            {"percentages": Percentages.LAST_TAKES_REST},
            "最后一个不为零的栏以100%减去其余各栏",
        ),
        ("作废", {}, "收回多于发出即作废"),
        ("本人", {"self_appraisal": True}, "可以评本人"),
        ("本人", {"self_appraisal": False}, "不评本人；选票不记名，是否做到无法核对"),
        ("同分", {"ties": Ties.OPEN}, "由党组织研究确定"),
        ("同分", {"ties": Ties.ALL}, "全部推荐"),
        ("同分", {"ties": Ties.NONE}, "均不推荐"),
        ("个人名额", {"quota": 2}, "推荐前2名为“群众心目中的好党员”人选"),
        ("个人名额", {"quota": 0}, "不设推荐名额"),
        ("组织名额", {}, "不排名次"),
        ("组织名额", {"quota_organisations": 1}, "推荐前1个"),
        ("公布范围", {"publication": Publication.PUBLIC}, "向所有人公布"),
        ("公布范围", {"publication": Publication.ON_THE_SPOT}, "当场向在场人员公布"),
        ("公布范围", {"publication": Publication.BRANCH}, "在本组织范围内公布"),
        ("公布范围", {"publication": Publication.SUBJECT}, "只向各评议对象反馈本人的结果"),
    ],
)
def test_each_rule_says_what_it_is_set_to(name: str, rules: dict[str, Any], wanted: str) -> None:
    assert wanted in said(factory.manifest(**rules))[name]


def test_conditions_are_those_by_which_somebody_is_recommended() -> None:
    names = [name for name, _ in condition_lines(factory.manifest(), "zh")]
    assert names == ["收回率", "正面评价", "个人名额", "组织名额", "同分"]


def test_the_note_below_a_table_says_what_its_kinds_need() -> None:
    grades = rounding(factory.manifest(), "zh")
    assert "勾选题" not in grades
    assert "以有效票为分母，保留2位小数，按最大余数法取舍，合计100%" in grades
    ticks = rounding(factory.manifest(instruments=(load("problems"),)), "zh")
    assert "勾选题各项可以重复" in ticks
    assert "合计100%" not in ticks
    assert "half up" in rounding(factory.manifest(), "en")
