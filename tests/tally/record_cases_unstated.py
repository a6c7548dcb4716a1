"""Record vectors of sessions void because a further signer is gone (protocol §3, step 7)."""

from __future__ import annotations

from dataclasses import replace

from appraisal.ballots.board import Turnout
from appraisal.manifest import REGISTRAR
from appraisal.tally.opening import unopened, unstated
from appraisal.tally.openings import Openings, VoidReason
from appraisal.tally.record import Record
from tests.tally.held import Held
from tests.tally.record_sessions import case, whole, withhold


def gone() -> Held:
    """The second signer stated nothing; the service says so, and opened nothing."""
    held = whole()
    held.turnout = [entry for entry in held.turnout if entry.signer == REGISTRAR]
    held.reopened(unstated())
    return held


def gone_and(openings: Openings) -> Record:
    """The second signer stated nothing, and these openings were published."""
    held = gone()
    held.reopened(openings)
    return held.record()


@case("valid", "the second signer is gone for good: nothing was opened, and the session is void")
def unstated_public() -> Record:
    return gone().record()


@case("valid", "the audit record of the same session: nobody's factors")
def unstated_audit() -> Record:
    return gone().record(audit=True)


@case("3,9,10", "signed: the second signer's turnouts left off the board, and opened all the same")
def turnouts_dropped_and_opened() -> Record:
    return gone_and(whole().openings)


@case("3,9,10", "signed: the same, said to be void for other reasons: tellers could not open")
def turnouts_dropped_as_unopened() -> Record:
    return gone_and(unopened())


@case("3,9,10", "signed: the same, said to be void because a box is overfull")
def turnouts_dropped_as_overfull() -> Record:
    return gone_and(replace(unopened(), void=VoidReason.OVERFULL))


@case("10", "signed: void for want of a turnout, and the groups opened all the same")
def unstated_with_groups() -> Record:
    return gone_and(replace(whole().openings, void=VoidReason.UNSTATED))


@case("12", "signed: void for want of a turnout, with the factors of a quorum")
def unstated_with_factors() -> Record:
    held = gone()
    return held.record(audit=True, factors=whole().factors)


@case("10", "signed: every signer stated its turnout, and the session is said to lack one")
def unstated_although_stated() -> Record:
    held = whole()
    held.reopened(unstated())
    return held.record()


@case("10", "signed: a session with one signer is said to lack another's turnout")
def unstated_without_further_signer() -> Record:
    held = withhold()
    held.reopened(unstated())
    return held.record()


@case("3,9,10", "signed: of the second signer's two turnouts one is left out, and void for that")
def unstated_in_part() -> Record:
    held = whole()
    del held.turnout[-1]
    held.reopened(unstated())
    return held.record()


@case("3,9,10", "signed: the registrar's own turnouts are left out, and void for that")
def registrar_unstated() -> Record:
    held = whole()
    held.reopened(unstated())
    held.turnout = [entry for entry in held.turnout if entry.signer != REGISTRAR]
    return held.record()


@case(
    "9", "void for want of a turnout, and a box has more ballots than the registrar's slips drawn"
)
def unstated_and_overfull() -> Record:
    held = gone()
    first = held.turnout[0]
    held.turnout[0] = Turnout(REGISTRAR, 0, first.drawn[:2], first.void)
    held.reopened(unstated())
    return held.record()
