"""A connection with one end to all of it: reaching, TLS, asking, and every byte of the answer.

`http.client` waits anew for each piece that comes, and reads `100 Continue` for ever: a peer that
drips a byte now and then would hold up a step for as long as it likes.
"""

from __future__ import annotations

import http.client
import io
import socket
import ssl
from collections.abc import Callable
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

CONNECT_SECONDS: Final = 5.0
"""For an address that nobody answers at, also if there is more time."""
_CHUNK: Final = 2**16

Left: TypeAlias = Callable[[], float]
"""How many seconds are left, more than none; raises `TimeoutError` when the time is up."""


class LimitedConnection(http.client.HTTPConnection):
    """The connection to the host of a URL. The lookup of its name has the resolver's own time."""

    def __init__(self, url: str, left: Left) -> None:
        """`url` has a scheme and a host."""
        address = urlsplit(url)
        self._secure = address.scheme == "https"
        self.default_port = http.client.HTTPS_PORT if self._secure else http.client.HTTP_PORT
        super().__init__(address.hostname or "", address.port)
        self._left = left

    def connect(self) -> None:
        """Reach the host, in TLS where the URL says so."""
        reached = _reached(self.host, self.port, self._left)
        if self._secure:
            # Of a handshake the socket's time is that of all of it (CPython's Modules/_ssl.c).
            reached.settimeout(self._left())
            reached = ssl.create_default_context().wrap_socket(reached, server_hostname=self.host)
        self.sock = _LimitedSocket(reached, self._left)


class _LimitedSocket:
    """What `http.client` does with a socket, each part within the time that is left."""

    def __init__(self, sock: socket.socket, left: Left) -> None:
        self._socket = sock
        self._left = left

    def sendall(self, data: bytes) -> None:
        """Send all of it; `socket.sendall` begins anew with each record of TLS."""
        at = 0
        while at < len(data):
            self._socket.settimeout(self._left())
            at += self._socket.send(data[at : at + _CHUNK])

    def makefile(self, _mode: str) -> io.BufferedReader:
        """What comes, to be read; it keeps the socket open until it is closed itself."""
        return io.BufferedReader(_Coming(self._socket, self._left))

    def close(self) -> None:
        """Let the host go, once nobody reads any more."""
        self._socket.close()


class _Coming(io.RawIOBase):
    """What comes from a socket."""

    def __init__(self, sock: socket.socket, left: Left) -> None:
        super().__init__()
        self._socket = sock
        self._file = sock.makefile("rb", buffering=0)
        self._left = left

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Wait for no longer than is left."""
        self._socket.settimeout(self._left())
        return self._file.readinto(buffer)

    def close(self) -> None:
        """Read no more."""
        self._file.close()
        super().close()


def _reached(host: str, port: int, left: Left) -> socket.socket:
    """The first address of a host that answers."""
    failed: OSError | None = None
    for family, kind, protocol, _, address in socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM
    ):
        seconds = min(left(), CONNECT_SECONDS)
        reached = socket.socket(family, kind, protocol)
        reached.settimeout(seconds)
        try:
            reached.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            reached.connect(address)
        except OSError as error:
            reached.close()
            failed = error
        else:
            return reached
    raise failed or OSError(f"{host} has no address")
