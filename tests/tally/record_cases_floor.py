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


WITHHELD = {"status": GroupStatus.WITHHELD, "opened": None}


@case("valid", "two of three ballots are spoilt: the box is withheld, and only these are told")
def few_valid() -> Record:
    return laid_bare().record()


@case("valid", "the audit record of the same session")
def few_valid_audit() -> Record:
    return laid_bare().record(audit=True)


@case("10", "signed: the one valid ballot beside two spoilt ones was published")
def few_valid_opened() -> Record:
    held = laid_bare()
    return group_changed(held, 0, status=GroupStatus.OPENED, opened=valid_ballots()).record()


@case("10", "signed: withheld for too few valid ballots, but it tells the valid one")
def few_valid_tells() -> Record:
    return group_changed(laid_bare(), 0, opened=valid_ballots()).record()


@case("10", "signed: a box with enough ballots is withheld and does not say which were spoilt")
def few_valid_without_spoilt() -> Record:
    return group_changed(laid_bare(), 0, spoilt=None).record()


@case("10", "signed: a box with enough valid ballots is withheld for its one spoilt ballot")
def enough_valid_withheld() -> Record:
    return group_changed(one_spoilt(), 0, **WITHHELD).record()


@case("10", "signed: a box is withheld as opened although it has too few ballots to be opened")
def unopened_tells_spoilt() -> Record:
    return group_changed(withhold(), 1, spoilt=()).record()


@case("10", "signed: a withheld box tells more spoilt ballots than it holds")
def more_spoilt_than_ballots() -> Record:
    return group_changed(laid_bare(), 0, spoilt=(Spoilt.UNREADABLE,) * 4).record()


@case("10", "signed: the spoilt ballots of a withheld box are not sorted")
def withheld_unsorted() -> Record:
    held = laid_bare()
    spoilt = held.openings.groups[0].spoilt
    return group_changed(held, 0, spoilt=(spoilt or ())[::-1]).record()


@case("valid", "signed: good ballots declared spoilt, their box withheld: what no record can show")
def hidden_as_spoilt() -> Record:
    spoilt = (Spoilt.UNREADABLE,) * 2
    return group_changed(withhold(), 0, **WITHHELD, spoilt=spoilt).record(audit=True)


@case("11", "the results of a withheld box tell how many of its ballots were spoilt")
def withheld_counted() -> Record:
    held = laid_bare()
    contest = held.results.contests[0]
    first = replace(contest.groups[0], valid=1, spoilt=2)
    contest = replace(contest, groups=(first, *contest.groups[1:]))
    held.results = replace(held.results, contests=(contest,))
    return held.record()
