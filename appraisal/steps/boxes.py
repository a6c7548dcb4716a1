"""What the closed boxes of a session hold, and the slips for it: numbers, nothing is opened."""

from __future__ import annotations

from dataclasses import dataclass

from appraisal.manifest import Manifest
from appraisal.steps.service import Service
from appraisal.store.registry import SlipTotals
from appraisal.tally.disclosure import groups
from appraisal.tally.results import GroupStatus, SlipCount


@dataclass(frozen=True)
class Held:
    """How many ballots each box holds, by box number, and how many are to be opened.

    Comments are no ballots, their number is nobody's turnout: `returned` has 0 for their boxes.
    `to_open` is of how many sealed ballots and comments a teller makes factors (protocol §5.1,
    §4.14).
    """

    returned: tuple[int, ...]
    to_open: int


def held(service: Service, manifest: Manifest) -> Held:
    """What the boxes of a session hold; they must be closed, or it holds for this moment only."""
    counts = service.box.counts(manifest.session)
    boxes = range(len(manifest.boxes))
    returned = tuple(0 if manifest.is_comment(box) else counts.get(box, 0) for box in boxes)
    opened = sum(g.ballots for g in groups(manifest, returned) if g.status is GroupStatus.OPENED)
    comments = sum(counts.values()) - sum(returned)
    return Held(returned, opened + (comments if comments >= manifest.rules.floor else 0))


def slip_counts(service: Service, manifest: Manifest) -> list[SlipCount]:
    """The slips of every class with the registrar; final once the boxes are closed."""
    with service.office.database.read() as tx:
        totals = service.registry.totals(tx, manifest.session)
    return [
        _slip_count(totals.get(number, SlipTotals.none(number)))
        for number in range(len(manifest.classes))
    ]


def _slip_count(totals: SlipTotals) -> SlipCount:
    return SlipCount(
        printed=totals.printed,
        issued=totals.printed - totals.void,
        drawn=totals.drawn,
        void=totals.void,
    )
