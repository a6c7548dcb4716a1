"""Claim A2 at the stores: a slip yields at most one ballot a box, under any concurrency."""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from appraisal.ballots import voter
from appraisal.ballots.cast import encode_cast
from appraisal.errors import KeyUsed, Refusal, SlipDrawn
from appraisal.steps.cast import cast
from appraisal.steps.draw import draw
from appraisal.steps.service import Service, open_service
from appraisal.store.box import Ballot
from appraisal.store.office import Phase
from appraisal.store.registry import Slip, SlipState
from tests.voting_session import VotingSession, draft, draw_body, prepare

PARALLEL = 50


def at_once(jobs: Sequence[Callable[[], Any]]) -> list[Any]:
    """What every job gives or raises, all let go at the same moment."""
    gate = threading.Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> Any:
        gate.wait()
        try:
            return job()
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def ballots_kept(service: Service) -> int:
    with service.box.database.read() as tx:
        return int(tx.execute(select(func.count()).select_from(Ballot)).scalar_one())


def slips_drawn(service: Service) -> int:
    query = select(func.count()).select_from(Slip).where(Slip.state == SlipState.DRAWN)
    with service.registry.database.read() as tx:
        return int(tx.execute(query).scalar_one())


def test_of_fifty_draws_of_one_slip_one_counts(session_everywhere: VotingSession) -> None:
    voting = session_everywhere
    drawings = [voting.start() for _ in range(PARALLEL)]
    answers = at_once([partial(draw, voting.service, voting.id, draw_body(d)) for d in drawings])
    won = [answer for answer in answers if isinstance(answer, tuple)]
    assert len(won) == 1
    assert {type(answer) for answer in answers if answer not in won} == {SlipDrawn}
    assert slips_drawn(voting.service) == 1
    winner = drawings[answers.index(won[0])]
    assert voter.finish_drawing(winner, won[0])


def test_the_same_draw_fifty_times_gets_one_answer(session_everywhere: VotingSession) -> None:
    voting = session_everywhere
    body = draw_body(voting.start())
    answers = at_once([partial(draw, voting.service, voting.id, body)] * PARALLEL)
    assert len(set(answers)) == 1
    assert isinstance(answers[0], tuple)
    assert slips_drawn(voting.service) == 1


def test_of_fifty_ballots_under_one_key_one_counts(session_everywhere: VotingSession) -> None:
    voting = session_everywhere
    blanks = voting.blanks()
    bodies = [encode_cast(voting.fill_in(blanks)) for _ in range(PARALLEL)]
    answers = at_once([partial(cast, voting.service, voting.id, b) for b in bodies])
    kinds = Counter(type(answer) for answer in answers)
    assert kinds == {tuple: 1, KeyUsed: PARALLEL - 1}
    assert ballots_kept(voting.service) == 1


def test_the_same_ballot_fifty_times_is_one_ballot(session_everywhere: VotingSession) -> None:
    voting = session_everywhere
    body = encode_cast(voting.ballots())
    answers = at_once([partial(cast, voting.service, voting.id, body)] * PARALLEL)
    assert len(set(answers)) == 1
    assert isinstance(answers[0], tuple)
    assert ballots_kept(voting.service) == 1


def test_two_processes_share_a_database(session_everywhere: VotingSession) -> None:
    """Two services, each with its own writer, meet only in the database."""
    voting = session_everywhere
    other = open_service(voting.service.settings)
    services = [voting.service, other]
    drawings = [voting.start() for _ in range(PARALLEL)]
    answers = at_once(
        [partial(draw, services[i % 2], voting.id, draw_body(d)) for i, d in enumerate(drawings)]
    )
    won = [answer for answer in answers if isinstance(answer, tuple)]
    assert len(won) == 1
    blanks = voter.finish_drawing(drawings[answers.index(won[0])], won[0])
    bodies = [encode_cast(voting.fill_in(blanks)) for _ in range(PARALLEL // 2)]
    answers = at_once(
        [partial(cast, services[i % 2], voting.id, b) for i, b in enumerate(bodies + bodies[::-1])]
    )
    kept = [answer for answer in answers if isinstance(answer, tuple)]
    # The one that won was sent twice; both times it gets the same receipts.
    assert len(set(kept)) == 1
    assert len(kept) == 2
    assert {type(answer) for answer in answers if answer not in kept} == {KeyUsed}
    assert ballots_kept(voting.service) == 1
    other.close()


def test_many_voters_at_once_all_count(service_everywhere: Service) -> None:
    voting = prepare(service_everywhere, given=draft(slips=(40, 10)))
    drawings = [voting.start(serial) for serial in range(1, 41)]
    answers = at_once([partial(draw, voting.service, voting.id, draw_body(d)) for d in drawings])
    bodies = [
        encode_cast(voting.fill_in(voter.finish_drawing(drawing, answer)))
        for drawing, answer in zip(drawings, answers, strict=True)
    ]
    receipts = at_once([partial(cast, voting.service, voting.id, b) for b in bodies])
    assert all(isinstance(receipt, tuple) for receipt in receipts)
    assert voting.service.box.counts(voting.id) == {0: 40}


def test_the_constraint_itself_refuses_a_second_ballot(session_everywhere: VotingSession) -> None:
    """Even a writer that forgot to look is stopped, by name."""
    voting = session_everywhere
    voting.vote()
    with voting.service.box.database.read() as tx:
        row = tx.execute(select(Ballot)).scalar_one()
        values = {
            "digest": os.urandom(32),
            "session": row.session,
            "box": row.box,
            "ballot_key": row.ballot_key,
            "tokens": row.tokens,
            "sealed": row.sealed,
            "signature": row.signature,
        }
    with (
        pytest.raises(IntegrityError, match=r"uq_ballot_key|ballot.ballot_key"),
        voting.service.box.database.write() as tx,
    ):
        tx.execute(insert(Ballot), [values])


def test_a_voters_ballots_are_kept_all_or_none(service_everywhere: Service) -> None:
    voting = prepare(service_everywhere, given=draft(subjects=3))
    blanks = voting.blanks()
    first, second = voting.fill_in(blanks), voting.fill_in(blanks)
    assert len(cast(voting.service, voting.id, encode_cast(first))) == 3
    mixed = (first[0], second[1], first[2])
    with pytest.raises(KeyUsed):
        cast(voting.service, voting.id, encode_cast(mixed))
    counts = voting.service.box.counts(voting.id)
    assert [counts[box] for box in voting.manifest.boxes_of_class(0)] == [1, 1, 1]
    assert {b.leaf_hash for b in voting.service.box.ballots(voting.id)} == {
        b.leaf_hash for b in first
    }


def test_a_slip_is_good_for_its_own_session_only(service: Service) -> None:
    one, two = prepare(service), prepare(service, phase=Phase.VOTING)
    drawing = voter.start_drawing(two.manifest, one.code(), rng=os.urandom)
    with pytest.raises(Refusal) as caught:
        draw(service, two.id, draw_body(drawing))
    assert caught.value.code == "slip-unknown"
    assert slips_drawn(service) == 0
