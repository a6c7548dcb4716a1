"""Draws that Hypothesis makes and shrinks, from few strategies: one made for each draw is slow."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


@cache
def _number(most: int) -> st.SearchStrategy[int]:
    return st.integers(0, most)


def whole(draw: st.DrawFn, low: int, high: int) -> int:
    """A whole number from `low` to `high`."""
    return low + draw(_number(high - low))


def pick(draw: st.DrawFn, of: Sequence[T]) -> T:
    """One of these."""
    return of[draw(_number(len(of) - 1))]


def shuffled(draw: st.DrawFn, of: Sequence[T]) -> list[T]:
    """These in any order."""
    left = list(of)
    return [left.pop(whole(draw, 0, len(left) - 1)) for _ in of]


def flip(draw: st.DrawFn) -> bool:
    return draw(_number(1)) == 1


def rarely(draw: st.DrawFn, once_in: int) -> bool:
    return whole(draw, 0, once_in - 1) == once_in - 1
