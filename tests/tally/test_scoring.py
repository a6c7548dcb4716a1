"""Scores, shares and percentages: exact until printed, and what is printed sums to 100."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.counting_rules import EmptyClass
from appraisal.tally.results import Figure
from appraisal.tally.scoring import (
    Weighed,
    answers_of,
    combine,
    figure,
    mean,
    percentages,
    positive,
    printed,
    score,
    share,
)
from tests.world import THREE_QUESTIONS

QUESTION = THREE_QUESTIONS.questions[0]  # 强 100, 较强 80, 一般 60, 不强 40, 不了解
HALF, WHOLE = Fraction(1, 2), Fraction(1)


def test_a_score_is_the_mean_of_points_over_answers_on_the_scale() -> None:
    counts = (10, 5, 3, 2, 4)
    assert answers_of(QUESTION, counts) == 20
    assert score(QUESTION, counts) == Fraction(10 * 100 + 5 * 80 + 3 * 60 + 2 * 40, 20)
    assert positive(QUESTION, counts) == Fraction(15, 20)


def test_who_does_not_know_changes_no_score() -> None:
    assert score(QUESTION, (1, 1, 0, 0, 0)) == score(QUESTION, (1, 1, 0, 0, 99)) == 90


@pytest.mark.parametrize("counts", [(0, 0, 0, 0, 0), (0, 0, 0, 0, 7)])
def test_without_an_answer_on_the_scale_there_is_no_score(counts: tuple[int, ...]) -> None:
    assert score(QUESTION, counts) is None
    assert positive(QUESTION, counts) is None


def test_classes_count_by_weight() -> None:
    parts = [Weighed(60, Fraction(90), WHOLE), Weighed(40, Fraction(70), HALF)]
    for rule in EmptyClass:
        assert combine(parts, rule) == (Fraction(82), Fraction(80, 100))


def test_the_weight_of_an_empty_class_is_spread_or_lost_as_the_manifest_says() -> None:
    parts = [Weighed(60, Fraction(90), WHOLE)]
    assert combine(parts, EmptyClass.RENORMALISE) == (Fraction(90), Fraction(1))
    assert combine(parts, EmptyClass.ZERO) == (Fraction(54), Fraction(3, 5))


def test_without_any_class_there_is_nothing_to_combine() -> None:
    for rule in EmptyClass:
        assert combine([], rule) == (None, None)


def test_classes_that_weigh_nothing_give_no_score() -> None:
    parts = [Weighed(0, Fraction(90), WHOLE)]
    assert combine(parts, EmptyClass.RENORMALISE) == (None, None)
    assert combine(parts, EmptyClass.ZERO) == (Fraction(), Fraction())


def test_the_mean_leaves_out_questions_without_a_score() -> None:
    assert mean([Fraction(90), None, Fraction(80)]) == 85
    assert mean([None, None]) is None
    assert mean([]) is None


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (Fraction(2, 3), 2, "0.67"),
        (Fraction(1, 200), 2, "0.01"),
        (Fraction(1, 201), 2, "0.00"),
        (Fraction(12345, 1000), 2, "12.35"),
        (Fraction(5, 2), 0, "3"),
        (Fraction(3, 2), 0, "2"),
        (Fraction(100), 2, "100.00"),
        (Fraction(0), 3, "0.000"),
        (Fraction(199_999, 200_000), 4, "1.0000"),
    ],
)
def test_printing_rounds_half_up(value: Fraction, decimals: int, text: str) -> None:
    assert printed(value, decimals) == text


@given(st.integers(0, 10**6), st.integers(1, 10**4), st.integers(0, 6))
def test_printing_agrees_with_decimal_arithmetic(top: int, bottom: int, decimals: int) -> None:
    step = Decimal(1).scaleb(-decimals)
    # Enough digits that the quotient's own rounding cannot reach the printed place.
    twice = Fraction(top, bottom) * 10**decimals * 2
    expected = (Decimal((twice.numerator + twice.denominator) // (2 * twice.denominator))) * step
    assert Decimal(printed(Fraction(top, bottom), decimals)) == expected
    near = (Decimal(top) / Decimal(bottom)).quantize(step, rounding=ROUND_HALF_UP)
    assert abs(near - expected) <= step


def test_a_share_prints_in_per_cent_and_a_score_in_points() -> None:
    assert share(Fraction(2, 3), 2) == Figure("2/3", "66.67")
    assert figure(Fraction(82), 2) == Figure("82/1", "82.00")


def test_the_table_of_2012_sums_to_a_hundred() -> None:
    """141 ballots: 134, 4 and 3. Half up gives 95.04, 2.84, 2.13, together 100.01; the published
    table took the last hundredth from the smallest, the largest remainder takes it from the first.
    """
    assert percentages((134, 4, 3), 2) == ("95.03", "2.84", "2.13")


@pytest.mark.parametrize(
    ("counts", "texts"),
    [
        ((1, 1, 1), ("33.34", "33.33", "33.33")),
        ((0, 1, 1, 1), ("0.00", "33.34", "33.33", "33.33")),
        ((2, 1), ("66.67", "33.33")),
        ((7,), ("100.00",)),
        ((0, 0), ("0.00", "0.00")),
    ],
)
def test_the_largest_remainders_get_the_missing_hundredths(
    counts: tuple[int, ...], texts: tuple[str, ...]
) -> None:
    assert percentages(counts, 2) == texts


COUNTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=20)


@given(COUNTS, st.integers(0, 6))
def test_percentages_sum_to_a_hundred_and_stay_within_a_step(
    counts: list[int], decimals: int
) -> None:
    texts = percentages(counts, decimals)
    step = Fraction(1, 10**decimals)
    assert sum(map(Decimal, texts)) == (100 if sum(counts) else 0)
    for text, count in zip(texts, counts, strict=True):
        if sum(counts):
            assert abs(Fraction(text) - Fraction(100 * count, sum(counts))) < step


@given(COUNTS, st.integers(0, 6))
def test_percentages_keep_the_order_of_the_counts(counts: list[int], decimals: int) -> None:
    values = [Decimal(text) for text in percentages(counts, decimals)]
    for i, a in enumerate(counts):
        for j, b in enumerate(counts):
            if a > b or (a == b and i < j):
                assert values[i] >= values[j]
