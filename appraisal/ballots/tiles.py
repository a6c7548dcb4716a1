"""Tiles of the board's Merkle tree, as monitors of logs fetch it (c2sp.org/tlog-tiles).

    0/000       the first 256 leaf hashes, 8,192 bytes
    0/001.p/12  twelve more: a partial tile
    1/000.p/1   the hash over the first full tile
    0/x001/234  tile 1234

Hashes only. Entries are fetched whole, in `board.bin` (docs/decisions/0009).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from appraisal.ballots import merkle
from appraisal.errors import CryptoError, MalformedError

WIDTH: Final = 256
"""Hashes in a full tile."""

MAX_LEVEL: Final = 63
_PATH: Final = re.compile(
    r"(0|[1-9][0-9]?)/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?"
)


@dataclass(frozen=True, order=True)
class Tile:
    """The place of a tile: level, number in its level, and how many of its 256 hashes it has."""

    level: int
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """What stands after ``tile/`` in its address."""
        head, last = divmod(self.number, 1000)
        number = f"{last:03}"
        while head:
            head, digits = divmod(head, 1000)
            number = f"x{digits:03}/{number}"
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"{self.level}/{number}{partial}"


def parse_path(path: str) -> Tile:
    """The tile of what stands after ``tile/``; `MalformedError` for another spelling."""
    found = _PATH.fullmatch(path)
    if found is None:
        raise MalformedError("no path of a tile")
    level, number, width = found.groups()
    tile = Tile(int(level), int(re.sub("[x/]", "", number)), WIDTH if width is None else int(width))
    # A number with a group too many, or a full tile called partial, has another path.
    if tile.level > MAX_LEVEL or tile.width > WIDTH or tile.path != path:
        raise MalformedError("no path of a tile")
    return tile


def tiles_of(size: int) -> Iterator[Tile]:
    """Every tile of a tree of `size` leaves, the full ones of a level before its partial one."""
    level = 0
    while size:
        full, rest = divmod(size, WIDTH)
        yield from (Tile(level, number) for number in range(full))
        if rest:
            yield Tile(level, full, rest)
        level, size = level + 1, full


def hashes(leaves: Sequence[bytes], tile: Tile) -> bytes:
    """The hashes of a tile, 32 bytes each; `CryptoError` where the tree has not that many leaves.

    A tree has the partial tiles of earlier sizes as well: those whose leaves it has.
    """
    span = WIDTH**tile.level
    first = tile.number * WIDTH * span
    if first + tile.width * span > len(leaves):
        raise CryptoError("the board has no such tile")
    starts = range(first, first + tile.width * span, span)
    return b"".join(merkle.root(leaves[start : start + span]) for start in starts)


def disagreeing(
    leaves: Sequence[bytes], fetched: Callable[[str], bytes | None]
) -> tuple[Tile, ...]:
    """The tiles that are not those of a board with these leaf hashes, or that are not there.

    `fetched` gives what a board has under the path of a tile, None for nothing.
    """
    return tuple(
        tile for tile in tiles_of(len(leaves)) if fetched(tile.path) != hashes(leaves, tile)
    )
