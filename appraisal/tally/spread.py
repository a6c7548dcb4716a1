"""One job over many items, on all cores where that pays.

Results come in the order of the items, whoever did the work; so the cores never show in them.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain
from typing import Final, TypeVar

Item = TypeVar("Item")
Out = TypeVar("Out")

WORTH: Final = 12_000
"""How many ballots take longer than starting the processes (about a second)."""
_CHUNKS_A_CORE: Final = 4


def spread(
    job: Callable[[Sequence[Item]], list[Out]],
    items: Sequence[Item],
    *,
    workers: int | None = None,
) -> list[Out]:
    """`job(items)`; in parts by several processes if there are at least `WORTH` items.

    `job` takes any part of the items and must pickle, as must items and results. `workers` is the
    number of processes, 1 for none; by default one a core for many items, none for few.
    """
    if workers is None:
        workers = len(os.sched_getaffinity(0)) if len(items) >= WORTH else 1
    # A daemonic process may not start others.
    if workers == 1 or not items or multiprocessing.current_process().daemon:
        return job(items)
    size = -(-len(items) // (workers * _CHUNKS_A_CORE))
    parts = [items[i : i + size] for i in range(0, len(items), size)]
    # Spawned, never forked: a web server's threads and locks must not be copied.
    context = multiprocessing.get_context("spawn")
    try:
        with ProcessPoolExecutor(workers, mp_context=context) as pool:
            return list(chain.from_iterable(pool.map(job, parts)))
    except (BrokenProcessPool, OSError):
        # Where no process can be started (memory, a sandbox), one core gives the same.
        return job(items)
