"""Recounting a record as a command: `appraisal verify`, and the standalone of it.

    python3 appraisal-verify.pyz record.zip

The standalone is this module and what it imports, in one file (scripts/verifier.py); besides Python
it needs `cryptography` alone.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

from appraisal import verifier
from appraisal.errors import MalformedError, RecordError
from appraisal.tally.record import read_record

HOLDS, FOUND, UNREADABLE = 0, 1, 2
STATUSES: Final = (
    "Exit status 0: everything holds. 1: findings, each named. 2: not readable as a record."
)


def run(record: Path, language: Literal["zh", "en"]) -> int:
    """Print the report on a record, a folder or an archive; the exit status."""
    try:
        report = verifier.verify(read_record(record))
    except (RecordError, MalformedError) as error:
        sys.stderr.write(f"{record}: {error}\n")
        return UNREADABLE
    sys.stdout.write(report.text(language))
    return HOLDS if report.ok else FOUND


def language_of(environ: os._Environ[str] | dict[str, str]) -> Literal["zh", "en"]:
    """The language of the environment's locale; English where it is not Chinese."""
    names = (environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "zh" if next(filter(None, names), "").startswith("zh") else "en"


def main(arguments: Sequence[str] | None = None) -> int:
    """The standalone command; the exit status."""
    parser = argparse.ArgumentParser(
        prog="appraisal-verify",
        description="Recount the record of a voting session 复算评议记录.",
        epilog=STATUSES,
    )
    parser.add_argument("record", type=Path, help="a folder or a .zip")
    parser.add_argument("--lang", choices=["zh", "en"], help="language of the report")
    given = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        # A record's words are Chinese, whatever the terminal says of itself.
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    return run(given.record, given.lang or language_of(os.environ))
