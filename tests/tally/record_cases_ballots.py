"""Record vectors of checks 6 to 8 and 10 to 12: ballots, openings, results."""

from __future__ import annotations

from dataclasses import replace

from appraisal.ballots.tokens import Token
from appraisal.manifest import BoxNumber
from appraisal.tally.opening import unopened
from appraisal.tally.openings import OpenedBallot, TrackerText, VoidReason
from appraisal.tally.record import Record
from appraisal.tally.results import GroupStatus
from tests.tally.record_sessions import (
    answer_changed,
    ballot_entries,
    bit,
    case,
    changed,
    first_group,
    group_changed,
    replaced,
    roomy,
    signed_ballot,
    spare,
    whole,
    withhold,
)


@case("6,10", "signed: a ballot of a box that there is not")
def box_unknown() -> Record:
    held = withhold()
    before, ballots, after = ballot_entries(held)
    first = next(i for i, entry in enumerate(ballots) if entry[1:3] == bytes(2))
    ballots[first] = ballots[first][:1] + b"\x00\x02" + ballots[first][3:]
    return held.record(entries=[*before, *ballots, *after])


@case("6,10", "signed: a ballot one byte too long")
def ballot_long() -> Record:
    held = withhold()
    before, ballots, after = ballot_entries(held)
    first = next(i for i, entry in enumerate(ballots) if entry[1:3] == bytes(2))
    ballots[first] += b"\x00"
    return held.record(entries=[*before, *ballots, *after])


@case("6", "signed: two ballots under one ballot key, each with a good token")
def key_twice() -> Record:
    held = roomy()
    held.ballots += [spare("good"), spare("good-key-again")]
    held.reopen()
    return held.record(audit=True)


@case("7", "signed: a bit of a token changed; the ballot signed anew by a key of the service")
def token_bit() -> Record:
    held = withhold()
    first = held.ballots[0]
    token = Token(first.tokens[0].prefix, bit(first.tokens[0].signature, 255))
    held.ballots[0] = signed_ballot(held.manifest, first, tokens=(token,))
    held.reopen()
    return held.record()


@case("7", "signed: a ballot added under a token of another ballot")
def token_reused() -> Record:
    held = roomy()
    held.ballots.append(signed_ballot(held.manifest, spare("good"), tokens=held.ballots[0].tokens))
    held.reopen()
    return held.record()


@case("7,8", "signed: a ballot moved to the box of another class")
def ballot_moved() -> Record:
    held = withhold()
    held.ballots[0] = replace(held.ballots[0], box=BoxNumber(1))
    held.reopen()
    return held.record()


@case("8", "signed: a bit of a ballot's signature changed")
def signature_bit() -> Record:
    held = withhold()
    first = held.ballots[0]
    held.ballots[0] = replace(first, signature=bit(first.signature, 0))
    held.reopen()
    return held.record(audit=True)


@case("8", "signed: the sealed part of a ballot exchanged for another's")
def sealed_exchanged() -> Record:
    held = withhold()
    held.ballots[0] = replace(held.ballots[0], sealed=spare("good").sealed)
    held.reopen()
    return held.record(audit=True)


@case("10,11", "the openings were changed after they were published")
def openings_changed() -> Record:
    return changed(
        withhold().record(), "openings.json", replaced(b'"answers":[1]', b'"answers":[2]')
    )


@case("10", "signed: a box below its floor was opened")
def opened_below_floor() -> Record:
    held = withhold()
    ballot = OpenedBallot(TrackerText("ab" * 16), (1,))
    status = GroupStatus.OPENED
    return group_changed(held, 1, status=status, opened=(ballot,), spoilt=()).record()


@case("10", "signed: a withheld box tells a ballot")
def withheld_tells() -> Record:
    held = withhold()
    return group_changed(held, 1, opened=(OpenedBallot(TrackerText("ab" * 16), (1,)),)).record()


@case("10", "signed: an opened box without its ballots")
def opened_without_ballots() -> Record:
    return group_changed(withhold(), 0, opened=None).record()


@case("10", "signed: one ballot was left out of the openings")
def ballot_left_out() -> Record:
    held = withhold()
    _, ballots = first_group(held)
    return group_changed(held, 0, opened=ballots[1:]).record()


@case("10", "signed: one ballot shown to two voters, and one left out (a clash)")
def tracker_twice() -> Record:
    held = withhold()
    _, ballots = first_group(held)
    return group_changed(held, 0, opened=(ballots[0], ballots[0], ballots[2])).record()


@case("10", "signed: opened ballots are not sorted")
def opened_unsorted() -> Record:
    held = withhold()
    _, ballots = first_group(held)
    return group_changed(held, 0, opened=ballots[::-1]).record()


@case("10", "an opened ballot with a grade beyond the last")
def grade_beyond() -> Record:
    held = withhold()
    _, ballots = first_group(held)
    group = replace(
        held.openings.groups[0], opened=(replace(ballots[0], answers=(6,)), *ballots[1:])
    )
    held.openings = replace(held.openings, groups=(group, held.openings.groups[1]))
    return held.record()


@case("10", "an opened ballot with two answers to one question")
def answers_too_many() -> Record:
    held = withhold()
    _, ballots = first_group(held)
    longer = replace(ballots[0], answers=(1, 1))
    group = replace(held.openings.groups[0], opened=(longer, *ballots[1:]))
    held.openings = replace(held.openings, groups=(group, held.openings.groups[1]))
    return held.record()


@case("10", "openings without groups that give no reason")
def void_without_reason() -> Record:
    held = withhold()
    held.openings = replace(held.openings, groups=())
    held.results = replace(held.results, contests=(), subjects=())
    return held.record()


@case("10", "a session that was counted, published as void: overfull")
def void_for_a_false_reason() -> Record:
    held = withhold()
    held.reopened(replace(held.openings, groups=(), void=VoidReason.OVERFULL))
    return held.record()


@case("10", "a custodian says that it could not open")
def unopened_by_a_custodian() -> Record:
    held = withhold()
    held.reopened(unopened())
    return held.record()


@case("9,10", "a box with more ballots than slips drawn, said to be unopened")
def unopened_although_overfull() -> Record:
    held = whole()
    held.turnout[0] = replace(held.turnout[0], drawn=held.turnout[0].drawn[:2])
    held.reopened(unopened())
    return held.record()


@case("10", "a session that tells its groups and a reason why it is void")
def void_with_groups() -> Record:
    held = whole()
    held.reopened(replace(held.openings, void=VoidReason.UNOPENED))
    return held.record()


@case("valid", "too many key cards are lost: nothing was opened, and the session is void")
def unopened_session() -> Record:
    held = whole()
    held.reopened(unopened())
    return held.record(audit=True)


@case("11", "one count in the results changed")
def count_changed() -> Record:
    return changed(
        withhold().record(), "results.json", replaced(b'"counts":[1,1,', b'"counts":[2,0,')
    )


@case("11", "a printed figure in the results rounded up by one")
def figure_changed() -> Record:
    return changed(withhold().record(), "results.json", replaced(b'"33.4"', b'"33.5"'))


@case("11", "another outcome in the results")
def outcome_changed() -> Record:
    held = withhold()
    outcome = held.results.subjects[0].outcome.value.encode()
    other = b"not-met" if outcome != b"not-met" else b"recommended"
    return changed(held.record(), "results.json", replaced(outcome, other))


@case("12", "signed: an answer changed and everything put right; only the factors show it")
def answer_changed_audit() -> Record:
    return answer_changed().record(audit=True)


@case("12", "signed: a good ballot declared spoilt")
def declared_spoilt() -> Record:
    held = roomy()
    held.ballots.append(spare("torn"))
    held.reopen()
    group, ballots = first_group(held)
    if group.spoilt is None:
        raise ValueError("no spoilt ballot to copy")
    spoilt_too = group.spoilt * 2
    return group_changed(held, 0, opened=ballots[1:], spoilt=spoilt_too).record(audit=True)
