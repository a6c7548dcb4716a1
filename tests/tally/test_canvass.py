"""The canvass: worked examples of protocol §5, and a recount that shares no code with it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.ballots.ballot import Spoilt
from appraisal.codec import encode
from appraisal.counting_rules import BelowFloor, EmptyClass
from appraisal.manifest import Manifest
from appraisal.tally.canvass import canvass
from appraisal.tally.disclosure import groups
from appraisal.tally.opening import unopened
from appraisal.tally.openings import FORMAT, OpenedGroup, Openings
from appraisal.tally.record import decode_results
from appraisal.tally.results import (
    ContestResult,
    Figure,
    GroupStatus,
    Outcome,
    Results,
    Rule,
    SlipCount,
    Status,
)
from tests.tally.held import opened_ballots
from tests.world import make_world

Box = Sequence[Sequence[int]]

STRONG = (1, 1, 1)
FAIR = (2, 2, 2)
WEAK = (4, 4, 4)
UNKNOWN = (5, 5, 5)
BLANK = (0, 0, 0)

SLIPS = [SlipCount(24, 22, 21, 2), SlipCount(16, 15, 12, 1)]


def openings_of(manifest: Manifest, boxes: Sequence[Box], spoilt: int = 0) -> Openings:
    """The openings of boxes with these answers; `spoilt` more ballots in the first box."""
    returned = [len(box) + (spoilt if not i else 0) for i, box in enumerate(boxes)]
    found = []
    for group in groups(manifest, returned):
        unopened = group.status is GroupStatus.WITHHELD
        answers = [choice for box in group.boxes for choice in boxes[box]]
        published = not unopened and len(answers) >= manifest.rules.floor
        bad = (Spoilt.UNREADABLE,) * spoilt if 0 in group.boxes else ()
        found.append(
            OpenedGroup(
                group.boxes,
                group.ballots,
                GroupStatus.OPENED if published else GroupStatus.WITHHELD,
                opened_ballots(answers) if published else None,
                None if unopened else bad,
            )
        )
    return Openings(FORMAT, tuple(found))


def canvassed(
    *boxes: Box, spoilt: int = 0, slips: Sequence[SlipCount] = SLIPS, **rules: Any
) -> Results:
    """The results of boxes listed contest by contest, within a contest 党员 then 群众."""
    manifest = make_world(subjects=len(boxes) // 2, **rules).manifest
    return canvass(manifest, slips, openings_of(manifest, boxes, spoilt))


def test_a_worked_example() -> None:
    """20 of 22 members and 10 of 15 of the public; points 100, 80, 60, 40; weights 60 and 40."""
    members = [STRONG] * 12 + [FAIR] * 4 + [WEAK] * 2 + [UNKNOWN, BLANK]
    public = [STRONG] * 5 + [(2, 3, 1)] * 3 + [(0, 5, 5)] * 2
    (contest,) = canvassed(members, public).contests
    party, people = contest.groups

    assert (party.issued, party.returned, party.valid, party.spoilt) == (22, 20, 20, 0)
    first = party.questions[0]
    assert (first.counts, first.blank, first.answers) == ((12, 4, 0, 2, 1), 1, 18)
    assert first.percent == ("60.00", "20.00", "0.00", "10.00", "5.00", "5.00")
    # (12 · 100 + 4 · 80 + 2 · 40) ÷ 18
    assert first.score == Figure("800/9", "88.89")
    assert first.positive == Figure("8/9", "88.89")

    assert (people.issued, people.returned) == (15, 10)
    second = people.questions[1]
    assert (second.counts, second.blank, second.answers) == ((5, 0, 3, 0, 2), 0, 8)
    assert second.score == Figure("85/1", "85.00")
    assert second.positive == Figure("5/8", "62.50")

    # 0.6 · 800/9 + 0.4 · 740/8, · 85 and · 100
    assert [q.score for q in contest.questions] == [
        Figure("271/3", "90.33"),
        Figure("262/3", "87.33"),
        Figure("280/3", "93.33"),
    ]
    assert contest.score == Figure("271/3", "90.33")
    assert contest.turnout == Figure("30/37", "81.08")
    assert [(f.rule, f.question, f.met) for f in contest.findings] == [
        (Rule.TURNOUT, None, True),
        (Rule.POSITIVE, 0, True),
        (Rule.POSITIVE, 1, True),
        (Rule.POSITIVE, 2, True),
    ]
    assert (contest.outcome, contest.rank) == (Outcome.RECOMMENDED, None)


def test_spoilt_ballots_are_returned_and_not_valid() -> None:
    (contest,) = canvassed([STRONG] * 5, [STRONG] * 5, spoilt=2).contests
    group = contest.groups[0]
    assert (group.returned, group.valid, group.spoilt) == (7, 5, 2)
    assert group.questions[0].percent[0] == "100.00"
    assert contest.turnout.exact == "12/37"


@pytest.mark.parametrize("valid", [0, 1, 4])
def test_a_box_with_too_few_valid_ballots_has_no_counts(valid: int) -> None:
    """Neither how many were valid nor any figure; the ballots still count for the turnout."""
    (contest,) = canvassed([WEAK] * valid, [STRONG] * 5, spoilt=5).contests
    group = contest.groups[0]
    assert (group.status, group.returned) == (GroupStatus.WITHHELD, 5 + valid)
    assert (group.valid, group.spoilt, group.questions) == (None, None, ())
    assert contest.score == Figure("100/1", "100.00")
    assert contest.turnout.exact == str(Fraction(10 + valid, 37))
    assert b'"status":"withheld"}' in encode(group)
    assert not {b"counts", b"percent", b"valid", b"spoilt"} & set(encode(group).split(b'"'))


@pytest.mark.parametrize("ballot", [BLANK, UNKNOWN])
def test_a_subject_nobody_judged_is_withheld(ballot: tuple[int, ...]) -> None:
    (contest,) = canvassed([ballot] * 20, [ballot] * 10).contests
    assert contest.outcome is Outcome.WITHHELD
    assert (contest.score, contest.findings) == (None, ())
    assert all(q.score is None and q.positive is None for q in contest.questions)
    assert contest.groups[0].questions[0].answers == 0


def test_a_question_nobody_answered_is_left_out_of_score_and_rule() -> None:
    (contest,) = canvassed([(1, 2, 5)] * 20, [(1, 2, 0)] * 10).contests
    assert [q.score and q.score.exact for q in contest.questions] == ["100/1", "80/1", None]
    assert contest.score == Figure("90/1", "90.00")
    assert [f.question for f in contest.findings] == [None, 0, 1]
    assert contest.outcome is Outcome.RECOMMENDED


def test_the_weight_of_a_withheld_class_follows_the_manifest() -> None:
    boxes = ([STRONG] * 20, [WEAK] * 4)
    (spread,) = canvassed(*boxes, empty_class=EmptyClass.RENORMALISE).contests
    (lost,) = canvassed(*boxes, empty_class=EmptyClass.ZERO).contests
    assert spread.score == Figure("100/1", "100.00")
    assert lost.score == Figure("60/1", "60.00")
    assert lost.questions[0].positive == Figure("3/5", "60.00")
    assert spread.groups[1].status is GroupStatus.WITHHELD


def test_a_class_that_knows_nobody_counts_as_empty() -> None:
    (contest,) = canvassed([STRONG] * 20, [UNKNOWN] * 10).contests
    assert contest.score == Figure("100/1", "100.00")


def test_merged_classes_are_counted_together_with_their_weights_together() -> None:
    (contest,) = canvassed([STRONG] * 12, [WEAK] * 4, below_floor=BelowFloor.MERGE).contests
    (group,) = contest.groups
    assert (group.classes, group.issued, group.returned) == ((0, 1), 37, 16)
    # Each ballot counts alike: (12 · 100 + 4 · 40) ÷ 16, not 60 : 40.
    assert contest.score == Figure("85/1", "85.00")


def test_an_empty_session_withholds_everything() -> None:
    (contest,) = canvassed([], []).contests
    assert contest.outcome is Outcome.WITHHELD
    assert contest.turnout == Figure("0/1", "0.00")


def test_a_class_without_issued_slips_breaks_nothing() -> None:
    none = [SlipCount(24, 0, 0, 24), SlipCount(16, 0, 0, 16)]
    (contest,) = canvassed([], [], slips=none).contests
    assert contest.turnout.exact == "0/1"


def test_who_misses_a_rule_is_told_which() -> None:
    (contest,) = canvassed([STRONG] * 11 + [WEAK] * 9, [(1, 1, 4)] * 10).contests
    assert contest.outcome is Outcome.NOT_MET
    # 0.6 · 11/20 + 0.4
    assert [(f.question, f.met) for f in contest.findings if f.rule is Rule.POSITIVE] == [
        (0, True),
        (1, True),
        (2, False),
    ]
    assert contest.findings[-1].value == Figure("33/100", "33.00")


def test_exactly_half_the_slips_are_enough_for_one_half() -> None:
    slips = [SlipCount(24, 20, 12, 4), SlipCount(16, 16, 12, 0)]
    (enough,) = canvassed([STRONG] * 10, [STRONG] * 8, slips=slips).contests
    (short,) = canvassed([STRONG] * 10, [STRONG] * 7, slips=slips).contests
    assert (enough.outcome, short.outcome) == (Outcome.RECOMMENDED, Outcome.NOT_MET)


def people(*members: Box, quota: int) -> list[tuple[int | None, Outcome]]:
    """Rank and outcome of persons judged alike by both classes; the branch itself is strong."""
    boxes: list[Box] = [[STRONG] * 20, [STRONG] * 10]
    for box in members:
        boxes += [list(box) * 20, list(box) * 10]
    branch, *rest = canvassed(*boxes, quota=quota).contests
    assert (branch.outcome, branch.rank) == (Outcome.RECOMMENDED, None)
    return [(contest.rank, contest.outcome) for contest in rest]


def test_persons_are_ranked_and_the_branch_takes_no_place() -> None:
    assert people([FAIR], [STRONG], quota=1) == [
        (2, Outcome.BELOW_QUOTA),
        (1, Outcome.RECOMMENDED),
    ]


def test_a_tie_at_the_quota_is_shown_as_a_tie() -> None:
    assert people([FAIR], [FAIR], [STRONG], quota=2) == [
        (2, Outcome.TIED),
        (2, Outcome.TIED),
        (1, Outcome.RECOMMENDED),
    ]


def test_who_misses_a_rule_takes_no_place() -> None:
    assert people([WEAK], [FAIR], quota=1) == [
        (None, Outcome.NOT_MET),
        (1, Outcome.RECOMMENDED),
    ]


def test_a_void_session_has_no_contests() -> None:
    manifest = make_world(subjects=1).manifest
    results = canvass(manifest, SLIPS, unopened())
    assert (results.status, results.contests) == (Status.VOID, ())
    assert decode_results(encode(results)) == results


BALLOT = st.tuples(*[st.integers(0, 5)] * 3)
BOXES = st.tuples(*[st.lists(BALLOT, max_size=12)] * 4)
POINTS = {1: 100, 2: 80, 3: 60, 4: 40}


@given(BOXES, st.sampled_from(EmptyClass), st.sampled_from(BelowFloor))
def test_against_a_recount_by_hand(
    boxes: tuple[Box, ...], empty: EmptyClass, below: BelowFloor
) -> None:
    """Scores again, ballot by ballot, from the words of §5 alone."""
    found = canvassed(*boxes, empty_class=empty, below_floor=below)
    for number, contest in enumerate(found.contests):
        pair = boxes[2 * number : 2 * number + 2]
        parts = [(60, pair[0]), (40, pair[1])]
        if below is BelowFloor.MERGE and min(map(len, pair)) < 5:
            parts = [(100, [*pair[0], *pair[1]])]
        parts = [(weight, box) for weight, box in parts if len(box) >= 5]
        scores, shares = [], []
        for q in range(3):
            known = [
                (weight, [b[q] for b in box if b[q] in POINTS])
                for weight, box in parts
                if any(b[q] in POINTS for b in box)
            ]
            whole = 100 if empty is EmptyClass.ZERO else sum(weight for weight, _ in known)
            if known:
                scores.append(
                    sum(w * Fraction(sum(POINTS[a] for a in aa), len(aa)) for w, aa in known)
                    / whole
                )
                shares.append(
                    sum(w * Fraction(sum(a <= 2 for a in aa), len(aa)) for w, aa in known) / whole
                )
        assert_equal(contest, scores, shares)
        turnout = Fraction(sum(map(len, pair)), 37)
        assert Fraction(contest.turnout.exact) == turnout
        if contest.outcome is not Outcome.WITHHELD:
            met = turnout >= Fraction(1, 2) and all(p >= Fraction(2, 3) for p in shares)
            assert (contest.outcome is Outcome.NOT_MET) != met


def assert_equal(contest: ContestResult, scores: list[Any], shares: list[Any]) -> None:
    assert [Fraction(q.score.exact) for q in contest.questions if q.score] == scores
    assert [Fraction(q.positive.exact) for q in contest.questions if q.positive] == shares
    if scores:
        assert contest.score is not None
        assert Fraction(contest.score.exact) == sum(scores) / len(scores)
    else:
        assert (contest.score, contest.outcome) == (None, Outcome.WITHHELD)


@given(BOXES)
def test_results_are_one_byte_sequence(boxes: tuple[Box, ...]) -> None:
    results = canvassed(*boxes)
    assert decode_results(encode(results)) == results
    assert encode(decode_results(encode(results))) == encode(results)


@given(BOXES)
def test_the_columns_of_every_question_add_up(boxes: tuple[Box, ...]) -> None:
    for contest in canvassed(*boxes).contests:
        for group in contest.groups:
            for question in group.questions:
                assert question.blank + sum(question.counts) == group.valid
                total = sum(Fraction(text) for text in question.percent)
                assert total == (100 if group.valid else 0)
