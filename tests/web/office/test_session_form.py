"""The session form: filled in, from lists, refused with advice, and nothing typed is lost."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from appraisal.ballot_form import SubjectKind
from appraisal.manifest import MAX_CONTESTS, SessionId, Subject
from appraisal.steps import setup
from appraisal.steps.draft import USUAL_RULES, Draft
from appraisal.steps.service import Service
from appraisal.store.office import Phase
from tests.web.office.secretary import ORGANISATION, Secretary, session_form, upload, words

NEW = "/office/sessions/new"
NAMED = (("name", "人"), ("post", "职务"))


def made(service: Service) -> tuple[SessionId, Draft]:
    """The one session there is."""
    (row,) = service.office.sessions()
    session = SessionId(row.id)
    return session, setup.draft_of(service, session)


def test_a_secretary_only_adds_the_subjects(service: Service, secretary: Secretary) -> None:
    """The form is filled in so that one list and one click make a session that can be frozen."""
    page = secretary.get(NEW).text
    shown = dict(re.findall(r'<input[^>]*name="([\w-]+)" (?:type="text" )?value="([^"]*)"', page))
    assert shown["organisation"] == ORGANISATION
    assert shown["classes-0-name_zh"] == "党员"
    assert (shown["classes-0-weight"], shown["classes-1-weight"]) == ("60", "40")
    sent = secretary.send(NEW, session_form())
    session, draft = made(service)
    assert sent.location == f"/office/sessions/{session}?saved=1#main"
    assert draft.subjects == (Subject(SubjectKind.PERSON, "周敏", "社区居民委员会主任"),)
    assert draft.period.theme == "党员作风建设年活动"
    assert draft.rules == replace(USUAL_RULES, quota=3, award="群众心目中的好党员")
    assert [(c.slips, c.weight) for c in draft.classes] == [(6, 60), (5, 40)]
    assert "内容齐了" in secretary.text(f"/office/sessions/{session}")


def test_a_class_below_the_floor_is_refused_with_advice(
    service: Service, secretary: Secretary
) -> None:
    sent = secretary.send(NEW, session_form(**{"classes-1-slips": "4"}), follow=True)
    said = words(sent)
    assert "“群众”只有 4 张选票凭证，少于公开下限 5 张" in said
    assert "并入另一个票种，或降低公开下限" in said
    session, draft = made(service)
    assert draft.classes[1].slips == 4, "the draft keeps what was typed"
    assert secretary.send(f"/office/sessions/{session}/freeze").status_code == 302
    row = service.office.session(session)
    assert row is not None
    assert row.phase is Phase.DRAFT


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"classes-1-weight": "30"}, "权重合计是 90%，应为 100%"),
        ({"classes-1-name_zh": "党员"}, "票种“党员”写了两次"),
        ({"subjects-0-name": "", "subjects-0-post": ""}, "还没有评议对象"),
        (
            {
                "subjects-1-kind": "person",
                "subjects-1-name": "周敏",
                "subjects-1-post": "社区居民委员会主任",
            },
            "评议对象“周敏 社区居民委员会主任”写了两次",
        ),
    ],
)
def test_a_draft_that_cannot_be_frozen_is_saved_and_says_why(
    service: Service, secretary: Secretary, changes: dict[str, str], says: str
) -> None:
    said = words(secretary.send(NEW, session_form(**changes), follow=True))
    assert says in said
    assert "草稿已保存" in said
    made(service)


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("title", "", "请填写评议名称"),
        ("organisation", " ", "请填写组织单位"),
        ("quota", "三", "请填写整数"),
        ("floor", "1", "公开下限请填写 2 到 1000"),
        ("classes-0-slips", "24人", "请填写整数"),
        ("classes-0-slips", "", "请填写选票凭证的张数"),
        ("classes-0-weight", "101", "权重请填写 0 到 100 的整数"),
        ("classes-0-weight", "-1", "请填写整数"),
        ("classes-0-name_zh", "", "请填写票种名称，或清空这一行"),
        ("subjects-0-name", "", "请填写姓名或名称，或清空这一行"),
        ("subjects-0-name", "长" * 101, "姓名或名称最多 100 个字"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_nothing_typed_is_lost(
    service: Service, secretary: Secretary, field: str, typed: str, says: str
) -> None:
    sent = secretary.send(NEW, session_form(**{field: typed, "award": "只在这里写过的荣誉"}))
    assert sent.status_code == 422
    assert f'href="#{field}"' in sent.text
    assert says in words(sent)
    assert 'value="只在这里写过的荣誉"' in sent.text
    assert f'value="{typed.strip()}"' in sent.text
    assert service.office.sessions() == ()


def test_a_wrong_figure_is_told_once_and_with_its_class(secretary: Secretary) -> None:
    """Far above the table, 权重 alone does not say whose."""
    changes = {"classes-0-weight": "五十九半", "classes-1-weight": "", "classes-1-slips": "16张"}
    sent = secretary.send(NEW, session_form(**changes))
    assert re.findall(r'<li><a href="#(classes[^"]*)">([^<]*)<', sent.text) == [
        ("classes-0-weight", "党员 · 权重（%）：请填写整数。"),
        ("classes-1-slips", "群众 · 选票凭证（张）：请填写整数。"),
        ("classes-1-weight", "群众 · 请填写权重。"),
    ]


def test_full_width_digits_are_digits(service: Service, secretary: Secretary) -> None:
    secretary.send(NEW, session_form(**{"classes-0-slips": "２４"}))
    assert made(service)[1].classes[0].slips == 24


@pytest.mark.parametrize("unseen", ["\x00", "\t", "\x1b", "\x85", "\u2028", "\u202a", "\u2069"])
@pytest.mark.parametrize("field", ["title", "award", "subjects-0-name", "classes-0-name_en"])
def test_characters_pasted_along_unseen_are_left_out(
    service: Service, secretary: Secretary, field: str, unseen: str
) -> None:
    """A draft that kept them could be saved and never read again: no manifest may hold them."""
    typed = session_form()
    secretary.send(NEW, {**typed, field: f"{unseen}{typed[field]} {unseen}"})
    session, draft = made(service)
    assert secretary.get(f"/office/sessions/{session}").status_code == 200
    values = (draft.title, draft.rules.award, draft.subjects[0].name, draft.classes[0].name_en)
    assert typed[field] in values


def test_two_persons_of_one_name_are_allowed_and_noticed(
    service: Service, secretary: Secretary
) -> None:
    form = session_form(
        **{"subjects-1-kind": "person", "subjects-1-name": "周敏", "subjects-1-post": "网格员"}
    )
    said = words(secretary.send(NEW, form, follow=True))
    assert "有 2 个评议对象都叫“周敏”" in said
    assert "内容齐了" in said


def test_commitments_entitlement_and_order_are_kept(service: Service, secretary: Secretary) -> None:
    typed = {
        "subjects-0-commitment": "每周\r\n走访两户",
        "classes-0-entitled": "30",
        "classes-1-entitled": "",
    }
    secretary.send(NEW, session_form(**typed))
    session, draft = made(service)
    assert draft.subjects[0].commitment == "每周 走访两户"
    assert [c.entitled for c in draft.classes] == [30, 0]
    page = secretary.get(f"/office/sessions/{session}/edit").text
    assert "每周 走访两户</textarea>" in page
    assert 'name="by_strokes" value="y" checked' in page
    secretary.send(
        f"/office/sessions/{session}/edit",
        {k: v for k, v in session_form().items() if k != "by_strokes"},
    )
    assert not made(service)[1].by_strokes
    alone = session_form(**{"subjects-1-commitment": "承诺", "subjects-1-kind": "person"})
    assert "请填写姓名或名称，或清空这一行" in words(secretary.send(NEW, alone))
    long = session_form(**{"subjects-0-commitment": "诺" * 501})
    sent = secretary.send(NEW, long)
    assert "公开承诺最多 500 个字" in words(sent)
    assert '<details class="commitments" open>' in sent.text


def test_another_period_needs_its_first_day(service: Service, secretary: Secretary) -> None:
    other = {"period": "other", "period_theme": "年度评议"}
    assert "请填写时段的开始日期" in words(secretary.send(NEW, session_form(**other)))
    wrong = {**other, "period_start": "2010-12-31", "period_end": "2010-01-01"}
    assert "结束日期早于开始日期" in words(secretary.send(NEW, session_form(**wrong)))
    right = {**other, "period_start": "2010-01-01", "period_end": ""}
    secretary.send(NEW, session_form(**right))
    assert (made(service)[1].period.start, made(service)[1].period.end) == ("2010-01-01", "")


LIST = "姓名,职务\n刘洋,网格员\n,\n周敏,社区居民委员会主任\n,会计\n"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk", "utf-16"])
def test_a_file_adds_its_rows_and_names_the_bad_ones(
    service: Service, secretary: Secretary, encoding: str
) -> None:
    form = session_form(do="import", file=upload(LIST.encode(encoding)))
    sent = secretary.send(NEW, form)
    said = words(sent)
    assert "已导入 1 个评议对象" in said
    assert "第 4 行： “周敏”已经在名单里" in said.replace("：“", "： “")
    assert "第 5 行：没有姓名，未导入。" in said
    assert 'value="刘洋"' in sent.text
    assert service.office.sessions() == (), "nothing is saved before the secretary has looked"


def test_a_pasted_list_is_taken_over_even_when_save_was_pressed(
    service: Service, secretary: Secretary
) -> None:
    sent = secretary.send(NEW, session_form(paste="刘洋\t网格员\n"))
    assert "已导入 1 个评议对象" in words(sent)
    assert service.office.sessions() == ()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\xd0\xcf\x11\xe0" + bytes(600), "请另存为 .xlsx 或 CSV"),
        (b"PK\x03\x04rubbish", "这个文件打不开"),
        (b"", "名单是空的"),
        (b"x" * (2 * 2**20 + 1), "不能超过 2 MB"),
    ],
)
def test_a_file_that_is_no_list_says_what_to_do(
    secretary: Secretary, data: bytes, says: str
) -> None:
    sent = secretary.send(NEW, session_form(do="import", file=upload(data, "list.xls")))
    assert sent.status_code == 422
    assert says in words(sent)
    assert 'value="周敏"' in sent.text


def test_a_request_over_the_limit_is_refused(secretary: Secretary) -> None:
    sent = secretary.send(NEW, session_form(do="import", file=upload(bytes(9 * 2**20))))
    assert sent.status_code == 413
    assert "太大" in words(sent)


def test_the_longest_list_is_taken_over_saved_and_shown_again(
    service: Service, secretary: Secretary
) -> None:
    most = MAX_CONTESTS
    pasted = "\n".join(f"人{n} 职务" for n in range(most - 1))
    assert f"已导入 {most - 1} 个评议对象" in words(
        secretary.send(NEW, session_form(do="import", paste=pasted))
    )
    subjects = {f"subjects-{n}-{k}": f"{v}{n}" for n in range(most) for k, v in NAMED}
    subjects |= {f"subjects-{n}-kind": "person" for n in range(most)}
    secretary.send(NEW, session_form(**subjects))
    session, draft = made(service)
    assert len(draft.subjects) == most
    assert secretary.get(f"/office/sessions/{session}/edit").status_code == 200
    assert secretary.get(f"/office/sessions/{session}/preview").status_code == 200


def test_rows_come_and_go_without_script(secretary: Secretary) -> None:
    more = secretary.send(NEW, session_form(do="more-classes")).text
    assert 'name="classes-2-slips"' in more
    rows = secretary.send(NEW, session_form(do="more-subjects")).text
    assert 'name="subjects-3-name"' in rows
    fewer = secretary.send(NEW, session_form(do="drop-class:0")).text
    assert 'value="群众"' in fewer
    assert 'value="党员"' not in fewer


def test_a_frozen_session_is_not_edited(service: Service, secretary: Secretary) -> None:
    secretary.send(NEW, session_form())
    session, _ = made(service)
    secretary.send(f"/office/sessions/{session}/freeze")
    secretary.wait(session)
    sent = secretary.send(f"/office/sessions/{session}/edit", session_form(title="另一个名称"))
    assert sent.status_code == 409
    assert "不能再改" in words(sent)
    assert made(service)[1].title == "2010年“七一”前党员民主评议"


def test_a_draft_is_removed_after_one_question(service: Service, secretary: Secretary) -> None:
    secretary.send(NEW, session_form())
    session, _ = made(service)
    assert "不能恢复" in secretary.text(f"/office/sessions/{session}/delete")
    assert len(service.office.sessions()) == 1
    assert secretary.send(f"/office/sessions/{session}/delete").status_code == 302
    assert service.office.sessions() == ()


def test_the_preview_shows_the_ballot_and_sends_nothing(
    service: Service, secretary: Secretary
) -> None:
    secretary.send(NEW, session_form())
    session, _ = made(service)
    page = secretary.get(f"/office/sessions/{session}/preview").text
    for word in (
        "周敏",
        "党性观念强不强",
        "联系服务群众够不够",
        "发挥先锋模范作用明显不明显",
        "不了解",
    ):
        assert word in page
    assert "<form" not in page
    assert "<script" not in page


@pytest.mark.parametrize(("first", "follows"), [(ORGANISATION, True), ("另一个党支部", False)])
def test_the_first_subject_follows_the_organisation(
    service: Service, secretary: Secretary, first: str, follows: bool
) -> None:
    """Without script, and once: a name typed again after it stays."""
    typed = {
        "title": f"{ORGANISATION}党员民主评议",
        "subjects-0-kind": "organisation",
        "subjects-0-name": first,
        "organisation": "安定门社区党委",
        "quota": "0",
    }
    secretary.send(NEW, session_form(**typed, organisation_shown=ORGANISATION))
    session, draft = made(service)
    assert draft.title == "安定门社区党委党员民主评议"
    assert draft.subjects[0].name == ("安定门社区党委" if follows else first)
    typed |= {"organisation_shown": "安定门社区党委", "subjects-0-name": ORGANISATION}
    secretary.send(f"/office/sessions/{session}/edit", session_form(**typed))
    assert made(service)[1].subjects[0].name == ORGANISATION


def test_more_to_recommend_than_there_are_is_pointed_out(
    service: Service, secretary: Secretary
) -> None:
    page = secretary.send(NEW, session_form(quota="2"), follow=True)
    assert "推荐名额是 2 人，名单里的个人只有 1 个" in words(page)
    session, _ = made(service)
    asked = secretary.text(f"/office/sessions/{session}/freeze")
    assert service.settings.base_url in asked
    assert "2010年“七一”前党员民主评议" in asked
    assert ORGANISATION in asked


def test_a_form_is_sent_to_an_address_without_a_fragment(secretary: Secretary) -> None:
    """Otherwise a page with mistakes opens where they cannot be seen."""
    assert f'<form method="post" action="{NEW}" ' in secretary.get(NEW + "?x=1").text
    unready = secretary.send(NEW, session_form(**{"classes-0-weight": "50"}))
    assert unready.location.endswith("?check=1&saved=1#errors")
    shown = secretary.get(unready.location.partition("#")[0])
    assert 'id="errors" role="alert"' in shown.text
