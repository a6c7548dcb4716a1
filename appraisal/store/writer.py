"""The single writer of a database: one thread that commits many changes at once.

Each request hands in its change and waits. While one commit is on its way to the disk the next
changes gather, and they all go into the next transaction. The answer follows the commit.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Final, Generic, TypeVar

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from appraisal.errors import Busy, Refusal

Change = TypeVar("Change")
Answer = TypeVar("Answer")

LIMIT: Final = 256
"""Changes in one transaction, at most."""


TRIES: Final = 3


class Writer(Generic[Change, Answer]):
    """A queue of changes and the thread that applies them.

    `apply` takes a batch, commits it in one transaction and returns, in the batch's order, each
    change's answer or the refusal that it meets. It either commits the batch or raises.
    """

    def __init__(
        self, apply: Callable[[Sequence[Change]], Sequence[Answer | Refusal]], *, name: str
    ) -> None:
        self._apply = apply
        self._name = name
        self._queue: SimpleQueue[tuple[Change, Future[Answer]] | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def submit(self, change: Change) -> Answer:
        """The answer to one change, once it is durable; raises the refusal that it meets."""
        if self._thread is None:
            self._start()
        future: Future[Answer] = Future()
        self._queue.put((change, future))
        return future.result()

    def close(self) -> None:
        """Finish what is queued, then stop."""
        with self._lock:
            if self._thread is not None:
                self._queue.put(None)
                self._thread.join()
                self._thread = None

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            batch = [first]
            stop = False
            while len(batch) < LIMIT:
                try:
                    more = self._queue.get_nowait()
                except Empty:
                    break
                if more is None:
                    stop = True
                    break
                batch.append(more)
            self._settle(batch)
            if stop:
                return

    def _settle(
        self, batch: Sequence[tuple[Change, Future[Answer]]], *, tries: int = TRIES
    ) -> None:
        try:
            answers = self._apply([change for change, _ in batch])
        except Exception as error:  # noqa: BLE001 - every waiting request must get its answer
            if len(batch) > 1:
                # One bad change must not cost the others theirs.
                for single in batch:
                    self._settle([single])
            elif tries > 1 and isinstance(error, DBAPIError):
                # Another process took the key in between, or two waited for each other: now what
                # it wrote is there to be read.
                self._settle(batch, tries=tries - 1)
            else:
                batch[0][1].set_exception(_refusal(error))
            return
        for (_, future), answer in zip(batch, answers, strict=True):
            if isinstance(answer, Refusal):
                future.set_exception(answer)
            else:
                future.set_result(answer)


def _refusal(error: Exception) -> Exception:
    if isinstance(error, SQLAlchemyError):
        busy = Busy("the database could not take the change now")
        busy.__cause__ = error
        return busy
    return error
