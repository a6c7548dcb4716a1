"""Printed sheets that wait to be fetched, in memory only and not for long.

A sheet holds slip codes, which exist nowhere else once it is gone. It is kept for the account that
had it made, so that a broken download can be repeated, and dropped when the secretary says that it
is saved, or after `KEPT` seconds. See docs/decisions for why it is never written to the disk.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from appraisal.manifest import SessionId

KEPT: Final = 15 * 60


@dataclass(frozen=True)
class Sheet:
    """A PDF of slips, whose it is, how many slips and which, and when (clock) it is dropped."""

    pdf: bytes
    user: int
    slips: int
    which: str
    until: float
    fetched: bool = False


class PrintedSheets:
    """The sheets of this process, one a session. Safe to use from any thread."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._lock = threading.Lock()
        self._sheets: dict[SessionId, Sheet] = {}
        self._clock = clock

    def keep(
        self, session: SessionId, *, pdf: bytes, user: int, slips: int, which: str = ""
    ) -> None:
        """Keep a sheet in place of the session's earlier one; `which` is for its file's name."""
        with self._lock:
            self._sheets[session] = Sheet(pdf, user, slips, which, self._clock() + KEPT)
        timer = threading.Timer(KEPT + 1, self._drop_old)
        timer.daemon = True
        timer.start()

    def of(self, session: SessionId, *, user: int) -> Sheet | None:
        """The sheet of a session, if it is this account's and still kept."""
        self._drop_old()
        with self._lock:
            sheet = self._sheets.get(session)
            return sheet if sheet is not None and sheet.user == user else None

    def fetched(self, session: SessionId, *, user: int) -> None:
        """Note that the sheet of a session went out to this account."""
        with self._lock:
            sheet = self._sheets.get(session)
            if sheet is not None and sheet.user == user:
                self._sheets[session] = replace(sheet, fetched=True)

    def waits(self, session: SessionId) -> bool:
        """Whether a sheet of the session, whoever's, was not fetched yet: another must wait."""
        self._drop_old()
        with self._lock:
            sheet = self._sheets.get(session)
            return sheet is not None and not sheet.fetched

    def drop(self, session: SessionId, *, user: int) -> None:
        """Drop the sheet of a session, if it is this account's."""
        with self._lock:
            sheet = self._sheets.get(session)
            if sheet is not None and sheet.user == user:
                del self._sheets[session]

    def minutes_left(self, sheet: Sheet) -> int:
        """Whole minutes, rounded up, for which a sheet is still kept."""
        return max(0, -int(-(sheet.until - self._clock()) // 60))

    def _drop_old(self) -> None:
        now = self._clock()
        with self._lock:
            for session in [s for s, sheet in self._sheets.items() if sheet.until <= now]:
                del self._sheets[session]
