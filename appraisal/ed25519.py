"""Which 32 bytes are an Ed25519 public key (protocol §2).

RFC 8032 leaves two things to whoever verifies, and libraries differ: points of small order, under
which one signature holds for many messages, and other spellings of a point. Neither is a key here,
nor is what spells no point at all.
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


_D: Final = -121665 * pow(121666, -1, P) % P
"""The curve is −x² + y² = 1 + d·x²·y² (RFC 8032 §5.1)."""


def check_key(key: bytes) -> None:
    """Refuse 32 bytes that spell no point, or one in another way, or one of small order."""
    check_spelling(key)
    square = _y(key) ** 2
    # x² is (y² − 1) ÷ (d·y² + 1), and has a root where the product of the two has one (Euler).
    if pow((square - 1) * (_D * square + 1), (P - 1) // 2, P) != 1:
        raise MalformedError("an Ed25519 key that is no point of the curve")


def check_spelling(key: bytes) -> None:
    """The same but for points that there are not, which every library refuses."""
    y = _y(key)
    if y >= P:
        raise MalformedError("an Ed25519 key in another spelling")
    if y in SMALL_ORDER:
        raise MalformedError("an Ed25519 key of small order")


def _y(key: bytes) -> int:
    # The highest bit is the sign of x.
    return int.from_bytes(key, "little") & (2**255 - 1)
