"""The library of ballot forms: looked at, copied, changed, brought as a file, removed."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from wtforms import FieldList, Form, FormField
from wtforms.fields.core import UnboundField

from appraisal import instruments
from appraisal.ballot_form import (
    MAX_OPTIONS,
    MAX_QUESTIONS,
    Instrument,
    Option,
    Question,
    QuestionKind,
    SubjectKind,
    Text,
)
from appraisal.manifest import SessionId
from appraisal.steps import library, setup
from appraisal.steps.service import Service
from appraisal.web.office.entry.protection import MAX_FIELDS
from appraisal.web.office.instruments.form import InstrumentForm
from appraisal.web.office.setup.session_form import SessionForm
from tests.web.office.secretary import ORGANISATION, Secretary, session_form, upload, words

FIELD = re.compile(
    r'<input (?!type="checkbox")[^>]*name="([\w-]+)"(?: type="text")? value="([^"]*)"'
)
SELECT = re.compile(r'<select id="[^"]*" name="([\w-]+)".*?</select>', re.DOTALL)
CHOSEN = re.compile(r'<option value="([^"]*)" selected>')
CHECKED = re.compile(r'<input type="checkbox" id="[^"]*" name="([\w-]+)" value="y" checked')
AREA = re.compile(r'<textarea[^>]* name="([\w-]+)"[^>]*>([^<]*)</textarea>')
EDIT = "/office/forms/{}/edit"


def own(service: Service) -> dict[str, Instrument]:
    """The forms that the secretary's organisation has made."""
    return dict(library.own_of(service, service.office.organisation(ORGANISATION)))


def typed(page: str) -> dict[str, str]:
    """What a browser would send that changes nothing."""
    page = page[page.index("<main") : page.index("</main>")]
    fields = {name: value for name, value in FIELD.findall(page) if name != "csrf_token"}
    for found in SELECT.finditer(page):
        chosen = CHOSEN.search(found[0])
        fields[found[1]] = chosen[1] if chosen else ""
    fields |= dict.fromkeys(CHECKED.findall(page), "y")
    fields |= dict(AREA.findall(page))
    return {name: html.unescape(value) for name, value in fields.items()}


def copied(secretary: Secretary, identifier: str = "three-key-questions") -> str:
    """The address of the editor of a copy."""
    made = secretary.send(f"/office/forms/{identifier}/copy").location
    assert made is not None
    return made.partition("?")[0]


def test_forms_of_one_question_are_told_apart_by_their_answers(secretary: Secretary) -> None:
    listed = secretary.text("/office/forms/")
    assert "总体评价：好、较好、一般、差" in listed
    assert "综合评定：优秀、合格、基本合格、不合格" in listed


def test_the_list_says_for_whom_a_form_is(secretary: Secretary) -> None:
    said = secretary.text("/office/forms/")
    assert "先进基层党组织“五个好” 只评组织" in said
    assert "优秀共产党员“五带头” 只评个人" in said


@pytest.mark.parametrize("identifier", instruments.SHIPPED)
def test_every_shipped_form_is_seen_copied_and_saved_unchanged(
    service: Service, secretary: Secretary, identifier: str
) -> None:
    shipped = instruments.load(identifier)
    assert shipped.title.zh in secretary.text("/office/forms/")
    page = secretary.get(f"/office/forms/{identifier}")
    for question in shipped.questions:
        assert question.text.zh in words(page) or question.kind is QuestionKind.CHOICE
        for option in question.options:
            assert option.text.zh in words(page)
    assert "<form" not in page.text
    assert "<script" not in page.text
    assert secretary.get(f"/office/forms/{identifier}/file.toml").text == instruments.source(
        identifier
    )
    edit = copied(secretary, identifier)
    before = own(service)
    sent = secretary.send(edit, {"do": "save", **typed(secretary.get(edit).text)})
    assert sent.status_code == 302, words(sent)
    assert own(service) == before
    (copy,) = before.values()
    assert copy.id == f"{identifier}-own-1"
    assert (copy.questions, copy.limits, copy.notes) == (
        shipped.questions,
        shipped.limits,
        shipped.notes,
    )


def test_english_stays_where_the_chinese_has_not_changed(
    service: Service, secretary: Secretary
) -> None:
    edit = copied(secretary)
    fields = typed(secretary.get(edit).text)
    fields |= {"do": "save", "questions-0-options-0-text": "很强"}
    secretary.send(edit, fields)
    first = own(service)["three-key-questions-own-1"].questions[0]
    assert (first.text.en, first.options[1].text.en) == (
        "Is the sense of Party spirit strong?",
        "Fairly strong",
    )
    assert (first.options[0].text.zh, first.options[0].text.en) == ("很强", "很强")
    secretary.send(edit, {**fields, "english": "y", "questions-0-options-0-text_en": "Very strong"})
    first = own(service)["three-key-questions-own-1"].questions[0]
    assert first.options[0].text.en == "Very strong"


def test_rows_move_and_the_limits_follow(service: Service, secretary: Secretary) -> None:
    edit = copied(secretary, "overall-grade")
    fields = typed(secretary.get(edit).text)
    for do, texts in (
        ("down-option:0-0", ["合格", "优秀", "基本合格", "不合格"]),
        ("drop-option:0-0", ["优秀", "基本合格", "不合格"]),
        ("more-options:0", ["优秀", "基本合格", "不合格", ""]),
        ("up-option:0-0", ["优秀", "基本合格", "不合格", ""]),
    ):
        fields = typed(secretary.send(edit, {**fields, "do": do}).text)
        names = [f"questions-0-options-{n}-text" for n in range(5)]
        assert [fields[n] for n in names if n in fields] == texts
        assert fields["limits-0-option"] == ("0-1" if texts[1] == "优秀" else "0-0")
    more = typed(secretary.send(edit, {**fields, "do": "more-questions"}).text)
    assert more["questions-1-options-0-text"] == "优秀", "answered like the last one"
    up = typed(
        secretary.send(edit, {**more, "questions-1-text": "学习", "do": "up-question:1"}).text
    )
    assert (up["questions-0-text"], up["limits-0-option"]) == ("学习", "1-0")
    gone = typed(secretary.send(edit, {**up, "do": "drop-question:1"}).text)
    assert "limits-0-option" not in gone, "its option is gone"
    assert own(service)["overall-grade-own-1"].questions[0].options[0].text.zh == "优秀"


@pytest.mark.parametrize(
    "do", ["drop-option:9-9", "up-question:", "drop-limit:7", "x", "more-options:x"]
)
def test_a_button_of_a_row_that_is_gone_changes_nothing(secretary: Secretary, do: str) -> None:
    edit = copied(secretary)
    fields = typed(secretary.get(edit).text)
    assert typed(secretary.send(edit, {**fields, "do": do}).text) == fields


@pytest.mark.parametrize(
    ("identifier", "changes", "says"),
    [
        ("three-key-questions", {"title": ""}, "请填写测评表的名称"),
        ("three-key-questions", {"questions-1-text": ""}, "第 2 题：请填写这一题问什么"),
        ("three-key-questions", {"questions-0-options-1-text": ""}, "第 1 题：请填写选项的文字"),
        ("three-key-questions", {"questions-0-options-1-text": "强"}, "选项“强”写了两次"),
        (
            "three-key-questions",
            {"questions-2-options-0-points": "1"},
            "第 3 题：等次请从好到差排列",
        ),
        ("three-key-questions", {"questions-2-options-0-points": "1001"}, "分值请填写 0 到 1000"),
        ("three-key-questions", {"questions-2-options-0-points": "一百"}, "请填写整数"),
        ("problems", {"questions-0-most": "9"}, "“最多选几项”要比选项少"),
        ("score-100", {"questions-0-highest": ""}, "请填写满分"),
        ("score-100", {"questions-0-highest": "80"}, "第一段的起点高于满分"),
        ("score-100", {"questions-0-options-0-at_least": ""}, "请填写这一段从几分起"),
        ("score-100", {"questions-0-options-0-at_least": "60"}, "分数段请从高到低排列"),
        ("score-100", {"questions-0-options-3-at_least": "1"}, "最后一段请从 0 分起"),
        ("overall-grade", {"limits-0-most": "3"}, "只能填一样"),
        ("overall-grade", {"limits-0-share": ""}, "请填写至多几个"),
        ("select-persons", {"limits-0-least": "4"}, "“至少”不能大于“至多”"),
        ("overall-grade", {"notes_title": ""}, "参考内容要有标题，也要有内容"),
        ("overall-grade", {"notes_items": "\n".join(map(str, range(21)))}, "最多 20 条"),
    ],
)
def test_a_mistake_is_said_and_nothing_typed_is_lost(
    service: Service, secretary: Secretary, identifier: str, changes: dict[str, str], says: str
) -> None:
    edit = copied(secretary, identifier)
    before = own(service)
    fields = {**typed(secretary.get(edit).text), **changes}
    sent = secretary.send(edit, {"do": "save", **fields})
    assert sent.status_code == 422
    assert says in words(sent)
    for name in re.findall(r'<li><a href="#([^"]+)">', sent.text):
        assert f'id="{name}"' in sent.text, "the summary leads to the field"
    assert typed(sent.text) == fields
    assert own(service) == before


def test_a_form_without_any_question_is_refused(secretary: Secretary) -> None:
    edit = copied(secretary, "approve")
    sent = secretary.send(edit, {"do": "save", "title": "空表"})
    assert "还没有题目" in words(sent)


def test_a_file_goes_out_and_comes_back(service: Service, secretary: Secretary) -> None:
    edit = copied(secretary)
    identifier = "three-key-questions-own-1"
    file = secretary.get(f"/office/forms/{identifier}/file.toml")
    assert identifier in file.headers["Content-Disposition"]
    changed = file.text.replace('zh = "强"', 'zh = "很强"')
    text = edit.replace("/edit", "/text")
    assert "很强" not in secretary.get(text).text
    sent = secretary.send(text, {"text": "", "file": upload(changed.encode(), "form.toml")})
    assert sent.status_code == 302, words(sent)
    assert own(service)[identifier].questions[0].options[0].text.zh == "很强"


def test_the_largest_form_there_may_be_is_edited_goes_out_and_comes_back(
    service: Service, secretary: Secretary
) -> None:
    """32 questions of 250 options: what a manifest may have, the office can make."""
    items = tuple(Option(Text(f"第{n}项", f"Item {n}"), False, False) for n in range(MAX_OPTIONS))
    asked = Question(QuestionKind.TICKS, Text("存在问题", "Problems"), False, items)
    large = Instrument("large", Text("大表", "Large"), (asked,) * MAX_QUESTIONS, ())
    sent = secretary.send(
        "/office/form-file",
        {"text": "", "file": upload(instruments.write(large).encode(), "large.toml")},
    )
    assert sent.status_code == 302
    assert own(service) == {"large": large}
    edit = EDIT.format("large")
    fields = typed(secretary.get(edit).text)
    assert len(fields) > MAX_QUESTIONS * MAX_OPTIONS
    sent = secretary.send(edit, {"do": "save", **fields, "questions-31-options-249-text": "其他"})
    assert sent.status_code == 302
    changed = own(service)["large"]
    assert changed.questions[:-1] == large.questions[:-1]
    assert changed.questions[-1].options[-1].text.zh == "其他"
    file = secretary.get("/office/forms/large/file.toml")
    assert instruments.decode(file.data, name="large.toml") == changed


@pytest.mark.parametrize("form", [InstrumentForm, SessionForm])
def test_no_form_of_the_office_has_more_fields_than_one_may_send(form: type[Form]) -> None:
    assert fields_of(form) <= MAX_FIELDS - len(["csrf_token", "do"])


def fields_of(form: type[Form]) -> int:
    """How many fields a form has where every list is as long as it may be."""
    return sum(
        many_of(field)
        for name in dir(form)
        if isinstance(field := getattr(form, name), UnboundField)
    )


def many_of(field: Any) -> int:
    if field.field_class is FieldList:
        return int(field.kwargs["max_entries"]) * many_of(field.args[0])
    return fields_of(field.args[0]) if field.field_class is FormField else 1


def test_mistakes_of_a_file_are_told_line_by_line(service: Service, secretary: Secretary) -> None:
    text = copied(secretary).replace("/edit", "/text")
    before = own(service)
    source = instruments.write(before["three-key-questions-own-1"])
    wrong = source.replace("points = 80", "points = 8000").replace(
        'kind = "grades"', 'kind = "x"', 1
    )
    sent = secretary.send(text, {"text": wrong})
    assert sent.status_code == 422
    lines = wrong.splitlines()
    told = [int(line) for line in re.findall(r'data-line="(\d+)"', sent.text)]
    assert told
    assert all("8000" in lines[line - 1] or '"x"' in lines[line - 1] for line in told)
    assert "points = 8000" in html.unescape(sent.text), "what was typed stands there again"
    assert own(service) == before


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\xff\xfe\x00", "UTF-8"),
        (b"", "第 1 行"),
        (b"x" * (instruments.LIMIT + 1), "1 MB"),
        (b"id = ", "第 1 行"),
    ],
)
def test_a_file_that_is_no_form_says_why(
    service: Service, secretary: Secretary, data: bytes, says: str
) -> None:
    sent = secretary.send("/office/form-file", {"text": "", "file": upload(data, "form.toml")})
    assert sent.status_code == 422
    assert says in words(sent)
    assert own(service) == {}


def test_a_file_becomes_another_form_under_its_own_id(
    service: Service, secretary: Secretary
) -> None:
    text = instruments.source("approve")
    shipped = secretary.send("/office/form-file", {"text": text})
    assert "是自带的测评表" in words(shipped)
    ours = text.replace('id = "approve"', 'id = "ours"')
    assert secretary.send("/office/form-file", {"text": ours}).location.endswith(
        "/office/forms/ours/edit?saved=1#main"
    )
    again = secretary.send("/office/form-file", {"text": ours})
    assert "已有编号 ours 的测评表" in words(again)
    other = secretary.send("/office/forms/ours/text", {"text": text})
    assert "编号是 ours" in words(other)
    assert list(own(service)) == ["ours"]


def test_a_form_that_a_draft_uses_is_not_removed(service: Service, secretary: Secretary) -> None:
    copied(secretary)
    identifier = "three-key-questions-own-1"
    secretary.send("/office/sessions/new", session_form(**{"forms-0-instrument": identifier}))
    assert "2010年“七一”前党员民主评议" in secretary.text(EDIT.format(identifier))
    asked = secretary.text(f"/office/forms/{identifier}/delete")
    assert "不能恢复" in asked
    refused = secretary.send(f"/office/forms/{identifier}/delete")
    assert refused.status_code == 409
    assert "还有草稿用着这张测评表：2010年“七一”前党员民主评议" in words(refused)
    (row,) = service.office.sessions()
    secretary.send(f"/office/sessions/{row.id}/edit", session_form())
    assert secretary.send(f"/office/forms/{identifier}/delete").status_code == 302
    assert own(service) == {}


def test_a_frozen_session_keeps_its_copy(service: Service, secretary: Secretary) -> None:
    edit = copied(secretary)
    identifier = "three-key-questions-own-1"
    form = session_form(**{"forms-0-instrument": identifier})
    path = secretary.send("/office/sessions/new", form).location.partition("?")[0]
    session = SessionId(path.rsplit("/", 1)[1])
    secretary.send(f"{path}/freeze")
    secretary.wait(session)
    fields = typed(secretary.get(edit).text)
    secretary.send(edit, {**fields, "do": "save", "title": "改过的名称"})
    assert secretary.send(f"/office/forms/{identifier}/delete").status_code == 302
    title = "三个关键问题（本单位）"
    assert setup.manifest_of(service, session).instruments[0].title.zh == title
    assert title in secretary.text(path)
    assert "党性观念强不强" in secretary.text(f"{path}/preview")


def test_a_form_for_one_kind_has_no_other_in_its_limits(
    service: Service, secretary: Secretary
) -> None:
    edit = copied(secretary, "select-exactly")
    fields = typed(secretary.get(edit).text) | {"kind": "person", "do": "save"}
    refused = secretary.send(edit, fields)
    assert refused.status_code == 422
    assert "整张表只评一类对象，限制里请选“全体”" in words(refused)
    refused = secretary.send(edit, fields | {"limits-0-kind": ""})
    assert "同一个选项限制了两次" in words(refused), "both for persons then"
    left = typed(secretary.send(edit, fields | {"do": "drop-limit:0"}).text)
    assert secretary.send(edit, left | {"do": "save"}).status_code == 302
    form = own(service)["select-exactly-own-1"]
    assert (form.kind, [limit.kind for limit in form.limits]) == (SubjectKind.PERSON, [None])


def test_a_form_whose_limits_have_changed_asks_to_look_at_the_numbers(
    service: Service, secretary: Secretary
) -> None:
    edit = copied(secretary, "select-persons")
    identifier = "select-persons-own-1"
    chosen = {
        "forms-0-instrument": identifier,
        "forms-0-limits-0-least": "0",
        "forms-0-limits-0-most": "1",
    }
    path = secretary.send("/office/sessions/new", session_form(**chosen)).location.partition("?")[0]
    fields = typed(secretary.get(edit).text)
    fields = typed(secretary.send(edit, {**fields, "do": "more-limits"}).text)
    fields |= {"limits-1-option": "0-0", "limits-1-kind": "", "limits-1-most": "2"}
    fields |= {"kind": "", "limits-0-kind": "person", "do": "save"}
    assert secretary.send(edit, fields).status_code == 302
    assert "名额限制后来改过了" in secretary.text(path)
    shown = typed(secretary.get(f"{path}/edit").text)
    assert (shown["forms-0-limits-0-most"], shown["forms-0-limits-1-most"]) == ("3", "2")
    again = {name: value for name, value in shown.items() if name.startswith("forms-")}
    secretary.send(f"{path}/edit", {**session_form(), **again})
    assert "内容齐了" in secretary.text(path)


def test_the_forms_of_others_do_not_exist(service: Service, secretary: Secretary) -> None:
    copied(secretary)
    stranger = Secretary.signed_in(service, "x@other.example.org", organisation="另一个党支部")
    identifier = "three-key-questions-own-1"
    for path in ("", "/edit", "/text", "/file.toml", "/delete"):
        assert stranger.get(f"/office/forms/{identifier}{path}").status_code == 404
    for path in ("/edit", "/text", "/copy", "/delete"):
        assert stranger.send(f"/office/forms/{identifier}{path}").status_code == 404
    assert "（本单位）" not in stranger.text("/office/forms/")
    chosen = session_form(**{"forms-0-instrument": identifier})
    assert "找不到这张测评表" in words(stranger.send("/office/sessions/new", chosen, follow=True))
    assert stranger.send("/office/forms/no-such-form/copy").status_code == 404
    assert Secretary(service).get("/office/forms/").status_code == 302
    assert list(own(service)) == [identifier]


def test_a_shipped_form_stays_as_it_is(secretary: Secretary) -> None:
    for path in ("edit", "text", "delete"):
        assert secretary.get(f"/office/forms/approve/{path}").status_code == 404
        assert secretary.send(f"/office/forms/approve/{path}").status_code == 404


@pytest.mark.parametrize("path", ["copy", "edit", "text", "delete"])
def test_nothing_is_changed_without_the_forms_token(
    service: Service, secretary: Secretary, path: str
) -> None:
    copied(secretary)
    before = own(service)
    answer = secretary.post(f"/office/forms/three-key-questions-own-1/{path}", {"title": "x"})
    assert answer.status_code == 400
    assert own(service) == before
