"""Small records for the tests of the verifier, and its reports line by line."""

from __future__ import annotations

from appraisal.errors import RecordError
from appraisal.tally.findings import Report
from appraisal.tally.record import Record, read_archive
from appraisal.verifier import verify
from tests.tally.held import hold, small_world


def small() -> Record:
    """An audit record of about 6 kB."""
    return hold(small_world(), {0: [[[1]], [[2]]]}, stayed_away=0).record(audit=True)


def holds(data: bytes) -> bool:
    """Whether an archive is a record in which nothing is found."""
    try:
        return verify(read_archive(data)).ok
    except RecordError:
        return False


def lines_of(report: Report) -> list[str]:
    """The report in both languages, line by line; each can be printed."""
    both = report.text("zh") + report.text("en")
    assert both.encode("utf-8")
    return both.split("\n")


SMALL = small()
