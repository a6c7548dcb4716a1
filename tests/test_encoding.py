"""One spelling a value: what decodes encodes to the same, everything else is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal import encoding
from appraisal.errors import MalformedError


@given(st.binary(max_size=200))
def test_base64_round_trip(data: bytes) -> None:
    assert encoding.b64decode(encoding.b64encode(data)) == data


@given(st.binary(max_size=64))
def test_base32_round_trip(data: bytes) -> None:
    assert encoding.base32decode(encoding.base32encode(data)) == data


@pytest.mark.parametrize(
    "text", ["QUF=", "QUE", "QUE=\n", " QUE=", "QUE= ", "QU-=", "QUE==", "Q_==", "é", "QUE=QUE="]
)
def test_base64_in_another_spelling(text: str) -> None:
    with pytest.raises(MalformedError):
        encoding.b64decode(text)


def test_base64_of_another_length() -> None:
    with pytest.raises(MalformedError, match="2 bytes where 3 belong"):
        encoding.b64decode("QUE=", size=3)


@pytest.mark.parametrize("text", ["0G", "0", "0A0", "AB", "0x", " 0a", "٠٠"])
def test_hex_in_another_spelling(text: str) -> None:
    with pytest.raises(MalformedError):
        encoding.hex_decode(text, size=1)


@pytest.mark.parametrize("text", ["U", "0o", "01", "000", "a0", "0-0"])
def test_base32_in_another_spelling(text: str) -> None:
    """`01` leaves fill bits that are not zero."""
    with pytest.raises(MalformedError):
        encoding.base32decode(text)


def test_base32_known_values() -> None:
    assert encoding.base32encode(b"\x00") == "00"
    assert encoding.base32encode(b"\xff") == "ZW"
    assert len(encoding.base32encode(bytes(16))) == 26


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b'{"a":1,"a":2}',
        b"1.0",
        b"1e3",
        b"NaN",
        b"Infinity",
        b"-Infinity",
        b"99999999999999999999",
        b"\xff",
        b"\xef\xbb\xbf{}",
        b"[" * 100_000,
    ],
)
def test_what_is_not_json(data: bytes) -> None:
    with pytest.raises(MalformedError):
        encoding.json_parse(data, limit=10**6)


@pytest.mark.parametrize(
    "data",
    [b'{ "a":1}', b'{"b":1,"a":2}', b'{"a":1}\n', b'"\\u0041"', b'"\\/"', b"-0", b"[1, 2]"],
)
def test_json_that_is_not_canonical(data: bytes) -> None:
    encoding.json_parse(data, limit=100)
    with pytest.raises(MalformedError, match="canonical"):
        encoding.canonical_parse(data, limit=100)


@pytest.mark.parametrize(
    "data",
    [
        b'{"\\ud800":1}',
        b'{"a":"\\ud800"}',
        b'"\\udfff"',
        b'["\\udc00\\ud800"]',
        b'{"\\ud800":1,"b":2}',
    ],
)
def test_half_a_character_has_no_canonical_json(data: bytes) -> None:
    """A surrogate without its other half: JSON allows its escape, UTF-8 has no bytes for it."""
    encoding.json_parse(data, limit=100)
    with pytest.raises(MalformedError, match="no canonical JSON"):
        encoding.canonical_parse(data, limit=100)


def test_two_halves_escaped_are_another_spelling_of_one_character() -> None:
    with pytest.raises(MalformedError, match="not canonical"):
        encoding.canonical_parse(b'{"a":"\\ud83d\\ude00"}', limit=100)


def nested(depth: int) -> encoding.Json:
    value: encoding.Json = []
    for _ in range(depth):
        value = [value]
    return value


def test_json_beyond_all_depth_is_refused() -> None:
    with pytest.raises(MalformedError):
        encoding.canonical_parse(b"[" * 100_000 + b"]" * 100_000, limit=10**6)
    # What parsing lets pass, writing may not: the depths of the two differ from Python to Python.
    with pytest.raises(MalformedError, match="no canonical JSON"):
        encoding.canonical({"v": nested(50_000)})


def test_json_over_its_limit_is_not_read() -> None:
    with pytest.raises(MalformedError, match="more than 3 bytes"):
        encoding.json_parse(b"[[]]", limit=3)


def test_rfc_8785_sorts_by_utf_16() -> None:
    """RFC 8785 §3.2.3: the order of code units, in which 😀 stands before a private-use sign."""
    assert encoding.canonical({"\ue000": 1, "\U0001f600": 2}).decode() == '{"😀":2,"\ue000":1}'


def test_numbers_beyond_the_range_are_no_canonical_json() -> None:
    with pytest.raises(MalformedError):
        encoding.canonical({"n": 2**53})


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-encoding.MAX_INTEGER, encoding.MAX_INTEGER)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(JSON)
def test_canonical_json_round_trip(value: encoding.Json) -> None:
    data = encoding.canonical({"v": value})
    assert encoding.canonical_parse(data, limit=10**6) == {"v": value}
