"""The canvass of contests: worked examples of protocol §5.1 to §5.3.

What subjects come to is tested in `test_standing.py`; a recount that shares no code with the
canvass is `tests/reference/`.
"""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.codec import encode
from appraisal.counting_rules import BelowFloor, Denominator, EmptyClass, Percentages
from appraisal.tally.canvass import canvass
from appraisal.tally.opening import unopened
from appraisal.tally.record import decode_results
from appraisal.tally.results import (
    ContestResult,
    ContestSubject,
    Figure,
    GroupResult,
    GroupStatus,
    Outcome,
    QuestionCount,
    Results,
    Rule,
    Status,
    SubjectResult,
)
from tests.tally.canvassing import BLANK, FAIR, SLIPS, STRONG, UNKNOWN, WEAK, Box, canvassed
from tests.world import make_world


def only(results: Results) -> tuple[ContestResult, ContestSubject, SubjectResult]:
    """The one contest, its one subject there, and what that subject comes to."""
    ((contest,), (result,)) = results.contests, results.subjects
    (subject,) = contest.subjects
    return contest, subject, result


def questions(group: GroupResult) -> tuple[QuestionCount, ...]:
    """The questions of a group about its one subject."""
    (own,) = group.subjects
    return own


def test_a_worked_example() -> None:
    """20 of 22 members and 10 of 15 of the public; points 100, 80, 60, 40; weights 60 and 40."""
    members = [STRONG] * 12 + [FAIR] * 4 + [WEAK] * 2 + [UNKNOWN, BLANK]
    public = [STRONG] * 5 + [(2, 3, 1)] * 3 + [(0, 5, 5)] * 2
    contest, subject, result = only(canvassed(members, public))
    party, people = contest.groups

    assert (party.issued, party.returned, party.valid, party.spoilt) == (22, 20, 20, 0)
    first = questions(party)[0]
    assert (first.counts, first.blank, first.answers) == ((12, 4, 0, 2, 1), 1, 18)
    assert first.percent == ("60.00", "20.00", "0.00", "10.00", "5.00", "5.00")
    # (12 · 100 + 4 · 80 + 2 · 40) ÷ 18
    assert first.score == Figure("800/9", "88.89")
    assert first.positive == Figure("8/9", "88.89")
    assert first.negative == Figure("1/9", "11.11")

    assert (people.issued, people.returned) == (15, 10)
    second = questions(people)[1]
    assert (second.counts, second.blank, second.answers) == ((5, 0, 3, 0, 2), 0, 8)
    assert second.score == Figure("85/1", "85.00")
    assert second.positive == Figure("5/8", "62.50")
    assert second.negative == Figure("0/1", "0.00")

    # 0.6 · 800/9 + 0.4 · 740/8, · 85 and · 100
    assert [q.score for q in subject.questions] == [
        Figure("271/3", "90.33"),
        Figure("262/3", "87.33"),
        Figure("280/3", "93.33"),
    ]
    # 0.6 · 1/9
    assert [q.negative for q in subject.questions] == [Figure("1/15", "6.67")] * 3
    assert subject.score == result.score == Figure("271/3", "90.33")
    assert result.turnout == Figure("30/37", "81.08")
    assert [(f.rule, f.contest, f.question, f.met) for f in result.findings] == [
        (Rule.TURNOUT, None, None, True),
        (Rule.POSITIVE, 0, 0, True),
        (Rule.POSITIVE, 0, 1, True),
        (Rule.POSITIVE, 0, 2, True),
    ]
    assert (result.outcome, result.rank) == (Outcome.RECOMMENDED, None)


@pytest.mark.parametrize(
    ("denominator", "score", "positive"),
    [
        # 1,600 points of 18 answers, 20 valid, 22 returned, 22 issued and 24 entitled.
        (Denominator.ANSWERS, "800/9", "8/9"),
        (Denominator.VALID, "80/1", "4/5"),
        (Denominator.RETURNED, "800/11", "8/11"),
        (Denominator.PRESENT, "800/11", "8/11"),
        (Denominator.ENTITLED, "200/3", "2/3"),
    ],
)
def test_the_worked_example_by_every_denominator(
    denominator: Denominator, score: str, positive: str
) -> None:
    members = [STRONG] * 12 + [FAIR] * 4 + [WEAK] * 2 + [UNKNOWN, BLANK]
    contest, *_ = only(canvassed(members, [STRONG] * 5, spoilt=2, denominator=denominator))
    first = questions(contest.groups[0])[0]
    assert first.score is not None
    assert first.positive is not None
    assert (first.score.exact, first.positive.exact) == (score, positive)
    # Percentages are of the valid ballots, whatever the shares are of.
    assert first.percent == ("60.00", "20.00", "0.00", "10.00", "5.00", "5.00")


def test_the_printed_table_of_2012() -> None:
    """134 满意, 4 比较满意 and 3 基本满意 of 141: 95.04, 2.84 and 2.12, as it was published."""
    box = [STRONG] * 134 + [FAIR] * 4 + [(3, 3, 3)] * 3
    contest, *_ = only(canvassed(box, [], percentages=Percentages.LAST_TAKES_REST))
    assert questions(contest.groups[0])[0].percent == (
        *("95.04", "2.84", "2.12", "0.00"),
        *("0.00", "0.00"),
    )


def test_extremes_are_left_out_of_the_score_alone() -> None:
    """Of six answers one 强 and the 不强: (100 + 80 + 80 + 60) ÷ 4."""
    box = [STRONG, STRONG, FAIR, FAIR, (3, 3, 3), WEAK]
    contest, *_ = only(canvassed(box, [], trim=1))
    first = questions(contest.groups[0])[0]
    assert first.score == Figure("80/1", "80.00")
    assert (first.counts, first.answers) == ((2, 2, 1, 1, 0), 6)
    assert first.positive == Figure("2/3", "66.67")
    assert first.negative == Figure("1/6", "16.67")


def test_spoilt_ballots_are_returned_and_not_valid() -> None:
    contest, _, result = only(canvassed([STRONG] * 5, [STRONG] * 5, spoilt=2))
    group = contest.groups[0]
    assert (group.returned, group.valid, group.spoilt) == (7, 5, 2)
    assert questions(group)[0].percent[0] == "100.00"
    assert result.turnout.exact == "12/37"


@pytest.mark.parametrize("valid", [0, 1, 4])
def test_a_box_with_too_few_valid_ballots_has_no_counts(valid: int) -> None:
    """Neither how many were valid nor any figure; the ballots still count for the turnout."""
    contest, _, result = only(canvassed([WEAK] * valid, [STRONG] * 5, spoilt=5))
    group = contest.groups[0]
    assert (group.status, group.returned) == (GroupStatus.WITHHELD, 5 + valid)
    assert (group.valid, group.spoilt, group.subjects) == (None, None, ())
    assert result.score == Figure("100/1", "100.00")
    assert result.turnout.exact == str(Fraction(10 + valid, 37))
    assert b'"status":"withheld","subjects":[]}' in encode(group)
    assert not {b"counts", b"percent", b"valid", b"spoilt"} & set(encode(group).split(b'"'))


@pytest.mark.parametrize("ballot", [BLANK, UNKNOWN])
def test_a_subject_nobody_judged_is_withheld(ballot: tuple[int, ...]) -> None:
    contest, subject, result = only(canvassed([ballot] * 20, [ballot] * 10))
    assert result.outcome is Outcome.WITHHELD
    assert (subject.score, result.score, result.findings) == (None, None, ())
    assert all((q.score, q.positive, q.negative) == (None, None, None) for q in subject.questions)
    assert questions(contest.groups[0])[0].answers == 0


def test_a_question_nobody_answered_is_left_out_of_score_and_rule() -> None:
    _, subject, result = only(canvassed([(1, 2, 5)] * 20, [(1, 2, 0)] * 10))
    assert [q.score and q.score.exact for q in subject.questions] == ["100/1", "80/1", None]
    assert result.score == Figure("90/1", "90.00")
    assert [f.question for f in result.findings] == [None, 0, 1]
    assert result.outcome is Outcome.RECOMMENDED


def test_the_weight_of_a_withheld_class_follows_the_manifest() -> None:
    boxes = ([STRONG] * 20, [WEAK] * 4)
    contest, spread, _ = only(canvassed(*boxes, empty_class=EmptyClass.RENORMALISE))
    _, lost, _ = only(canvassed(*boxes, empty_class=EmptyClass.ZERO))
    assert spread.score == Figure("100/1", "100.00")
    assert lost.score == Figure("60/1", "60.00")
    assert lost.questions[0].positive == Figure("3/5", "60.00")
    assert contest.groups[1].status is GroupStatus.WITHHELD


def test_a_class_that_knows_nobody_counts_as_empty() -> None:
    _, subject, _ = only(canvassed([STRONG] * 20, [UNKNOWN] * 10))
    assert subject.score == Figure("100/1", "100.00")


def test_merged_classes_are_counted_together_with_their_weights_together() -> None:
    contest, subject, _ = only(canvassed([STRONG] * 12, [WEAK] * 4, below_floor=BelowFloor.MERGE))
    (group,) = contest.groups
    assert (group.classes, group.issued, group.returned) == ((0, 1), 37, 16)
    # Each ballot counts alike: (12 · 100 + 4 · 40) ÷ 16, not 60 : 40.
    assert subject.score == Figure("85/1", "85.00")


def test_merged_classes_are_divided_by_all_who_are_entitled_in_them() -> None:
    """1,360 points of 24 and 16 entitled."""
    _, subject, _ = only(
        canvassed(
            *([STRONG] * 12, [WEAK] * 4),
            below_floor=BelowFloor.MERGE,
            denominator=Denominator.ENTITLED,
        )
    )
    assert subject.score == Figure("34/1", "34.00")


def test_an_empty_session_withholds_everything() -> None:
    *_, result = only(canvassed([], []))
    assert result.outcome is Outcome.WITHHELD
    assert result.turnout == Figure("0/1", "0.00")


def test_a_void_session_has_no_contests() -> None:
    manifest = make_world(subjects=1).manifest
    results = canvass(manifest, SLIPS, unopened())
    assert (results.status, results.contests, results.subjects) == (Status.VOID, (), ())
    assert decode_results(encode(results)) == results


BALLOT = st.tuples(*[st.integers(0, 5)] * 3)
BOXES = st.tuples(*[st.lists(BALLOT, max_size=12)] * 4)


@given(BOXES)
def test_results_are_one_byte_sequence(boxes: tuple[Box, ...]) -> None:
    results = canvassed(*boxes)
    assert decode_results(encode(results)) == results
    assert encode(decode_results(encode(results))) == encode(results)


@given(BOXES, st.sampled_from(Percentages))
def test_the_columns_of_every_question_add_up(
    boxes: tuple[Box, ...], percentages: Percentages
) -> None:
    for contest in canvassed(*boxes, percentages=percentages).contests:
        for group in contest.groups:
            for of_subject in group.subjects:
                for question in of_subject:
                    assert question.blank + sum(question.counts) == group.valid
                    total = sum(Fraction(text) for text in question.percent)
                    assert total == (100 if group.valid else 0)
