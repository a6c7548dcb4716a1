"""The forms that come along: whole, in both languages, and in the words of their sources."""

from __future__ import annotations

import re

import pytest

from appraisal import instruments
from appraisal.ballot_form import (
    MAX_OPTIONS,
    Instrument,
    Limit,
    Question,
    QuestionKind,
    SubjectKind,
    Text,
    bounds_of,
)
from appraisal.codec import from_json, to_json
from appraisal.errors import ManifestError

FORMS = instruments.available()
PERSON, ORGANISATION = SubjectKind.PERSON, SubjectKind.ORGANISATION


def texts(instrument: Instrument) -> list[Text]:
    """Every text of a form."""
    found = [instrument.title]
    found += [instrument.instruction] if instrument.instruction else []
    for question in instrument.questions:
        found += [question.text, *([question.note] if question.note else [])]
        found += [option.text for option in question.options]
    if instrument.notes:
        found += [instrument.notes.title, *instrument.notes.items]
    return found


def asked(identifier: str) -> list[str]:
    return [question.text.zh for question in instruments.load(identifier).questions]


def scale(question: Question) -> list[tuple[str, int | None]]:
    return [(option.text.zh, option.points) for option in question.options]


def by_id(instrument: Instrument) -> str:
    return instrument.id


def test_every_file_is_offered_the_three_key_questions_first() -> None:
    files = {path.stem for path in instruments.FOLDER.glob("*.toml")}
    assert [form.id for form in FORMS] == list(instruments.SHIPPED)
    assert set(instruments.SHIPPED) == files
    assert len(FORMS) == len(files) == 15
    assert FORMS[0].id == "three-key-questions"


@pytest.mark.parametrize("form", FORMS, ids=by_id)
def test_a_form_is_what_the_manifest_can_hold(form: Instrument) -> None:
    assert from_json(Instrument, to_json(form), where="form") == form


@pytest.mark.parametrize("form", FORMS, ids=by_id)
def test_a_file_says_where_its_words_come_from_and_is_laid_out_as_written(form: Instrument) -> None:
    remarks, blank, rest = instruments.source(form.id).partition("\n\n")
    assert blank
    assert all(line.startswith("# ") for line in remarks.splitlines())
    assert len(remarks) > 120
    assert rest == instruments.write(form)


@pytest.mark.parametrize("form", FORMS, ids=by_id)
def test_every_text_stands_in_both_languages(form: Instrument) -> None:
    for text in texts(form):
        assert re.search(r"[\u4e00-\u9fff]", text.zh), text
        assert not re.search(r"[\u3000-\u9fff\uff00-\uffef]", text.en), text
        assert re.match(r"[A-Z]", text.en), text
        assert not re.search(r"\s\s|\?\?|\ufffd", text.zh + text.en), text


def test_no_text_has_two_translations() -> None:
    found: dict[str, str] = {}
    for form in FORMS:
        for text in texts(form):
            assert found.setdefault(text.zh, text.en) == text.en


@pytest.mark.parametrize("form", FORMS, ids=by_id)
def test_the_best_grade_is_positive_and_the_lowest_negative(form: Instrument) -> None:
    for question in form.questions:
        if question.kind in {QuestionKind.GRADES, QuestionKind.SCORE}:
            inside = [o for o in question.options if (o.points, o.at_least) != (None, None)]
            assert (inside[0].positive, inside[0].negative) == (True, False)
            assert (inside[-1].positive, inside[-1].negative) == (False, True)
            assert sum(option.negative for option in inside) == 1
            assert question.required


def test_the_three_key_questions_have_the_wording_of_the_seed() -> None:
    """四、3: the questions; the grades are the usual ones."""
    form = instruments.load("three-key-questions")
    found = {q.text.zh: [option.text.zh for option in q.options] for q in form.questions}
    assert found == {
        "党性观念强不强": ["强", "较强", "一般", "不强", "不了解"],
        "联系服务群众够不够": ["够", "较够", "一般", "不够", "不了解"],
        "发挥先锋模范作用明显不明显": ["明显", "较明显", "一般", "不明显", "不了解"],
    }
    for question in form.questions:
        assert [option.points for option in question.options] == [100, 80, 60, 40, None]
        assert [o.positive for o in question.options] == [True, True, False, False, False]
        assert [o.negative for o in question.options] == [False, False, False, True, False]


FIVE_GOOD = {
    "领导班子好": (
        "领导班子能深入学习实践科学发展观，坚决贯彻执行党的路线方针政策，团结协作、求真务实、勤政"
        "廉洁，有较强的凝聚力和战斗力。"
    ),
    "党员队伍好": (
        "党员素质优良，有较强的党员意识、大局意识、责任意识、忧患意识，严格遵纪守法，能够充分发挥"
        "先锋模范作用。"
    ),
    "工作机制好": "规章制度完善，管理措施到位，工作运行顺畅有序。",
    "工作业绩好": (
        "紧紧围绕中心，服务大局，积极带领党员、干部、群众为首都经济社会发展做出积极贡献，工作成绩"
        "突出。"
    ),
    "群众反映好": "党群干群关系密切，基层党组织在群众中有较高威信，党员在群众中有良好形象。",
}
FIVE_LEAD = {
    "带头学习提高": (
        "认真学习实践科学发展观，自觉坚定理想信念，模范履行党章规定的义务；认真学习科学文化知识，"
        "成为本职工作的行家里手。"
    ),
    "带头争创佳绩": (
        "具有强烈的事业心和责任感，埋头苦干、开拓创新、无私奉献，在本职岗位上做出显著成绩。"
    ),
    "带头服务群众": (
        "宗旨意识强，密切联系群众，全心全意为人民服务，积极帮助群众解决实际困难，自觉维护群众正当"
        "利益。"
    ),
    "带头遵纪守法": "组织纪律观念强，自觉遵守党的纪律和廉洁自律各项规定，模范遵守国家法律法规。",
    "带头弘扬正气": (
        "正义感强，自觉树立社会主义荣辱观，发扬社会主义新风尚，敢于同不良风气、违法违纪行为作斗争。"
    ),
}


@pytest.mark.parametrize(
    ("identifier", "items"), [("five-good", FIVE_GOOD), ("five-lead", FIVE_LEAD)]
)
def test_fives_have_the_explanations_of_the_seed(identifier: str, items: dict[str, str]) -> None:
    """二: an item each, and under it the seed's own sentence."""
    form = instruments.load(identifier)
    assert {q.text.zh: q.note.zh for q in form.questions if q.note} == items
    for question in form.questions:
        expected = [("好", 100), ("较好", 80), ("一般", 60), ("差", 40), ("不了解", None)]
        assert scale(question) == expected


def test_five_models_are_those_of_the_seed() -> None:
    sentence = (
        "争当学习理论、学习业务的模范，争当解放思想、开拓创新的模范，争当服务群众、维护群众利益的模范，"
        "争当履行义务、遵纪守法的模范，争当弘扬正气、敢于同不正之风作斗争的模范"
    )
    assert "，".join(asked("five-strive")) == sentence


def test_problems_are_the_weaknesses_of_the_seed_to_tick() -> None:
    """二: three groups, 党性观念淡薄、… · 宗旨意识不强、… · 组织纪律观念不强、…."""
    (question,) = instruments.load("problems").questions
    assert question.kind is QuestionKind.TICKS
    assert not question.required
    assert question.most is None
    assert [option.text.zh for option in question.options] == [
        *("党性观念淡薄", "党员意识弱化", "责任感和使命感不强"),
        *("宗旨意识不强", "群众观念淡薄", "工作作风漂浮", "先锋作用发挥不够"),
        *("组织纪律观念不强", "联系服务群众不够"),
    ]


def test_the_central_lists_of_2011() -> None:
    assert asked("central-2011-organisations") == [
        "组织开展创先争优活动情况",
        "推动中心工作和重点任务完成情况",
        "承诺践诺情况",
        "为群众办实事、做好事、解难事情况",
        "加强党组织和党员队伍建设情况",
    ]
    assert asked("central-2011-members") == [
        "参加活动情况",
        "立足岗位履行职责情况",
        "承诺践诺情况",
        "联系和服务群众情况",
    ]
    for identifier in ("central-2011-organisations", "central-2011-members"):
        for question in instruments.load(identifier).questions:
            names = ("满意", "比较满意", "基本满意", "不满意")
            assert scale(question) == list(zip(names, (100, 80, 60, 40), strict=True))


def test_the_overall_grade_keeps_the_best_for_a_third_and_shows_ten_behaviours() -> None:
    form = instruments.load("overall-grade")
    (question,) = form.questions
    names = ("优秀", "合格", "基本合格", "不合格")
    assert scale(question) == list(zip(names, (100, 80, 60, 40), strict=True))
    assert form.limits == (Limit(0, 0, least=0, share=(1, 3)),)
    assert form.notes
    assert "反向情形" in form.notes.title.zh
    assert len(form.notes.items) == 10
    (bounds,) = bounds_of(form, (PERSON,) * 24, members=29)
    assert (bounds.least, bounds.most) == (0, 9)


@pytest.mark.parametrize(
    ("identifier", "names"),
    [
        ("four-grades", "好/较好/一般/差"),
        ("satisfaction", "满意/比较满意/基本满意/不满意/不了解"),
        ("approve", "同意/基本同意/不同意/不了解"),
    ],
)
def test_single_questions(identifier: str, names: str) -> None:
    (question,) = instruments.load(identifier).questions
    assert [option.text.zh for option in question.options] == names.split("/")
    assert [o.text.zh for o in question.options if o.points is None] in (["不了解"], [])


def test_the_score_has_the_bands_of_the_practice() -> None:
    (question,) = instruments.load("score-100").questions
    assert question.highest == 100
    assert [(option.text.zh, option.at_least) for option in question.options] == [
        ("优秀", 90),
        ("称职", 70),
        ("基本称职", 60),
        ("不称职", 0),
    ]


@pytest.mark.parametrize(
    ("identifier", "limits"),
    [
        ("select-persons", [(None, 0, 3)]),
        ("select-organisations", [(None, 0, 3)]),
        ("select-exactly", [(ORGANISATION, 3, 3), (PERSON, 7, 7)]),
    ],
)
def test_selections(identifier: str, limits: list[tuple[SubjectKind | None, int, int]]) -> None:
    form = instruments.load(identifier)
    (question,) = form.questions
    assert form.whole
    assert question.kind is QuestionKind.CHOICE
    assert [(limit.kind, limit.least, limit.most) for limit in form.limits] == limits
    assert form.instruction
    assert not re.search(r"[0-9一二三四五六七八九十]", form.instruction.zh), (
        "a session sets its own"
    )


def test_a_form_says_whom_it_is_for() -> None:
    made_for = {form.id: form.kind for form in FORMS if form.kind}
    assert made_for == {
        "five-good": ORGANISATION,
        "five-lead": PERSON,
        "five-strive": PERSON,
        "central-2011-organisations": ORGANISATION,
        "central-2011-members": PERSON,
        "overall-grade": PERSON,
        "select-persons": PERSON,
        "select-organisations": ORGANISATION,
    }


def test_forms_fit_on_a_ballot_of_many() -> None:
    for form in FORMS:
        assert sum(len(question.places) for question in form.questions) <= MAX_OPTIONS


@pytest.mark.parametrize("identifier", ["none", "../secrets", "", "three-key-questions.toml"])
def test_an_unknown_form(identifier: str) -> None:
    with pytest.raises(ManifestError, match="no instrument"):
        instruments.load(identifier)
    with pytest.raises(ManifestError, match="no instrument"):
        instruments.source(identifier)
