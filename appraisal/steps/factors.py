"""Decryption factors as they are kept: 32 bytes a ballot, all zero where a share does not open.

No good factor is zero. Until the opening a teller's are those of the ballots to be opened, by leaf
hash; afterwards a quorum's are kept, those of ballots that were published, and of no others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

FACTOR_SIZE: Final = 32
_NONE: Final = bytes(FACTOR_SIZE)


def pack(factors: Iterable[bytes]) -> bytes:
    """The bytes that are kept of a teller's factors, each 32 bytes or empty."""
    return b"".join(factor or _NONE for factor in factors)


def unpack(kept: bytes) -> tuple[bytes, ...]:
    """The factors that were kept."""
    found = (kept[at : at + FACTOR_SIZE] for at in range(0, len(kept), FACTOR_SIZE))
    return tuple(b"" if factor == _NONE else factor for factor in found)


def improved(standing: Sequence[bytes], given: Sequence[bytes]) -> tuple[bytes, ...]:
    """What a teller has handed in altogether: a factor that was good stays."""
    return tuple(new or old for old, new in zip(standing, given, strict=True))
