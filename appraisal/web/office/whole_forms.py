"""Forms as browsers send them with a file, read in one piece.

Werkzeug reads `multipart/form-data` in pieces of 64 KiB, and where a piece ends within a field that
is empty it takes the next field for that one's value (pallets/werkzeug#3285, in 3.1.9 as well). A
long list of subjects has hundreds of empty fields. A request of the office fits in memory.
"""

from __future__ import annotations

import io
from typing import IO, TYPE_CHECKING

from flask import Request
from werkzeug.formparser import FormDataParser

if TYPE_CHECKING:
    from werkzeug.formparser import t_parse_result


class _Whole(io.BytesIO):
    """Everything at the first reading, however little is asked for."""

    def read(self, _size: int | None = -1) -> bytes:
        return super().read()


class WholeFormParser(FormDataParser):
    """Parses a form's body as one piece; its stream ends at the size that a request may have."""

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
        return super().parse(stream, mimetype, content_length, options)


class OfficeRequest(Request):
    """A request to the office."""

    form_data_parser_class = WholeFormParser
