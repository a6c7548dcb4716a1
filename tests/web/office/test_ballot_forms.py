"""The ballot forms of a session: chosen, for whom, limits in this session's numbers."""

from __future__ import annotations

import re

import pytest

from appraisal.manifest import SessionId
from appraisal.steps import setup
from appraisal.steps.draft import Draft, FormDraft, LimitDraft
from appraisal.steps.service import Service
from tests.web.office.secretary import Secretary, session_form, words

NEW = "/office/sessions/new"
PEOPLE = {f"subjects-{n}-{k}": v for n in range(1, 10) for k, v in (("kind", "person"),)} | {
    f"subjects-{n}-name": f"党员{n}" for n in range(1, 10)
}


def made(service: Service) -> tuple[SessionId, Draft]:
    """The one session there is."""
    (row,) = service.office.sessions()
    session = SessionId(row.id)
    return session, setup.draft_of(service, session)


def chosen(identifier: str, **values: str) -> dict[str, str]:
    """The second row of the ballot forms."""
    fields = {"instrument": identifier, "kind": "person", **values}
    return {f"forms-1-{name.replace('__', '-')}": value for name, value in fields.items()}


def test_a_form_is_added_with_the_numbers_of_its_limits(
    service: Service, secretary: Secretary
) -> None:
    added = secretary.send(NEW, session_form(do="add-form", add_form="select-exactly"))
    assert "已加上" in words(added)
    assert 'name="forms-1-instrument" value="select-exactly"' in added.text
    numbers = dict(
        re.findall(r'name="forms-1-limits-(\d-\w+)" type="text" value="(\d*)"', added.text)
    )
    assert numbers == {"0-least": "3", "0-most": "3", "1-least": "7", "1-most": "7"}
    assert "熟人可能认得出来" in words(added), "a whole ballot has a price"
    assert service.office.sessions() == ()


def test_a_form_that_was_only_picked_is_taken_over_when_save_is_pressed(
    service: Service, secretary: Secretary
) -> None:
    sent = secretary.send(NEW, session_form(add_form="five-good"))
    assert "已加上" in words(sent)
    assert 'name="forms-1-instrument" value="five-good"' in sent.text
    # The form's own file says whom it is for, so that nobody can choose otherwise.
    assert "只评组织" in words(sent)
    assert 'name="forms-1-kind"' not in sent.text
    assert service.office.sessions() == ()


def test_a_form_that_is_for_organisations_alone_is_added_and_saved(
    service: Service, secretary: Secretary
) -> None:
    # As a browser sends it: the row shows for whom the form is and has no field that says so.
    row = {"forms-1-instrument": "five-good"}
    branch = {"subjects-1-kind": "organisation", "subjects-1-name": "第一支部"}
    said = words(secretary.send(NEW, session_form(**row, **branch), follow=True))
    assert "内容齐了" in said
    assert made(service)[1].forms[1] == FormDraft("five-good")


def test_a_share_asks_for_the_number_of_members(service: Service, secretary: Secretary) -> None:
    form = session_form(
        **PEOPLE, **chosen("overall-grade", limits__0__least="0", limits__0__most="")
    )
    said = words(secretary.send(NEW, form, follow=True))
    assert "请填写党员总数" in said
    session, _ = made(service)
    edit = f"/office/sessions/{session}/edit"
    assert 'name="members"' in secretary.get(edit).text
    done = words(secretary.send(edit, {**form, "members": "10"}, follow=True))
    assert "内容齐了" in done
    assert "评“优秀”的个人：至多 3 个（党员总数 10 人的 1/3，尾数舍去）" in done
    draft = made(service)[1]
    assert draft.forms[1] == FormDraft("overall-grade"), "the form's own numbers"
    assert draft.rules.members == 10


def test_a_number_in_place_of_a_share(service: Service, secretary: Secretary) -> None:
    limits = {"limits__0__least": "1", "limits__0__most": "4"}
    secretary.send(NEW, session_form(**PEOPLE, **chosen("overall-grade", **limits)))
    session, draft = made(service)
    assert draft.forms[1].limits == (LimitDraft(1, 4),)
    asked = secretary.text(f"/office/sessions/{session}/freeze")
    assert "评“优秀”的个人：至少 1 个，至多 4 个" in asked
    assert "一张选票给“优秀”的个人" in asked, "the rule in the report's words"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"forms-0-instrument": "no-such-form"}, "找不到这张测评表（no-such-form）"),
        ({"forms-0-kind": "organisation"}, "评议的对象一个也没有"),
        ({**chosen("three-key-questions")}, "选了两次"),
        (
            {
                "subjects-1-kind": "organisation",
                "subjects-1-name": "支部",
                "forms-0-kind": "person",
            },
            "没有一张测评表评议“支部”",
        ),
        (
            chosen("select-persons", limits__0__least="2", limits__0__most="3"),
            "要至少选 2 个，可选的对象只有 1 个",
        ),
        ({"forms-0-instrument": "problems", "positive": ""}, "内容齐了"),
    ],
)
def test_what_is_wrong_with_the_forms_is_said(
    service: Service, secretary: Secretary, changes: dict[str, str], says: str
) -> None:
    assert says in words(secretary.send(NEW, session_form(**changes), follow=True))
    made(service)


def test_no_form_at_all_is_said(service: Service, secretary: Secretary) -> None:
    form = {k: v for k, v in session_form().items() if not k.startswith("forms-")}
    assert "还没有测评表：请至少加一张" in words(secretary.send(NEW, form, follow=True))
    session, draft = made(service)
    assert draft.forms == ()
    assert "还没有可以预览的选票" in secretary.text(f"/office/sessions/{session}/preview")


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("limits-0-least", "两个", "请填写整数"),
        ("limits-0-most", "0", "至多几个请填写 1 到 2000"),
        ("limits-0-least", "9", "“至少”不能大于“至多”"),
    ],
)
def test_a_limit_that_is_none_is_refused(
    service: Service, secretary: Secretary, field: str, typed: str, says: str
) -> None:
    form = session_form(**chosen("select-persons", limits__0__least="0", limits__0__most="3"))
    sent = secretary.send(NEW, {**form, f"forms-1-{field}": typed})
    assert sent.status_code == 422
    assert says in words(sent)
    assert service.office.sessions() == ()


def test_a_form_comes_once_and_goes_again(secretary: Secretary) -> None:
    twice = secretary.send(NEW, session_form(do="add-form", add_form="three-key-questions"))
    assert twice.status_code == 422
    assert "已经选了" in words(twice)
    nothing = secretary.send(NEW, session_form(do="add-form", add_form=""))
    assert "请先选一张测评表" in words(nothing)
    gone = secretary.send(NEW, session_form(do="drop-form:0")).text
    assert "forms-0-instrument" not in gone


def test_a_limit_that_limits_nothing_is_pointed_out(secretary: Secretary) -> None:
    """A third of 36 members is twelve: whoever appraises ten may call all of them excellent."""
    free = "可选的对象只有 10 个：等于没有限制"
    form = session_form(**PEOPLE, **chosen("overall-grade", limits__0__least="0"))
    said = words(secretary.send(NEW, {**form, "members": "36"}, follow=True))
    assert f"至多 12 个，{free}" in said
    assert "内容齐了" in said
    said = words(secretary.send(NEW, {**form, "members": "26"}, follow=True))
    assert "等于没有限制" not in said
    assert "请核对党员总数" not in said
    said = words(secretary.send(NEW, {**form, "members": "8"}, follow=True))
    assert "党员总数填的是 8 人，名单里的个人却有 10 个" in said


def test_who_must_choose_all_cannot_leave_himself_out(
    service: Service, secretary: Secretary
) -> None:
    limits = {"limits__0__least": "9", "limits__0__most": "9"}
    people = {
        **PEOPLE,
        "subjects-0-name": "支部",
        "subjects-0-kind": "organisation",
    }
    form = session_form(**{**people, **chosen("select-persons", **limits)})
    said = words(secretary.send(NEW, form, follow=True))
    assert "评议对象投的票会因为少选而无效" in said
    session, _ = made(service)
    edit = f"/office/sessions/{session}/edit"
    said = words(secretary.send(edit, {**form, "self_appraisal": "yes"}, follow=True))
    assert "少选而无效" not in said


def test_the_preview_has_every_form_in_the_ballots_order(
    service: Service, secretary: Secretary
) -> None:
    people = {
        "subjects-0-name": "卓娅",
        "subjects-1-kind": "person",
        "subjects-1-name": "丁一",
        "subjects-1-commitment": "每周走访两户",
    }
    limits = {"limits__0__least": "0", "limits__0__most": "1"}
    secretary.send(NEW, session_form(**people, **chosen("select-persons", **limits)))
    session, draft = made(service)
    assert draft.by_strokes
    page = secretary.get(f"/office/sessions/{session}/preview")
    said = words(page)
    assert said.index("丁一") < said.index("卓娅"), "two strokes, then eight"
    assert "每周走访两户" in said
    assert "最多 1 人 · 已选 0" in said
    assert page.text.count("<progress") == 3
    assert "<form" not in page.text
    assert "<script" not in page.text


def test_a_comment_box_names_who_reads_it(service: Service, secretary: Secretary) -> None:
    box = {"comments": "y", "comment_text": "您有什么意见？", "comment_text_en": ""}
    unread = secretary.send(NEW, session_form(**box, comment_characters="200"))
    assert unread.status_code == 422
    assert "请填写谁看意见" in words(unread)
    many = "、".join(f"人{n}" for n in range(10))
    sent = secretary.send(NEW, session_form(**box, comment_readers=many))
    assert "最多 9 位" in words(sent)
    secretary.send(
        NEW, session_form(**box, comment_characters="100", comment_readers="王书记\n李委员")
    )
    session, draft = made(service)
    assert draft.comments is not None
    assert (draft.comments.length, draft.comments.readers) == (300, ("王书记", "李委员"))
    assert "给王书记、李委员看" in secretary.text(f"/office/sessions/{session}")
