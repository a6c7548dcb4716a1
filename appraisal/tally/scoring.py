"""Scores and shares as exact fractions, and how they are printed (protocol §5.2, §5.3).

Nothing is rounded before it is printed; a float never occurs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from appraisal.manifest import EmptyClass, Question
from appraisal.tally.results import Figure

WHOLE = 100
"""Per cent."""


@dataclass(frozen=True)
class Weighed:
    """The score and positive share of one group for one question, with the group's weight 0…100."""

    weight: int
    score: Fraction
    positive: Fraction


def score(question: Question, counts: Sequence[int]) -> Fraction | None:
    """s(g,q): the mean points of the answers on the scale; None without such answers."""
    answers = answers_of(question, counts)
    points = sum(
        grade.points * count
        for grade, count in zip(question.grades, counts, strict=True)
        if grade.points is not None
    )
    return Fraction(points, answers) if answers else None


def positive(question: Question, counts: Sequence[int]) -> Fraction | None:
    """p(g,q): the share of positive answers among those on the scale; None without such answers."""
    answers = answers_of(question, counts)
    good = sum(
        count for grade, count in zip(question.grades, counts, strict=True) if grade.positive
    )
    return Fraction(good, answers) if answers else None


def answers_of(question: Question, counts: Sequence[int]) -> int:
    """How many ballots answered on the scale; 不了解 and 弃权 do not."""
    return sum(
        count
        for grade, count in zip(question.grades, counts, strict=True)
        if grade.points is not None
    )


def combine(
    parts: Sequence[Weighed], rule: EmptyClass
) -> tuple[Fraction, Fraction] | tuple[None, None]:
    """S(q) and P(q) over the groups that have answers.

    None for both if there is no such group, or if under `renormalise` all of them weigh nothing.
    """
    whole = _whole(parts, rule)
    if not parts or not whole:
        return None, None
    return (
        sum((part.weight * part.score for part in parts), Fraction()) / whole,
        sum((part.weight * part.positive for part in parts), Fraction()) / whole,
    )


def _whole(parts: Sequence[Weighed], rule: EmptyClass) -> int:
    match rule:
        case EmptyClass.RENORMALISE:
            return sum(part.weight for part in parts)
        case EmptyClass.ZERO:
            return WHOLE


def mean(values: Iterable[Fraction | None]) -> Fraction | None:
    """The mean of the values there are; None if there are none."""
    known = [value for value in values if value is not None]
    return sum(known, Fraction()) / len(known) if known else None


def figure(value: Fraction, decimals: int) -> Figure:
    """A score as exact fraction and as printed, rounded half up."""
    return Figure(_exact(value), printed(value, decimals))


def share(value: Fraction, decimals: int) -> Figure:
    """A share of 1 as exact fraction, and printed in per cent (without the sign), half up."""
    return Figure(_exact(value), printed(value * WHOLE, decimals))


def printed(value: Fraction, decimals: int) -> str:
    """A number ≥ 0 with `decimals` places, rounded half up."""
    scaled = value * 10**decimals
    half_up = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return _placed(half_up, decimals)


def percentages(counts: Sequence[int], decimals: int) -> tuple[str, ...]:
    """Each count in per cent of their sum, so that the printed numbers sum to 100 exactly.

    By largest remainder, ties to the earlier one; all zero where the sum is zero.
    """
    total = sum(counts)
    if not total:
        return tuple(_placed(0, decimals) for _ in counts)
    units = WHOLE * 10**decimals
    floors = [count * units // total for count in counts]
    order = sorted(range(len(counts)), key=lambda i: (-(counts[i] * units % total), i))
    for i in order[: units - sum(floors)]:
        floors[i] += 1
    return tuple(_placed(number, decimals) for number in floors)


def _exact(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"


def _placed(number: int, decimals: int) -> str:
    if not decimals:
        return str(number)
    digits = str(number).rjust(decimals + 1, "0")
    return f"{digits[:-decimals]}.{digits[-decimals:]}"
