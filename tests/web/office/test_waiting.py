"""What waits in memory: long steps, and printed sheets for fifteen minutes."""

from __future__ import annotations

import threading

import pytest

from appraisal.errors import StepError
from appraisal.manifest import SessionId
from appraisal.web.office.jobs import Jobs
from appraisal.web.office.printed_sheets import KEPT, PrintedSheets

SESSION = SessionId("k3m9x7q2wp")


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_sheet_is_kept_for_its_account_and_its_time() -> None:
    clock = Clock()
    sheets = PrintedSheets(clock=clock)
    sheets.keep(SESSION, pdf=b"%PDF", user=1, slips=8)
    kept = sheets.of(SESSION, user=1)
    assert kept is not None
    assert (kept.pdf, sheets.minutes_left(kept)) == (b"%PDF", 15)
    assert sheets.of(SESSION, user=2) is None
    clock.now += KEPT - 1
    assert sheets.of(SESSION, user=1) is kept
    assert sheets.minutes_left(kept) == 1
    clock.now += 1
    assert sheets.of(SESSION, user=1) is None


def test_a_sheet_is_dropped_by_its_account_alone() -> None:
    sheets = PrintedSheets()
    sheets.keep(SESSION, pdf=b"%PDF", user=1, slips=8)
    sheets.drop(SESSION, user=2)
    assert sheets.of(SESSION, user=1) is not None
    sheets.drop(SESSION, user=1)
    assert sheets.of(SESSION, user=1) is None


def test_one_long_step_a_session_with_its_progress() -> None:
    jobs, go, half = Jobs(), threading.Event(), threading.Event()

    def work(progress: object) -> None:
        progress(1, 2)  # type: ignore[operator]
        half.set()
        go.wait(5)

    assert jobs.start(SESSION, "freeze", work)
    assert half.wait(5)
    job = jobs.of(SESSION)
    assert job is not None
    assert (job.name, job.done, job.total, job.running) == ("freeze", 1, 2, True)
    assert not jobs.start(SESSION, "freeze", work), "two clicks start one step"
    assert jobs.take_error(SESSION) is None
    go.set()
    jobs.wait(SESSION, seconds=5)
    job = jobs.of(SESSION)
    assert job is not None
    assert not job.running


def test_a_refused_step_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    jobs = Jobs(clock=clock)
    refused = StepError("wrong-phase", "not now")

    def work(_progress: object) -> None:
        raise refused

    jobs.start(SESSION, "close", work)
    jobs.wait(SESSION, seconds=5)
    assert jobs.take_error(SESSION) is refused
    assert jobs.take_error(SESSION) is None
    assert caplog.records == [], "a refusal is no fault of the service"
    jobs.start(SESSION, "close", work)
    jobs.wait(SESSION, seconds=5)
    clock.now += 61
    assert jobs.of(SESSION) is None, "forgotten after a minute"


def test_the_log_says_where_a_step_broke_off_and_not_what_it_had_in_hand(
    caplog: pytest.LogCaptureFixture,
) -> None:
    jobs, code = Jobs(), "0-7XK9M-4TQWE-2H8PA-ZR5DN"

    def work(_progress: object) -> None:
        raise ValueError(code)

    jobs.start(SESSION, "print", work)
    jobs.wait(SESSION, seconds=5)
    assert "unexpected ValueError" in caplog.text
    assert "test_waiting.py" in caplog.text
    assert code not in caplog.text
    assert isinstance(jobs.take_error(SESSION), ValueError)
