"""What the secretary writes to each subject, for its feedback sheet."""

from __future__ import annotations

import pytest

from appraisal.documents.sheets.feedback import MAX_TEXT, Feedback
from appraisal.errors import MalformedError, StepError
from appraisal.steps import close, opening
from appraisal.steps.feedback import feedback_of, write_feedback
from appraisal.steps.service import Service
from tests.voting_session import VotingSession, draft, prepare


def opened(service: Service) -> VotingSession:
    voting = prepare(service, given=draft(subjects=2))
    for serial in (1, 2, 3):
        voting.vote(serial)
    close.close(service, voting.id)
    opening.open_boxes(service, voting.id)
    return voting


def test_what_is_written_is_kept_for_each_subject(service_everywhere: Service) -> None:
    service = service_everywhere
    one, two = opened(service), opened(service)
    assert feedback_of(service, one.id) == {0: Feedback(), 1: Feedback()}
    first = Feedback("为群众办事\n第二段", "学习不够“自觉”<b>", "")
    write_feedback(service, one.id, 1, first)
    assert feedback_of(service, one.id) == {0: Feedback(), 1: first}
    write_feedback(service, one.id, 1, Feedback("改写"))
    assert feedback_of(service, one.id)[1] == Feedback("改写")
    assert feedback_of(service, two.id)[1] == Feedback()


def test_what_is_pasted_along_unseen_is_left_out(service: Service) -> None:
    voting = opened(service)
    pasted = Feedback("\r\n一\u202e二\x07 \r\n\r\n三  \n\n", "\u2028", "")
    write_feedback(service, voting.id, 0, pasted)
    assert feedback_of(service, voting.id)[0] == Feedback("一二\n\n三", "", "")


def test_what_cannot_be_kept_is_refused(service: Service) -> None:
    voting = opened(service)
    write_feedback(service, voting.id, 0, Feedback("长" * MAX_TEXT, "长" * MAX_TEXT))
    with pytest.raises(MalformedError):
        Feedback(direction="长" * (MAX_TEXT + 1))
    for subject in (2, -1):
        with pytest.raises(StepError) as refused:
            write_feedback(service, voting.id, subject, Feedback())
        assert refused.value.code == "subject-unknown"
    with pytest.raises(StepError) as refused:
        write_feedback(service, prepare(service).id, 0, Feedback("早了"))
    assert refused.value.code == "wrong-phase"
