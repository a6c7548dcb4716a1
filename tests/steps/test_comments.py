"""The comment box: cast with the ballots, never on the board, shown shuffled to its readers."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import inspect

from appraisal import verifier
from appraisal.ballots import board, voter
from appraisal.ballots.cast import CastBallot, decode_entry, encode_cast
from appraisal.ballots.voter import BlankBallot
from appraisal.errors import LinkUnknown, MalformedError, NotClosed, StepError, WrongBoxes
from appraisal.steps import close, opening, publish, tellers
from appraisal.steps.board import board_entries
from appraisal.steps.cast import cast
from appraisal.steps.comments import comments_of
from appraisal.steps.draft import CommentsDraft, Draft
from appraisal.steps.service import Service
from appraisal.tally.record import RecordKind
from tests.voting_session import ANSWERS, VotingSession, draft, prepare

BOX = CommentsDraft("还有什么意见和建议？", "Anything else?", ("支部书记",))
WRITTEN = (
    "路灯坏了三个月没人修。",
    "",
    "=HYPERLINK(1)",
    "书记辛苦了",
    "路灯坏了三个月没人修。",
    "",
)


def commented(**changes: Any) -> Draft:
    return replace(draft(**changes), comments=BOX)


def vote(voting: VotingSession, comment: str, serial: int, voter_class: int = 0) -> None:
    blanks: tuple[BlankBallot, ...] = voting.blanks(serial, voter_class=voter_class)
    contests = len(voting.manifest.contests)
    ballots = voter.fill_in(
        voting.manifest, blanks, [ANSWERS] * contests, rng=os.urandom, comment=comment
    )
    cast(voting.service, voting.id, encode_cast(ballots))


@pytest.fixture
def held(service: Service) -> VotingSession:
    voting = prepare(service, given=commented())
    for serial, comment in enumerate(WRITTEN, start=1):
        vote(voting, comment, serial)
    close.close(service, voting.id)
    return voting


def test_readers_are_shown_what_was_written_and_nobody_else(held: VotingSession) -> None:
    opening.open_boxes(held.service, held.id)
    found = comments_of(held.service, held.id, reader="支部书记")
    assert found is not None
    assert sorted(found) == sorted(text for text in WRITTEN if text)
    with pytest.raises(StepError, match="does not name"):
        comments_of(held.service, held.id, reader="别人")


def test_the_order_that_is_shown_is_drawn_once(held: VotingSession) -> None:
    opening.open_boxes(held.service, held.id)
    first = comments_of(held.service, held.id, reader="支部书记")
    assert first == comments_of(held.service, held.id, reader="支部书记")


def test_a_list_of_sessions_reads_none_of_them(held: VotingSession) -> None:
    opening.open_boxes(held.service, held.id)
    (row,) = held.service.office.sessions()
    unread = inspect(row).unloaded
    assert unread == {"manifest", "openings", "comments", "results"}


def test_no_comment_stands_on_the_board_or_in_the_record(held: VotingSession) -> None:
    opening.open_boxes(held.service, held.id)
    entries = [board.decode(e, held.manifest) for e in board_entries(held.service, held.id)]
    boxes = {e.box for e in entries if isinstance(e, CastBallot)}
    assert boxes == {0}
    record = publish.record(held.service, held.id, kind=RecordKind.AUDIT)
    assert verifier.verify(record).ok
    for name, data in record.files.items():
        assert "路灯".encode() not in data, name


def test_a_comment_on_the_board_is_refused(held: VotingSession) -> None:
    sealed = [b for b in held.service.box.ballots(held.id) if held.manifest.is_comment(b.box)]
    with pytest.raises(MalformedError, match="does not belong on the board"):
        board.decode(sealed[0].entry, held.manifest)


def test_every_voter_casts_one_of_one_length(held: VotingSession) -> None:
    sealed = [
        b.sealed for b in held.service.box.ballots(held.id) if held.manifest.is_comment(b.box)
    ]
    assert len(sealed) == len(WRITTEN)
    assert len({len(one) for one in sealed}) == 1


def test_a_cast_without_its_comment_is_refused(service: Service) -> None:
    voting = prepare(service, given=commented())
    ballots = voter.fill_in(voting.manifest, voting.blanks(), [ANSWERS], rng=os.urandom)
    with pytest.raises(WrongBoxes):
        cast(service, voting.id, encode_cast(ballots[:-1]))


def test_below_the_floor_nothing_is_opened(service: Service) -> None:
    voting = prepare(service, given=commented(floor=3))
    for serial in (1, 2):
        vote(voting, "只有我一个人写", serial)
    close.close(service, voting.id)
    opening.open_boxes(service, voting.id)
    assert comments_of(service, voting.id, reader="支部书记") is None


def test_classes_are_put_together(service: Service) -> None:
    voting = prepare(service, given=commented(floor=3))
    for serial in (1, 2):
        vote(voting, f"党员{serial}", serial)
        vote(voting, f"群众{serial}", serial, voter_class=1)
    close.close(service, voting.id)
    opening.open_boxes(service, voting.id)
    assert comments_of(service, voting.id, reader="支部书记") is not None


def test_tellers_open_it_with_the_boxes(service: Service) -> None:
    voting = prepare(service, given=commented(tellers=3, quorum=2))
    for serial, comment in enumerate(WRITTEN, start=1):
        vote(voting, comment, serial)
    close.close(service, voting.id)
    with pytest.raises(StepError):
        opening.open_boxes(service, voting.id)
    for number in (2, 0):
        voting.cards[number].hand_in_factors(voting.manifest)
    opening.open_boxes(service, voting.id)
    found = comments_of(service, voting.id, reader="支部书记")
    assert found is not None
    assert len(found) == 4
    assert verifier.verify(publish.record(service, voting.id, kind=RecordKind.AUDIT)).ok


def test_a_teller_fetches_the_sealed_comments_once_the_session_is_closed(service: Service) -> None:
    voting = prepare(service, given=commented(tellers=2, quorum=2))
    for serial, comment in enumerate(WRITTEN, start=1):
        vote(voting, comment, serial)
    asked = json.dumps({"secret": voting.cards[0].secret}).encode()
    with pytest.raises(NotClosed):
        tellers.sealed_comments(service, voting.id, asked)
    close.close(service, voting.id)
    entries = board.unpacked(tellers.sealed_comments(service, voting.id, asked))
    found = [decode_entry(entry, voting.manifest) for entry in entries]
    assert len(found) == len(WRITTEN)
    assert all(voting.manifest.is_comment(ballot.box) for ballot in found)
    assert [ballot.leaf_hash for ballot in found] == sorted(b.leaf_hash for b in found)
    with pytest.raises(LinkUnknown):
        tellers.sealed_comments(service, voting.id, b'{"secret":"00000000000000000000000000"}')
