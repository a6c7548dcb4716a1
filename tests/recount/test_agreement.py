"""Python and the browser open and count alike: many sessions of every form and rule, byte for byte.

One Node process counts them all (frontend/tests/agreement.ts). Nothing is sealed or signed here:
the record vectors do that (tests/vectors/records).
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.reference.counted import by_program
from tests.reference.sessions import CORES, Session, sessions

ROOT = Path(__file__).parent.parent.parent
SESSIONS = 1000


class Browser:
    """The browser's half, under Node."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def count(self, session: Session) -> dict[str, str]:
        """Its openings and results, or what it refuses the manifest for."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps(_told(session)) + "\n")
        stdin.flush()
        answer: dict[str, str] = json.loads(stdout.readline())
        return answer


def _told(session: Session) -> dict[str, Any]:
    slips = ({"printed": s.printed, "drawn": s.drawn, "void": s.void} for s in session.slips)
    return {
        "manifest": session.manifest.encoded.decode(),
        "slips": list(slips),
        "boxes": [[None if p is None else p.hex() for p in box] for box in session.boxes],
        "unopened": session.unopened,
    }


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with subprocess.Popen(
        [ROOT / ".venv" / "bin" / "node", "frontend/tests/agreement.ts"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        yield Browser(process)


@settings(max_examples=SESSIONS, deadline=None, suppress_health_check=list(HealthCheck))
@given(session=st.sampled_from(CORES).flatmap(sessions))
def test_openings_and_results_are_the_same_bytes(browser: Browser, session: Session) -> None:
    openings, results = by_program(session)
    assert browser.count(session) == {"openings": openings.decode(), "results": results.decode()}
