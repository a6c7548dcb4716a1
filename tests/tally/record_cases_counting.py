"""Record vectors of counting rules (protocol §5): each decides something, and results counted by
another rule, or altered in one place, do not follow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from appraisal.counting_rules import (
    Denominator,
    EmptyClass,
    Percentages,
    Threshold,
    Ties,
)
from appraisal.manifest import Manifest
from appraisal.tally.canvass import canvass
from appraisal.tally.record import Record
from appraisal.tally.results import Outcome, SubjectResult
from tests.tally.held import Held
from tests.tally.record_sessions import case, changed, of_forms, replaced, withhold

BRANCH, FIRST, SECOND, THIRD, _FOURTH, HALL = range(6)
"""The subjects of `kinds`: two of its four persons are level at the quota, the third misses it."""


@case("valid", "one answer at either end left out; two level at the quota, both recommended")
def trimmed() -> Record:
    return of_forms("trimmed").record(audit=True)


@case("valid", "shares of the ballots returned; two level at the quota, neither recommended")
def returned() -> Record:
    return of_forms("returned").record()


@case("valid", "shares of the slips issued; limits that are just reached and must be exceeded")
def present() -> Record:
    return of_forms("present").record()


@case("valid", "shares of those entitled, fewer on paper than voted; merged boxes of one ballot")
def entitled() -> Record:
    return of_forms("entitled").record(audit=True)


def by_rules(name: str, **rules: Any) -> Record:
    """The record of a session whose results were counted by other rules than its manifest's."""
    held = of_forms(name)
    counted = replace(held.manifest, rules=replace(held.manifest.rules, **rules))
    return counted_as(held, counted)


def counted_as(held: Held, manifest: Manifest) -> Record:
    """The record with results that follow from another manifest."""
    counted = canvass(manifest, held.slips, held.openings)
    if counted == held.results:
        raise ValueError("the other rule changes nothing")
    held.results = counted
    return held.record()


@case("11", "percentages by largest remainder, where the last takes the rest")
def counted_by_largest_remainder() -> Record:
    return by_rules("kinds", percentages=Percentages.LARGEST_REMAINDER)


@case("11", "percentages whose last takes the rest, where largest remainders are rounded up")
def counted_by_the_rest() -> Record:
    return by_rules("trimmed", percentages=Percentages.LAST_TAKES_REST)


@case("11", "shares of the answers, where they are of the valid ballots")
def counted_of_answers() -> Record:
    return by_rules("kinds", denominator=Denominator.ANSWERS)


@case("11", "shares of the valid ballots, where they are of those present")
def counted_of_valid_ballots() -> Record:
    return by_rules("present", denominator=Denominator.VALID)


@case("11", "shares of the answers, where they are of the ballots returned")
def counted_of_the_returned() -> Record:
    return by_rules("returned", denominator=Denominator.ANSWERS)


@case("11", "nothing was left out at either end")
def counted_untrimmed() -> Record:
    return by_rules("trimmed", trim=0)


@case("11", "two answers left out at either end, where it is one")
def counted_trimmed_twice() -> Record:
    return by_rules("trimmed", trim=2)


@case("11", "decimals beyond those of the manifest")
def counted_with_more_decimals() -> Record:
    return by_rules("trimmed", decimals=2)


@case("11", "a tie at the quota decided for all, where it is left open")
def tie_decided_for_all() -> Record:
    return by_rules("kinds", ties=Ties.ALL)


@case("11", "a tie at the quota left open, where none of them is recommended")
def tie_left_open() -> Record:
    return by_rules("returned", ties=Ties.OPEN)


@case("11", "a share just reached passes, where it must be exceeded")
def reached_instead_of_exceeded() -> Record:
    return by_rules("present", turnout=Threshold((7, 8), over=False))


@case("11", "a negative share just reached is a red flag, where it must be exceeded")
def flagged_at_the_limit() -> Record:
    return by_rules("present", negative=Threshold((1, 8), over=False))


@case("11", "a rule that the manifest has was not held against anybody")
def rule_left_out() -> Record:
    return by_rules("kinds", attendance=None)


@case("11", "organisations ranked without a quota of their own")
def organisations_unranked() -> Record:
    return by_rules("kinds", quota_organisations=None)


@case("11", "a quota of two, where it is one")
def quota_raised() -> Record:
    return by_rules("kinds", quota=2)


@case("11", "each class counted by half, where the weights are 60 and 40")
def counted_by_halves() -> Record:
    held = of_forms("kinds")
    classes = tuple(replace(own, weight=50) for own in held.manifest.classes)
    return counted_as(held, replace(held.manifest, classes=classes))


@case("11", "a withheld class counted as zero, where the others take its weight")
def counted_by_zero() -> Record:
    held = withhold()
    rules = replace(held.manifest.rules, empty_class=EmptyClass.ZERO)
    return counted_as(held, replace(held.manifest, rules=rules))


@case("11", "subjects of one ballot told in another order")
def subjects_reordered() -> Record:
    held = of_forms("kinds")
    contests = list(held.results.contests)
    first, second, *others = contests[1].subjects
    reordered = (second, first, *others[::-1])
    contests[1] = replace(contests[1], subjects=reordered)
    held.results = replace(held.results, contests=tuple(contests))
    return held.record()


def subject_as(number: int, change: Callable[[SubjectResult], SubjectResult]) -> Record:
    """The record of `kinds` with one subject's result changed."""
    held = of_forms("kinds")
    subjects = list(held.results.subjects)
    subjects[number] = change(subjects[number])
    held.results = replace(held.results, subjects=tuple(subjects))
    return held.record()


@case("11", "a red flag said not to be one")
def flag_lowered() -> Record:
    def lowered(result: SubjectResult) -> SubjectResult:
        found = [replace(finding, met=True) for finding in result.findings]
        return replace(result, findings=tuple(found))

    return subject_as(BRANCH, lowered)


@case("11", "a red flag decides: the branch is said not to meet the rules")
def flag_decides() -> Record:
    return subject_as(BRANCH, lambda one: replace(one, rank=None, outcome=Outcome.NOT_MET))


@case("11", "who misses a share is recommended all the same")
def missed_and_recommended() -> Record:
    return subject_as(THIRD, lambda one: replace(one, rank=3, outcome=Outcome.RECOMMENDED))


@case("11", "a tie at the quota broken by the order on the ballot")
def tie_broken() -> Record:
    return subject_as(SECOND, lambda one: replace(one, rank=2, outcome=Outcome.BELOW_QUOTA))


@case("11", "a subject asked about its problems alone is said to be withheld")
def unscored_said_withheld() -> Record:
    return subject_as(HALL, lambda one: replace(one, outcome=Outcome.WITHHELD))


@case("11", "rules held against a subject that has no score")
def unscored_with_findings() -> Record:
    found = of_forms("kinds").results.subjects[FIRST].findings[:2]
    return subject_as(HALL, lambda one: replace(one, findings=found))


@case("11", "one finding left out")
def finding_missing() -> Record:
    return subject_as(FIRST, lambda one: replace(one, findings=one.findings[:-1]))


@case("11", "the findings in another order")
def findings_reordered() -> Record:
    return subject_as(FIRST, lambda one: replace(one, findings=one.findings[::-1]))


@case("11", "one subject's result is missing")
def subject_missing() -> Record:
    held = of_forms("kinds")
    held.results = replace(held.results, subjects=held.results.subjects[:-1])
    return held.record()


@case("11", "a negative share in the results made smaller")
def negative_share_changed() -> Record:
    old = b'"negative":{"exact":"1/5","printed":"20.00"}'
    new = b'"negative":{"exact":"1/6","printed":"16.67"}'
    return changed(of_forms("kinds").record(), "results.json", replaced(old, new))


@case("11", "a fraction in the results that is not in lowest terms")
def fraction_not_reduced() -> Record:
    old, new = b'"exact":"1/5"', b'"exact":"2/10"'
    return changed(of_forms("kinds").record(), "results.json", replaced(old, new))


@case("11", "the score of a list to tick in the results")
def list_with_a_score() -> Record:
    old = b'"percent":["40.00","20.00","40.00","20.00"]}'
    new = old[:-1] + b',"score":{"exact":"0/1","printed":"0.00"}}'
    return changed(of_forms("kinds").record(), "results.json", replaced(old, new))


@case("11", "a list to tick counted as if its percentages were to sum to 100")
def list_summed_to_100() -> Record:
    old = b'"percent":["40.00","20.00","40.00","20.00"]'
    new = b'"percent":["33.33","16.67","33.33","16.67"]'
    return changed(of_forms("kinds").record(), "results.json", replaced(old, new))
