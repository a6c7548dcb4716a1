"""Forms as browsers send them: those with a file in one piece, no form with too many fields.

Werkzeug reads `multipart/form-data` in pieces of 64 KiB, and where a piece ends within a field that
is empty it takes the next field for that one's value (pallets/werkzeug#3285, in 3.1.9 as well). A
long list of subjects has hundreds of empty fields. A request of the office fits in memory. In forms
without a file it does not count the fields, of which 8 MiB hold four million.
"""

from __future__ import annotations

import io
from typing import IO, TYPE_CHECKING

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

if TYPE_CHECKING:
    from werkzeug.formparser import t_parse_result


class _Whole(io.BytesIO):
    """Everything at the first reading, however little is asked for."""

    def read(self, _size: int | None = -1) -> bytes:
        return super().read()


class WholeFormParser(FormDataParser):
    """Parses a form's body as one piece; its stream ends at the size that a request may have.

    Raises `RequestEntityTooLarge` for more than `max_form_parts` fields.
    """

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> t_parse_result:
        """Stream, fields and files, as Werkzeug has them."""
        if mimetype == "multipart/form-data":
            stream = _Whole(stream.read())
        elif mimetype == "application/x-www-form-urlencoded" and self.max_form_parts is not None:
            body = stream.read()
            if body.count(b"&") >= self.max_form_parts:
                raise RequestEntityTooLarge
            stream = io.BytesIO(body)
        return super().parse(stream, mimetype, content_length, options)


class OfficeRequest(Request):
    """A request to the office: a form, or nothing."""

    form_data_parser_class = WholeFormParser

    @property
    def is_json(self) -> bool:
        """Never: the sign-in would read all of it, from anybody, to look for a token in it."""
        return False
