"""Claim A8: ballots in a box ≤ slips drawn ≤ slips issued ≤ slips printed, shown and enforced.

**The attacker** operates the only signer, the box and the board, and has every key while voting:
they can make tokens, hence ballots that verify. They want more of them than voters drew slips for,
or to hide how many there were. (With a second signer: `test_a8_second_signer.py`.)
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from appraisal.ballots.board import Printed, Turnout
from appraisal.ballots.slips import SlipHash
from appraisal.tally.findings import Report
from appraisal.tally.results import Status
from appraisal.verifier import verify
from tests.tally.held import Held, hashes, hold
from tests.world import make_world, source

CHOICE = [[1, 1, 1], [1, 1, 1]]
MEMBERS = 6
AWAY = 2
"""Members who drew and did not cast."""


@pytest.fixture
def held() -> Held:
    return hold(make_world(), {0: [CHOICE] * MEMBERS, 1: [CHOICE] * 5}, stayed_away=AWAY)


def stuffed(held: Held, number: int) -> None:
    """Ballots of voters whom there never were, with good tokens."""
    rng = source(77)
    for _ in range(number):
        held.ballots += held.world.vote(0, CHOICE, rng)
    held.ballots.sort(key=lambda ballot: ballot.leaf_hash)
    held.reopen()


def checked(held: Held) -> Report:
    return verify(held.record())


def failed(held: Held) -> set[int]:
    return {finding.check for finding in checked(held).findings}


def test_an_honest_session_shows_all_four_numbers(held: Held) -> None:
    assert checked(held).ok
    slips = held.results.slips[0]
    assert MEMBERS < slips.drawn == MEMBERS + AWAY < slips.issued < slips.printed


def test_one_ballot_more_than_slips_were_drawn_voids_the_session(held: Held) -> None:
    """The box is not opened, nothing is counted, and the verifier says why."""
    stuffed(held, AWAY + 1)
    assert held.results.status is Status.VOID
    assert held.openings.groups == ()
    assert 9 in failed(held)


def test_ballots_for_those_who_drew_and_stayed_away_are_the_known_limit(held: Held) -> None:
    """THREAT_MODEL §4.8: one registrar alone can do this much and no more; a second signer can
    not be left out."""
    stuffed(held, AWAY)
    assert checked(held).ok
    assert held.results.contests[0].groups[0].returned == held.results.slips[0].drawn


def turnout(held: Held) -> Turnout:
    return held.turnout[0]


def test_slips_said_to_be_drawn_must_have_been_printed(held: Held) -> None:
    """Before voting every slip's hash is on the board: none can be thought of later."""
    stuffed(held, AWAY + 1)
    invented = SlipHash(bytes(32))
    true = turnout(held)
    held.turnout[0] = replace(true, drawn=tuple(sorted((*true.drawn, invented))))
    held.reopen()
    assert held.results.status is Status.COUNTED
    assert 5 in failed(held)


def test_a_slip_is_not_drawn_and_void_at_once(held: Held) -> None:
    stuffed(held, AWAY + 1)
    true = turnout(held)
    held.turnout[0] = replace(true, drawn=tuple(sorted((*true.drawn, *true.void))))
    held.reopen()
    assert 5 in failed(held)


def test_an_unused_slip_said_to_be_drawn_is_seen_by_its_holder(held: Held) -> None:
    """The record holds; but the list is public, and someone has that slip in hand, unused."""
    stuffed(held, AWAY + 1)
    true = turnout(held)
    unused = next(s for s in held.printed[0].slips if s not in {*true.drawn, *true.void})
    held.turnout[0] = replace(true, drawn=tuple(sorted((*true.drawn, unused))))
    held.reopen()
    assert checked(held).ok
    assert unused in turnout(held).drawn


def test_slips_printed_in_secret_are_too_many(held: Held) -> None:
    """The manifest, whose fingerprint is on every slip, says how many the first printing has."""
    more = tuple(sorted((*held.printed[0].slips, *hashes(3, source(8)))))
    held.printed[0] = Printed(0, 0, more)
    held.reopen()
    assert 5 in failed(held)


@pytest.mark.parametrize("which", ["printed", "turnout"])
def test_a_list_that_is_left_out_is_missed(held: Held, which: str) -> None:
    honest = held.record()
    getattr(held, which).pop(0)
    assert not verify(replace(honest, files={**honest.files, **held_files(held)})).ok


def held_files(held: Held) -> dict[str, bytes]:
    """Board and checkpoint as they lie now, under the results as they were."""
    from appraisal.ballots.board import packed

    entries = held.entries
    return {
        "board.bin": packed(entries),
        "checkpoint.txt": held.checkpoint(entries).encode(),
    }
