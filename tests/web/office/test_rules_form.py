"""The rules on the session form: usual ones filled in, all of them kept, contradictions refused."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest

from appraisal.counting_rules import (
    BelowFloor,
    Denominator,
    EmptyBallot,
    EmptyClass,
    Percentages,
    Publication,
    Rules,
    Threshold,
    Ties,
)
from appraisal.manifest import SessionId
from appraisal.steps import setup
from appraisal.steps.service import Service
from tests.web.office.secretary import Secretary, session_form, words

NEW = "/office/sessions/new"
EVERY = {
    "floor": "6",
    "below_floor": "merge",
    "empty_class": "zero",
    "empty_ballot": "spoilt",
    "denominator": "entitled",
    "percentages": "last-takes-rest",
    "decimals": "1",
    "attendance": ">4/5",
    "turnout": "",
    "positive": "17/20",
    "negative": ">1/2",
    "quota": "2",
    "quota_organisations": "1",
    "ties": "none",
    "self_appraisal": "yes",
    "publication": "branch",
    "award": "优秀共产党员",
}
RULES = Rules(
    floor=6,
    below_floor=BelowFloor.MERGE,
    empty_class=EmptyClass.ZERO,
    empty_ballot=EmptyBallot.SPOILT,
    denominator=Denominator.ENTITLED,
    percentages=Percentages.LAST_TAKES_REST,
    decimals=1,
    trim=0,
    attendance=Threshold((4, 5), over=True),
    turnout=None,
    positive=Threshold((17, 20), over=False),
    negative=Threshold((1, 2), over=True),
    quota=2,
    quota_organisations=1,
    ties=Ties.NONE,
    members=0,
    self_appraisal=True,
    publication=Publication.BRANCH,
    award="优秀共产党员",
)


def rules_of(service: Service) -> Rules:
    (row,) = service.office.sessions()
    return setup.draft_of(service, SessionId(row.id)).rules


def test_every_rule_is_kept_and_shown_again(service: Service, secretary: Secretary) -> None:
    slips = {"classes-0-slips": "20", "classes-1-slips": "10"}
    secretary.send(NEW, session_form(**EVERY, **slips))
    assert rules_of(service) == RULES
    (row,) = service.office.sessions()
    page = secretary.get(f"/office/sessions/{row.id}/edit").text
    for value in ("merge", "zero", "spoilt", "entitled", "last-takes-rest", "none", "branch"):
        assert f'value="{value}" checked' in page
    for value in ("&gt;4/5", "17/20", "&gt;1/2"):
        assert f'value="{value}" selected' in page
    assert "组织（名额 1 个）" in words(secretary.get(f"/office/sessions/{row.id}"))
    assert "10 条与通常做法不同" in words(secretary.get(f"/office/sessions/{row.id}/edit"))
    secretary.send(f"/office/sessions/{row.id}/edit", session_form(**EVERY, **slips))
    assert rules_of(service) == RULES


def test_a_share_that_the_office_does_not_offer_is_kept(
    service: Service, secretary: Secretary
) -> None:
    secretary.send(NEW, session_form())
    (row,) = service.office.sessions()
    session = SessionId(row.id)
    draft = setup.draft_of(service, session)
    odd = Threshold((7, 11), over=True)
    setup.save(service, session, replace(draft, rules=replace(draft.rules, turnout=odd)))
    page = secretary.get(f"/office/sessions/{session}/edit")
    assert 'value="&gt;7/11" selected' in page.text
    assert "超过 63.6364%" in words(page)
    secretary.send(f"/office/sessions/{session}/edit", session_form(turnout=">7/11"))
    assert rules_of(service).turnout == odd


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"trim": "1", "denominator": "valid"}, "只能在分母是“有效答案”时用"),
        ({"trim": "11"}, "去掉的答案请填写 0 到 10"),
        ({"trim": ""}, "请填写去掉几个答案"),
        ({"decimals": "7"}, "小数位数请填写 0 到 6"),
        ({"quota_organisations": "2001"}, "名额请填写 0 到 2000"),
        ({"turnout": "5/4"}, "不是有效的选择"),
        ({"classes-0-entitled": "0"}, "应到人数请填写 1 以上"),
    ],
)
def test_a_rule_that_is_none_is_refused(
    service: Service, secretary: Secretary, changes: dict[str, str], says: str
) -> None:
    sent = secretary.send(NEW, session_form(**changes))
    assert sent.status_code == 422
    assert says in words(sent)
    assert service.office.sessions() == ()


def test_what_is_wrong_in_a_folded_rule_is_seen(secretary: Secretary) -> None:
    folded = '<details class="more-rules">'
    assert folded in secretary.get(NEW).text
    sent = secretary.send(NEW, session_form(decimals="9"))
    assert '<details class="more-rules" open>' in sent.text


def test_an_attendance_that_no_slips_reach_is_pointed_out(
    service: Service, secretary: Secretary
) -> None:
    form = session_form(**{"classes-0-entitled": "60", "attendance": "1/2"})
    said = words(secretary.send(NEW, form, follow=True))
    assert "应到 65 人，选票凭证只有 11 张" in said
    assert "内容齐了" in said, "more may be printed later"
    enough = {**form, "classes-0-entitled": "10"}
    (row,) = service.office.sessions()
    said = words(secretary.send(f"/office/sessions/{row.id}/edit", enough, follow=True))
    assert "选票凭证只有" not in said


def test_positive_answers_that_no_question_has_are_refused(
    service: Service, secretary: Secretary
) -> None:
    secretary.send("/office/forms/approve/copy")
    edit = "/office/forms/approve-own-1/edit"
    fields = {
        "do": "save",
        "title": "无正面的表",
        "questions-0-kind": "grades",
        "questions-0-text": "怎么样",
        "questions-0-options-0-text": "一般",
        "questions-0-options-0-points": "60",
        "questions-0-options-0-side": "",
    }
    assert secretary.send(edit, fields).status_code == 302
    form = session_form(**{"forms-0-instrument": "approve-own-1"})
    said = words(secretary.send(NEW, form, follow=True))
    assert "没有一个选项算正面评价" in said
    (row,) = service.office.sessions()
    said = words(
        secretary.send(f"/office/sessions/{row.id}/edit", {**form, "positive": ""}, follow=True)
    )
    assert "内容齐了" in said


def test_the_positive_share_follows_the_forms_until_somebody_sets_it(secretary: Secretary) -> None:
    """Two thirds of all votes are rarely for one of many: a selection starts from a majority."""

    def asked(**changes: str) -> str:
        page = secretary.send(NEW, session_form(**changes)).text
        options = page[page.index('name="positive"') :]
        found = re.search(r'value="([^"]*)" selected', options[: options.index("</select>")])
        assert found
        return html.unescape(found[1])

    selection = {"forms-0-instrument": "select-persons", "forms-1-instrument": "approve"}
    assert asked(**selection, do="drop-form:1") == ">1/2"
    assert asked(**selection, do="drop-form:1", positive="4/5") == "4/5"
    chosen = {"forms-0-instrument": "select-persons", "positive": ">1/2"}
    assert asked(**chosen, do="add-form", add_form="approve") == "2/3"
