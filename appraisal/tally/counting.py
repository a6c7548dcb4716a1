"""Counting opened ballots: how often each option was given, by question (protocol §5.2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from appraisal.ballot_form import BallotForm, Option, Question, QuestionKind
from appraisal.tally.openings import OpenedBallot

Times: TypeAlias = tuple[tuple[int, int], ...]
"""(points, how many ballots gave them), most points first, without those that nobody gave."""


@dataclass(frozen=True)
class Counts:
    """One question about one subject: ballots an option, those left blank 弃权, and the scale.

    `scale` has the answers that give points.
    """

    options: tuple[int, ...]
    blank: int
    scale: Times

    @property
    def answers(self) -> int:
        """How many ballots answered on the scale; 不了解 and 弃权 do not."""
        return sum(times for _, times in self.scale)


def count(form: BallotForm, ballots: Iterable[OpenedBallot]) -> tuple[tuple[Counts, ...], ...]:
    """The counts of each question about each subject; every ballot is valid under the form."""
    # Place by place, all ballots at once: a byte string counts at the speed of memory.
    data = b"".join(bytes(ballot.answers) for ballot in ballots)
    columns = [data[place :: form.size] for place in range(form.size)]
    return tuple(
        tuple(_of_subject(form, columns[first : first + form.width]))
        for first in range(0, form.size, form.width)
    )


def _of_subject(form: BallotForm, columns: Sequence[bytes]) -> Iterator[Counts]:
    for start, question in zip(form.starts, form.instrument.questions, strict=True):
        yield _counts(question, columns[start : start + len(question.places)])


def _counts(question: Question, columns: Sequence[bytes]) -> Counts:
    match question.kind:
        case QuestionKind.GRADES | QuestionKind.CHOICE:
            (column,) = columns
            given = tuple(column.count(value) for value in range(1, len(question.options) + 1))
            scale = (
                (option.points, times)
                for option, times in zip(question.options, given, strict=True)
                if option.points is not None and times
            )
            return Counts(given, column.count(0), tuple(scale))
        case QuestionKind.TICKS:
            return Counts(tuple(column.count(1) for column in columns), _all_blank(columns), ())
        case QuestionKind.SCORE:
            (column,) = columns
            (most,) = question.places
            scores = ((value - 1, column.count(value)) for value in range(most, 0, -1))
            given_scores = tuple((points, times) for points, times in scores if times)
            in_bands = _in_bands(question.options, given_scores)
            return Counts(in_bands, column.count(0), given_scores)


def _all_blank(columns: Sequence[bytes]) -> int:
    """How many ballots have a zero in every column."""
    ticked = 0
    for column in columns:
        ticked |= int.from_bytes(column)
    return ticked.to_bytes(len(columns[0])).count(0)


def _in_bands(bands: Sequence[Option], scale: Times) -> tuple[int, ...]:
    counts = [0] * len(bands)
    for points, times in scale:
        band = next(i for i, band in enumerate(bands) if points >= (band.at_least or 0))
        counts[band] += times
    return tuple(counts)
