"""The table of tests/claims/README.md: every claim of THREAT_MODEL §1 has tests, and they exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CLAIMS = re.findall(r"^\| \*\*(A\d+)\*\* \|", (ROOT / "THREAT_MODEL.md").read_text(), re.MULTILINE)
TABLE = dict(
    re.findall(
        r"^\| (A\d+) \| (.+) \|$", (ROOT / "tests/claims/README.md").read_text(), re.MULTILINE
    )
)


def test_the_claims_are_those_of_the_threat_model() -> None:
    assert list(TABLE) == CLAIMS


@pytest.mark.parametrize("claim", TABLE)
def test_what_attacks_a_claim_exists(claim: str) -> None:
    named = re.findall(r"`([^`]+)`", TABLE[claim])
    assert named
    for name in named:
        file, _, function = name.partition("::")
        tests = [
            node.name
            for node in ast.parse((ROOT / file).read_text()).body
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        ]
        assert tests
        assert not function or function in tests


def test_every_file_here_stands_in_the_table() -> None:
    here = {path.name for path in (ROOT / "tests/claims").glob("test_a*.py")}
    assert here == set(re.findall(r"tests/claims/(test_a\w+\.py)", "".join(TABLE.values())))
