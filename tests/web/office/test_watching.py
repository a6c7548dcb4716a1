"""Signers and witnesses on the office's pages: by the names they are enrolled by, and missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from appraisal.manifest import SessionId
from appraisal.steps import close, opening, publish, setup, signers, witnesses
from appraisal.steps.report import report_of
from appraisal.steps.service import Service
from appraisal.tally.findings import State
from appraisal.verifier import verify
from appraisal.web.app import create_public
from tests.second_signer import NAME, SecondSigner, enrolled, second_signer, settings_in
from tests.voting_session import draft, prepare
from tests.web.office.secretary import Secretary, words

ORGANISATION = draft().organisation


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[SecondSigner]:
    with second_signer(settings_in(tmp_path / "witness")) as running:
        yield running


@pytest.fixture
def office(service: Service) -> Secretary:
    return Secretary.signed_in(service, organisation=ORGANISATION)


def key_name(witness: SecondSigner) -> str:
    """What its cosignatures call it."""
    return witness.url.removeprefix("http://")


def test_before_freezing_everything_that_will_stand_is_shown(
    service: Service, office: Secretary, witness: SecondSigner
) -> None:
    enrolled(service, witness)
    given = replace(
        draft(subjects=3, slips=(6, 5)),
        signer=witness.url,
        witnesses=(witness.url,),
        publish_factors=True,
        retention_months=18,
    )
    organisation = service.office.organisation(ORGANISATION)
    session = setup.create(service, given, organisation_id=organisation)
    said = office.text(f"/office/sessions/{session}/freeze")
    for part in (
        f"第二签发方 {NAME}（{witness.url}）",
        f"见证方 {NAME}（{witness.url}）",
        "2010年4月7日至2010年12月31日",
        "开箱以后 18 个月",
        "开箱后公布：谁拿到某人的回执，就能看到那张票怎么填的",
        *(subject.name for subject in given.subjects),
    ):
        assert part in said
    assert f"{NAME}（{witness.url}）" in office.text(f"/office/sessions/{session}")
    plain = setup.create(service, draft(slips=(6, 5)), organisation_id=organisation)
    said = office.text(f"/office/sessions/{plain}/freeze")
    assert "不公布，只进审计记录" in said
    assert "见证方 没有" in said


def opened(service: Service, witness: SecondSigner) -> SessionId:
    """A session that its witness missed the opening of."""
    enrolled(service, witness)
    session = prepare(service, given=replace(draft(slips=(6, 5)), witnesses=(witness.url,)))
    for serial in (1, 2, 3):
        session.vote(serial)
    with witness.away():
        close.close(service, session.id)
        opening.open_boxes(service, session.id)
    return session.id


def test_while_a_witness_is_missing_that_is_said_beside_the_report(
    service: Service, office: Secretary, witness: SecondSigner
) -> None:
    """For until it has cosigned the record fails check 4, and then it is another file."""
    session = opened(service, witness)
    path = f"/office/sessions/{session}"
    page = office.get(path)
    named = f"{NAME}（{key_name(witness)}）"
    assert f"还没有为最新的公示板签名的见证方： {named}" in words(page)
    assert "请先请它签名，再下载报告和记录" in words(page)
    assert page.text.index("再请见证") < page.text.index("下载结果报告")
    assert page.text.count("再请见证") == 1
    record = publish.public_record(service, session)
    assert verify(record).states[4] is State.FAILED
    office.send(f"{path}/witness")
    office.wait(session)
    page = office.get(path)
    assert "再请见证" not in page.text
    assert f"{named}：已签名见证" in words(page).replace(" ：", "：")
    assert verify(publish.public_record(service, session)).ok


def test_a_witness_is_called_as_it_is_enrolled_wherever_the_office_knows_it(
    service: Service, witness: SecondSigner
) -> None:
    session = opened(service, witness)
    assert report_of(service, session).enrolled == {key_name(witness): NAME}
    board = create_public(service).test_client().get(f"/b/{session}").text
    assert f'<span class="name">{NAME}</span>' in board
    assert f'<span class="symbols">({key_name(witness)})</span>' in board
    signers.dismiss(service, witness.url)
    assert witnesses.statuses(service, session)[0].enrolled == ""
    assert report_of(service, session).enrolled == {}


def test_a_witness_that_was_removed_is_not_called_away(
    service: Service, office: Secretary, witness: SecondSigner
) -> None:
    session = opened(service, witness)
    signers.dismiss(service, witness.url)
    office.send(f"/office/sessions/{session}/witness")
    office.wait(session)
    assert f"还没有登记“{key_name(witness)}”" in office.text(f"/office/sessions/{session}")


def test_what_a_peer_refuses_is_said_in_the_language_of_the_page(
    service: Service, office: Secretary, witness: SecondSigner
) -> None:
    """It answers in English; what it means is known by its code."""
    enrolled(service, witness)
    known = signers.stored(service).get(witness.url)
    assert known is not None
    signers.stored(service).keep(replace(known, secret="0" * 26))
    organisation = service.office.organisation(ORGANISATION)
    given = replace(draft(slips=(6, 5)), signer=witness.url)
    session = setup.create(service, given, organisation_id=organisation)
    office.send(f"/office/sessions/{session}/freeze")
    office.wait(session)
    said = office.text(f"/office/sessions/{session}")
    assert f"“{NAME}”没有同意：它不认得我们，邀请链接可能已经换过" in said
    assert "no service was invited" not in said
