"""The encodings of the protocol (§2): each value has one spelling, every other is refused.

`decode(x)` is legal only if `encode(decode(x)) == x`. Python's own decoders are lenient
(`int("4_2")`, base64 with stray characters or bits), so every decoder here re-encodes and compares.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any, Final, TypeAlias, cast

import rfc8785

from appraisal.errors import MalformedError

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"

CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CROCKFORD_VALUE: Final = {symbol: value for value, symbol in enumerate(CROCKFORD)}
_TYPED_AS: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
MAX_INTEGER: Final = 2**53 - 1


def b64encode(data: bytes) -> str:
    """Base64 with the standard alphabet and padding (RFC 4648 §4)."""
    return base64.b64encode(data).decode("ascii")


def b64decode(text: str, *, size: int | None = None) -> bytes:
    """The bytes of canonical base64; `size` is the only length allowed, in bytes."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedError("not base64") from error
    # validate=True still takes 'QUF=' for 'QUE=': bits that belong to no byte.
    if b64encode(data) != text:
        raise MalformedError("base64 in another spelling")
    if size is not None and len(data) != size:
        raise MalformedError(f"{len(data)} bytes where {size} belong")
    return data


def hex_decode(text: str, *, size: int) -> bytes:
    """The bytes of lower-case hex, exactly `size` of them."""
    try:
        data = bytes.fromhex(text)
    except ValueError as error:
        raise MalformedError("not hex") from error
    if data.hex() != text:
        raise MalformedError("hex in another spelling")
    if len(data) != size:
        raise MalformedError(f"{len(data)} bytes where {size} belong")
    return data


def base32encode(data: bytes) -> str:
    """Crockford's base32, most significant bit first, last symbol filled with zero bits."""
    symbols = -(-len(data) * 8 // 5)
    number = int.from_bytes(data, "big") << (symbols * 5 - len(data) * 8)
    return "".join(CROCKFORD[number >> 5 * (symbols - 1 - i) & 31] for i in range(symbols))


def base32decode(text: str) -> bytes:
    """The bytes of plain upper-case Crockford base32; fill bits must be zero."""
    if not set(text) <= set(CROCKFORD):
        raise MalformedError("not base32")
    number = 0
    for symbol in text:
        number = number << 5 | _CROCKFORD_VALUE[symbol]
    size, fill = divmod(len(text) * 5, 8)
    data = (number >> fill).to_bytes(size, "big")
    if base32encode(data) != text:
        raise MalformedError("base32 in another spelling")
    return data


def base32typed(text: str) -> str:
    """The plain form of base32 as people type it: lower case, O for 0, I and L for 1, hyphens."""
    return text.upper().translate(_TYPED_AS)


def _refuse_float(_text: str) -> Json:
    raise MalformedError("a number with a fraction")


def _integer(text: str) -> int:
    if len(text) > 17:
        raise MalformedError("an integer beyond 2^53 - 1")
    return int(text)


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MalformedError("a field given twice")
    return found


def json_parse(data: bytes, *, limit: int) -> Json:
    """JSON in any spelling, at most `limit` bytes, without fractions or repeated fields."""
    if len(data) > limit:
        raise MalformedError(f"more than {limit} bytes")
    try:
        return cast(
            "Json",
            json.loads(
                data.decode("utf-8"),
                object_pairs_hook=_unique,
                parse_float=_refuse_float,
                parse_constant=_refuse_float,
                parse_int=_integer,
            ),
        )
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise MalformedError("not JSON") from error


def canonical(value: Json | Mapping[str, Json]) -> bytes:
    """Canonical JSON (RFC 8785)."""
    try:
        return rfc8785.dumps(cast("dict[str, Any]", value))
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError) as error:
        raise MalformedError(f"no canonical JSON: {error}") from error


def canonical_parse(data: bytes, *, limit: int) -> Json:
    """The value of canonical JSON; refuses every other spelling of it."""
    value = json_parse(data, limit=limit)
    if canonical(value) != data:
        raise MalformedError("JSON that is not canonical (RFC 8785)")
    return value
