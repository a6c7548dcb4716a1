"""Tiles of a board and tiles that disagree with it, for both verifiers: `tests/vectors/tiles.json`.

    python -m tests.test_tile_vectors          writes the file anew; the test compares

frontend/tests/tiles.test.ts runs the same file.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

from appraisal.ballots import merkle, tiles
from appraisal.encoding import b64decode, b64encode

FILE: Final = Path(__file__).parent / "vectors" / "tiles.json"
SIZE: Final = 259
"""Leaves: a full tile, a partial one, and a partial one above them."""


def leaf(number: int, *, of: str = "this") -> merkle.LeafHash:
    return merkle.leaf_hash(f"{of} board, entry {number}".encode())


def given(*, size: int = SIZE, of: str = "this") -> dict[str, bytes]:
    leaves = [leaf(n, of=of) for n in range(size)]
    return {tile.path: tiles.hashes(leaves, tile) for tile in tiles.tiles_of(size)}


def bit(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def cases() -> dict[str, tuple[str, dict[str, bytes], list[str]]]:
    """What each case is, the tiles that a board gives, and which of them disagree."""
    own, other = given(), given(of="another")
    full, part, above = own
    return {
        "agree": ("the tiles of the board", own, []),
        "small": ("a board of three entries", given(size=3), []),
        "leaf": ("a hash of a full tile changed", own | {full: bit(own[full], 8191)}, [full]),
        "part": ("a hash of the partial tile changed", own | {part: bit(own[part], 0)}, [part]),
        "above": ("the hash over a full tile changed", own | {above: bit(own[above], 31)}, [above]),
        "short": ("a tile cut off by a byte", own | {part: own[part][:-1]}, [part]),
        "long": ("a tile with a hash more", own | {part: own[part] + bytes(32)}, [part]),
        "exchanged": (
            "two hashes exchanged",
            own | {part: own[part][32:] + own[part][:32]},
            [part],
        ),
        "missing": ("a tile that is not there", {full: own[full], above: own[above]}, [part]),
        "another": ("the tiles of another board", other, [full, part, above]),
        "forked": (
            "the later entries of another board: of all that is given to monitors only the end",
            own | {part: other[part]},
            [part],
        ),
    }


def written() -> str:
    listed = [
        {
            "name": name,
            "comment": comment,
            "leaves": [b64encode(leaf(n)) for n in range(3 if name == "small" else SIZE)],
            "tiles": {path: b64encode(data) for path, data in found.items()},
            "disagree": apart,
        }
        for name, (comment, found, apart) in cases().items()
    ]
    # The leaves of all but one case are the same: told once.
    shared = listed[0]["leaves"]
    for one in listed:
        if one["leaves"] == shared:
            del one["leaves"]
    return json.dumps({"leaves": shared, "cases": listed}, indent=1) + "\n"


def test_the_file_is_the_one_that_is_made() -> None:
    assert FILE.read_text() == written()


@pytest.mark.parametrize("case", json.loads(FILE.read_text())["cases"], ids=lambda c: c["name"])
def test_the_tiles_that_disagree_are_named(case: dict[str, Any]) -> None:
    shared = json.loads(FILE.read_text())["leaves"]
    leaves = [b64decode(text) for text in case.get("leaves", shared)]
    found = {path: b64decode(text) for path, text in case["tiles"].items()}
    assert [tile.path for tile in tiles.disagreeing(leaves, found.get)] == case["disagree"]


if __name__ == "__main__":
    FILE.write_text(written())
