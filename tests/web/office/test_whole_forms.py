"""Forms with a file come as they were sent, however long they are and wherever a piece ends."""

from __future__ import annotations

import io

import pytest
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.test import encode_multipart

from appraisal.web.office.whole_forms import WholeFormParser

BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW3"
PIECE = 2**16
"""What Werkzeug reads at a time."""


def test_no_empty_field_takes_the_next_ones_value() -> None:
    """Subjects without posts, so that a piece ends at each place of such a row in turn."""
    row = {"subjects-0-name": "王一", "subjects-0-post": "", "subjects-0-commitment": ""}
    _, tail = encode_multipart(row, BOUNDARY)
    for before in range(len(tail) + len(BOUNDARY)):
        fields = {"paste": "x" * (PIECE - len(tail) - before), **row}
        _, data = encode_multipart(fields, BOUNDARY)
        _, form, _ = WholeFormParser().parse(
            io.BytesIO(data), "multipart/form-data", len(data), {"boundary": BOUNDARY}
        )
        assert form.to_dict() == fields


def test_a_form_without_a_file_has_no_more_fields_than_one_with_a_file() -> None:
    kind = "application/x-www-form-urlencoded"
    parser = WholeFormParser(max_form_parts=3)
    _, form, _ = parser.parse(io.BytesIO(b"a=1&b=&c=3"), kind, 10)
    assert form.to_dict() == {"a": "1", "b": "", "c": "3"}
    with pytest.raises(RequestEntityTooLarge):
        parser.parse(io.BytesIO(b"a=1&b=&c=3&"), kind, 11)


def test_a_form_without_a_file_and_what_is_no_form_are_left_alone() -> None:
    _, form, _ = WholeFormParser().parse(
        io.BytesIO(b"a=1&b="), "application/x-www-form-urlencoded", 6
    )
    assert form.to_dict() == {"a": "1", "b": ""}
    stream, form, _ = WholeFormParser().parse(io.BytesIO(b"{}"), "application/json", 2)
    assert (stream.read(), form.to_dict()) == (b"{}", {})
