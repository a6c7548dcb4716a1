"""Figures: exact until printed, rounded half up, and percentages that sum to 100."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.counting_rules import Percentages
from appraisal.tally.figures import figure, percentages, printed, share
from appraisal.tally.results import Figure

LARGEST, REST = Percentages.LARGEST_REMAINDER, Percentages.LAST_TAKES_REST


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


@pytest.mark.parametrize(
    ("rule", "texts"),
    [(LARGEST, ("95.03", "2.84", "2.13")), (REST, ("95.04", "2.84", "2.12"))],
)
def test_the_table_of_2012_sums_to_a_hundred(rule: Percentages, texts: tuple[str, ...]) -> None:
    """141 ballots: 134, 4 and 3. Half up gives 95.04, 2.84, 2.13, together 100.01; the published
    table took the last hundredth from the last, the largest remainder takes it from the first.
    """
    assert percentages((134, 4, 3), 2, rule) == texts
    # As our sheets have it, with 弃权 after the grades: nobody gave it, so it takes no rest.
    assert percentages((134, 4, 3, 0, 0), 2, rule) == (*texts, "0.00", "0.00")


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
    assert percentages(counts, 2, LARGEST) == texts


@pytest.mark.parametrize(
    ("counts", "decimals", "texts"),
    [
        ((1, 1, 1), 2, ("33.33", "33.33", "33.34")),
        ((1, 1, 1, 0), 2, ("33.33", "33.33", "33.34", "0.00")),
        ((0, 0, 5, 0), 2, ("0.00", "0.00", "100.00", "0.00")),
        # 14.28… is 14 six times, which leaves 16.
        ((1,) * 7, 0, ("14",) * 6 + ("16",)),
        # 99.95 rounds up to 100.0, so that nothing is left for the one ballot that differs.
        ((1999, 1), 1, ("100.0", "0.0")),
        # 97.5 and five times 0.5, each rounded up: the last would fall to −2, the next to −1.
        ((195, 1, 1, 1, 1, 1), 0, ("98", "1", "1", "0", "0", "0")),
        ((0, 0), 2, ("0.00", "0.00")),
    ],
)
def test_the_last_that_anybody_gave_takes_the_rest(
    counts: tuple[int, ...], decimals: int, texts: tuple[str, ...]
) -> None:
    assert percentages(counts, decimals, REST) == texts


COUNTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=20)
SMALL_COUNTS = st.lists(st.integers(0, 9), min_size=1, max_size=251)
RULES = st.sampled_from(Percentages)


@given(st.one_of(COUNTS, SMALL_COUNTS), st.integers(0, 6), RULES)
def test_percentages_sum_to_a_hundred_and_none_is_negative(
    counts: list[int], decimals: int, rule: Percentages
) -> None:
    values = [Decimal(text) for text in percentages(counts, decimals, rule)]
    assert sum(values) == (100 if sum(counts) else 0)
    assert all(value >= 0 for value in values)
    assert all(not value for value, count in zip(values, counts, strict=True) if not count)


@given(COUNTS, st.integers(0, 6))
def test_largest_remainders_stay_within_a_step(counts: list[int], decimals: int) -> None:
    step = Fraction(1, 10**decimals)
    for text, count in zip(percentages(counts, decimals, LARGEST), counts, strict=True):
        if sum(counts):
            assert abs(Fraction(text) - Fraction(100 * count, sum(counts))) < step


@given(COUNTS, st.integers(0, 6))
def test_largest_remainders_keep_the_order_of_the_counts(counts: list[int], decimals: int) -> None:
    values = [Decimal(text) for text in percentages(counts, decimals, LARGEST)]
    for i, a in enumerate(counts):
        for j, b in enumerate(counts):
            if a > b or (a == b and i < j):
                assert values[i] >= values[j]


@given(st.one_of(COUNTS, SMALL_COUNTS), st.integers(0, 6))
def test_all_but_the_last_are_rounded_half_up_where_the_last_takes_the_rest(
    counts: list[int], decimals: int
) -> None:
    """Unless nothing is left for it: then it is zero, and the one before takes the rest."""
    total = sum(counts)
    if not total:
        return
    texts = percentages(counts, decimals, REST)
    plain = [printed(Fraction(100 * count, total), decimals) for count in counts]
    given_at = [i for i, count in enumerate(counts) if count]
    left = Decimal(100)
    for taker in given_at[::-1]:
        left = 100 - sum((Decimal(plain[i]) for i in given_at if i < taker), Decimal())
        if left >= 0:
            break
    for i in given_at:
        if i < taker:
            assert texts[i] == plain[i]
        elif i > taker:
            assert Decimal(texts[i]) == 0
    assert Decimal(texts[taker]) == left
