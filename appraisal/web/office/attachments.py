"""A document on its way to whoever asked for it, as a file of its own."""

from __future__ import annotations

import io

from flask import Response, send_file


def attachment(data: bytes, kind: str, name: str) -> Response:
    """A file of this media type and name; nothing between keeps it."""
    return send_file(
        io.BytesIO(data), mimetype=kind, as_attachment=True, download_name=name, max_age=0
    )
