"""The ballot in plain: a tracker and its answers, always of one length (protocol §4.5).

01 ‖ tracker (16 bytes) ‖ 02 00 05          second grade, blank, fifth grade
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from appraisal.ballot_form import BallotForm, Bounds
from appraisal.errors import AppraisalError

VERSION: Final = 1
TRACKER_SIZE: Final = 16
BLANK: Final = 0


class Spoilt(Enum):
    """Why a ballot of the box is not counted."""

    UNREADABLE = "unreadable"
    NOT_A_BALLOT = "not-a-ballot"
    ANSWER_OUT_OF_RANGE = "answer-out-of-range"
    EMPTY = "empty"
    TOO_MANY = "too-many"
    TOO_FEW = "too-few"
    # Two voters who agree on a tracker must not be able to make an honest record fail its check.
    TRACKER_REPEATED = "tracker-repeated"


class SpoiltError(AppraisalError):
    """A ballot that cannot be counted; `reason` says why."""

    def __init__(self, reason: Spoilt) -> None:
        """Keep the reason."""
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True, order=True)
class Ballot:
    """A tracker (16 bytes) and answers, one byte a place of the form.

    0 is blank 弃权; n the n-th grade, 1 chosen or ticked, n + 1 a score of n points.
    """

    tracker: bytes
    answers: tuple[int, ...]


def ballot_size(form: BallotForm) -> int:
    """The length of every ballot of this form, in bytes."""
    return 1 + TRACKER_SIZE + form.size


def encode_ballot(ballot: Ballot) -> bytes:
    """The bytes of a ballot; answers must be from 0 to 255."""
    return bytes([VERSION]) + ballot.tracker + bytes(ballot.answers)


def decode_ballot(data: bytes, form: BallotForm) -> Ballot:
    """The ballot of these bytes; `SpoiltError` for any that cannot be counted."""
    if len(data) != ballot_size(form) or data[0] != VERSION:
        raise SpoiltError(Spoilt.NOT_A_BALLOT)
    answers = tuple(data[1 + TRACKER_SIZE :])
    reason = fault_of(answers, form)
    if reason is not None:
        raise SpoiltError(reason)
    return Ballot(data[1 : 1 + TRACKER_SIZE], answers)


def fault_of(answers: Sequence[int], form: BallotForm) -> Spoilt | None:
    """The first reason why a ballot with these answers, one a place, is not valid (§4.5)."""
    if any(answer > most for answer, most in zip(answers, form.places, strict=True)):
        return Spoilt.ANSWER_OUT_OF_RANGE
    if not any(answers):
        return Spoilt.EMPTY if form.empty_spoils else None
    given = [(bounds, _given(answers, form, bounds)) for bounds in form.bounds]
    if _overticked(answers, form) or any(times > bounds.most for bounds, times in given):
        return Spoilt.TOO_MANY
    if any(times < bounds.least for bounds, times in given):
        return Spoilt.TOO_FEW
    return None


def _given(answers: Sequence[int], form: BallotForm, bounds: Bounds) -> int:
    """To how many of its subjects a ballot gives a limited option."""
    of_place = answers[bounds.place :: form.width]
    return sum(of_place[subject] == bounds.value for subject in bounds.subjects)


def _overticked(answers: Sequence[int], form: BallotForm) -> bool:
    """Whether more items of some list are ticked than it allows."""
    for start, question in zip(form.starts, form.instrument.questions, strict=True):
        if question.most is None:
            continue
        for first in range(start, len(answers), form.width):
            if sum(answers[first : first + len(question.places)]) > question.most:
                return True
    return False
