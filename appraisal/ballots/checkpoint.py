"""Checkpoints: the board's signed tree head (c2sp.org/tlog-checkpoint, c2sp.org/signed-note).

Below the board's signature stand those of witnesses (c2sp.org/tlog-cosignature, Ed25519).

example.org/b/k3m9x7q2wp
1276
nND/nri/U0xuHUrYSy0HtMeal2vzD9V4k/BO79C+QeI=

— example.org/b/k3m9x7q2wp Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
"""  # noqa: E501 - one line is one line of the format

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from appraisal.ballots.merkle import RootHash
from appraisal.ballots.signatures import verifies
from appraisal.encoding import b64decode, b64encode
from appraisal.errors import CryptoError, MalformedError
from appraisal.manifest import BoardKey, Witness

MAX_SIZE: Final = 4096
MAX_DIGITS: Final = 18
MAX_SECONDS: Final = 2**63 - 1
_ED25519: Final = b"\x01"
_COSIGNATURE: Final = b"\x04"
_HASH_SIZE: Final = 32
_ID_SIZE: Final = 4
_TIME_SIZE: Final = 8
_SIGNATURE_SIZE: Final = 64
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


@dataclass(frozen=True)
class SignedHead:
    """A verified checkpoint, and who cosigned it: (witness number, seconds since 1970)."""

    checkpoint: Checkpoint
    cosigned: tuple[tuple[int, int], ...]


def key_id(board: BoardKey) -> bytes:
    """The first 4 bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public key)."""
    return _key_id(board.origin, _ED25519, board.key)


def cosigner_id(witness: Witness) -> bytes:
    """The first 4 bytes of SHA-256(name ‖ 0x0A ‖ 0x04 ‖ public key)."""
    return _key_id(witness.name, _COSIGNATURE, witness.key)


def _key_id(name: str, kind: bytes, key: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + kind + key).digest()[:_ID_SIZE]


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


def cosign(checkpoint: Checkpoint, *, name: str, key: Ed25519PrivateKey, seconds: int) -> str:
    """A witness's line below a checkpoint: that it continues every head cosigned before.

    `seconds` since 1970 is when.
    """
    witness = Witness(name, key.public_key().public_bytes_raw())
    signature = key.sign(_cosigned_message(checkpoint, seconds))
    line = cosigner_id(witness) + seconds.to_bytes(_TIME_SIZE, "big") + signature
    return f"— {name} {b64encode(line)}\n"


def verify_checkpoint(text: str, board: BoardKey, witnesses: Sequence[Witness]) -> SignedHead:
    """The checkpoint of a note signed by the board, then by witnesses in their order, no one else.

    Not every witness need have signed. Raises `MalformedError` for another form, `CryptoError` for
    another signer or a wrong signature.
    """
    checkpoint, signatures = parse_checkpoint(text)
    if checkpoint.origin != board.origin:
        raise CryptoError("a checkpoint of another board")
    own, *lines = _lines(signatures)
    signature = _signature(own, name=board.origin, size=_ID_SIZE + _SIGNATURE_SIZE)
    if signature[:_ID_SIZE] != key_id(board):
        raise CryptoError("a checkpoint signed by another key")
    if not verifies(board.key, signature[_ID_SIZE:], checkpoint.text.encode()):
        raise CryptoError("the checkpoint's signature does not verify")
    cosigned = tuple(_cosignature(line, checkpoint, witnesses) for line in lines)
    if any(a >= b for (a, _), (b, _) in pairwise(cosigned)):
        raise CryptoError("a witness cosigned twice, or cosignatures out of order")
    return SignedHead(checkpoint, cosigned)


def with_cosignatures(text: str, lines: str, witnesses: Sequence[Witness]) -> str:
    """The note with further cosignatures, in the witnesses' order.

    Lines that are nobody's, or that do not verify, are left out; of two of one witness the one that
    stands already stays.
    """
    checkpoint, signatures = parse_checkpoint(text)
    own, *standing = _lines(signatures)
    found: dict[int, str] = {}
    for line in [*standing, *(_lines(lines) if lines else [])]:
        try:
            number, _ = _cosignature(line, checkpoint, witnesses)
        except (CryptoError, MalformedError):
            continue
        found.setdefault(number, line)
    kept = [own, *(found[number] for number in sorted(found))]
    return f"{checkpoint.text}\n" + "".join(line + "\n" for line in kept)


def _lines(signatures: str) -> list[str]:
    *lines, last = signatures.split("\n")
    if last or not lines:
        raise MalformedError("signature lines that do not end with a line's end")
    return lines


def _signature(line: str, *, name: str, size: int) -> bytes:
    """What stands on a signature line of this name."""
    prefix = f"— {name} "
    if not line.startswith(prefix):
        raise MalformedError(f"no signature line of {name}")
    return b64decode(line.removeprefix(prefix), size=size)


def _cosignature(
    line: str, checkpoint: Checkpoint, witnesses: Sequence[Witness]
) -> tuple[int, int]:
    """Which witness cosigned this checkpoint, and when."""
    for number, witness in enumerate(witnesses):
        if not line.startswith(f"— {witness.name} "):
            continue
        size = _ID_SIZE + _TIME_SIZE + _SIGNATURE_SIZE
        data = _signature(line, name=witness.name, size=size)
        seconds = int.from_bytes(data[_ID_SIZE : _ID_SIZE + _TIME_SIZE], "big")
        if data[:_ID_SIZE] != cosigner_id(witness) or seconds > MAX_SECONDS:
            raise CryptoError(f"a cosignature of {witness.name} by another key")
        message = _cosigned_message(checkpoint, seconds)
        if not verifies(witness.key, data[_ID_SIZE + _TIME_SIZE :], message):
            raise CryptoError(f"the cosignature of {witness.name} does not verify")
        return number, seconds
    raise CryptoError("a cosignature of nobody whom the manifest names")


def _cosigned_message(checkpoint: Checkpoint, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{checkpoint.text}".encode()
