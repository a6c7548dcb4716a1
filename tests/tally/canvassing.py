"""Sessions that are only counted: openings made of answers, without keys and sealed ballots."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from appraisal.ballots.ballot import Spoilt
from appraisal.manifest import Manifest
from appraisal.tally.canvass import canvass
from appraisal.tally.disclosure import groups
from appraisal.tally.openings import FORMAT, OpenedGroup, Openings
from appraisal.tally.results import GroupStatus, Results, SlipCount
from tests.tally.held import opened_ballots
from tests.world import make_world

Box = Sequence[Sequence[int]]

STRONG = (1, 1, 1)
FAIR = (2, 2, 2)
WEAK = (4, 4, 4)
UNKNOWN = (5, 5, 5)
BLANK = (0, 0, 0)
"""One grade for all three questions."""

SLIPS = [SlipCount(24, 22, 21, 2), SlipCount(16, 15, 12, 1)]


def openings_of(manifest: Manifest, boxes: Sequence[Box], spoilt: int = 0) -> Openings:
    """The openings of boxes with these answers; `spoilt` more ballots in the first box."""
    returned = [len(box) + (spoilt if not i else 0) for i, box in enumerate(boxes)]
    found = []
    for group in groups(manifest, returned):
        answers = [choice for box in group.boxes for choice in boxes[box]]
        published = len(answers) >= manifest.rules.floor
        bad = (Spoilt.UNREADABLE,) * spoilt if 0 in group.boxes else ()
        found.append(
            OpenedGroup(
                group.boxes,
                group.ballots,
                GroupStatus.OPENED if published else GroupStatus.WITHHELD,
                opened_ballots(answers) if published else None,
                bad if published else None,
            )
        )
    return Openings(FORMAT, tuple(found))


def canvassed(
    *boxes: Box, spoilt: int = 0, slips: Sequence[SlipCount] = SLIPS, **rules: Any
) -> Results:
    """The results of boxes listed contest by contest, within a contest 党员 then 群众.

    A contest is one subject under the three questions, the branch first, then persons.
    """
    manifest = make_world(subjects=len(boxes) // 2, **rules).manifest
    return canvass(manifest, slips, openings_of(manifest, boxes, spoilt))
