"""Makes `tests/vectors/records/`: one record a case, with what a verifier must say of it.

    python -m tests.tally.record_cases            writes every case anew, to the same bytes
    python -m tests.tally.record_cases --new      makes other sessions first, or those named

Where a case says "signed", the service itself cheated: it has the board key, and puts checkpoint,
openings and results right as far as it can.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import tests.tally.record_cases_ballots
import tests.tally.record_cases_board
import tests.tally.record_cases_counting
import tests.tally.record_cases_factors
import tests.tally.record_cases_files
import tests.tally.record_cases_floor
import tests.tally.record_cases_forms
import tests.tally.record_cases_keys
import tests.tally.record_cases_parties
import tests.tally.record_cases_ranges
import tests.tally.record_cases_unstated  # noqa: F401 - each registers its cases
from appraisal.tally.record import Record
from tests.tally.record_sessions import (
    CASES,
    FOLDER,
    SESSIONS,
    answer_changed,
    case,
    merge,
    new_sessions,
    roomy,
    spare,
    withhold,
)


@case("valid", "the public record of a session; the box of the second class is withheld")
def public() -> Record:
    return withhold().record()


@case("valid", "the audit record of the same session")
def audit() -> Record:
    return withhold().record(audit=True)


@case("valid", "three tellers, two of whom open; a box below its floor merged with the other")
def merged() -> Record:
    return merge().record(audit=True)


@case(
    "valid", "spoilt ballots: one not readable, one without the first byte, one beyond the grades"
)
def spoilt() -> Record:
    held = roomy()
    held.ballots += [spare("torn"), spare("no-ballot"), spare("beyond")]
    held.reopen()
    return held.record(audit=True)


@case("valid", "two voters agreed on a tracker: both ballots are spoilt")
def tracker_repeated() -> Record:
    held = roomy()
    held.ballots += [spare("same"), spare("same-again")]
    held.reopen()
    return held.record(audit=True)


@case("valid", "four slips printed later, on an entry of their own")
def later_printing() -> Record:
    return roomy().record()


@case("valid", "the service changed an answer and put everything right: a public record hides it")
def answer_changed_public() -> Record:
    return answer_changed().record()


def written() -> Iterator[tuple[str, bytes]]:
    """The file of every case, by name."""
    for one in CASES:
        yield f"{one.name}.vector", one.vector


def main() -> None:
    """Write the folder anew."""
    if "--new" in sys.argv:
        FOLDER.mkdir(exist_ok=True)
        names = sys.argv[sys.argv.index("--new") + 1 :]
        (FOLDER / SESSIONS).write_bytes(new_sessions(*names))
    for old in FOLDER.glob("*.vector"):
        old.unlink()
    for name, data in written():
        (FOLDER / name).write_bytes(data)


if __name__ == "__main__":
    main()
