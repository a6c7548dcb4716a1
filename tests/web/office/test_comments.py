"""The comments' page: for those whom the manifest names, and for nobody else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from appraisal.steps import close, opening, setup
from appraisal.steps.service import Service
from appraisal.web.office.entry import accounts
from tests.steps.test_comments import BOX, WRITTEN, vote
from tests.voting_session import VotingSession, draft, prepare
from tests.web.office.secretary import Secretary

READER, OTHER = "支部书记", "王干事"


@pytest.fixture
def held(service: Service) -> VotingSession:
    voting = prepare(service, given=replace(draft(), comments=BOX))
    for serial, comment in enumerate(WRITTEN, start=1):
        vote(voting, comment, serial)
    close.close(service, voting.id)
    return voting


def signed_in(voting: VotingSession, name: str) -> Secretary:
    secretary = Secretary(voting.service)
    organisation = voting.manifest.organisation
    secretary.use_link(
        accounts.invite(voting.service, f"{len(name)}@example.org", organisation, name=name)
    )
    return secretary


def test_a_reader_sees_every_comment_as_text(held: VotingSession) -> None:
    opening.open_boxes(held.service, held.id)
    page = signed_in(held, READER).get(f"/office/sessions/{held.id}/comments")
    assert page.status_code == 200
    for text in filter(None, WRITTEN):
        assert text in page.text
    assert "共 4 条" in page.text


def test_marks_in_a_comment_are_not_the_page_s(service: Service) -> None:
    voting = prepare(service, given=replace(draft(), comments=BOX))
    for serial in (1, 2):
        vote(voting, "<script>alert(1)</script>", serial)
    close.close(service, voting.id)
    opening.open_boxes(service, voting.id)
    page = signed_in(voting, READER).get(f"/office/sessions/{voting.id}/comments")
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert" in page.text


def test_nobody_else_does_and_is_told_who_may(held: VotingSession) -> None:
    opening.open_boxes(held.service, held.id)
    page = signed_in(held, OTHER).get(f"/office/sessions/{held.id}/comments")
    assert page.status_code == 403
    assert READER in page.text
    assert "路灯" not in page.text


def test_readers_without_an_account_are_noticed_before_freezing(service: Service) -> None:
    given = replace(draft(), comments=BOX)
    organisation = given.organisation
    office = Secretary.signed_in(service, organisation=organisation)
    number = service.office.organisation(organisation)
    path = f"/office/sessions/{setup.create(service, given, organisation_id=number)}"
    lacking = "看意见的“支部书记”在本单位没有同名的账号"
    assert lacking in office.text(path)
    assert lacking in office.text(f"{path}/freeze")
    accounts.invite(service, "reader@example.org", organisation, name=READER)
    assert lacking not in office.text(path)
    accounts.invite(service, "second@example.org", organisation, name=READER)
    assert "本单位有 2 个账号都叫“支部书记”，都会看到意见。" in office.text(path)


def test_before_the_opening_there_is_no_such_page(held: VotingSession) -> None:
    assert signed_in(held, READER).get(f"/office/sessions/{held.id}/comments").status_code == 404


def test_a_session_without_a_comment_box_has_none(service: Service) -> None:
    voting = prepare(service)
    for serial in range(1, 6):
        voting.vote(serial)
    close.close(service, voting.id)
    opening.open_boxes(service, voting.id)
    page = signed_in(voting, READER).get(f"/office/sessions/{voting.id}/comments")
    assert page.status_code == 404
