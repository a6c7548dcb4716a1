"""Checkpoints: the board's signed tree head (c2sp.org/tlog-checkpoint, c2sp.org/signed-note).

example.org/b/k3m9x7q2wp
1276
nND/nri/U0xuHUrYSy0HtMeal2vzD9V4k/BO79C+QeI=

— example.org/b/k3m9x7q2wp Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
"""  # noqa: E501 - one line is one line of the format

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from appraisal.ballots.merkle import RootHash
from appraisal.encoding import b64decode, b64encode
from appraisal.errors import CryptoError, MalformedError
from appraisal.manifest import BoardKey

MAX_SIZE: Final = 4096
MAX_DIGITS: Final = 18
_ED25519: Final = b"\x01"
_HASH_SIZE: Final = 32
_ID_SIZE: Final = 4
_LINES: Final = 4


@dataclass(frozen=True)
class Checkpoint:
    """A tree head: whose board, how many entries, which root."""

    origin: str
    size: int
    root: RootHash

    @property
    def text(self) -> str:
        """The note text: three lines."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root)}\n"


def key_id(board: BoardKey) -> bytes:
    """The first 4 bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public key)."""
    named = board.origin.encode() + b"\n" + _ED25519 + board.key
    return hashlib.sha256(named).digest()[:_ID_SIZE]


def sign_checkpoint(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> str:
    """The signed note of a checkpoint."""
    board = BoardKey(checkpoint.origin, key.public_key().public_bytes_raw())
    signature = key_id(board) + key.sign(checkpoint.text.encode())
    return f"{checkpoint.text}\n— {checkpoint.origin} {b64encode(signature)}\n"


def parse_checkpoint(text: str) -> tuple[Checkpoint, str]:
    """The checkpoint of a note and its signature lines; nothing is verified."""
    if len(text) > MAX_SIZE:
        raise MalformedError(f"a checkpoint of more than {MAX_SIZE} characters")
    body, separator, signatures = text.partition("\n\n")
    lines = [*body.split("\n"), ""] if separator else []
    if len(lines) != _LINES:
        raise MalformedError("a checkpoint has three lines, an empty one and signatures")
    origin, size, root, _ = lines
    # int() takes '4_2', '+42' and other digits than 0-9: only the plain form is legal.
    if not (size.isascii() and size.isdigit()) or len(size) > MAX_DIGITS or str(int(size)) != size:
        raise MalformedError("a checkpoint's size is a plain decimal number")
    return Checkpoint(origin, int(size), RootHash(b64decode(root, size=_HASH_SIZE))), signatures


def verify_checkpoint(text: str, board: BoardKey) -> Checkpoint:
    """The checkpoint of a note signed by the board, and by no one else.

    Raises `MalformedError` for another form, `CryptoError` for another signer or a wrong signature.
    """
    checkpoint, signatures = parse_checkpoint(text)
    if checkpoint.origin != board.origin:
        raise CryptoError("a checkpoint of another board")
    prefix = f"— {board.origin} "
    if not signatures.startswith(prefix) or not signatures.endswith("\n"):
        raise MalformedError("no signature line of this board")
    signature = b64decode(signatures.removeprefix(prefix)[:-1], size=_ID_SIZE + 64)
    if signature[:_ID_SIZE] != key_id(board):
        raise CryptoError("a checkpoint signed by another key")
    try:
        Ed25519PublicKey.from_public_bytes(board.key).verify(
            signature[_ID_SIZE:], checkpoint.text.encode()
        )
    except (InvalidSignature, ValueError):
        raise CryptoError("the checkpoint's signature does not verify") from None
    return checkpoint
