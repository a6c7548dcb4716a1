"""Ranking: equal scores share a rank; a tie at the quota is shown, or decided for all or none."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.counting_rules import Ties
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
    given = {i: Fraction(score) for i, score in enumerate(scores)}
    found = nominate(given, quota=quota, ties=Ties.OPEN)
    assert found == {i: Place(*place) for i, place in enumerate(places)}


@pytest.mark.parametrize(
    ("ties", "outcome"), [(Ties.OPEN, T), (Ties.ALL, R), (Ties.NONE, B)], ids=lambda x: x.value
)
def test_who_is_recommended_of_those_level_at_the_quota(ties: Ties, outcome: Outcome) -> None:
    scores = {i: Fraction(score) for i, score in enumerate([95, 90, 90, 80])}
    found = nominate(scores, quota=2, ties=ties)
    assert found == {0: Place(1, R), 1: Place(2, outcome), 2: Place(2, outcome), 3: Place(4, B)}


@pytest.mark.parametrize("ties", Ties)
def test_equal_scores_within_the_quota_are_no_tie(ties: Ties) -> None:
    scores = dict.fromkeys(range(3), Fraction(90)) | {3: Fraction(80)}
    found = nominate(scores, quota=3, ties=ties)
    assert found == dict.fromkeys(range(3), Place(1, R)) | {3: Place(4, B)}


def test_scores_that_only_print_alike_are_not_equal() -> None:
    found = nominate({0: Fraction(9000001, 100000), 1: Fraction(90)}, quota=1, ties=Ties.OPEN)
    assert found == {0: Place(1, R), 1: Place(2, B)}


SCORES = st.dictionaries(st.integers(0, 50), st.fractions(0, 100, max_denominator=4), max_size=30)


@given(SCORES, st.integers(0, 12))
def test_against_a_naive_ranking(scores: dict[int, Fraction], quota: int) -> None:
    for contest, place in nominate(scores, quota=quota, ties=Ties.OPEN).items():
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
    found = nominate(scores, quota=quota, ties=Ties.OPEN)
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
    assert nominate(dict(items), quota=quota, ties=Ties.OPEN) == nominate(
        scores, quota=quota, ties=Ties.OPEN
    )
