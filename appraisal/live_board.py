"""What a board gives to monitors now, beside a record: its signed head and its tiles (§4.12).

Whoever keeps a record finds with it that the board has become another, or is another to others.
"""

from __future__ import annotations

import urllib.request
from collections.abc import Callable, Sequence
from typing import Final, Literal, TypeAlias
from urllib.error import URLError

from appraisal.ballots import board, merkle, tiles
from appraisal.ballots.checkpoint import parse_checkpoint
from appraisal.errors import MalformedError
from appraisal.tally.record import BOARD, CHECKPOINT, LIMITS, Record

SECONDS: Final = 20
Fetch: TypeAlias = "Callable[[str], bytes | None]"
"""Gives what stands under an address, None for nothing."""


def fetch(address: str) -> bytes | None:
    """What stands under an http address, no more than a checkpoint or a tile may have."""
    if not address.startswith(("http://", "https://")):
        return None
    try:
        with urllib.request.urlopen(address, timeout=SECONDS) as answer:  # noqa: S310 - http only
            return bytes(answer.read(tiles.WIDTH * board.HASH_SIZE + 1))
    except (URLError, OSError, ValueError):
        return None


def differences(record: Record, url: str, fetched: Fetch = fetch) -> tuple[str, ...]:
    """The names of what the board at this address gives otherwise: checkpoint and tiles."""
    base = url.rstrip("/")
    head = fetched(f"{base}/{CHECKPOINT}")
    # Cosignatures may come later; what they are of may not change.
    same = head is not None and _head(head) == _head(record.files.get(CHECKPOINT, b""))
    apart = [] if same else [CHECKPOINT]
    try:
        leaves = [merkle.leaf_hash(e) for e in board.unpacked(record.files.get(BOARD, b""))]
    except MalformedError:
        return (*apart, BOARD)
    found = tiles.disagreeing(leaves, lambda path: fetched(f"{base}/tile/{path}"))
    return (*apart, *(f"tile/{tile.path}" for tile in found))


def told(apart: Sequence[str], language: Literal["zh", "en"]) -> str:
    """The line about the board under the report."""
    same, other = {
        "zh": ("公示板现在给出的与记录一致。", "公示板现在给出的与记录不符："),
        "en": (
            "The board now gives the same as the record.",
            "The board now gives something else: ",
        ),
    }[language]
    return f"{other}{', '.join(apart)}\n" if apart else f"{same}\n"


def _head(note: bytes) -> object:
    if len(note) > LIMITS[CHECKPOINT]:
        return None
    try:
        return parse_checkpoint(note.decode())[0]
    except (MalformedError, UnicodeDecodeError):
        return None
