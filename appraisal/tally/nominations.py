"""Who is recommended among those that meet the rules: rank, quota and ties (protocol §5.4).

The report recommends; organs decide. Equal scores are never put in an order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Final

from appraisal.counting_rules import Ties
from appraisal.tally.results import Outcome

_ACROSS: Final = {
    Ties.OPEN: Outcome.TIED,
    Ties.ALL: Outcome.RECOMMENDED,
    Ties.NONE: Outcome.BELOW_QUOTA,
}
"""What equal scores on both sides of the quota come to."""


@dataclass(frozen=True)
class Place:
    """A subject's rank from 1, shared by equal scores (1-2-2-4), and what follows from it."""

    rank: int
    outcome: Outcome


def nominate(scores: Mapping[int, Fraction], *, quota: int, ties: Ties) -> dict[int, Place]:
    """The place of each subject of `scores`, which are those of one kind that meet the rules.

    The first `quota` are recommended; of equal scores on both sides of it, whom `ties` says.
    """
    places: dict[int, Place] = {}
    rank = 1
    best_first = sorted(scores, key=lambda subject: (-scores[subject], subject))
    for _, equal in groupby(best_first, key=lambda subject: scores[subject]):
        block = list(equal)
        last = rank + len(block) - 1
        if last <= quota:
            outcome = Outcome.RECOMMENDED
        elif rank <= quota:
            outcome = _ACROSS[ties]
        else:
            outcome = Outcome.BELOW_QUOTA
        places.update((subject, Place(rank, outcome)) for subject in block)
        rank = last + 1
    return places
