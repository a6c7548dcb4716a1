"""Scores and shares: by each denominator, without extremes where they are left out, by weight."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import chain, repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.counting_rules import Denominator, EmptyClass
from appraisal.tally.counting import Counts
from appraisal.tally.scoring import Marks, Turned, Weighed, combine, marks, mean, trimmed
from tests.tally.record_forms import CHOICE, SCORE, TICKS
from tests.world import THREE_QUESTIONS, make_world

QUESTION = THREE_QUESTIONS.questions[0]  # 强 100, 较强 80, 一般 60, 不强 40, 不了解
RULES = make_world(subjects=1).manifest.rules
TURNED = Turned(valid=25, returned=30, issued=40, entitled=50)


def graded(*options: int, blank: int = 0) -> Counts:
    """So many ballots with each grade, of the points of `QUESTION`."""
    points = (100, 80, 60, 40)
    scale = tuple((p, n) for p, n in zip(points, options[:4], strict=True) if n)
    return Counts(options, blank, scale)


def scored(*points: int) -> Counts:
    """Scores of `SCORE`, whose bands are from 9, 6 and 0."""
    bands = (
        sum(p >= 9 for p in points),
        sum(6 <= p < 9 for p in points),
        sum(p < 6 for p in points),
    )
    times = sorted({(p, points.count(p)) for p in points}, reverse=True)
    return Counts(bands, 0, tuple(times))


# --- one group ------------------------------------------------------------------------------------


def test_a_score_is_the_mean_of_points_over_answers_on_the_scale() -> None:
    found = marks(QUESTION, graded(10, 5, 3, 2, 4, blank=1), TURNED, RULES)
    points = 10 * 100 + 5 * 80 + 3 * 60 + 2 * 40
    assert found == Marks(Fraction(points, 20), Fraction(15, 20), Fraction(2, 20))


def test_who_does_not_know_changes_no_score() -> None:
    few, many = (marks(QUESTION, graded(1, 1, 0, 0, n), TURNED, RULES) for n in (0, 20))
    assert few == many
    assert few is not None
    assert few.score == 90


@pytest.mark.parametrize(
    ("denominator", "whole"),
    [("answers", 20), ("valid", 25), ("returned", 30), ("present", 40), ("entitled", 50)],
)
def test_points_and_shares_are_divided_by_the_denominator(denominator: str, whole: int) -> None:
    rules = replace(RULES, denominator=Denominator(denominator))
    found = marks(QUESTION, graded(10, 5, 3, 2, 4, blank=1), TURNED, rules)
    assert found == Marks(Fraction(1660, whole), Fraction(15, whole), Fraction(2, whole))


@pytest.mark.parametrize("denominator", [Denominator.PRESENT, Denominator.ENTITLED])
def test_no_share_exceeds_the_whole_where_more_voted_than_paper_says(
    denominator: Denominator,
) -> None:
    """Entitled 20, issued 22, valid 25: the valid ballots are the denominator then."""
    rules = replace(RULES, denominator=denominator)
    turned = Turned(valid=25, returned=25, issued=22, entitled=20)
    found = marks(QUESTION, graded(25, 0, 0, 0, 0), turned, rules)
    assert found == Marks(Fraction(100), Fraction(1), Fraction(0))


@pytest.mark.parametrize("denominator", Denominator)
@pytest.mark.parametrize("counts", [graded(0, 0, 0, 0, 0, blank=7), graded(0, 0, 0, 0, 7)])
def test_without_an_answer_on_the_scale_there_are_no_marks(
    counts: Counts, denominator: Denominator
) -> None:
    rules = replace(RULES, denominator=denominator)
    assert marks(QUESTION, counts, TURNED, rules) is None


@pytest.mark.parametrize("denominator", Denominator)
def test_a_list_to_tick_has_no_marks(denominator: Denominator) -> None:
    rules = replace(RULES, denominator=denominator)
    assert marks(TICKS, Counts((5, 3, 1), 2, ()), TURNED, rules) is None


def test_a_score_of_points_has_shares_by_its_bands() -> None:
    """10, 9 and 6 are in positive bands, 5 and 0 in the negative one."""
    turned = replace(TURNED, valid=5)
    found = marks(SCORE, scored(10, 9, 6, 5, 0), turned, RULES)
    assert found == Marks(Fraction(30, 5), Fraction(3, 5), Fraction(2, 5))


def test_a_choice_is_of_the_valid_ballots_though_answers_are_the_denominator() -> None:
    """Not to choose somebody is an answer about that person too."""
    found = marks(CHOICE, Counts((10,), 15, ((100, 10),)), TURNED, RULES)
    assert found == Marks(Fraction(1000, 25), Fraction(10, 25), Fraction(0))


def test_whom_nobody_chose_has_a_share_of_nothing() -> None:
    assert marks(CHOICE, Counts((0,), 25, ()), TURNED, RULES) == Marks(*[Fraction(0)] * 3)


def test_a_choice_without_a_valid_ballot_has_no_marks() -> None:
    turned = replace(TURNED, valid=0)
    assert marks(CHOICE, Counts((0,), 0, ()), turned, RULES) is None


# --- extremes -------------------------------------------------------------------------------------


def test_the_highest_and_the_lowest_are_left_out_of_the_score_alone() -> None:
    rules = replace(RULES, trim=1)
    found = marks(QUESTION, graded(2, 2, 1, 1, 0), TURNED, rules)
    # Without one 强 and the 不强: 100, 80, 80, 60.
    assert found == Marks(Fraction(320, 4), Fraction(4, 6), Fraction(1, 6))


@pytest.mark.parametrize(
    ("answers", "trim", "kept"),
    [
        # With five answers nothing is left out, with six one at either end.
        ((10, 9, 8, 7, 6), 1, (10, 9, 8, 7, 6)),
        ((10, 9, 8, 7, 6, 0), 1, (9, 8, 7, 6)),
        # More must have answered than are left out: four of eight at either end would be all.
        ((10, 9, 8, 7, 6, 5, 4, 3), 4, (10, 9, 8, 7, 6, 5, 4, 3)),
        ((10, 9, 8, 7, 6, 5, 4, 3, 2), 4, (6,)),
        # Equal answers are left out one by one.
        ((10, 10, 10, 10, 0, 0), 1, (10, 10, 10, 0)),
        ((7,) * 6, 2, (7, 7)),
        ((10,) * 6, 0, (10,) * 6),
    ],
)
def test_how_many_are_left_out(answers: tuple[int, ...], trim: int, kept: tuple[int, ...]) -> None:
    scale = scored(*answers).scale
    assert list(chain(*(repeat(p, n) for p, n in trimmed(scale, trim)))) == list(kept)


@given(st.lists(st.integers(0, 10), max_size=40), st.integers(0, 10))
def test_trimming_against_a_sorted_list(answers: list[int], trim: int) -> None:
    ordered = sorted(answers, reverse=True)
    enough = len(ordered) > 5 and len(ordered) > 2 * trim
    kept = ordered[trim : len(ordered) - trim] if trim and enough else ordered
    found = trimmed(scored(*answers).scale if answers else (), trim)
    assert list(chain(*(repeat(p, n) for p, n in found))) == kept
    assert all(times > 0 for _, times in found)


@given(st.lists(st.integers(0, 10), min_size=1, max_size=40), st.integers(0, 10))
def test_a_trimmed_score_lies_between_the_answers(answers: list[int], trim: int) -> None:
    found = marks(SCORE, scored(*answers), TURNED, replace(RULES, trim=trim))
    assert found is not None
    assert min(answers) <= found.score <= max(answers)


def test_nobody_who_chose_is_left_out() -> None:
    counts = Counts((10,), 15, ((100, 10),))
    assert marks(CHOICE, counts, TURNED, replace(RULES, trim=3)) == marks(
        CHOICE, counts, TURNED, RULES
    )


# --- over all groups ------------------------------------------------------------------------------


def weighed(weight: int, score: int, positive: str = "1", negative: str = "0") -> Weighed:
    return Weighed(weight, Marks(Fraction(score), Fraction(positive), Fraction(negative)))


def test_classes_count_by_weight() -> None:
    parts = [weighed(60, 90, "1", "0"), weighed(40, 70, "1/2", "1/4")]
    for rule in EmptyClass:
        assert combine(parts, rule) == Marks(Fraction(82), Fraction(4, 5), Fraction(1, 10))


def test_the_weight_of_an_empty_class_is_spread_or_lost_as_the_manifest_says() -> None:
    parts = [weighed(60, 90, "1", "1/2")]
    assert combine(parts, EmptyClass.RENORMALISE) == parts[0].marks
    assert combine(parts, EmptyClass.ZERO) == Marks(Fraction(54), Fraction(3, 5), Fraction(3, 10))


def test_without_any_class_there_is_nothing_to_combine() -> None:
    for rule in EmptyClass:
        assert combine([], rule) is None


def test_classes_that_weigh_nothing_give_no_score() -> None:
    parts = [weighed(0, 90)]
    assert combine(parts, EmptyClass.RENORMALISE) is None
    assert combine(parts, EmptyClass.ZERO) == Marks(*[Fraction(0)] * 3)


def test_the_mean_leaves_out_questions_without_a_score() -> None:
    assert mean([Fraction(90), None, Fraction(80)]) == 85
    assert mean([None, None]) is None
    assert mean([]) is None
