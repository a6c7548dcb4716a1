"""Exact fractions as they are printed: scores, shares and percentages (protocol §5.2, §5.3).

Nothing is rounded before it is printed; a float never occurs.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from appraisal.ballot_form import WHOLE, Question, QuestionKind
from appraisal.counting_rules import Percentages, Rules
from appraisal.tally.results import Figure


def figure(value: Fraction, decimals: int) -> Figure:
    """A score as exact fraction and as printed, rounded half up."""
    return Figure(_exact(value), printed(value, decimals))


def share(value: Fraction, decimals: int) -> Figure:
    """A share of 1 as exact fraction, and printed in per cent (without the sign), half up."""
    return Figure(_exact(value), printed(value * WHOLE, decimals))


def printed(value: Fraction, decimals: int) -> str:
    """A number ≥ 0 with `decimals` places, rounded half up."""
    return _placed(_half_up(value * 10**decimals), decimals)


def of_valid(
    question: Question, columns: Sequence[int], *, valid: int, rules: Rules
) -> tuple[str, ...]:
    """The options of a question, and last blank, in per cent of the valid ballots (§5.2)."""
    if question.kind is QuestionKind.TICKS:
        # Items are ticked together: each is a share of the ballots for itself.
        shares = (Fraction(WHOLE * ballots, valid or 1) for ballots in columns)
        return tuple(printed(share, rules.decimals) for share in shares)
    return percentages(columns, rules.decimals, rules.percentages)


def percentages(counts: Sequence[int], decimals: int, rule: Percentages) -> tuple[str, ...]:
    """Each count in per cent of their sum, so that the printed numbers sum to 100 exactly.

    All zero where the sum is zero.
    """
    total = sum(counts)
    if not total:
        return tuple(_placed(0, decimals) for _ in counts)
    units = WHOLE * 10**decimals
    return tuple(_placed(number, decimals) for number in _RULES[rule](counts, units))


def _largest_remainder(counts: Sequence[int], units: int) -> list[int]:
    """Ties go to the earlier one."""
    total = sum(counts)
    floors = [count * units // total for count in counts]
    order = sorted(range(len(counts)), key=lambda i: (-(counts[i] * units % total), i))
    for i in order[: units - sum(floors)]:
        floors[i] += 1
    return floors


def _last_takes_rest(counts: Sequence[int], units: int) -> list[int]:
    """Where the last would fall below zero, it is zero and the one before takes the rest."""
    total = sum(counts)
    rounded = [_half_up(Fraction(count * units, total)) for count in counts]
    for i in reversed([i for i, count in enumerate(counts) if count]):
        rest = units - (sum(rounded) - rounded[i])
        rounded[i] = max(rest, 0)
        if rest >= 0:
            break
    return rounded


_RULES: Final = {
    Percentages.LARGEST_REMAINDER: _largest_remainder,
    Percentages.LAST_TAKES_REST: _last_takes_rest,
}


def _half_up(value: Fraction) -> int:
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def _exact(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"


def _placed(number: int, decimals: int) -> str:
    if not decimals:
        return str(number)
    digits = str(number).rjust(decimals + 1, "0")
    return f"{digits[:-decimals]}.{digits[-decimals:]}"
