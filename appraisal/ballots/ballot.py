"""The ballot in plain: a tracker and one answer a question, always of one length (protocol §4.5).

01 ‖ tracker (16 bytes) ‖ 02 00 05          second grade, blank, fifth grade
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from appraisal.errors import AppraisalError
from appraisal.manifest import Instrument

VERSION: Final = 1
TRACKER_SIZE: Final = 16
BLANK: Final = 0


class Spoilt(Enum):
    """Why a ballot of the box is not counted."""

    UNREADABLE = "unreadable"
    NOT_A_BALLOT = "not-a-ballot"
    GRADE_OUT_OF_RANGE = "grade-out-of-range"
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
    """A tracker (16 bytes) and answers: 0 is blank 弃权, n the n-th grade of its question."""

    tracker: bytes
    answers: tuple[int, ...]


def ballot_size(instrument: Instrument) -> int:
    """The length of every ballot under this instrument, in bytes."""
    return 1 + TRACKER_SIZE + len(instrument.questions)


def encode_ballot(ballot: Ballot) -> bytes:
    """The bytes of a ballot; answers must be from 0 to 255."""
    return bytes([VERSION]) + ballot.tracker + bytes(ballot.answers)


def decode_ballot(data: bytes, instrument: Instrument) -> Ballot:
    """The ballot of these bytes; `SpoiltError` for any that cannot be counted."""
    if len(data) != ballot_size(instrument) or data[0] != VERSION:
        raise SpoiltError(Spoilt.NOT_A_BALLOT)
    answers = tuple(data[1 + TRACKER_SIZE :])
    for answer, question in zip(answers, instrument.questions, strict=True):
        if answer > len(question.grades):
            raise SpoiltError(Spoilt.GRADE_OUT_OF_RANGE)
    return Ballot(data[1 : 1 + TRACKER_SIZE], answers)
