"""Requests read within their limits, and refusals answered as JSON (protocol §4.11)."""

from __future__ import annotations

import logging
import traceback
from typing import Any, Final

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import RequestEntityTooLarge

from appraisal.errors import Malformed, NotJson, Refusal, TooLarge

_log: Final = logging.getLogger(__name__)


class Public(Flask):
    """A public application; an error that nobody foresaw is logged by kind and place only.

    Neither the request nor the error's own text is written, since that may quote what was sent.
    """

    def log_exception(self, exc_info: Any) -> None:
        """Log where it happened."""
        kind, _, trace = exc_info
        _log.error("unexpected %s\n%s", kind.__name__, "".join(traceback.format_tb(trace)))


def refuse(refusal: Refusal) -> tuple[Response, int]:
    """The JSON of a refusal (protocol §4.11)."""
    return jsonify(error=refusal.code, detail=str(refusal)), refusal.status


def json_body(limit: int) -> bytes:
    """The request's JSON, refused by type and size before anything is read of it."""
    if request.mimetype != "application/json":
        raise NotJson("application/json belongs here")
    return body(limit)


def body(limit: int) -> bytes:
    """The request's body, refused by size before anything is read of it."""
    # One byte more, since a body of unknown length is cut off at this size without a word.
    request.max_content_length = limit + 1
    try:
        data = request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise TooLarge(f"more than {limit} bytes") from None
    if len(data) > limit:
        raise TooLarge(f"more than {limit} bytes")
    if not data:
        raise Malformed("an empty request")
    return data
