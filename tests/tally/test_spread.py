"""One job on many cores gives what it gives on one."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Sequence
from functools import partial

import pytest

from appraisal.tally import spread as module
from appraisal.tally.spread import Cores, borrowed


def multiplied(factor: int, numbers: Sequence[int]) -> list[int]:
    return [factor * number for number in numbers]


def processes(numbers: Sequence[int]) -> list[int]:
    return [os.getpid() for _ in numbers]


def failing(numbers: Sequence[int]) -> list[int]:
    return [number // 0 for number in numbers]


def lost(numbers: Sequence[int]) -> list[int]:
    """Ends its process wherever it is not the first one."""
    if multiprocessing.parent_process() is not None:
        os._exit(1)
    return list(numbers)


def spread(
    job: Callable[[Sequence[int]], list[int]], items: Sequence[int], workers: int | None = None
) -> list[int]:
    with Cores(workers) as cores:
        return cores.spread(job, items)


@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 100])
@pytest.mark.parametrize("workers", [1, 2])
def test_results_stand_in_the_order_of_the_items(count: int, workers: int) -> None:
    items = list(range(count))
    assert spread(partial(multiplied, 3), items, workers=workers) == [3 * i for i in items]


def test_many_items_go_to_all_cores_by_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WORTH", 10)
    assert spread(partial(multiplied, 2), list(range(40))) == list(range(0, 80, 2))


def test_where_processes_die_one_core_does_the_work() -> None:
    assert spread(lost, [1, 2, 3], workers=2) == [1, 2, 3]


def test_a_refusal_in_a_process_is_raised_here() -> None:
    with pytest.raises(ZeroDivisionError):
        spread(failing, [1, 2], workers=2)


def test_processes_are_shared_while_they_are_wanted() -> None:
    with Cores(2) as cores:
        first = cores.spread(processes, [0] * 16)
        with borrowed(cores) as working:
            second = working.spread(processes, [0] * 16)
        assert working is cores
        third = cores.spread(processes, [0] * 16)
    assert os.getpid() not in first
    assert len({*first, *second, *third}) <= 2
    assert spread(processes, [0]) == [os.getpid()]


def test_without_processes_to_borrow_there_are_own_ones() -> None:
    with borrowed(None) as working:
        assert working.spread(processes, [0]) == [os.getpid()]
