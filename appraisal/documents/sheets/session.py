"""What a result sheet is made of: an opened or void session as values."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from appraisal.documents.listing import Block, FormBlock, listing, merged
from appraisal.documents.ranking import by_votes
from appraisal.documents.rules import dividing, rounding, rule_lines
from appraisal.documents.spoilt import Reasons
from appraisal.manifest import Manifest
from appraisal.tally.openings import VoidReason
from appraisal.tally.results import GroupStatus, Results, Status


@dataclass(frozen=True)
class CountedSession:
    """A session after its opening.

    `begun`, `closed` and `counted` are the days on which voting began, the boxes were closed and
    the counting was done. `openers` are the tellers who handed in their factors. `reasons` are
    those of the spoilt ballots, None once they are destroyed. `void` is why the session is void,
    `unstated` are the further signers that stated no turnout, and `returned` the ballots of each
    class in its fullest box, as the board has them: results do not tell those of a box that was
    merged, nor of a void session.
    """

    manifest: Manifest
    results: Results
    begun: datetime.date
    closed: datetime.date
    counted: datetime.date
    openers: Sequence[str] = ()
    reasons: Reasons | None = None
    void: VoidReason | None = None
    unstated: Sequence[str] = ()
    returned: Sequence[int] = ()

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Every subject, in the documents' order; none of a void session."""
        return listing(self.manifest, self.results)

    @property
    def is_void(self) -> bool:
        """Whether nothing was opened."""
        return self.results.status is Status.VOID

    @property
    def several(self) -> bool:
        """Whether subjects stand under more than one ballot form."""
        return len(self.manifest.instruments) > 1

    @cached_property
    def combined(self) -> bool:
        """Whether any subject has a score of several forms."""
        return any(len(block.forms) > 1 for block in self.blocks)

    @cached_property
    def by_votes(self) -> bool:
        """Whether subjects are ranked by their share of votes, and have no other score."""
        return by_votes(self.manifest)

    @cached_property
    def rules(self) -> Mapping[str, str]:
        """The counting rules in words, by name: every sheet of the session wants some."""
        return dict(rule_lines(self.manifest, "zh"))

    @cached_property
    def rounding(self) -> str:
        """How printed figures are rounded."""
        return rounding(self.manifest, "zh")

    @cached_property
    def dividing(self) -> str:
        """What scores and shares are divided by."""
        return dividing(self.manifest, "zh")

    @cached_property
    def withholds(self) -> bool:
        """Whether any box is not told."""
        groups = (group for contest in self.results.contests for group in contest.groups)
        return any(group.status is GroupStatus.WITHHELD for group in groups)

    @cached_property
    def merged(self) -> tuple[int, ...]:
        """The classes of which a box was opened together with others."""
        classes = range(len(self.manifest.classes))
        return tuple(number for number in classes if merged(self.results, number))

    def under(self, instrument: int) -> list[tuple[Block, FormBlock]]:
        """The subjects of one ballot form, in order."""
        return [
            (block, form)
            for block in self.blocks
            for form in block.forms
            if self.manifest.contests[form.contest].instrument == instrument
        ]
