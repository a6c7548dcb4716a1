"""Counting opened ballots: how often each grade was given, question by question (protocol §5.2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from appraisal.manifest import Instrument
from appraisal.tally.openings import OpenedBallot


@dataclass(frozen=True)
class GradeCounts:
    """One question's ballots: one number a grade, and those left blank 弃权."""

    grades: tuple[int, ...]
    blank: int


def count(instrument: Instrument, ballots: Iterable[OpenedBallot]) -> tuple[GradeCounts, ...]:
    """The counts of each question; every ballot has one answer a question, within its grades."""
    tallies = [[0] * (1 + len(question.grades)) for question in instrument.questions]
    # Ballots of one subject repeat a few patterns; each is looked at once.
    for answers, times in Counter(ballot.answers for ballot in ballots).items():
        for tally, answer in zip(tallies, answers, strict=True):
            tally[answer] += times
    return tuple(GradeCounts(tuple(grades), blank) for blank, *grades in tallies)
