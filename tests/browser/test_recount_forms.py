"""A session of several ballot forms, limits among them, counted and opened again in a browser."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, expect

from appraisal.ballot_form import QuestionKind, SubjectKind
from appraisal.ballots import voter
from appraisal.ballots.cast import encode_cast
from appraisal.manifest import Manifest
from appraisal.steps.cast import cast
from appraisal.steps.close import close
from appraisal.steps.draft import FormDraft, LimitDraft
from appraisal.steps.opening import open_boxes
from appraisal.tally.results import GroupStatus
from tests.browser.phone import SMALL, Booth, Phone, findings, sideways
from tests.voting_session import VotingSession, draft, prepare

pytestmark = pytest.mark.browser

FORMS = (
    FormDraft("select-persons", SubjectKind.PERSON, (LimitDraft(0, 2),)),
    FormDraft("score-100", SubjectKind.PERSON),
    FormDraft("problems", SubjectKind.ORGANISATION),
    FormDraft("overall-grade", SubjectKind.PERSON),
)
VOTERS = 5


def answers(manifest: Manifest, contest: int, number: int) -> list[int]:
    """One voter's answers; the last chooses too many where that spoils the ballot."""
    form = manifest.forms[contest]
    if form.instrument.questions[0].kind is not QuestionKind.CHOICE:
        return [(number * 3 + place) % (most + 1) for place, most in enumerate(form.places)]
    return [1] * form.size if number == VOTERS else [1, number % 2] + [0] * (form.size - 2)


@pytest.fixture
def held(booth: Booth) -> VotingSession:
    given = draft(subjects=4, slips=(VOTERS,))
    # A third of nine members may be given 优秀, as many as stand for it.
    wanted = replace(
        given, forms=FORMS, publish_factors=True, rules=replace(given.rules, members=9)
    )
    session = prepare(booth.service, given=wanted)
    for serial in range(1, VOTERS + 1):
        contests = range(len(session.manifest.contests))
        filled = [answers(session.manifest, contest, serial) for contest in contests]
        ballots = voter.fill_in(session.manifest, session.blanks(serial), filled, rng=os.urandom)
        cast(booth.service, session.id, encode_cast(ballots))
    close(booth.service, session.id)
    results = open_boxes(booth.service, session.id)
    groups = [group for contest in results.contests for group in contest.groups]
    assert {group.status for group in groups} == {GroupStatus.OPENED}
    assert [group.spoilt for group in groups].count(1) == 1
    return session


def test_every_kind_of_form_is_counted_again(
    booth: Booth, browser: Browser, held: VotingSession
) -> None:
    phone = Phone.new(browser)
    phone.page.goto(f"{booth.server.url}/b/{held.id}")
    phone.page.click("#recount-go")
    answer = phone.page.locator("#recounted")
    expect(answer.locator(".verdict")).to_have_text("复算完成：12 项核对全部相符。", timeout=60_000)
    expect(answer.locator(".checks > .passed")).to_have_count(12)
    expect(answer).to_contain_text("每张按规则都有效")
    assert [
        finding for finding in findings(phone.page) if "empty-table-header" not in finding
    ] == []
    assert phone.posts == []
    assert not phone.errors
    phone.context.close()


def test_results_of_every_form_fit_a_small_phone_in_very_large_text(
    booth: Booth, browser: Browser, held: VotingSession
) -> None:
    phone = Phone.new(browser, viewport=SMALL)
    phone.page.goto(f"{booth.server.url}/b/{held.id}")
    assert sideways(phone.page) == {}
    phone.context.close()
