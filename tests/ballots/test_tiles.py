"""Tiles of the board's tree: paths, widths and hashes (c2sp.org/tlog-tiles)."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.ballots import merkle, tiles
from appraisal.ballots.tiles import Tile, parse_path, tiles_of
from appraisal.errors import CryptoError, MalformedError

LEAVES = [merkle.leaf_hash(number.to_bytes(4, "big")) for number in range(600)]


@pytest.mark.parametrize(
    ("path", "tile"),
    [
        ("0/000", Tile(0, 0)),
        ("0/001.p/12", Tile(0, 1, 12)),
        ("1/000.p/1", Tile(1, 0, 1)),
        ("0/999", Tile(0, 999)),
        ("0/x001/000", Tile(0, 1000)),
        ("63/x001/x234/067.p/255", Tile(63, 1_234_067, 255)),
    ],
)
def test_a_path_names_one_tile(path: str, tile: Tile) -> None:
    assert parse_path(path) == tile
    assert tile.path == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "0",
        "0/",
        "0/0",
        "0/00",
        "00/000",
        "01/000",
        "64/000",
        "-1/000",
        "0/1000",
        "0/x000/001",  # a leading group of zeroes
        "0/001/002",  # a group before the last without its x
        "0/x001",  # the last group with an x
        "0/000.p/0",
        "0/000.p/01",
        "0/000.p/256",  # a full tile is not partial
        "0/000.p/257",
        "0/000.p/",
        "0/000/",
        "/0/000",
        "0/000 ",
        "0/٠٠٠",  # digits, but not these
        "entries/000",
        "0/../000",
    ],
)
def test_any_other_spelling_is_no_path(path: str) -> None:
    with pytest.raises(MalformedError):
        parse_path(path)


@given(
    st.integers(0, tiles.MAX_LEVEL),
    st.integers(0, 10**21 - 1),
    st.integers(1, tiles.WIDTH),
)
def test_every_tile_is_found_by_its_path(level: int, number: int, width: int) -> None:
    assert parse_path(Tile(level, number, width).path) == Tile(level, number, width)


def test_the_tiles_of_the_specifications_example() -> None:
    """70,000 leaves: 273 full tiles and one of 112, one full and one of 17, one of 1."""
    found = list(tiles_of(70_000))
    assert [tile for tile in found if tile.width < tiles.WIDTH] == [
        Tile(0, 273, 112),
        Tile(1, 1, 17),
        Tile(2, 0, 1),
    ]
    assert len(found) == 273 + 1 + 3
    assert list(tiles_of(256)) == [Tile(0, 0), Tile(1, 0, 1)]
    assert not list(tiles_of(0))


@pytest.mark.parametrize("size", [1, 255, 256, 257, 512, 600])
def test_level_0_has_the_leaf_hashes(size: int) -> None:
    level = [tile for tile in tiles_of(size) if tile.level == 0]
    data = b"".join(tiles.hashes(LEAVES[:size], tile) for tile in level)
    assert data == b"".join(LEAVES[:size])


def test_above_stand_the_roots_of_full_tiles_below() -> None:
    """Worked out here by hand: RFC 6962 pairs of level 0 upwards."""
    level = LEAVES[256:512]
    while len(level) > 1:
        level = [
            merkle.LeafHash(hashlib.sha256(b"\x01" + a + b).digest())
            for a, b in zip(level[::2], level[1::2], strict=True)
        ]
    tile = tiles.hashes(LEAVES, Tile(1, 0, 2))
    assert len(tile) == 64
    assert tile[32:] == level[0]


def test_the_root_follows_from_the_tiles_alone() -> None:
    """What a monitor does: full tiles' hashes and a partial one give the checkpoint's root."""
    above = tiles.hashes(LEAVES, Tile(1, 0, 2))
    rest = tiles.hashes(LEAVES, Tile(0, 2, 88))
    left = hashlib.sha256(b"\x01" + above).digest()
    right = merkle.root([rest[at : at + 32] for at in range(0, len(rest), 32)])
    assert hashlib.sha256(b"\x01" + left + right).digest() == merkle.root(LEAVES)


def test_an_earlier_trees_partial_tile_can_still_be_had() -> None:
    assert tiles.hashes(LEAVES, Tile(0, 0, 3)) == b"".join(LEAVES[:3])


@pytest.mark.parametrize("tile", [Tile(0, 2), Tile(0, 2, 89), Tile(0, 3, 1), Tile(1, 0, 3)])
def test_a_tile_that_the_board_has_not_yet(tile: Tile) -> None:
    with pytest.raises(CryptoError):
        tiles.hashes(LEAVES, tile)
