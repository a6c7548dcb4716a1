"""What an account sees: the appraisals of its own organisation, and nothing else."""

from __future__ import annotations

import pytest
from werkzeug.test import TestResponse

from appraisal.manifest import SessionId
from appraisal.steps import setup
from appraisal.steps.service import Service
from appraisal.store.office import Phase
from appraisal.web.office import create_office
from tests.voting_session import draft, prepare
from tests.web.office.secretary import Secretary, words

ELSEWHERE = "别处的党支部"


def routes(service: Service, session: SessionId) -> list[tuple[str, str]]:
    """(method, path) of every page about a session."""
    values = {"name": session, "what": "void", "kind": "audit", "number": 0}
    found = []
    for rule in create_office(service).url_map.iter_rules():
        if "name" in rule.arguments:
            built = rule.build({k: v for k, v in values.items() if k in rule.arguments})
            assert built
            found += [(m, f"/office{built[1]}") for m in (rule.methods or set()) & {"GET", "POST"}]
    return sorted(found)


def ask(secretary: Secretary, method: str, path: str) -> TestResponse:
    return secretary.get(path) if method == "GET" else secretary.send(path)


@pytest.mark.parametrize("phase", [Phase.DRAFT, Phase.VOTING])
def test_the_sessions_of_others_do_not_exist(service: Service, phase: Phase) -> None:
    if phase is Phase.DRAFT:
        organisation = service.office.organisation(ELSEWHERE)
        session = setup.create(service, draft(), organisation_id=organisation)
    else:
        session = prepare(service).id
    stranger = Secretary.signed_in(service, operator=True)
    before = service.office.session(session)
    asked = routes(service, session)
    assert len(asked) > 25
    for method, path in asked:
        answer = ask(stranger, method, path)
        assert answer.status_code == 404, (method, path)
        assert "向阳社区" not in answer.text
        nothing = ask(stranger, method, path.replace(session, "0000000000"))
        assert words(answer) == words(nothing)
    after = service.office.session(session)
    assert before is not None
    assert after is not None
    assert (before.phase, before.draft) == (after.phase, after.draft)
    assert session not in stranger.get("/office/").text


def test_the_sessions_of_ones_own_are_listed(service: Service, secretary: Secretary) -> None:
    session = prepare(service).id
    member = Secretary.signed_in(
        service, "wang@xiangyang.example.org", organisation="向阳社区党支部"
    )
    assert f"/office/sessions/{session}" in member.get("/office/").text
    assert f"/office/sessions/{session}" not in secretary.get("/office/").text


def test_a_secretary_does_not_see_the_accounts(secretary: Secretary) -> None:
    assert secretary.get("/office/people/").status_code == 403
    answer = secretary.send("/office/people/organisations", {"name": "新的支部"})
    assert answer.status_code == 403
    answer = secretary.send("/office/people/users", {"email": "a@branch.example.org"})
    assert answer.status_code == 403
    assert secretary.send("/office/people/users/1/active", {"active": "0"}).status_code == 403
    assert "组织与账号" not in secretary.text("/office/")


def test_an_operator_makes_organisations_and_accounts(service: Service) -> None:
    operator = Secretary.signed_in(service, operator=True)
    assert operator.send("/office/people/organisations", {"name": ELSEWHERE}).status_code == 302
    page = operator.text("/office/people/")
    assert ELSEWHERE in page
    number = service.office.organisation(ELSEWHERE)
    invited = operator.send(
        "/office/people/users",
        {"email": "zhao@branch.example.org", "name": "赵强", "organisation": number},
    )
    link = next(w for w in words(invited).split() if "/office/sign-in/" in w)
    person = Secretary(service)
    assert person.use_link(link).status_code == 302
    assert ELSEWHERE in person.text("/office/account")


@pytest.mark.parametrize(
    ("email", "says"),
    [
        ("", "请填写邮箱"),
        ("no address", "不是一个邮箱地址"),
        ("li@branch.example.org", "已经属于另一个组织"),
    ],
)
def test_an_account_that_cannot_be_made_says_why(service: Service, email: str, says: str) -> None:
    operator = Secretary.signed_in(service, "op@branch.example.org", operator=True)
    Secretary.signed_in(service, "li@branch.example.org", organisation="第三党支部")
    number = service.office.organisation(ELSEWHERE)
    data = {"email": email, "name": "赵强", "organisation": number}
    answer = operator.send("/office/people/users", data)
    assert answer.status_code == 422
    assert says in words(answer)
    assert 'value="赵强"' in answer.text


def test_nobody_switches_oneself_off(service: Service) -> None:
    operator = Secretary.signed_in(service, operator=True)
    assert operator.send("/office/people/users/1/active", {"active": "0"}).status_code == 409
    assert operator.get("/office/").status_code == 200
