"""The rules held against a subject: reached or exceeded, each with value, limit and verdict."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from appraisal.counting_rules import Rules, Threshold
from appraisal.tally.results import Finding, Rule
from appraisal.tally.rules import Held, findings, ratio
from appraisal.tally.scoring import Marks
from tests.world import make_world

RULES = make_world(subjects=1).manifest.rules  # turnout 1/2, positive 2/3


def held(
    rules: Rules,
    turnout: Fraction = Fraction(1),
    *positive: Fraction | None,
    attendance: Fraction = Fraction(1),
    negative: Fraction = Fraction(),
) -> list[Finding]:
    """The findings for a subject of one contest, number 4, with these positive shares."""
    marks = [None if p is None else Marks(Fraction(), p, negative) for p in positive]
    return list(findings(rules, Held(attendance, turnout, [(4, marks)])))


@pytest.mark.parametrize(
    ("turnout", "met"),
    [(Fraction(1, 2), True), (Fraction(499, 1000), False), (Fraction(1), True)],
)
def test_turnout_must_reach_the_fraction(turnout: Fraction, met: bool) -> None:
    finding, *_ = held(RULES, turnout)
    assert (finding.rule, finding.question, finding.met) == (Rule.TURNOUT, None, met)
    assert finding.limit.exact == "1/2"


@pytest.mark.parametrize(("over", "met"), [(False, True), (True, False)])
@pytest.mark.parametrize("rule", ["attendance", "turnout", "positive"])
def test_what_is_just_reached_is_not_exceeded(rule: str, over: bool, met: bool) -> None:
    """超过半数 is more than a half, 不少于半数 at least a half."""
    none = {"attendance": None, "turnout": None, "positive": None}
    half = Threshold((1, 2), over=over)
    rules = replace(RULES, **none | {rule: half})  # type: ignore[arg-type]
    share = Fraction(1, 2)
    (finding,) = held(rules, share, share, attendance=share)
    assert (finding.rule.value, finding.over, finding.met) == (rule, over, met)
    (more,) = held(rules, share * 2, share * 2, attendance=share * 2)
    assert more.met


def test_every_question_is_held_against_the_positive_share() -> None:
    found = held(RULES, Fraction(1), Fraction(2, 3), Fraction(199, 300), Fraction(1))
    assert [(f.contest, f.question, f.met) for f in found[1:]] == [
        (4, 0, True),
        (4, 1, False),
        (4, 2, True),
    ]
    assert (found[2].value.exact, found[2].value.printed) == ("199/300", "66.33")


def test_a_share_that_prints_like_the_limit_still_fails_it() -> None:
    *_, finding = held(RULES, Fraction(1), Fraction(66666, 100000))
    assert (finding.value.printed, finding.limit.printed) == ("66.67", "66.67")
    assert not finding.met


@pytest.mark.parametrize(
    ("over", "negative", "met"),
    [
        (False, Fraction(33, 100), True),
        (False, Fraction(1, 3), False),
        (False, Fraction(34, 100), False),
        (True, Fraction(1, 3), True),
        (True, Fraction(34, 100), False),
    ],
)
def test_a_negative_share_that_reaches_its_limit_is_a_red_flag(
    over: bool, negative: Fraction, met: bool
) -> None:
    rules = replace(RULES, negative=Threshold((1, 3), over=over))
    *_, positive, flag = held(rules, Fraction(1), Fraction(1), negative=negative)
    assert (positive.rule, positive.met) == (Rule.POSITIVE, True)
    assert (flag.rule, flag.question, flag.met) == (Rule.NEGATIVE, 0, met)


def test_findings_stand_in_the_order_of_the_protocol() -> None:
    """Attendance, turnout, then question by question of each contest, positive before negative."""
    rules = replace(RULES, attendance=Threshold((1, 2), over=True), negative=RULES.positive)
    one = Marks(Fraction(), Fraction(1), Fraction())
    marks: list[tuple[int, list[Marks | None]]] = [(0, [one, None, one]), (2, [one])]
    found = list(findings(rules, Held(Fraction(1), Fraction(1), marks)))
    assert [(f.rule.value, f.contest, f.question) for f in found] == [
        ("attendance", None, None),
        ("turnout", None, None),
        ("positive", 0, 0),
        ("negative", 0, 0),
        ("positive", 0, 2),
        ("negative", 0, 2),
        ("positive", 2, 0),
        ("negative", 2, 0),
    ]


def test_a_question_nobody_answered_is_not_held() -> None:
    assert [f.question for f in held(RULES, Fraction(1), None, Fraction(1))] == [None, 1]


def test_an_absent_rule_is_held_against_nobody() -> None:
    off = replace(RULES, turnout=None, positive=None)
    assert held(off, Fraction(), Fraction()) == []


def test_a_share_of_no_slips_is_none() -> None:
    assert ratio(0, 0) == 0
    assert ratio(30, 38) == Fraction(15, 19)


def test_more_slips_than_entitled_are_more_than_all() -> None:
    rules = replace(RULES, attendance=Threshold((1, 1), over=False), turnout=None)
    (found,) = held(rules, attendance=ratio(26, 24))
    assert (found.value.exact, found.value.printed, found.met) == ("13/12", "108.33", True)
