"""The rules held against a subject: attendance, turnout, positive and negative shares (§5.4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from appraisal.counting_rules import Rules, Threshold
from appraisal.tally.figures import share
from appraisal.tally.results import Finding, Rule
from appraisal.tally.scoring import Marks


@dataclass(frozen=True)
class Held:
    """What the rules are held against.

    `attendance` is slips issued ÷ those entitled; `marks` have, for each contest of the subject,
    its number and the marks of its questions over all classes.
    """

    attendance: Fraction
    turnout: Fraction
    marks: Sequence[tuple[int, Sequence[Marks | None]]]


def findings(rules: Rules, held: Held) -> Iterator[Finding]:
    """Each rule that applies, met or not; shares for every question that has them.

    A negative share is met as long as its threshold is not reached.
    """
    if rules.attendance:
        yield _finding(rules, Rule.ATTENDANCE, rules.attendance, held.attendance)
    if rules.turnout:
        yield _finding(rules, Rule.TURNOUT, rules.turnout, held.turnout)
    for contest, of_contest in held.marks:
        for question, marks in enumerate(of_contest):
            if marks is None:
                continue
            at = contest, question
            if rules.positive:
                yield _finding(rules, Rule.POSITIVE, rules.positive, marks.positive, at)
            if rules.negative:
                yield _finding(rules, Rule.NEGATIVE, rules.negative, marks.negative, at)


def ratio(part: int, whole: int) -> Fraction:
    """A share of a number; 0 where there is none of it."""
    return Fraction(part, whole) if whole else Fraction()


def _finding(
    rules: Rules,
    rule: Rule,
    threshold: Threshold,
    value: Fraction,
    at: tuple[int | None, int | None] = (None, None),
) -> Finding:
    reached = threshold.reached(value)
    return Finding(
        rule,
        *at,
        share(value, rules.decimals),
        share(threshold.limit, rules.decimals),
        over=threshold.over,
        met=not reached if rule is Rule.NEGATIVE else reached,
    )
