"""Openings of boxes, each in a process of its own, that die at any moment, killed with SIGKILL.

The hook lives here, in the tests: the product has no such switch.
"""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO, Any, Final

from sqlalchemy import event

import appraisal
from appraisal.config import Settings
from appraisal.manifest import SessionId
from appraisal.rehearsal.server import environment
from appraisal.steps.opening import open_boxes
from appraisal.steps.service import open_service
from tests.live import ROOT

HOME: Final = Path(appraisal.__file__).parent
FILES: Final = (f"{HOME / 'steps'}{os.sep}", str(HOME / "store" / "database.py"))
STATEMENTS: Final = ("before_cursor_execute", "after_cursor_execute", "commit")
DIED: Final = -signal.SIGKILL


@dataclass
class Openings:
    """Opens a session as often as it is asked to; the modules are loaded once for all."""

    process: subprocess.Popen[str]

    def until(self, moment: int) -> int:
        """How the process ended that opens, and dies at the moment of this number, from 1."""
        print(moment, file=_pipe(self.process.stdin), flush=True)
        return int(_pipe(self.process.stdout).readline())


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe


@contextmanager
def openings(settings: Settings, session: SessionId) -> Iterator[Openings]:
    """A program that waits to be asked."""
    with subprocess.Popen(
        [sys.executable, "-m", __name__, session],
        cwd=ROOT,
        env=environment(settings),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Openings(process)
        _pipe(process.stdin).close()


def _open(session: SessionId, moment: int) -> None:
    """Moments: a statement, transaction or function of a step, as it begins and as it ends."""
    service = open_service(Settings.from_environment(os.environ))
    moments = itertools.count(1)

    def pass_moment(*_: Any, **__: Any) -> None:
        if next(moments) == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    def pass_call(frame: FrameType, what: str, _: Any) -> None:
        # What has no name, a comprehension, is a part of what has one.
        code = frame.f_code
        named = not code.co_name.startswith("<")
        if what in {"call", "return"} and named and code.co_filename.startswith(FILES):
            pass_moment()

    for database in (service.office.database, service.box.database):
        for name in STATEMENTS:
            event.listen(database.engine, name, pass_moment)
    sys.setprofile(pass_call)
    open_boxes(service, session)


def main(session: SessionId) -> None:
    """A line with a moment comes in, and a line with the end of that opening goes out."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _open(session, int(line))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main(SessionId(sys.argv[1]))
