"""Results with what is told of one subject but found among all: who shares its rank, by what."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from appraisal.ballot_form import QuestionKind, SubjectKind
from appraisal.manifest import Manifest
from appraisal.tally.results import GroupStatus, Results, SubjectResult


def by_votes(manifest: Manifest) -> bool:
    """Whether every score is a share of votes 得票率: each subject has one question, a choice.

    Lists to tick aside. It is then told as votes and share; as a score it would be told twice.
    """
    scaled = {
        tuple(
            question.kind
            for contest, _ in own
            for question in manifest.forms[contest].instrument.questions
            if question.scaled
        )
        for own in manifest.stands
    }
    return (QuestionKind.CHOICE,) in scaled and scaled <= {(), (QuestionKind.CHOICE,)}


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
    def by_votes(self) -> bool:
        """Whether all are ranked by their share of votes."""
        return by_votes(self.manifest)

    def votes(self, number: int) -> int | None:
        """The votes 得票 of a subject where all are ranked by them; None if no box is told."""
        found = [
            group.subjects[place][asked].counts[0]
            for contest, place in self.manifest.stands[number]
            if self.by_votes
            for asked, question in enumerate(self.manifest.forms[contest].instrument.questions)
            if question.scaled
            for group in self.results.contests[contest].groups
            if group.status is GroupStatus.OPENED
        ]
        return sum(found) if found else None

    @cached_property
    def _shared(self) -> Counter[tuple[SubjectKind, int | None]]:
        subjects = zip(self.manifest.subjects, self.results.subjects, strict=True)
        return Counter((subject.kind, result.rank) for subject, result in subjects)
