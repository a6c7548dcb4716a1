"""Ranking: equal scores share a rank, and a tie at the quota is shown as a tie."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.tally.nominations import Place, nominate
from appraisal.tally.results import Outcome

R, T, B = Outcome.RECOMMENDED, Outcome.TIED, Outcome.BELOW_QUOTA


@pytest.mark.parametrize(
    ("scores", "quota", "places"),
    [
        # 1-2-2-4
        ([95, 90, 90, 80], 4, [(1, R), (2, R), (2, R), (4, R)]),
        ([95, 90, 90, 80], 3, [(1, R), (2, R), (2, R), (4, B)]),
        # Two persons of equal score stand on both sides of the quota: neither is recommended.
        ([95, 90, 90, 80], 2, [(1, R), (2, T), (2, T), (4, B)]),
        ([95, 90, 90, 80], 1, [(1, R), (2, B), (2, B), (4, B)]),
        ([90, 90, 90], 1, [(1, T), (1, T), (1, T)]),
        ([90, 90, 90], 3, [(1, R), (1, R), (1, R)]),
        # A quota of nobody has nobody on its inner side.
        ([90, 90], 0, [(1, B), (1, B)]),
        # More places than persons.
        ([60], 9, [(1, R)]),
        ([], 3, []),
    ],
)
def test_places(scores: list[int], quota: int, places: list[tuple[int, Outcome]]) -> None:
    found = nominate({i: Fraction(score) for i, score in enumerate(scores)}, quota=quota)
    assert found == {i: Place(*place) for i, place in enumerate(places)}


def test_scores_that_only_print_alike_are_not_equal() -> None:
    found = nominate({0: Fraction(9000001, 100000), 1: Fraction(90)}, quota=1)
    assert found == {0: Place(1, R), 1: Place(2, B)}


SCORES = st.dictionaries(st.integers(0, 50), st.fractions(0, 100, max_denominator=4), max_size=30)


@given(SCORES, st.integers(0, 12))
def test_against_a_naive_ranking(scores: dict[int, Fraction], quota: int) -> None:
    for contest, place in nominate(scores, quota=quota).items():
        better = sum(other > scores[contest] for other in scores.values())
        as_good = sum(other >= scores[contest] for other in scores.values())
        assert place.rank == better + 1
        # One of `as_good` places at worst, of `better + 1` at best.
        if as_good <= quota:
            assert place.outcome is R
        elif better >= quota:
            assert place.outcome is B
        else:
            assert place.outcome is T


@given(SCORES, st.integers(0, 12))
def test_no_more_than_the_quota_are_recommended_and_ties_would_exceed_it(
    scores: dict[int, Fraction], quota: int
) -> None:
    found = nominate(scores, quota=quota)
    assert set(found) == set(scores)
    recommended = sum(place.outcome is R for place in found.values())
    tied = sum(place.outcome is T for place in found.values())
    assert recommended <= quota
    assert not tied or recommended + tied > quota


@given(SCORES, st.integers(0, 12), st.randoms(use_true_random=False))
def test_the_order_of_subjects_decides_nothing(
    scores: dict[int, Fraction], quota: int, chance: Random
) -> None:
    items = list(scores.items())
    chance.shuffle(items)
    assert nominate(dict(items), quota=quota) == nominate(scores, quota=quota)
