"""Record vectors of ballot forms (protocol §4.1, §4.5): every kind of question, limits, spoilt
ballots, and openings that tell what no ballot may say."""

from __future__ import annotations

from dataclasses import replace

from appraisal.ballots.ballot import Spoilt
from appraisal.tally.openings import OpenedBallot, TrackerText
from appraisal.tally.record import Record
from tests.tally.held import Held
from tests.tally.record_sessions import (
    case,
    group_changed,
    of_forms,
    spare,
    with_room,
)

SELECTION = 2
"""The group of the first class that chose among four members on one ballot."""
KINDS = 0
"""The group of the first class that answered every kind of question about the branch."""


@case("valid", "every kind of question; four persons on one ballot with limits; an unscored hall")
def kinds_public() -> Record:
    return of_forms("kinds").record()


@case("valid", "the audit record of the same session")
def kinds_audit() -> Record:
    return of_forms("kinds").record(audit=True)


def with_spares(*names: str) -> Held:
    """`kinds` with ballots more, as many slips drawn."""
    held = with_room(of_forms("kinds"), len(names))
    held.ballots += [spare(name, "kinds") for name in names]
    held.reopen()
    return held


@case("valid", "a ballot spoilt for each reason, each with a second that comes after it")
def spoilt_by_every_rule() -> Record:
    return with_spares(
        *("good", "beyond", "empty", "too-many", "three-chosen", "too-few"),
        *("ticked-twice", "score-beyond", "ticks-too-many", "empty-alone"),
    ).record(audit=True)


@case("valid", "a spoilt ballot has the tracker of a valid one, which it does not spoil")
def tracker_of_a_spoilt_ballot() -> Record:
    return with_spares("same-tracker", "same-tracker-spoilt").record(audit=True)


@case("12", "signed: a ballot beyond its place told as too many")
def spoilt_for_another_reason() -> Record:
    held = with_spares("beyond")
    return group_changed(held, SELECTION, spoilt=(Spoilt.TOO_MANY,)).record(audit=True)


@case("12", "signed: an empty ballot told as too few")
def empty_told_as_too_few() -> Record:
    held = with_spares("empty")
    return group_changed(held, SELECTION, spoilt=(Spoilt.TOO_FEW,)).record(audit=True)


@case("12", "signed: a ballot that keeps every limit told as too many")
def good_told_as_too_many() -> Record:
    held = of_forms("kinds")
    opened = held.openings.groups[SELECTION].opened or ()
    return group_changed(held, SELECTION, opened=opened[1:], spoilt=(Spoilt.TOO_MANY,)).record(
        audit=True
    )


def opened_as(number: int, *answers: int) -> Record:
    """The first opened ballot of a group says something else; the board names these openings."""
    held = of_forms("kinds")
    groups = list(held.openings.groups)
    first, *others = groups[number].opened or ()
    groups[number] = replace(groups[number], opened=(replace(first, answers=answers), *others))
    held.openings = replace(held.openings, groups=tuple(groups))
    return held.record()


@case("10", "an opened ballot gives one grade to more persons than a third of the members")
def opened_above_the_share() -> Record:
    return opened_as(SELECTION, 1, 1, 1, 1, 1, 0, 2, 0)


@case("10", "an opened ballot chooses three where two are to be chosen")
def opened_above_the_limit() -> Record:
    return opened_as(SELECTION, 1, 1, 1, 1, 2, 1, 2, 0)


@case("10", "an opened ballot chooses one where two are to be chosen")
def opened_below_the_limit() -> Record:
    return opened_as(SELECTION, 1, 1, 1, 0, 2, 0, 2, 0)


@case("10", "an opened ballot without any answer, where such are spoilt")
def opened_empty() -> Record:
    return opened_as(SELECTION, *(0,) * 8)


@case("10", "an opened ballot that chose a person twice")
def opened_chosen_twice() -> Record:
    return opened_as(SELECTION, 1, 2, 1, 0, 2, 0, 2, 0)


@case("10", "an opened ballot with the answers about three persons, where there are four")
def opened_one_person_short() -> Record:
    return opened_as(SELECTION, 1, 1, 1, 1, 2, 0)


@case("10", "an opened ballot with the answers about five persons, where there are four")
def opened_one_person_more() -> Record:
    return opened_as(SELECTION, 1, 1, 1, 1, 2, 0, 2, 0, 2, 0)


@case("10", "an opened ballot with three items ticked where two may be")
def opened_ticked_too_many() -> Record:
    return opened_as(KINDS, 1, 1, 1, 1, 11)


@case("10", "an opened ballot with an item ticked twice")
def opened_ticked_twice() -> Record:
    return opened_as(KINDS, 1, 2, 0, 0, 11)


@case("10", "an opened ballot with 11 of 10 points")
def opened_score_beyond() -> Record:
    return opened_as(KINDS, 1, 1, 0, 0, 12)


@case("10", "an opened ballot with one answer to a list of three items")
def opened_list_as_one_answer() -> Record:
    return opened_as(KINDS, 1, 1, 11)


@case("10", "an opened ballot more than was cast, on a form of several persons")
def opened_one_more() -> Record:
    held = of_forms("kinds")
    group = held.openings.groups[SELECTION]
    more = OpenedBallot(TrackerText("ff" * 16), (2, 1, 2, 1, 2, 0, 2, 0))
    return group_changed(held, SELECTION, opened=(*(group.opened or ()), more)).record()


# --- the comment box ------------------------------------------------------------------------------


@case("valid", "a session with a comment box: no comment stands on its board")
def comment_box() -> Record:
    return of_forms("commented").record(audit=True)


@case("6", "signed: a comment on the board, where it can be read by whoever opens it")
def comment_on_the_board() -> Record:
    held = of_forms("commented")
    held.ballots.append(spare("comment", "commented"))
    entries = held.entries
    held.ballots.pop()
    # Its ballots were opened and counted as if it were not there.
    return held.record(entries=[*entries[:-1], held.entries[-1]])


@case("6,10", "signed: a ballot of the second contest put into the comment box")
def ballot_in_the_comment_box() -> Record:
    held = of_forms("commented")
    entries = held.entries
    number = next(i for i, entry in enumerate(entries) if entry[:3] == b"\x04\x00\x01")
    entries[number] = b"\x04\x00\x02" + entries[number][3:]
    return held.record(entries=entries)


@case("10", "signed: the openings tell a group of the comment box")
def comments_opened() -> Record:
    held = of_forms("commented")
    first = held.openings.groups[0]
    group = replace(first, boxes=(2,), ballots=0, opened=(), spoilt=())
    held.openings = replace(held.openings, groups=(*held.openings.groups, group))
    return held.record()
