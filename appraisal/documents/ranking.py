"""Results with what is told of one subject but found among all: who shares its rank."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from appraisal.ballot_form import SubjectKind
from appraisal.manifest import Manifest
from appraisal.tally.results import Results, SubjectResult


@dataclass(frozen=True)
class Ranked:
    """The results of a session; what needs all subjects is found once, however many there are."""

    manifest: Manifest
    results: Results

    def kind(self, number: int) -> SubjectKind:
        """Whether a subject is a person or an organisation."""
        return self.manifest.subjects[number].kind

    def result(self, number: int) -> SubjectResult:
        """What a subject was found to be."""
        return self.results.subjects[number]

    def equals(self, number: int) -> int:
        """How many subjects of its kind share a subject's rank, itself among them; 0 unranked."""
        rank = self.result(number).rank
        return 0 if rank is None else self._shared[self.kind(number), rank]

    @cached_property
    def _shared(self) -> Counter[tuple[SubjectKind, int | None]]:
        subjects = zip(self.manifest.subjects, self.results.subjects, strict=True)
        return Counter((subject.kind, result.rank) for subject, result in subjects)
