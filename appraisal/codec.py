"""The one JSON form of a frozen dataclass, read strictly and written canonically.

A field's type says everything: ``Annotated[int, Range(2, 1000)]``, ``Annotated[bytes, Size(32)]``
(base64), ``Annotated[tuple[Box, ...], Range(1, 64)]`` (a list of 1 to 64), an `Enum` of texts,
another dataclass. ``X | None`` may be left out, and is when None; ``Named("class")`` gives the
name on the wire. `decode(T, encode(x)) == x`, and what decodes re-encodes to the same bytes.
"""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, fields
from enum import Enum
from functools import cache, partial
from typing import (
    Annotated,
    Any,
    TypeAlias,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

from appraisal.encoding import Json, b64decode, b64encode, canonical, canonical_parse
from appraisal.errors import MalformedError

T = TypeVar("T")  # a frozen dataclass
Reader: TypeAlias = Callable[[Json], Any]
MAX_TEXT = 4000
# Line breaks, terminal escapes and marks that turn the direction of writing: in a report or on a
# screen they could make a title say something else.
CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True)
class Range:
    """From `low` to `high`, both included: an integer's value, a text's or a list's length."""

    low: int
    high: int


@dataclass(frozen=True)
class Size:
    """The exact length of a byte string."""

    size: int


@dataclass(frozen=True)
class Named:
    """The name on the wire where Python's own differs."""

    name: str


@dataclass(frozen=True)
class _Field:
    attribute: str
    wire: str
    read: Reader
    optional: bool


def encode(value: object) -> bytes:
    """Canonical JSON of a dataclass value."""
    return canonical(cast("dict[str, Json]", to_json(value)))


def decode(kind: type[T], data: bytes, *, limit: int) -> T:
    """The value of canonical JSON of at most `limit` bytes; `MalformedError` names the field."""
    return from_json(kind, canonical_parse(data, limit=limit), where=kind.__name__.lower())


def to_json(value: object) -> Json:
    """The JSON value of a dataclass, tuple, enum, byte string, text, integer or boolean."""
    match value:
        case bool() | int() | str():
            return value
        case bytes():
            return b64encode(value)
        case Enum():
            return cast("str", value.value)
        case tuple():
            return [to_json(item) for item in value]
        case _:
            kept = ((f, getattr(value, f.attribute)) for f in _fields(type(value)))
            return {f.wire: to_json(item) for f, item in kept if item is not None}


def from_json(kind: type[T], value: Json, *, where: str) -> T:
    """The dataclass of a JSON object found at `where`, a path such as ``manifest.rules``."""
    try:
        return cast("T", _object(kind, value))
    except _WrongError as error:
        raise MalformedError(f"{where}{error}") from None


class _WrongError(Exception):
    """What is wrong with a value; the text begins where the path to the value ends.

    Paths are put together while this passes outwards: a list of a million items costs no text.
    """


def _object(kind: type[Any], value: Json) -> Any:
    if not isinstance(value, dict):
        raise _WrongError(": an object belongs here")
    left = dict(value)
    given: dict[str, Any] = {}
    for field in _fields(kind):
        if field.wire in left:
            try:
                given[field.attribute] = field.read(left.pop(field.wire))
            except _WrongError as error:
                raise _WrongError(f".{field.wire}{error}") from None
        elif field.optional:
            given[field.attribute] = None
        else:
            raise _WrongError(f".{field.wire} is missing")
    for name in left:
        raise _WrongError(f".{name} is not known")
    return kind(**given)


def _fields(kind: type[object]) -> tuple[_Field, ...]:
    return _described(cast("Hashable", kind))


@cache
def _described(kind: Hashable) -> tuple[_Field, ...]:
    return tuple(_describe(cast("type[Any]", kind)))


def _describe(kind: type[Any]) -> Iterator[_Field]:
    hints = get_type_hints(kind, include_extras=True)
    for field in fields(kind):
        hint, wire, optional = hints[field.name], field.name, False
        if get_origin(hint) is Annotated:
            wire = next((a.name for a in hint.__metadata__ if isinstance(a, Named)), wire)
        # `Annotated[…] | None` is a typing.Union before Python 3.14, `X | None` a types.UnionType.
        if get_origin(hint) in {types.UnionType, Union}:
            hint = next(arm for arm in get_args(hint) if arm is not type(None))
            optional = True
        yield _Field(field.name, wire, _reader(hint), optional)


def _reader(hint: Any) -> Reader:  # noqa: PLR0911 - any field's value
    """What reads a value of this type, so that a type is looked at once and not with each item."""
    bounds: Any = None
    if get_origin(hint) is Annotated:
        bounds = next((a for a in hint.__metadata__ if not isinstance(a, Named)), None)
        hint = get_args(hint)[0]
    # A NewType of a text is read as a text.
    hint = getattr(hint, "__supertype__", hint)
    if get_origin(hint) is tuple:
        arms = get_args(hint)
        if arms[-1] is not Ellipsis:
            bounds = Range(len(arms), len(arms))
        return partial(_list, _reader(arms[0]), bounds)
    match hint:
        case _ if hint is bool:
            return _boolean
        case _ if hint is int:
            return partial(_integer, bounds)
        case _ if hint is str:
            return partial(_text, bounds or Range(1, MAX_TEXT))
        case _ if hint is bytes:
            return partial(_bytes, bounds.size if bounds else None)
        case _ if issubclass(hint, Enum):
            return partial(_member, hint)
        case _:
            return partial(_object, hint)


def _list(read: Reader, bounds: Range | None, value: Json) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise _WrongError(": a list belongs here")
    if bounds is not None and not bounds.low <= len(value) <= bounds.high:
        raise _WrongError(f": {len(value)} items, not {bounds.low} to {bounds.high}")
    found: list[Any] = []
    try:
        for item in value:
            found.append(read(item))  # noqa: PERF401 - how many there are tells the place
    except _WrongError as error:
        raise _WrongError(f"[{len(found)}]{error}") from None
    return tuple(found)


def _boolean(value: Json) -> bool:
    if not isinstance(value, bool):
        raise _WrongError(": true or false belongs here")
    return value


def _integer(bounds: Range | None, value: Json) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _WrongError(": an integer belongs here")
    if bounds is not None and not bounds.low <= value <= bounds.high:
        raise _WrongError(f": {value} is not from {bounds.low} to {bounds.high}")
    return value


def _text(bounds: Range, value: Json) -> str:
    if not isinstance(value, str):
        raise _WrongError(": a text belongs here")
    if not bounds.low <= len(value) <= bounds.high:
        raise _WrongError(f": a text of {bounds.low} to {bounds.high} characters")
    if CONTROLS.search(value):
        raise _WrongError(": a control character")
    return value


def _bytes(size: int | None, value: Json) -> bytes:
    if not isinstance(value, str):
        raise _WrongError(": base64 belongs here")
    try:
        return b64decode(value, size=size)
    except MalformedError as error:
        raise _WrongError(f": {error}") from None


def _member(kind: type[Enum], value: Json) -> Enum:
    try:
        return kind(value)
    except ValueError:
        known = ", ".join(str(member.value) for member in kind)
        raise _WrongError(f": {value!r} is not one of {known}") from None
