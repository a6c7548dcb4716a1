"""A connection to a service or signer over HTTP, as a phone has it (protocol §4.4, §4.7)."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import cast
from urllib.parse import urlsplit

from appraisal.ballots import tokens
from appraisal.ballots.board import unpacked
from appraisal.ballots.cast import CastBallot, encode_cast
from appraisal.ballots.merkle import LeafHash
from appraisal.ballots.receipts import Receipt
from appraisal.ballots.tokens import DrawRequest
from appraisal.encoding import Json, b64decode, hex_decode, json_parse
from appraisal.errors import AppraisalError
from appraisal.manifest import LIMIT, Manifest, SessionId, decode_manifest

TIMEOUT_SECONDS = 60
JSON_LIMIT = 2**22
PAUSES = (0.2, 1.0, 3.0)
"""Seconds before each further attempt, while the service is busy."""


class RefusedError(AppraisalError):
    """A request that the service refused; `code` is that of protocol §4.11."""

    def __init__(self, code: str, status: int) -> None:
        """Keep code and status."""
        super().__init__(f"{status} {code}")
        self.code = code
        self.status = status


class UnreachableError(AppraisalError):
    """No service answers at this address."""


class Booth:
    """The voter's pages of one service; each thread has a connection of its own."""

    def __init__(self, url: str) -> None:
        """`url` is the service's address, such as http://127.0.0.1:8000."""
        address = urlsplit(url)
        self._host = address.netloc
        kind = http.client.HTTPSConnection if address.scheme == "https" else None
        self._connect = kind or http.client.HTTPConnection
        self._local = threading.local()

    def manifest(self, session: SessionId) -> Manifest:
        """The manifest as any phone gets it."""
        status, body = self._request("GET", f"/v/{session}/manifest.json", None)
        if status != http.HTTPStatus.OK or len(body) > LIMIT:
            raise RefusedError("unknown-session", status)
        return decode_manifest(body)

    def draw(self, session: SessionId, request: DrawRequest) -> tuple[bytes, ...]:
        """The blind signatures for a draw request."""
        answer = self.post(f"/v/{session}/draw", tokens.encode_draw(request))
        return tuple(
            b64decode(cast("str", item)) for item in cast("list[Json]", answer["signatures"])
        )

    def cast(self, session: SessionId, ballots: Sequence[CastBallot]) -> tuple[Receipt, ...]:
        """The receipts for cast ballots."""
        answer = self.post(f"/v/{session}/cast", encode_cast(ballots))
        found = cast("list[dict[str, str]]", answer["receipts"])
        return tuple(
            Receipt(LeafHash(hex_decode(r["ballot"], size=32)), b64decode(r["signature"], size=64))
            for r in found
        )

    def alive(self) -> bool:
        """Whether the service answers."""
        try:
            return self._request("GET", "/healthz", None)[0] == http.HTTPStatus.OK
        except UnreachableError:
            return False

    def board(self, session: SessionId) -> tuple[bytes, ...]:
        """The board's entries so far, as anyone gets them."""
        status, body = self._request("GET", f"/b/{session}/board.bin", None)
        if status != http.HTTPStatus.OK:
            raise RefusedError("unknown-session", status)
        return unpacked(body)

    def terms(self, session: SessionId) -> dict[str, int]:
        """How many tellers a session has and how many open, as the tellers' page is told."""
        status, body = self._request("GET", f"/t/{session}/status", None)
        if status != http.HTTPStatus.OK:
            raise RefusedError("unknown-session", status)
        told = cast("dict[str, Json]", json_parse(body, limit=JSON_LIMIT))
        names = cast("list[Json]", told["tellers"])
        return {"tellers": len(names), "quorum": cast("int", told["quorum"])}

    def post(self, path: str, body: bytes) -> dict[str, Json]:
        """The answer to a request of the protocol; `RefusedError` for a refusal."""
        status, data = self._request("POST", path, body)
        for pause in PAUSES:
            if status != http.HTTPStatus.SERVICE_UNAVAILABLE:
                break
            time.sleep(pause)  # as a phone does: the same request again, nothing is doubled
            status, data = self._request("POST", path, body)
        answer = json_parse(data, limit=JSON_LIMIT)
        if not isinstance(answer, dict):
            raise RefusedError("malformed", status)
        if status != http.HTTPStatus.OK:
            raise RefusedError(str(answer.get("error")), status)
        return answer

    def _request(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        headers = {"Content-Type": "application/json"} if body is not None else {}
        # A kept connection may have been closed by the other side meanwhile: once more, afresh.
        # Every request of the protocol can be repeated without harm.
        kept: http.client.HTTPConnection | None = getattr(self._local, "connection", None)
        if kept is not None:
            with suppress(OSError, http.client.HTTPException):
                return _exchange(kept, method, path, body, headers)
            kept.close()
        fresh = self._local.connection = self._connect(self._host, timeout=TIMEOUT_SECONDS)
        try:
            return _exchange(fresh, method, path, body, headers)
        except (OSError, http.client.HTTPException) as error:
            raise UnreachableError(f"no service answers at {self._host}: {error}") from error


def _exchange(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    body: bytes | None,
    headers: dict[str, str],
) -> tuple[int, bytes]:
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    return response.status, response.read()
