"""Two counts that share no line agree byte for byte on 10,000 sessions of every form and rule.

The reference (`boxes.py`, `count.py`) was written from the protocol's texts alone; the program's
own is that of `appraisal/tally/`. The sessions repeat with their seeds, so that what occurs in
them is known.
"""

from __future__ import annotations

import ast
import json
from collections import Counter
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from appraisal.counting_rules import Percentages
from appraisal.tally import figures
from tests.reference.count import percentages
from tests.reference.counted import by_program, by_reference
from tests.reference.occurred import occurred, required
from tests.reference.sessions import CORES, Session, sessions

EACH = 42
"""Sessions under each combination of the core rules: 10,080 in all."""

PARTS = 24


@cache
def counted_twice(part: int) -> Counter[str]:
    """Hold both counts against each other under a part of the rules; what occurred on the way."""
    seen: Counter[str] = Counter()

    def agree(session: Session) -> None:
        openings, results = by_program(session)
        assert (openings, results) == by_reference(session)
        published = [json.loads(data) for data in (session.manifest.encoded, openings, results)]
        seen["sessions"] += 1
        seen.update(set(occurred(*published)))

    for number in range(part, len(CORES), PARTS):
        on_each = given(sessions(CORES[number]))(agree)
        seed(number)(AS_OFTEN(on_each))()
    return seen


AS_OFTEN = settings(
    max_examples=EACH, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_both_counts_agree(part: int) -> None:
    assert counted_twice(part)["sessions"] >= EACH * len(CORES) / PARTS


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_every_rule_occurred() -> None:
    """Each value, each pair of values, and each effect; what never occurs was never compared."""
    seen = sum((counted_twice(part) for part in range(PARTS)), Counter[str]())
    assert seen["sessions"] >= 10_000
    missing = sorted(required() - set(seen))
    assert not missing


@given(
    columns=st.lists(st.integers(0, 9) | st.integers(0, 10**6), min_size=2, max_size=12),
    decimals=st.integers(0, 6),
    rule=st.sampled_from(Percentages),
)
def test_percentages_of_many_ballots_agree(
    columns: list[int], decimals: int, rule: Percentages
) -> None:
    """And sum to 100; by largest remainder none is off by a unit of its last place."""
    told = figures.percentages(columns, decimals, rule)
    assert list(told) == percentages(columns, sum(columns), decimals, rule.value)
    if any(columns):
        assert sum(map(Fraction, told)) == 100
    if any(columns) and rule is Percentages.LARGEST_REMAINDER:
        for column, printed in zip(columns, told, strict=True):
            off = Fraction(printed) - Fraction(100 * column, sum(columns))
            assert abs(off) < Fraction(1, 10**decimals)


def test_the_real_table_of_2012() -> None:
    """141 voters, 111 members and 30 of the public; the printed table has 2.12, not 2.13."""
    columns = [134, 4, 3, 0, 0]
    printed = ["95.04", "2.84", "2.12", "0.00", "0.00"]
    assert percentages(columns, 141, 2, "last-takes-rest") == printed
    assert list(figures.percentages(columns, 2, Percentages.LAST_TAKES_REST)) == printed
    assert percentages(columns, 141, 2, "largest-remainder") != printed


@pytest.mark.parametrize("name", ["boxes", "count"])
def test_the_reference_stands_alone(name: str) -> None:
    """Neither half imports anything of the package."""
    tree = ast.parse((Path(__file__).parent / f"{name}.py").read_text())
    found = {
        str(node.module) if isinstance(node, ast.ImportFrom) else alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert not {module for module in found if module.startswith("appraisal")}
    assert {module for module in found if module.startswith("tests")} <= {"tests.reference.boxes"}
