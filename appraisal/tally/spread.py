"""One job over many items, on all cores where that pays.

    with Cores() as cores:
        verdicts = cores.spread(partial(check, manifest), ballots)

Results come in the order of the items, whoever did the work; so the cores never show in them.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, nullcontext
from itertools import chain
from types import TracebackType
from typing import Final, Self, TypeVar

Item = TypeVar("Item")
Out = TypeVar("Out")

WORTH: Final = 12_000
"""How many ballots take longer than starting the processes (half a second to a second)."""
_CHUNKS_A_CORE: Final = 4


class Cores:
    """The processes for a while: started when first wanted, ended on leaving.

    `workers` is their number, 1 for none; by default one a core for `WORTH` items or more, and
    none for fewer.
    """

    def __init__(self, workers: int | None = None) -> None:
        self._workers = workers
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def spread(
        self, job: Callable[[Sequence[Item]], list[Out]], items: Sequence[Item]
    ) -> list[Out]:
        """`job(items)`, in parts by several processes where that pays.

        `job` takes any part of the items and must pickle, as must items and results.
        """
        workers = self._workers
        if workers is None:
            workers = len(os.sched_getaffinity(0)) if len(items) >= WORTH else 1
        # A daemonic process may not start others.
        if workers == 1 or not items or multiprocessing.current_process().daemon:
            return job(items)
        size = -(-len(items) // (workers * _CHUNKS_A_CORE))
        parts = [items[i : i + size] for i in range(0, len(items), size)]
        try:
            if self._pool is None:
                # Spawned, never forked: a web server's threads and locks must not be copied.
                context = multiprocessing.get_context("spawn")
                self._pool = ProcessPoolExecutor(workers, mp_context=context)
            return list(chain.from_iterable(self._pool.map(job, parts)))
        except (BrokenProcessPool, OSError):
            # Where no process can be started (memory, a sandbox), one core gives the same.
            return job(items)


def borrowed(cores: Cores | None) -> AbstractContextManager[Cores]:
    """The caller's processes, left running; or own ones, ended on leaving."""
    return Cores() if cores is None else nullcontext(cores)
