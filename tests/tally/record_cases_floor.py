"""Record vectors of the floor for valid ballots (protocol §5.1): enough ballots, too few of them
valid."""

from __future__ import annotations

from dataclasses import replace

from appraisal.ballots.ballot import Spoilt
from appraisal.tally.openings import OpenedBallot
from appraisal.tally.record import Record
from appraisal.tally.results import GroupStatus
from tests.tally.held import Held
from tests.tally.record_sessions import (
    case,
    first_group,
    group_changed,
    roomy,
    spare,
    withhold,
)


def laid_bare() -> Held:
    """`withhold`; of the three ballots of its first box two are rubbish, and one is valid."""
    held = withhold()
    (kept, *_), others = held.ballots[:3], held.ballots[3:]
    held.ballots = [kept, spare("torn"), spare("beyond"), *others]
    held.reopen()
    return held


def valid_ballots() -> tuple[OpenedBallot, ...]:
    """What the service found in the first box of `laid_bare` and must not publish."""
    _, ballots = first_group(withhold())
    return tuple(ballot for ballot in ballots if ballot.answers == (1,))


def one_spoilt() -> Held:
    """`roomy` with a spoilt ballot beside three valid ones in the first box."""
    held = roomy()
    held.ballots.append(spare("torn"))
    held.reopen()
    return held


REASONS = (Spoilt.ANSWER_OUT_OF_RANGE, Spoilt.UNREADABLE)
"""Why the two are spoilt, which the service must not publish either."""


@case("valid", "two of three ballots are spoilt: the box is withheld, and nothing of it is told")
def few_valid() -> Record:
    return laid_bare().record()


@case("valid", "the audit record of the same session")
def few_valid_audit() -> Record:
    return laid_bare().record(audit=True)


@case("10", "signed: the one valid ballot beside two spoilt ones was published")
def few_valid_opened() -> Record:
    changes = {"status": GroupStatus.OPENED, "opened": valid_ballots(), "spoilt": REASONS}
    return group_changed(laid_bare(), 0, **changes).record()


@case("10", "signed: withheld for too few valid ballots, but it tells the valid one")
def few_valid_tells() -> Record:
    return group_changed(laid_bare(), 0, opened=valid_ballots()).record()


@case("10", "signed: withheld for too few valid ballots, but it tells why the others are spoilt")
def few_valid_tells_reasons() -> Record:
    return group_changed(laid_bare(), 0, spoilt=REASONS).record()


@case("10", "signed: a withheld box tells that none of its ballots is spoilt")
def withheld_tells_none_spoilt() -> Record:
    return group_changed(laid_bare(), 0, spoilt=()).record()


@case("10", "signed: the same of a box that nobody opened")
def unopened_tells_spoilt() -> Record:
    return group_changed(withhold(), 1, spoilt=()).record()


@case("10", "signed: the spoilt ballots of a box do not stand in order of their reasons")
def spoilt_unsorted() -> Record:
    held = one_spoilt()
    held.ballots.append(spare("beyond"))
    held.reopen()
    return group_changed(held, 0, spoilt=REASONS[::-1]).record()


@case("valid", "signed: a box with enough valid ballots is withheld: what no record can show")
def enough_valid_withheld() -> Record:
    changes = {"status": GroupStatus.WITHHELD, "opened": None, "spoilt": None}
    return group_changed(one_spoilt(), 0, **changes).record(audit=True)


@case("11", "the results of a withheld box tell how many of its ballots were spoilt")
def withheld_counted() -> Record:
    held = laid_bare()
    contest = held.results.contests[0]
    first = replace(contest.groups[0], valid=1, spoilt=2)
    contest = replace(contest, groups=(first, *contest.groups[1:]))
    held.results = replace(held.results, contests=(contest,))
    return held.record()
