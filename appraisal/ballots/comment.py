"""A comment 意见 in plain: what a voter wrote, always of one length (protocol §4.14).

02 ‖ length (u16) ‖ text in UTF-8 ‖ zeros

It is sealed, signed and cast like a ballot, in a box of its own, and never stands on the board.
"""

from __future__ import annotations

import re
from typing import Final

from appraisal.errors import MalformedError

VERSION: Final = 2
HEAD_SIZE: Final = 3
# What could make a comment look like another, or like more than one; a line break is the writer's.
_CONTROLS: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def comment_size(length: int) -> int:
    """The length of every comment in bytes, where its text may have `length`."""
    return HEAD_SIZE + length


def encode_comment(text: str, *, length: int) -> bytes:
    """The bytes of a comment, empty or not; `MalformedError` if it is too long."""
    data = text.encode("utf-8")
    if len(data) > length:
        raise MalformedError(f"a comment of {len(data)} bytes, where {length} are allowed")
    return bytes([VERSION]) + len(data).to_bytes(2, "big") + data.ljust(length, b"\x00")


def decode_comment(data: bytes, *, length: int) -> str:
    """The text of a comment; `MalformedError` for what is none."""
    if len(data) != comment_size(length) or data[0] != VERSION:
        raise MalformedError("not a comment")
    end = HEAD_SIZE + int.from_bytes(data[1:HEAD_SIZE], "big")
    if end > len(data) or any(data[end:]):
        raise MalformedError("a comment whose length is wrong")
    try:
        text = data[HEAD_SIZE:end].decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedError("a comment that is not UTF-8") from error
    return _CONTROLS.sub("", text).strip()
