"""The rules a subject must meet: at least the fraction, each with value, limit and verdict."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from appraisal.counting_rules import Rules
from appraisal.tally.results import Finding, Rule
from appraisal.tally.rules import Held, findings, turnout_of
from tests.world import make_world

RULES = make_world(subjects=1).manifest.rules  # turnout 1/2, positive 2/3


def held(rules: Rules, turnout: Fraction, *positive: Fraction | None) -> list[Finding]:
    return list(findings(rules, Held(turnout, positive)))


@pytest.mark.parametrize(
    ("turnout", "met"),
    [(Fraction(1, 2), True), (Fraction(499, 1000), False), (Fraction(1), True)],
)
def test_turnout_must_reach_the_fraction(turnout: Fraction, met: bool) -> None:
    finding, *_ = held(RULES, turnout)
    assert (finding.rule, finding.question, finding.met) == (Rule.TURNOUT, None, met)
    assert finding.limit.exact == "1/2"


def test_every_question_is_held_against_the_positive_share() -> None:
    found = held(RULES, Fraction(1), Fraction(2, 3), Fraction(199, 300), Fraction(1))
    assert [(f.question, f.met) for f in found[1:]] == [(0, True), (1, False), (2, True)]
    assert (found[2].value.exact, found[2].value.printed) == ("199/300", "66.33")


def test_a_share_that_prints_like_the_limit_still_fails_it() -> None:
    *_, finding = held(RULES, Fraction(1), Fraction(66666, 100000))
    assert (finding.value.printed, finding.limit.printed) == ("66.67", "66.67")
    assert not finding.met


def test_a_question_nobody_answered_is_not_held() -> None:
    assert [f.question for f in held(RULES, Fraction(1), None, Fraction(1))] == [None, 1]


def test_zero_switches_a_rule_off() -> None:
    off = replace(RULES, turnout=(0, 1), positive=(0, 1))
    assert held(off, Fraction(), Fraction()) == []


def test_turnout_of_no_slips_is_none() -> None:
    assert turnout_of(returned=0, issued=0) == 0
    assert turnout_of(returned=30, issued=38) == Fraction(15, 19)
