"""Witnesses' cosignatures below a checkpoint (c2sp.org/tlog-cosignature)."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from appraisal.ballots.checkpoint import (
    MAX_SECONDS,
    Checkpoint,
    SignedHead,
    cosign,
    sign_checkpoint,
    verify_checkpoint,
    with_cosignatures,
)
from appraisal.ballots.merkle import RootHash
from appraisal.errors import AppraisalError, CryptoError, MalformedError
from appraisal.manifest import BoardKey, Witness

ORIGIN = "example.org/b/k3m9x7q2wp"
KEY = Ed25519PrivateKey.from_private_bytes(bytes([1]) * 32)
BOARD = BoardKey(ORIGIN, KEY.public_key().public_bytes_raw())
HEAD = Checkpoint(ORIGIN, 1276, RootHash(bytes(range(32))))
NOTE = sign_checkpoint(HEAD, KEY)
KEYS = [Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in (2, 3, 4)]
NAMES = ("district.example.org", "city.example.org", "other.example.org")
WITNESSES = tuple(
    Witness(name, key.public_key().public_bytes_raw())
    for name, key in zip(NAMES[:2], KEYS[:2], strict=True)
)


def line(number: int, *, seconds: int = 1679315147, checkpoint: Checkpoint = HEAD) -> str:
    return cosign(checkpoint, name=NAMES[number], key=KEYS[number], seconds=seconds)


def changed(found: str, at: int) -> str:
    """A line whose data is another in one byte."""
    head, _, data = found[:-1].rpartition(" ")
    raw = bytearray(base64.b64decode(data))
    raw[at] ^= 1
    return f"{head} {base64.b64encode(raw).decode()}\n"


def test_a_cosignature_has_the_form_of_c2sp() -> None:
    """Key ID with algorithm 0x04, the time as u64, and the signature over header, time and note."""
    found = base64.b64decode(line(0).split(" ")[2])
    assert len(found) == 4 + 8 + 64
    assert int.from_bytes(found[4:12], "big") == 1679315147
    message = b"cosignature/v1\ntime 1679315147\n" + HEAD.text.encode()
    KEYS[0].public_key().verify(found[12:], message)


@pytest.mark.parametrize(
    ("lines", "cosigned"),
    [
        ("", ()),
        (line(0), ((0, 1679315147),)),
        (line(1), ((1, 1679315147),)),
        (line(0) + line(1, seconds=5), ((0, 1679315147), (1, 5))),
    ],
)
def test_any_of_the_witnesses_may_have_signed(
    lines: str, cosigned: tuple[tuple[int, int], ...]
) -> None:
    assert verify_checkpoint(NOTE + lines, BOARD, WITNESSES) == SignedHead(HEAD, cosigned)


@pytest.mark.parametrize(
    "lines",
    [
        line(2),  # of nobody whom the manifest names
        line(0) + line(2),
        line(1) + line(0),  # out of order
        line(0) + line(0),
        line(0) + line(0, seconds=7),  # one witness twice
        line(0, checkpoint=Checkpoint(ORIGIN, 1277, HEAD.root)),
        line(0, checkpoint=Checkpoint(ORIGIN, 1276, RootHash(bytes(32)))),
        line(0, checkpoint=Checkpoint("example.org/b/other", 1276, HEAD.root)),
        cosign(HEAD, name=NAMES[0], key=KEYS[1], seconds=1),  # another's key under this name
        cosign(HEAD, name=ORIGIN, key=KEY, seconds=1),  # the board itself is no witness
        NOTE.splitlines()[-1] + "\n",  # the board's own line once more
        changed(line(0), 0),
        changed(line(0), 11),  # the time
        changed(line(0), 75),
        line(0, seconds=MAX_SECONDS + 1),
        line(0)[:-1],
        line(0) + "\n",
        line(0).replace("— ", "- "),
        line(0).replace("— ", "—  "),
        line(0).replace("=", "") if "=" in line(0) else line(0).replace("A", "a", 1),
    ],
)
def test_every_other_line_is_refused(lines: str) -> None:
    with pytest.raises((CryptoError, MalformedError)):
        verify_checkpoint(NOTE + lines, BOARD, WITNESSES)


def test_every_changed_character_of_a_cosignature_is_found() -> None:
    note = NOTE + line(0)
    for at in range(len(NOTE), len(note)):
        other = note[:at] + ("x" if note[at] != "x" else "y") + note[at + 1 :]
        with pytest.raises(AppraisalError):
            verify_checkpoint(other, BOARD, WITNESSES)


def test_cosignatures_are_gathered_in_the_witnesses_order() -> None:
    note = with_cosignatures(NOTE, line(1), WITNESSES)
    note = with_cosignatures(note, line(0), WITNESSES)
    assert note == NOTE + line(0) + line(1)


@pytest.mark.parametrize(
    "given",
    ["", line(2), changed(line(1), 40), line(0, seconds=9), "— city.example.org nonsense\n"],
)
def test_what_is_no_new_cosignature_is_left_out(given: str) -> None:
    note = NOTE + line(0)
    assert with_cosignatures(note, given, WITNESSES) == note


@pytest.mark.parametrize("given", ["x", "\n\nx", "— city.example.org"])
def test_lines_that_do_not_end_are_no_lines(given: str) -> None:
    with pytest.raises(MalformedError):
        with_cosignatures(NOTE, given, WITNESSES)
