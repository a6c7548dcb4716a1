"""Floors: which boxes are opened, which stay sealed, and that nothing published gets around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.ballot_form import Text
from appraisal.counting_rules import BelowFloor
from appraisal.manifest import Box, Manifest, VoterClass
from appraisal.tally.canvass import canvass
from appraisal.tally.disclosure import groups, overfull
from appraisal.tally.openings import FORMAT, OpenedGroup, Openings, encode_openings
from appraisal.tally.results import GroupStatus, Results, SlipCount
from tests.tally.held import opened_ballots
from tests.world import make_world

WORLD = make_world(subjects=1)
FLOOR = 5


def manifest(rule: BelowFloor, *, classes: int = 2) -> Manifest:
    """One contest, floor 5, the first class of the world split into more where wanted."""
    base = make_world(subjects=4).manifest
    moduli = [box.token_keys for box in base.boxes]
    names = [Text(f"票种{i}", f"class {i}") for i in range(classes)]
    weights = [100 // classes] * (classes - 1)
    weights.append(100 - sum(weights))
    return replace(
        base,
        subjects=base.subjects[:1],
        contests=base.contests[:1],
        classes=tuple(VoterClass(n, 24, 24, w) for n, w in zip(names, weights, strict=True)),
        boxes=tuple(Box(0, i, moduli[i]) for i in range(classes)),
        rules=replace(base.rules, below_floor=rule),
    )


def formed(rule: BelowFloor, *returned: int) -> list[tuple[tuple[int, ...], int, str]]:
    return [
        (group.boxes, group.ballots, group.status.value)
        for group in groups(manifest(rule, classes=len(returned)), returned)
    ]


def test_each_box_is_a_group_of_its_own_at_the_floor_and_above() -> None:
    expected = [((0,), 5, "opened"), ((1,), 6, "opened")]
    assert formed(BelowFloor.WITHHOLD, 5, 6) == expected
    assert formed(BelowFloor.MERGE, 5, 6) == expected


def test_one_ballot_below_the_floor_is_withheld() -> None:
    assert formed(BelowFloor.WITHHOLD, 4, 6) == [((0,), 4, "withheld"), ((1,), 6, "opened")]


def test_under_merge_a_box_below_the_floor_takes_the_whole_contest_along() -> None:
    assert formed(BelowFloor.MERGE, 4, 20, 6) == [((0, 1, 2), 30, "opened")]
    assert formed(BelowFloor.MERGE, 0, 6) == [((0, 1), 6, "opened")]


def test_a_merged_group_below_the_floor_stays_sealed() -> None:
    assert formed(BelowFloor.MERGE, 2, 2) == [((0, 1), 4, "withheld")]
    assert formed(BelowFloor.MERGE, 2, 3) == [((0, 1), 5, "opened")]


def test_a_contest_whose_boxes_are_all_empty_is_withheld() -> None:
    assert formed(BelowFloor.MERGE, 0, 0) == [((0, 1), 0, "withheld")]
    assert formed(BelowFloor.WITHHOLD, 0, 0) == [((0,), 0, "withheld"), ((1,), 0, "withheld")]


def test_contests_are_grouped_each_by_itself() -> None:
    two = make_world(subjects=2, below_floor=BelowFloor.MERGE).manifest
    found = groups(two, [4, 9, 8, 8])
    assert [(g.contest, g.boxes) for g in found] == [(0, (0, 1)), (1, (2,)), (1, (3,))]


@pytest.mark.parametrize(
    ("returned", "drawn", "void"),
    [([5, 6], [5, 6], False), ([6, 6], [5, 6], True), ([0, 7], [24, 6], True)],
)
def test_more_ballots_than_slips_drawn_void_the_session(
    returned: list[int], drawn: list[int], void: bool
) -> None:
    two = manifest(BelowFloor.WITHHOLD)
    assert overfull(two, returned=returned, drawn=drawn) is void


SIZES = st.lists(st.integers(0, 12), min_size=1, max_size=4)


@given(SIZES, st.sampled_from(BelowFloor))
def test_every_box_stands_in_exactly_one_group_and_no_opened_group_is_small(
    sizes: list[int], rule: BelowFloor
) -> None:
    found = groups(manifest(rule, classes=len(sizes)), sizes)
    assert [box for group in found for box in group.boxes] == list(range(len(sizes)))
    for group in found:
        assert group.ballots == sum(sizes[box] for box in group.boxes)
        assert (group.status is GroupStatus.OPENED) == (group.ballots >= FLOOR)


@given(SIZES, st.sampled_from(BelowFloor))
def test_no_sum_or_difference_of_published_groups_is_a_box_below_the_floor(
    sizes: list[int], rule: BelowFloor
) -> None:
    """A5: counts are published a group. Whatever is added or subtracted, no nonempty set of
    ballots below the floor comes out: groups are disjoint, so a difference of unions of opened
    groups is again a union of opened groups."""
    found = groups(manifest(rule, classes=len(sizes)), sizes)
    known = [set(group.boxes) for group in found if group.status is GroupStatus.OPENED]
    derivable: list[set[int]] = [
        set().union(*chosen) for n in range(len(known) + 1) for chosen in combinations(known, n)
    ]
    for a in derivable:
        for b in derivable:
            left = a - b
            ballots = sum(sizes[box] for box in left)
            assert not left or ballots >= FLOOR
            assert left in derivable


@st.composite
def _withheld_worlds(
    draw: st.DrawFn,
) -> tuple[Manifest, list[list[list[int]]], list[list[list[int]]]]:
    """A manifest, and two lists of ballots a box that differ only in boxes below the floor."""
    sizes = draw(SIZES.filter(lambda sizes: any(0 < size < FLOOR for size in sizes)))
    one = manifest(BelowFloor.WITHHOLD, classes=len(sizes))
    ballot = st.lists(st.integers(0, 5), min_size=3, max_size=3)

    def box(size: int) -> list[list[int]]:
        return draw(st.lists(ballot, min_size=size, max_size=size))

    first = [box(size) for size in sizes]
    second = [box(size) if size < FLOOR else same for size, same in zip(sizes, first, strict=True)]
    return one, first, second


@given(_withheld_worlds())
def test_everything_published_is_the_same_whatever_a_withheld_box_holds(
    case: tuple[Manifest, list[list[list[int]]], list[list[list[int]]]],
) -> None:
    """A5 in full: openings and results are a function of the opened ballots and of sizes alone."""
    one, first, second = case
    assert _published(one, first) == _published(one, second)


def _published(one: Manifest, boxes: Sequence[Sequence[Sequence[int]]]) -> tuple[bytes, Results]:
    openings = Openings(
        FORMAT,
        tuple(
            OpenedGroup(
                group.boxes,
                group.ballots,
                group.status,
                *(
                    (opened_ballots([b for box in group.boxes for b in boxes[box]]), ())
                    if group.status is GroupStatus.OPENED
                    else (None, None)
                ),
            )
            for group in groups(one, [len(box) for box in boxes])
        ),
    )
    slips = [SlipCount(24, 24, 24, 0)] * len(one.classes)
    return encode_openings(openings), canvass(one, slips, openings)


def test_the_turnout_of_a_withheld_box_is_public_and_nothing_else() -> None:
    one = manifest(BelowFloor.WITHHOLD)
    boxes = [[[1, 1, 1]] * 6, [[5, 0, 4]] * 4]
    _, results = _published(one, boxes)
    withheld = results.contests[0].groups[1]
    assert (withheld.status, withheld.returned, withheld.issued) == (GroupStatus.WITHHELD, 4, 24)
    assert (withheld.valid, withheld.spoilt, withheld.subjects) == (None, None, ())
    assert Fraction(results.subjects[0].turnout.exact) == Fraction(10, 48)
