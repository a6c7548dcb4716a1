"""One job on many cores gives what it gives on one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pytest

from appraisal.tally import spread as module
from appraisal.tally.spread import spread


def multiplied(factor: int, numbers: Sequence[int]) -> list[int]:
    return [factor * number for number in numbers]


def failing(numbers: Sequence[int]) -> list[int]:
    return [number // 0 for number in numbers]


def lost(numbers: Sequence[int]) -> list[int]:
    """Ends its process wherever it is not the first one."""
    import multiprocessing
    import os

    if multiprocessing.parent_process() is not None:
        os._exit(1)
    return list(numbers)


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
