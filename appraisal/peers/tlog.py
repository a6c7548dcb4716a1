"""The request of c2sp.org/tlog-witness for a cosignature.

old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=

example.com/behind-the-sofa
20852163
…
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from appraisal.encoding import b64decode, b64encode
from appraisal.errors import MalformedError

MAX_PROOF: Final = 63
LIMIT: Final = 16_384
SIZE_TYPE: Final = "text/x.tlog.size"
_HASH_SIZE: Final = 32
_OLD: Final = "old "
_DIGITS: Final = 18


@dataclass(frozen=True)
class AddCheckpoint:
    """A checkpoint, and the proof that it continues the tree of `old` entries; nothing is verified.

    `proof` holds hashes of 32 bytes, none if `old` is 0.
    """

    old: int
    proof: tuple[bytes, ...]
    checkpoint: str

    def encode(self) -> bytes:
        """The request's body."""
        lines = [f"{_OLD}{self.old}", *map(b64encode, self.proof), "", self.checkpoint]
        return "\n".join(lines).encode()


def decode_add_checkpoint(data: bytes) -> AddCheckpoint:
    """The request of a body; `MalformedError` unless it is in its one form."""
    if len(data) > LIMIT:
        raise MalformedError(f"more than {LIMIT} bytes")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise MalformedError("not UTF-8") from None
    head, separator, checkpoint = text.partition("\n\n")
    if not separator:
        raise MalformedError("no empty line before the checkpoint")
    first, *proof = head.split("\n")
    if not first.startswith(_OLD):
        raise MalformedError("the first line tells the old size")
    if len(proof) > MAX_PROOF:
        raise MalformedError(f"more than {MAX_PROOF} hashes")
    return AddCheckpoint(
        parse_size(first.removeprefix(_OLD)),
        tuple(b64decode(line, size=_HASH_SIZE) for line in proof),
        checkpoint,
    )


def parse_size(text: str) -> int:
    """A tree size in plain decimal."""
    if not (text.isascii() and text.isdigit()) or len(text) > _DIGITS or str(int(text)) != text:
        raise MalformedError("a tree's size is a plain decimal number")
    return int(text)
