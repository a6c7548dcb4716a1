"""The sheets of a session as the office gets them, before and after its ballots are destroyed."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from appraisal.documents.sheets.feedback import Feedback
from appraisal.documents.sheets.pdf import SheetKind
from appraisal.errors import StepError
from appraisal.steps import close, opening, sheets
from appraisal.steps.retention import Decision, destroy
from appraisal.steps.service import Service
from tests.voting_session import VotingSession, draft, prepare

OPENED = datetime.datetime(2010, 8, 31, 10, 0, tzinfo=datetime.UTC)
DECISION = Decision("支部委员会", ("周敏", "吴晓东"), "李文书", "支部会议室", "组织撤并")


def opened(service: Service) -> VotingSession:
    at = replace(service, now=lambda: OPENED)
    voting = prepare(at, given=draft(subjects=2))
    for serial in (1, 2, 3):
        voting.vote(serial)
    for serial in (1, 2):
        voting.vote(serial, voter_class=1)
    close.close(voting.service, voting.id)
    opening.open_boxes(voting.service, voting.id)
    return voting


def test_an_opened_session_has_its_sheets(service: Service) -> None:
    voting = opened(service)
    counted = sheets.counted(voting.service, voting.id)
    assert counted.counted == datetime.date(2010, 8, 31)
    assert counted.manifest == voting.manifest
    assert counted.reasons is not None
    assert len(counted.reasons) == len(voting.manifest.boxes)
    for kind in (SheetKind.SUBJECTS, SheetKind.ITEMS, SheetKind.SUMMARY):
        assert sheets.printed_sheets(voting.service, voting.id, kind).startswith(b"%PDF")
    feedback = {1: Feedback("好", "无", "再努力")}
    assert sheets.printed_feedback(voting.service, voting.id, feedback).startswith(b"%PDF")


def test_before_the_opening_there_are_none(service: Service) -> None:
    voting = prepare(service)
    with pytest.raises(StepError) as caught:
        sheets.printed_sheets(service, voting.id, SheetKind.SUMMARY)
    assert caught.value.code == "not-opened"


def test_they_outlive_the_ballots_without_the_reasons(service: Service) -> None:
    voting = opened(service)
    destroy(voting.service, voting.id, DECISION)
    counted = sheets.counted(voting.service, voting.id)
    assert counted.reasons is None
    assert sheets.spoilt_reasons(voting.service, voting.id) is None
    assert sheets.printed_sheets(voting.service, voting.id, SheetKind.SUBJECTS).startswith(b"%PDF")
