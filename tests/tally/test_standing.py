"""Where subjects stand: worked examples of protocol §5.4, one for each step of the order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from appraisal.ballot_form import SubjectKind
from appraisal.counting_rules import Threshold, Ties
from appraisal.manifest import Box as ManifestBox
from appraisal.manifest import Contest, Manifest, Subject
from appraisal.tally.canvass import canvass
from appraisal.tally.results import Figure, Outcome, Results, Rule, SlipCount, SubjectResult
from tests.tally.canvassing import (
    BLANK,
    FAIR,
    SLIPS,
    STRONG,
    UNKNOWN,
    WEAK,
    Box,
    canvassed,
    openings_of,
)
from tests.tally.record_forms import EVERY_KIND, PROBLEMS, SELECTION
from tests.world import THREE_QUESTIONS, make_world

HALF = Threshold((1, 2), over=False)


# --- who meets the rules --------------------------------------------------------------------------


def test_a_class_without_issued_slips_breaks_nothing() -> None:
    none = [SlipCount(24, 0, 0, 24), SlipCount(16, 0, 0, 16)]
    (result,) = canvassed([], [], slips=none).subjects
    assert result.turnout.exact == "0/1"


def test_who_misses_a_rule_is_told_which() -> None:
    (result,) = canvassed([STRONG] * 11 + [WEAK] * 9, [(1, 1, 4)] * 10).subjects
    assert result.outcome is Outcome.NOT_MET
    # 0.6 · 11/20 + 0.4
    assert [(f.question, f.met) for f in result.findings if f.rule is Rule.POSITIVE] == [
        (0, True),
        (1, True),
        (2, False),
    ]
    assert result.findings[-1].value == Figure("33/100", "33.00")


def test_exactly_half_the_slips_are_enough_for_one_half() -> None:
    slips = [SlipCount(24, 20, 12, 4), SlipCount(16, 16, 12, 0)]
    (enough,) = canvassed([STRONG] * 10, [STRONG] * 8, slips=slips).subjects
    (short,) = canvassed([STRONG] * 10, [STRONG] * 7, slips=slips).subjects
    assert (enough.outcome, short.outcome) == (Outcome.RECOMMENDED, Outcome.NOT_MET)


def test_exactly_half_the_slips_are_not_more_than_one_half() -> None:
    slips = [SlipCount(24, 20, 12, 4), SlipCount(16, 16, 12, 0)]
    over = Threshold((1, 2), over=True)
    (short,) = canvassed([STRONG] * 10, [STRONG] * 8, slips=slips, turnout=over).subjects
    (enough,) = canvassed([STRONG] * 10, [STRONG] * 9, slips=slips, turnout=over).subjects
    assert (short.outcome, enough.outcome) == (Outcome.NOT_MET, Outcome.RECOMMENDED)
    assert short.findings[0].over


@pytest.mark.parametrize(
    ("issued", "outcome"), [((20, 12), Outcome.RECOMMENDED), ((20, 11), Outcome.NOT_MET)]
)
def test_attendance_is_of_slips_issued_among_all_entitled(
    issued: tuple[int, int], outcome: Outcome
) -> None:
    """24 members and 16 of the public are entitled; four fifths of them are 32."""
    slips = [SlipCount(24, issued[0], 10, 0), SlipCount(16, issued[1], 10, 0)]
    manifest = make_world(subjects=1).manifest
    rules = replace(manifest.rules, attendance=Threshold((4, 5), over=False), turnout=None)
    manifest = replace(manifest, rules=rules)
    (result,) = canvass(
        manifest, slips, openings_of(manifest, ([STRONG] * 10, [STRONG] * 10))
    ).subjects
    assert result.outcome is outcome
    assert result.findings[0].rule is Rule.ATTENDANCE
    assert result.findings[0].value.exact == ("4/5" if outcome is Outcome.RECOMMENDED else "31/40")


def test_a_red_flag_is_told_and_decides_nothing() -> None:
    """A third of the answers are 不强, and two thirds are good."""
    box = [STRONG] * 8 + [WEAK] * 4
    negative = Threshold((1, 3), over=False)
    (flagged,) = canvassed(box, box, negative=negative).subjects
    flags = [f for f in flagged.findings if f.rule is Rule.NEGATIVE]
    assert [(f.value.exact, f.met) for f in flags] == [("1/3", False)] * 3
    assert flagged.outcome is Outcome.RECOMMENDED
    (same,) = canvassed(box, box).subjects
    assert (same.score, same.outcome) == (flagged.score, flagged.outcome)


def test_a_withheld_subject_has_no_findings_and_takes_no_place() -> None:
    results = canvassed([STRONG] * 20, [STRONG] * 10, [STRONG] * 4, [STRONG] * 4, quota=1)
    _, person = results.subjects
    assert person == SubjectResult(
        score=None,
        turnout=Figure("8/37", "21.62"),
        findings=(),
        rank=None,
        outcome=Outcome.WITHHELD,
    )


# --- who is recommended ---------------------------------------------------------------------------


def people(*members: Box, quota: int, **rules: Any) -> list[tuple[int | None, Outcome]]:
    """Rank and outcome of persons judged alike by both classes; the branch itself is strong."""
    boxes: list[Box] = [[STRONG] * 20, [STRONG] * 10]
    for box in members:
        boxes += [list(box) * 20, list(box) * 10]
    branch, *rest = canvassed(*boxes, quota=quota, **rules).subjects
    assert (branch.outcome, branch.rank) == (Outcome.RECOMMENDED, None)
    return [(result.rank, result.outcome) for result in rest]


def test_persons_are_ranked_and_the_branch_takes_no_place() -> None:
    assert people([FAIR], [STRONG], quota=1) == [
        (2, Outcome.BELOW_QUOTA),
        (1, Outcome.RECOMMENDED),
    ]


@pytest.mark.parametrize(
    ("ties", "outcome"),
    [
        (Ties.OPEN, Outcome.TIED),
        (Ties.ALL, Outcome.RECOMMENDED),
        (Ties.NONE, Outcome.BELOW_QUOTA),
    ],
)
def test_a_tie_at_the_quota_is_shown_or_decided_for_all_or_none(
    ties: Ties, outcome: Outcome
) -> None:
    assert people([FAIR], [FAIR], [STRONG], quota=2, ties=ties) == [
        (2, outcome),
        (2, outcome),
        (1, Outcome.RECOMMENDED),
    ]


def test_who_misses_a_rule_takes_no_place() -> None:
    assert people([WEAK], [FAIR], quota=1) == [
        (None, Outcome.NOT_MET),
        (1, Outcome.RECOMMENDED),
    ]


def test_with_a_quota_of_nobody_persons_are_ranked_and_none_is_recommended() -> None:
    assert people([FAIR], [STRONG], quota=0) == [
        (2, Outcome.BELOW_QUOTA),
        (1, Outcome.BELOW_QUOTA),
    ]


# --- sessions of several forms --------------------------------------------------------------------


def several(kinds: str, contests: Sequence[tuple[tuple[int, ...], int]], **rules: Any) -> Manifest:
    """A session of one class; subjects by kind (o, p), contests with the instruments below."""
    base = make_world(subjects=1, **rules).manifest
    names = {"o": SubjectKind.ORGANISATION, "p": SubjectKind.PERSON}
    used = sorted({instrument for _, instrument in contests})
    instruments = (THREE_QUESTIONS, EVERY_KIND, SELECTION, PROBLEMS)
    moduli = [bytes([0x80]) + n.to_bytes(254, "big") + b"\x01" for n in range(len(contests))]
    return replace(
        base,
        instruments=tuple(instruments[i] for i in used),
        subjects=tuple(Subject(names[kind], f"{kind}{i}", "") for i, kind in enumerate(kinds)),
        contests=tuple(Contest(subjects, used.index(i)) for subjects, i in contests),
        classes=(replace(base.classes[0], weight=100),),
        boxes=tuple(ManifestBox(i, 0, (modulus,)) for i, modulus in enumerate(moduli)),
        rules=replace(base.rules, members=9 if 2 in used else 0),
    )


THREE, EVERY, WHOLE, LIST = range(4)
"""The instruments of `several`."""


def counted(manifest: Manifest, *boxes: Box) -> Results:
    return canvass(manifest, SLIPS[:1], openings_of(manifest, boxes))


def test_a_subject_under_two_forms_has_the_mean_of_both() -> None:
    manifest = several("p", [((0,), THREE), ((0,), EVERY)], positive=None)
    # 100 under the one; (80 + 10) ÷ 2 under the other, whose list gives no score.
    results = counted(manifest, [STRONG] * 6, [(2, 1, 0, 0, 11)] * 8)
    assert [c.subjects[0].score for c in results.contests] == [
        Figure("100/1", "100.00"),
        Figure("45/1", "45.00"),
    ]
    (result,) = results.subjects
    assert result.score == Figure("145/2", "72.50")
    # 14 ballots of the slips issued twice.
    assert result.turnout.exact == "7/22"


def test_the_findings_of_both_forms_are_told_in_the_order_of_the_contests() -> None:
    manifest = several("p", [((0,), THREE), ((0,), EVERY)])
    (result,) = counted(manifest, [STRONG] * 6, [(2, 1, 0, 0, 11)] * 8).subjects
    assert [(f.contest, f.question) for f in result.findings] == [
        (None, None),
        (0, 0),
        (0, 1),
        (0, 2),
        (1, 0),
        (1, 2),
    ]


def test_a_form_that_stays_withheld_leaves_the_other_to_count() -> None:
    manifest = several("p", [((0,), THREE), ((0,), EVERY)], turnout=None)
    (result,) = counted(manifest, [FAIR] * 6, [(1, 0, 0, 0, 11)] * 4).subjects
    assert result.score == Figure("80/1", "80.00")
    assert [(f.contest, f.met) for f in result.findings] == [(0, True)] * 3
    assert result.outcome is Outcome.RECOMMENDED


def test_a_subject_asked_about_its_problems_alone_is_unscored() -> None:
    manifest = several("pp", [((0,), LIST), ((1,), THREE)], quota=2)
    unscored, scored = counted(manifest, [(1, 0, 1)] * 20, [STRONG] * 20).subjects
    assert (unscored.outcome, unscored.score, unscored.findings) == (Outcome.UNSCORED, None, ())
    assert (unscored.rank, scored.rank) == (None, 1)
    assert unscored.turnout.exact == "10/11"


def test_a_list_beside_a_form_with_grades_does_not_make_a_subject_unscored() -> None:
    manifest = several("p", [((0,), LIST), ((0,), THREE)])
    (unknown,) = counted(manifest, [(1, 0, 1)] * 20, [UNKNOWN] * 20).subjects
    assert unknown.outcome is Outcome.WITHHELD
    (known,) = counted(manifest, [(1, 0, 1)] * 20, [STRONG] * 20).subjects
    assert (known.outcome, known.score) == (Outcome.RECOMMENDED, Figure("100/1", "100.00"))


def test_organisations_are_ranked_among_themselves_by_their_own_quota() -> None:
    manifest = several(
        "opopo",
        [((n,), THREE) for n in range(5)],
        quota=1,
        quota_organisations=2,
        positive=None,
    )
    results = counted(manifest, [FAIR] * 20, [FAIR] * 20, [STRONG] * 20, [STRONG] * 20, [WEAK] * 20)
    assert [(r.rank, r.outcome.value) for r in results.subjects] == [
        (2, "recommended"),
        (2, "below-quota"),
        (1, "recommended"),
        (1, "recommended"),
        (3, "below-quota"),
    ]


@pytest.mark.parametrize("ties", Ties)
def test_ties_of_organisations_are_decided_as_those_of_persons(ties: Ties) -> None:
    manifest = several(
        "oo", [((n,), THREE) for n in range(2)], quota_organisations=1, ties=ties, quota=0
    )
    results = counted(manifest, [FAIR] * 20, [FAIR] * 20)
    outcome = {Ties.OPEN: "tied", Ties.ALL: "recommended", Ties.NONE: "below-quota"}[ties]
    assert [(r.rank, r.outcome.value) for r in results.subjects] == [(1, outcome)] * 2


def test_without_a_quota_organisations_that_meet_the_rules_are_recommended_unranked() -> None:
    manifest = several("oo", [((n,), THREE) for n in range(2)], quota=0)
    results = counted(manifest, [FAIR] * 20, [WEAK] * 20)
    assert [(r.rank, r.outcome.value) for r in results.subjects] == [
        (None, "recommended"),
        (None, "not-met"),
    ]


def test_persons_of_one_ballot_stand_by_their_numbers_in_the_session() -> None:
    """They stand on the ballot in another order than in the list of subjects."""
    manifest = several("opp", [((2, 1), WHOLE), ((0,), THREE)], positive=None, quota=1)
    ballot = (1, 1, 3, 1)  # the third subject 优秀 and chosen, the second 基本合格 and chosen
    results = counted(manifest, [ballot] * 20, [STRONG] * 20)
    assert [s.score and s.score.exact for s in results.contests[0].subjects] == ["100/1", "80/1"]
    _, second, third = results.subjects
    assert (second.score, second.rank) == (Figure("80/1", "80.00"), 2)
    assert (third.score, third.rank) == (Figure("100/1", "100.00"), 1)


def test_of_whom_nobody_chose_the_share_is_none_and_the_rule_is_held() -> None:
    manifest = several("ppp", [((0, 1, 2), WHOLE)], positive=HALF, turnout=None, quota=3)
    ballot = (1, 1, 2, 1, 2, 0)
    *_, third = counted(manifest, [ballot] * 20).subjects
    assert [(f.question, f.value.exact, f.met) for f in third.findings] == [
        (0, "1/1", True),
        (1, "0/1", False),
    ]
    assert third.outcome is Outcome.NOT_MET


def test_blank_ballots_about_several_persons_are_abstentions() -> None:
    """Of a choice they are answers all the same: nobody was chosen."""
    manifest = several("pp", [((0, 1), WHOLE)], turnout=None, positive=None)
    first, _ = counted(manifest, [(0,) * 4] * 20).subjects
    assert first.score == Figure("0/1", "0.00")
    single = several("p", [((0,), THREE)])
    (withheld,) = counted(single, [BLANK] * 20).subjects
    assert withheld.outcome is Outcome.WITHHELD
