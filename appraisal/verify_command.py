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

from appraisal import live_board, verifier
from appraisal.errors import RecordError
from appraisal.tally.record import read_record

HOLDS, FOUND, UNREADABLE = 0, 1, 2
STATUSES: Final = (
    "Exit status 0: everything holds. 1: findings, each named. 2: not readable as a record."
)


def run(path: Path, language: Literal["zh", "en"], *, board: str | None = None) -> int:
    """Print the report on a record, a folder or an archive; the exit status.

    `board` is the address of a board's page: what it gives to monitors is compared with the record.
    """
    try:
        record = read_record(path)
        report = verifier.verify(record)
    except RecordError as error:
        sys.stderr.write(f"{path}：{error.zh}\n" if language == "zh" else f"{path}: {error}\n")
        return UNREADABLE
    sys.stdout.write(report.text(language))
    apart = () if board is None else live_board.differences(record, board)
    if board is not None:
        sys.stdout.write(live_board.told(apart, language))
    return HOLDS if report.ok and not apart else FOUND


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
    parser.add_argument("--board", metavar="URL", help="compare with this board as it is now")
    parser.add_argument("--lang", choices=["zh", "en"], help="language of the report")
    given = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        # A record's words are Chinese, whatever the terminal says of itself.
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    return run(given.record, given.lang or language_of(os.environ), board=given.board)
