"""Which 32 bytes are an Ed25519 public key (protocol §2).

RFC 8032 leaves two things to whoever verifies, and libraries differ: points of small order, under
which one signature holds for many messages, and other spellings of a point. Neither is a key here.
"""

from __future__ import annotations

from typing import Final

from appraisal.errors import MalformedError

P: Final = 2**255 - 19
"""The prime of the curve's field."""
_EIGHT: Final = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
"""The y of two of the four points of order 8; the other two have its negative."""
SMALL_ORDER: Final = frozenset({0, 1, P - 1, _EIGHT, P - _EIGHT})
"""The y of the eight points whose order divides 8."""


def check_key(key: bytes) -> None:
    """Refuse 32 bytes that spell a point in another way than the one, or one of small order."""
    # The highest bit is the sign of x.
    y = int.from_bytes(key, "little") & (2**255 - 1)
    if y >= P:
        raise MalformedError("an Ed25519 key in another spelling")
    if y in SMALL_ORDER:
        raise MalformedError("an Ed25519 key of small order")
