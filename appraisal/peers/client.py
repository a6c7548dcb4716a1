"""A service's connection to one of its peers: short requests, one answer each, no redirects."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, TypeVar

from appraisal import codec
from appraisal.encoding import json_parse
from appraisal.errors import AppraisalError, MalformedError
from appraisal.manifest import SessionId
from appraisal.peers.connection import Left, LimitedConnection
from appraisal.peers.messages import (
    Introduction,
    KeysWanted,
    PeerSecret,
    Printing,
    SignerKeys,
    Stated,
    Turnouts,
)
from appraisal.peers.tlog import AddCheckpoint, parse_size

Message = TypeVar("Message")

ANSWER_SECONDS: Final = 30.0
KEYS_SECONDS: Final = 120.0
LIMIT: Final = 2**16
KEY_BYTES: Final = 400
"""Of an answer, for one token key in base64 and its quotation marks."""
SLIP_BYTES: Final = 44
"""Of an answer, for one slip hash in base64."""
_CHUNK: Final = 2**16


class UnreachablePeerError(AppraisalError):
    """No peer answers at this address, or not in time, or not in its own words."""


class RefusedByPeerError(AppraisalError):
    """A request that a peer refused; `code` is that of appraisal/peers/README.md."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail or code)
        self.status = status
        self.code = code


class UnknownBoardError(AppraisalError):
    """The witness does not know the board yet."""


class OtherHeadError(AppraisalError):
    """The last head that the witness cosigned is another; it has `size` entries."""

    def __init__(self, size: int) -> None:
        super().__init__(f"the witness has cosigned {size} entries")
        self.size = size


@dataclass(frozen=True)
class Answer:
    """An answer as it came."""

    status: int
    body: bytes


@dataclass(frozen=True)
class PeerClient:
    """The peer at `url` (scheme and host), shown `secret` where it asks for one."""

    url: str
    secret: PeerSecret
    clock: Callable[[], float] = time.monotonic

    def introduction(self) -> Introduction:
        """Who answers."""
        return self._read(Introduction, self._ask("GET", "/peer", None))

    def keys(self, session: SessionId, *, boxes: int) -> SignerKeys:
        """The signer's keys of the first so many boxes; a first time they have to be made."""
        answer = self._post(
            f"/signer/{session}/keys",
            codec.encode(KeysWanted(boxes)),
            seconds=KEYS_SECONDS,
            limit=LIMIT + KEY_BYTES * boxes,
        )
        return self._read(SignerKeys, answer)

    def fix_manifest(self, session: SessionId, manifest: bytes) -> None:
        """Bind the signer to a manifest."""
        self._post(f"/signer/{session}/manifest", manifest)

    def printed(self, session: SessionId, printing: Printing) -> bytes:
        """The signer's statement that it has the slips of a printing, 64 bytes."""
        answer = self._post(f"/signer/{session}/printed", codec.encode(printing))
        return self._read(Stated, answer).statement

    def begin(self, session: SessionId) -> None:
        """Let the signer sign."""
        self._post(f"/signer/{session}/begin", b"{}")

    def close(self, session: SessionId, *, slips: int) -> tuple[bytes, ...]:
        """Have the signer destroy its token keys; its turnout entries, of so many slips at most."""
        answer = self._post(f"/signer/{session}/close", b"{}", limit=LIMIT + SLIP_BYTES * slips)
        return self._read(Turnouts, answer).turnouts

    def add_log(self, manifest: bytes) -> None:
        """Make a board known to the witness."""
        self._post("/add-log", manifest)

    def add_checkpoint(self, request: AddCheckpoint) -> str:
        """The witness's cosignature lines (c2sp.org/tlog-witness).

        Raises `UnknownBoardError`, `OtherHeadError`, or `RefusedByPeerError` if it will not.
        """
        answer = self._ask("POST", "/add-checkpoint", request.encode(), kind="text/plain")
        text = answer.body.decode("utf-8", "replace")
        match answer.status:
            case HTTPStatus.OK:
                return text
            case HTTPStatus.NOT_FOUND:
                raise UnknownBoardError(text.strip())
            case HTTPStatus.CONFLICT if (size := _size(text)) is not None:
                raise OtherHeadError(size)
            case status:
                # To v1.0.0 of the specification a witness of another root answers a head of the
                # same size with 409 and no size; since then with 422.
                raise RefusedByPeerError(status, "not-cosigned", codec.CONTROLS.sub("", text)[:200])

    def _post(
        self, path: str, data: bytes, *, seconds: float = ANSWER_SECONDS, limit: int = LIMIT
    ) -> Answer:
        return self._ask("POST", path, data, seconds=seconds, limit=limit)

    def _read(self, kind: type[Message], answer: Answer) -> Message:
        try:
            value = json_parse(answer.body, limit=len(answer.body))
            return codec.from_json(kind, value, where=kind.__name__.lower())
        except MalformedError as error:
            raise UnreachablePeerError(f"{self.url}: {error}") from error

    def _ask(
        self,
        method: str,
        path: str,
        data: bytes | None,
        *,
        kind: str = "application/json",
        seconds: float = ANSWER_SECONDS,
        limit: int = LIMIT,
    ) -> Answer:
        headers = {"Authorization": f"Bearer {self.secret}"}
        if data is not None:
            headers["Content-Type"] = kind
        left = self._until(self.clock() + seconds)
        try:
            with closing(LimitedConnection(self.url, left)) as connection:
                connection.request(method, path, data, headers)
                with connection.getresponse() as response:
                    answer = Answer(response.status, self._body(response, limit=limit))
        except TimeoutError as error:
            raise UnreachablePeerError(f"{self.url}: no whole answer in time") from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise UnreachablePeerError(f"no peer answers at {self.url}: {error}") from error
        if path != "/add-checkpoint" and answer.status != HTTPStatus.OK:
            raise _refused(answer)
        return answer

    def _until(self, end: float) -> Left:
        def left() -> float:
            seconds = end - self.clock()
            if seconds <= 0:
                raise TimeoutError
            return seconds

        return left

    def _body(self, response: http.client.HTTPResponse, *, limit: int) -> bytes:
        """The body within its size: a peer may send without an end."""
        found = bytearray()
        while chunk := response.read1(_CHUNK):
            found += chunk
            if len(found) > limit:
                raise UnreachablePeerError(f"{self.url}: an answer of more than {limit} bytes")
        return bytes(found)


def _size(text: str) -> int | None:
    """The last size cosigned, if that is what an answer tells."""
    try:
        return parse_size(text.removesuffix("\n"))
    except MalformedError:
        return None


def _refused(answer: Answer) -> RefusedByPeerError:
    code, detail = "unknown", ""
    try:
        value = json_parse(answer.body, limit=LIMIT)
        if isinstance(value, dict):
            code, detail = str(value.get("error", code)), str(value.get("detail", ""))
    except MalformedError:
        pass
    # What a peer writes ends on the office's screen: a line, and not a long one.
    return RefusedByPeerError(
        answer.status, codec.CONTROLS.sub("", code)[:60], codec.CONTROLS.sub("", detail)[:200]
    )
