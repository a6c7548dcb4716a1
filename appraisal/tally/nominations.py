"""Who is recommended among those that meet the rules: rank, quota and ties (protocol §5.4, 4).

The report recommends; organs decide. Equal scores are never put in an order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from appraisal.tally.results import Outcome


@dataclass(frozen=True)
class Place:
    """A person's rank from 1, shared by equal scores (1-2-2-4), and what follows from it."""

    rank: int
    outcome: Outcome


def nominate(scores: Mapping[int, Fraction], *, quota: int) -> dict[int, Place]:
    """The place of each contest of `scores`, which are the persons that meet the rules.

    The first `quota` are recommended. Persons of equal score on both sides of the quota are tied.
    """
    places: dict[int, Place] = {}
    rank = 1
    best_first = sorted(scores, key=lambda contest: (-scores[contest], contest))
    for _, equal in groupby(best_first, key=lambda contest: scores[contest]):
        block = list(equal)
        last = rank + len(block) - 1
        if last <= quota:
            outcome = Outcome.RECOMMENDED
        elif rank <= quota:
            outcome = Outcome.TIED
        else:
            outcome = Outcome.BELOW_QUOTA
        places.update((contest, Place(rank, outcome)) for contest in block)
        rank = last + 1
    return places
