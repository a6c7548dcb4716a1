"""The board's entries and checkpoints: one form each, and forgeries by whoever runs the server."""

from __future__ import annotations

import os

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from appraisal.ballots import board, checkpoint
from appraisal.ballots.board import ManifestEntry, Opened, Printed, Turnout
from appraisal.ballots.checkpoint import Checkpoint
from appraisal.ballots.merkle import RootHash
from appraisal.ballots.slips import SlipHash
from appraisal.errors import AppraisalError, CryptoError, MalformedError
from appraisal.manifest import BoardKey
from tests.world import World, make_world

ORIGIN = "example.org/b/k3m9x7q2wp"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
BOARD = BoardKey(ORIGIN, KEY.public_key().public_bytes_raw())
HEAD = Checkpoint(ORIGIN, 1276, RootHash(bytes(range(32))))
NOTE = checkpoint.sign_checkpoint(HEAD, KEY)
HASHES = tuple(SlipHash(bytes([i]) * 32) for i in range(1, 6))


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(subjects=1, signers=2)


def test_each_kind_of_entry_has_one_form(world: World) -> None:
    m = world.manifest
    ballot = world.vote(0, ((1, 1, 1),), os.urandom)[0]
    entries: list[board.Entry] = [
        ManifestEntry(m.hash),
        Printed(0, 0, HASHES),
        Turnout(0, 1, HASHES[:2], HASHES[2:]),
        Turnout(0, 0, (), ()),
        Printed(1, 1, HASHES, bytes(64)),
        Turnout(1, 1, HASHES[:2], (), bytes(64)),
        ballot,
        Opened(bytes(32)),
    ]
    encoded = [board.encode(entry) for entry in entries]
    assert [board.decode(data, m) for data in encoded] == entries
    assert [data[0] for data in encoded] == [1, 2, 3, 3, 2, 3, 4, 5]
    assert board.unpacked(board.packed(encoded)) == tuple(encoded)


def test_the_bytes_of_the_specification() -> None:
    assert board.encode(Printed(0, 1, HASHES[:1])) == b"\x02\x00\x01" + b"\x01" * 32
    assert board.encode(
        Printed(1, 0, HASHES[:1], bytes(64))
    ) == b"\x02\x01\x00" + b"\x01" * 32 + bytes(64)
    expected = b"\x03\x00\x00" + b"\x00\x00\x00\x01" + b"\x00\x00\x00\x02"
    assert board.encode(Turnout(0, 0, HASHES[:1], HASHES[1:3]))[:11] == expected


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00",
        b"\x06" + bytes(32),
        b"\x01" + bytes(31),
        b"\x01" + bytes(33),
        b"\x02",
        b"\x02\x00",
        b"\x02\x00\x07" + bytes(32),
        b"\x02\x02\x00" + bytes(96),
        b"\x02\x00\x00",
        b"\x02\x00\x00" + bytes(31),
        b"\x02\x00\x00" + bytes(96),
        b"\x02\x01\x00" + bytes(32),
        b"\x02\x01\x00" + bytes(64),
        b"\x02\x01\x00" + bytes(95),
        b"\x02\x00\x00" + HASHES[1] + HASHES[0],
        b"\x02\x00\x00" + HASHES[0] + HASHES[0],
        b"\x03\x00\x00",
        b"\x03\x00\x00" + bytes(72),
        b"\x03\x01\x00" + bytes(8),
        b"\x03\x01\x00" + bytes(71),
        b"\x03\x00\x00" + b"\x00\x00\x00\x01" * 2 + bytes(32),
        b"\x03\x00\x00" + b"\x00\x00\x00\x02\x00\x00\x00\x00" + HASHES[1] + HASHES[0],
        b"\x04\xff\xff" + bytes(500),
        b"\x04\x00\x00",
        b"\x05",
    ],
)
def test_entries_of_no_kind(world: World, data: bytes) -> None:
    with pytest.raises(MalformedError):
        board.decode(data, world.manifest)


def test_a_printing_without_slips_is_no_entry(world: World) -> None:
    for voter_class in range(2):
        with pytest.raises(MalformedError, match="a printing without slips"):
            board.decode(board.encode(Printed(0, voter_class, ())), world.manifest)
    one = board.encode(Printed(0, 0, HASHES[:1]))
    assert board.decode(one, world.manifest) == Printed(0, 0, HASHES[:1])


@given(st.binary(max_size=120))
def test_whatever_decodes_encodes_to_the_same(data: bytes) -> None:
    manifest = make_world().manifest
    try:
        entry = board.decode(data, manifest)
    except MalformedError:
        return
    assert board.encode(entry) == data


@given(st.lists(st.binary(min_size=1, max_size=40)))
def test_a_board_is_its_entries_each_after_its_length(entries: list[bytes]) -> None:
    assert board.unpacked(board.packed(entries)) == tuple(entries)


def test_the_bytes_of_a_board() -> None:
    assert board.packed([b"ab", b"c"]) == b"\0\0\0\x02ab\0\0\0\x01c"


@pytest.mark.parametrize(
    "data", [b"\0", b"\0\0\0", bytes(4), b"\0\0\0\x02a", b"\0\0\0\x01ab", b"\xff\xff\xff\xffa"]
)
def test_a_board_of_another_form(data: bytes) -> None:
    with pytest.raises(MalformedError, match=r"board\.bin"):
        board.unpacked(data)


@given(st.binary(max_size=60))
def test_whatever_unpacks_packs_to_the_same(data: bytes) -> None:
    try:
        entries = board.unpacked(data)
    except MalformedError:
        return
    assert board.packed(entries) == data


def test_a_checkpoint_is_a_signed_note() -> None:
    lines = NOTE.split("\n")
    assert lines[:4] == [ORIGIN, "1276", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", ""]
    assert lines[4].startswith(f"— {ORIGIN} ")
    assert checkpoint.verify_checkpoint(NOTE, BOARD, ()).checkpoint == HEAD


def test_the_published_checkpoint_of_c2sp_parses() -> None:
    """The example of c2sp.org/tlog-checkpoint."""
    text = (
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
        "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/"
        "Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    )
    found, _ = checkpoint.parse_checkpoint(text)
    assert (found.origin, found.size) == ("example.com/behind-the-sofa", 20852163)


@pytest.mark.parametrize("size", ["+1", " 1", "01", "1_0", "١", "-1", "1e3", "9" * 19])
def test_sizes_in_another_spelling(size: str) -> None:
    with pytest.raises(MalformedError, match="plain decimal"):
        checkpoint.parse_checkpoint(NOTE.replace("1276", size))


def test_every_changed_character_of_a_checkpoint_is_found() -> None:
    for i, character in enumerate(NOTE):
        changed = NOTE[:i] + ("x" if character != "x" else "y") + NOTE[i + 1 :]
        with pytest.raises(AppraisalError):
            checkpoint.verify_checkpoint(changed, BOARD, ())


@pytest.mark.parametrize(
    "text",
    ["", "a\n\n", NOTE + "\n", NOTE[:-1], NOTE + NOTE, NOTE.replace("\n\n", "\n"), "x" * 5000],
)
def test_notes_of_another_form(text: str) -> None:
    with pytest.raises(AppraisalError):
        checkpoint.verify_checkpoint(text, BOARD, ())


def test_another_board_and_another_key() -> None:
    with pytest.raises(CryptoError, match="another board"):
        checkpoint.verify_checkpoint(NOTE, BoardKey("example.org/b/other", BOARD.key), ())
    with pytest.raises(CryptoError, match="another key"):
        checkpoint.verify_checkpoint(NOTE, BoardKey(ORIGIN, bytes(32)), ())
    forged = checkpoint.sign_checkpoint(Checkpoint(ORIGIN, 1277, HEAD.root), KEY)
    mixed = forged.split("\n\n")[0] + "\n\n" + NOTE.split("\n\n")[1]
    with pytest.raises(CryptoError, match="does not verify"):
        checkpoint.verify_checkpoint(mixed, BOARD, ())


def test_the_head_of_the_entries() -> None:
    entries = [b"\x01" + bytes(32), b"\x05" + bytes(32)]
    head = board.head(entries, origin=ORIGIN)
    assert head.size == 2
    assert head.root != board.head(entries[::-1], origin=ORIGIN).root
