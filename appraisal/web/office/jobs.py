"""Long steps run beside the request that asked for them, one at a time for each session.

The browser gets its page at once and asks again; without script the page reloads itself. What a
step has done stands in the database: if the process ends, only the bar is lost.
"""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from appraisal.errors import AppraisalError
from appraisal.manifest import SessionId

Progress: TypeAlias = Callable[[int, int], None]
"""Called with (done, total)."""
_SEEN: Final = 60.0
"""Seconds after which the outcome of a job that nobody asked for is forgotten."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    """A long step of one session; `error` is what it was refused with, `finished` its clock."""

    name: str
    done: int = 0
    total: int = 0
    running: bool = True
    error: Exception | None = None
    finished: float = 0.0


class Jobs:
    """The long steps of this process. Safe to use from any thread."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._lock = threading.Lock()
        self._jobs: dict[SessionId, Job] = {}
        self._threads: dict[SessionId, threading.Thread] = {}
        self._clock = clock

    def start(self, session: SessionId, name: str, work: Callable[[Progress], object]) -> bool:
        """Start `work` for a session; False, and nothing started, while another one runs."""
        with self._lock:
            standing = self._jobs.get(session)
            if standing is not None and standing.running:
                return False
            self._jobs[session] = Job(name)
            thread = threading.Thread(
                target=self._run, args=(session, work), name=f"{name} {session}", daemon=True
            )
            self._threads[session] = thread
        thread.start()
        return True

    def of(self, session: SessionId) -> Job | None:
        """The job of a session: running, or ended not long ago."""
        with self._lock:
            job = self._jobs.get(session)
            if job is not None and not job.running and self._clock() - job.finished > _SEEN:
                del self._jobs[session]
                return None
            return job

    def take_error(self, session: SessionId) -> Exception | None:
        """What the last job was refused with, told once; the job is forgotten with it."""
        with self._lock:
            job = self._jobs.get(session)
            if job is None or job.running:
                return None
            del self._jobs[session]
            return job.error

    def wait(self, session: SessionId, *, seconds: float) -> None:
        """Wait until the session's job has ended."""
        with self._lock:
            thread = self._threads.get(session)
        if thread is not None:
            thread.join(seconds)

    def _run(self, session: SessionId, work: Callable[[Progress], object]) -> None:
        def progress(done: int, total: int) -> None:
            with self._lock:
                self._jobs[session] = replace(self._jobs[session], done=done, total=total)

        error: Exception | None = None
        try:
            work(progress)
        except AppraisalError as refused:
            error = refused
        except Exception as broken:  # noqa: BLE001 - a thread has nobody to raise to
            # The page says that it failed; where is for the log. The error's own text may quote
            # what was in hand, such as a slip.
            trace = "".join(traceback.format_tb(broken.__traceback__))
            _log.error("session %s: unexpected %s\n%s", session, type(broken).__name__, trace)
            error = broken
        with self._lock:
            self._jobs[session] = replace(
                self._jobs[session], running=False, error=error, finished=self._clock()
            )
            self._threads.pop(session, None)
