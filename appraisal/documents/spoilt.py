"""Spoilt ballots 无效票 by reason, as the openings tell them (protocol §4.5, §4.10).

Nothing is known of withheld groups. Results have their number alone, and outlive the ballots: once
those are destroyed the reasons are not known any more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final, TypeAlias

from appraisal.ballots.ballot import Spoilt
from appraisal.manifest import Manifest
from appraisal.tally.openings import Openings
from appraisal.tally.results import GroupStatus

Reasons: TypeAlias = Mapping[tuple[int, tuple[int, ...]], Mapping[Spoilt, int]]
"""How many ballots were spoilt for each reason, by contest and classes of an opened group."""

NAMES: Final = {
    Spoilt.UNREADABLE: "不能解密",
    Spoilt.NOT_A_BALLOT: "不是选票",
    Spoilt.ANSWER_OUT_OF_RANGE: "答案超出范围",
    Spoilt.EMPTY: "全部留空",
    Spoilt.TOO_MANY: "多选",
    Spoilt.TOO_FEW: "少选",
    Spoilt.TRACKER_REPEATED: "核对号重复",
}


def reasons_of(manifest: Manifest, openings: Openings) -> Reasons:
    """The reasons of every group that was opened and published."""
    return {
        (
            manifest.boxes[group.boxes[0]].contest,
            tuple(manifest.boxes[box].voter_class for box in group.boxes),
        ): Counter(group.spoilt or ())
        for group in openings.groups
        if group.status is GroupStatus.OPENED
    }


def told(reasons: Mapping[Spoilt, int]) -> str:
    """多选2，少选1; nothing where no ballot was spoilt."""
    return "，".join(
        f"{name}{reasons[reason]}" for reason, name in NAMES.items() if reasons.get(reason)
    )
