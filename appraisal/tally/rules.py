"""The rules that a subject must meet to be recommended: turnout and positive share (§5.4, 2–3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from appraisal.manifest import Rules
from appraisal.tally.results import Finding, Rule
from appraisal.tally.scoring import share


@dataclass(frozen=True)
class Held:
    """What the rules are held against: a contest's turnout, and P(q) by question where it is."""

    turnout: Fraction
    positive: Sequence[Fraction | None]


def findings(rules: Rules, held: Held) -> Iterator[Finding]:
    """Each rule that is not switched off, met or not; P for every question that has one."""
    turnout, positive = Fraction(*rules.turnout), Fraction(*rules.positive)
    if turnout:
        yield _finding(rules, Rule.TURNOUT, None, value=held.turnout, limit=turnout)
    if positive:
        for number, value in enumerate(held.positive):
            if value is not None:
                yield _finding(rules, Rule.POSITIVE, number, value=value, limit=positive)


def turnout_of(*, returned: int, issued: int) -> Fraction:
    """Returned ballots per issued slip; 0 where no slip was issued."""
    return Fraction(returned, issued) if issued else Fraction()


def _finding(
    rules: Rules, rule: Rule, question: int | None, *, value: Fraction, limit: Fraction
) -> Finding:
    return Finding(
        rule,
        question,
        share(value, rules.decimals),
        share(limit, rules.decimals),
        met=value >= limit,
    )
