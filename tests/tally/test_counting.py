"""Counting: each ballot once, each answer in its column, against a recount by hand."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from appraisal.tally.counting import GradeCounts, count
from tests.tally.held import opened_ballots
from tests.world import THREE_QUESTIONS

ANSWERS = st.lists(st.tuples(*[st.integers(0, 5)] * 3), max_size=60)


def test_a_worked_example() -> None:
    ballots = opened_ballots([(1, 2, 0), (1, 5, 0), (4, 2, 0)])
    assert count(THREE_QUESTIONS, ballots) == (
        GradeCounts((2, 0, 0, 1, 0), blank=0),
        GradeCounts((0, 2, 0, 0, 1), blank=0),
        GradeCounts((0, 0, 0, 0, 0), blank=3),
    )


def test_no_ballots_are_counted_as_none() -> None:
    assert count(THREE_QUESTIONS, ()) == (GradeCounts((0, 0, 0, 0, 0), 0),) * 3


@given(ANSWERS)
def test_against_a_naive_recount(answers: list[tuple[int, ...]]) -> None:
    found = count(THREE_QUESTIONS, opened_ballots(answers))
    for number, counts in enumerate(found):
        column = [choice[number] for choice in answers]
        assert counts.blank == column.count(0)
        assert list(counts.grades) == [column.count(grade) for grade in range(1, 6)]
        assert counts.blank + sum(counts.grades) == len(answers)


@given(ANSWERS, st.randoms(use_true_random=False))
def test_the_order_of_ballots_decides_nothing(
    answers: list[tuple[int, ...]], chance: Random
) -> None:
    shuffled = list(answers)
    chance.shuffle(shuffled)
    assert count(THREE_QUESTIONS, opened_ballots(shuffled)) == count(
        THREE_QUESTIONS, opened_ballots(answers)
    )
