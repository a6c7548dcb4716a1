"""A service's connection to a peer: whatever answers, it ends in a sentence, and in time."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from itertools import chain, repeat
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from appraisal.errors import MalformedError
from appraisal.manifest import SessionId
from appraisal.peers import client
from appraisal.peers.client import (
    OtherHeadError,
    PeerClient,
    RefusedByPeerError,
    UnknownBoardError,
    UnreachablePeerError,
)
from appraisal.peers.messages import PeerSecret
from appraisal.peers.tlog import AddCheckpoint, decode_add_checkpoint
from tests.live import free_port

SECRET = PeerSecret("0123456789ABCDEFGHJKMNPQRS")
SESSION = SessionId("k3m9x7q2wp")
HEAD = "example.org/b/x\n1\nAAAA\n\n— example.org/b/x AAAA\n"


@contextmanager
def answering(*parts: bytes, without_end: bytes = b"") -> Iterator[tuple[PeerClient, list[bytes]]]:
    """Something that listens and sends these bytes to whoever comes; and what it was asked.

    `without_end` is sent after them, again and again, until nobody listens any more.
    """
    asked: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, suppress(OSError):
            asked.append(connection.recv(65536))
            for part in chain(parts, repeat(without_end) if without_end else ()):
                connection.sendall(part)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with listener:
        yield PeerClient(f"http://127.0.0.1:{listener.getsockname()[1]}", SECRET), asked
        thread.join(5)


def http(status: str, body: bytes, kind: str = "application/json") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def test_nobody_there() -> None:
    peer = PeerClient(f"http://127.0.0.1:{free_port()}", SECRET)
    with pytest.raises(UnreachablePeerError, match="no peer answers at http://127"):
        peer.begin(SESSION)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"220 mail.example.org ESMTP\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}",
        http("200 OK", b"not json"),
        http("200 OK", b"[]"),
        http("200 OK", b'{"name":"x","signs":true}'),
        http("200 OK", b'{"name":"x","signs":true,"witness":{"name":"w","key":"AAAA"}}'),
        http(
            "200 OK", b'{"name":"x","signs":1,"witness":{"name":"w","key":"' + b"A" * 43 + b'="}}'
        ),
        http("200 OK", b" " * (client.LIMIT + 1)),
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000,
    ],
    ids=["silence", "mail", "cut off", "text", "list", "field", "key", "type", "long", "head"],
)
def test_what_is_no_peers_answer_is_told_as_such(answer: bytes) -> None:
    with answering(answer) as (peer, _), pytest.raises(UnreachablePeerError):
        peer.introduction()


class Hurried:
    """A clock that is ten seconds further whenever somebody looks."""

    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        self.time += 10
        return self.time


@pytest.mark.parametrize(
    ("begins", "goes_on"),
    [
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\nX: y\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\nX: ", b"x"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n", b" "),
        (b"HTTP/1.1 200 OK\r\n\r\n", b" "),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    ],
    ids=["to be continued", "with a head", "head", "body", "body until the end", "chunks"],
)
def test_a_peer_that_drips_is_left_when_the_time_is_up(begins: bytes, goes_on: bytes) -> None:
    """However often something comes: there is one end, by one clock."""
    with answering(begins, without_end=goes_on) as (peer, _):
        client = PeerClient(peer.url, SECRET, clock=Hurried())
        with pytest.raises(UnreachablePeerError, match="no whole answer in time"):
            client._ask("GET", "/peer", None, seconds=60, limit=2**30)


def test_a_peer_that_says_nothing_is_left() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        peer = PeerClient(f"http://127.0.0.1:{listener.getsockname()[1]}", SECRET)
        with pytest.raises(UnreachablePeerError, match="no whole answer in time"):
            peer._ask("GET", "/peer", None, seconds=0.1)


def test_a_peer_that_does_not_listen_is_left() -> None:
    """It takes the connection and reads nothing of what is sent."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        peer = PeerClient(f"http://127.0.0.1:{listener.getsockname()[1]}", SECRET)
        with pytest.raises(UnreachablePeerError, match="no whole answer in time"):
            peer._ask("POST", "/add-log", bytes(2**25), seconds=0.5)


def test_an_address_that_is_none_is_told_as_such() -> None:
    for url in ("http://127.0.0.1:99999", "http://[::1", "http://"):
        with pytest.raises(UnreachablePeerError, match="no peer answers"):
            PeerClient(url, SECRET).begin(SESSION)


@pytest.mark.parametrize("known", [True, False])
def test_a_peer_over_tls_shows_a_certificate_that_is_known(
    known: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise it is told nothing, least of all the secret."""
    certificate = self_signed(tmp_path)
    if known:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    asked: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with suppress(OSError), context.wrap_socket(connection, server_side=True) as spoken:
            asked.append(spoken.recv(65536))
            spoken.sendall(http("200 OK", b"{}"))
            # Closing with something unread would reset the connection under the answer.
            while spoken.recv(65536):
                pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with listener:
        peer = PeerClient(f"https://127.0.0.1:{listener.getsockname()[1]}", SECRET)
        if known:
            peer.begin(SESSION)
        else:
            with pytest.raises(UnreachablePeerError, match="certificate verify failed"):
                peer.begin(SESSION)
        thread.join(5)
    assert [SECRET.encode() in data for data in asked] == ([True] if known else [])


def self_signed(folder: Path) -> Path:
    """A key and its own certificate for this machine, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "peer")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    file = folder / "peer.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return file


def test_a_redirection_is_not_followed() -> None:
    """The secret would go with it."""
    moved = (
        b"HTTP/1.1 302 Found\r\nLocation: https://elsewhere.example/\r\nContent-Length: 0\r\n\r\n"
    )
    with answering(moved) as (peer, _), pytest.raises(RefusedByPeerError) as refused:
        peer.introduction()
    assert refused.value.status == 302


def test_a_refusal_is_one_plain_line() -> None:
    """It ends on the office's screen, and in its log."""
    body = '{"error":"closed","detail":"voting\\u001b[31m\\nis over\\u202e ' + "x" * 999 + '"}'
    said = http("409 Conflict", body.encode())
    with answering(said) as (peer, asked), pytest.raises(RefusedByPeerError) as refused:
        peer.begin(SESSION)
    assert refused.value.code == "closed"
    assert str(refused.value).startswith("voting[31mis over x")
    assert len(str(refused.value)) == 200
    assert f"Authorization: Bearer {SECRET}".encode() in asked[0]


def test_a_refusal_in_another_form_is_one_too() -> None:
    said = http("502 Bad Gateway", b"<html>", "text/html")
    with answering(said) as (peer, _), pytest.raises(RefusedByPeerError) as refused:
        peer.close(SESSION, slips=3)
    assert refused.value.code == "unknown"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (http("404 Not Found", b"no such board here\n"), UnknownBoardError),
        (http("409 Conflict", b"17\n", "text/x.tlog.size"), OtherHeadError),
        (http("409 Conflict", b"17", "text/x.tlog.size"), OtherHeadError),
        (http("409 Conflict", b""), RefusedByPeerError),
        (http("409 Conflict", b"another root\n"), RefusedByPeerError),
        (http("409 Conflict", b"017\n"), RefusedByPeerError),
        (http("403 Forbidden", b"no\n"), RefusedByPeerError),
        (http("422 Unprocessable Content", b"no\n"), RefusedByPeerError),
    ],
)
def test_a_witness_says_why_not(answer: bytes, expected: type[Exception]) -> None:
    with answering(answer) as (peer, _), pytest.raises(expected):
        peer.add_checkpoint(AddCheckpoint(0, (), HEAD))


@pytest.mark.parametrize("old", [0, 1, 20852014])
@pytest.mark.parametrize("hashes", [0, 1, 63])
def test_a_witnesss_request_has_one_form(old: int, hashes: int) -> None:
    request = AddCheckpoint(old, tuple(bytes([n]) * 32 for n in range(hashes)), HEAD)
    assert decode_add_checkpoint(request.encode()) == request


def test_the_specifications_own_example_is_read() -> None:
    """c2sp.org/tlog-witness, add-checkpoint."""
    text = (
        "old 20852014\n"
        "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n"
        "jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n"
        "5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n"
        "/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n"
        "\n"
        "example.com/behind-the-sofa\n"
        "20852163\n"
        "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
        "\n"
        "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhc"
        "yv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    )
    found = decode_add_checkpoint(text.encode())
    assert (found.old, len(found.proof)) == (20852014, 4)
    assert found.encode() == text.encode()


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("old 3", "old 03"),
        lambda text: text.replace("old 3", "old ３"),
        lambda text: text.replace("old 3", "old 3 "),
        lambda text: text.replace("old 3", "old"),
        lambda text: text.replace("old 3\n", "old 3\nAAAA\n"),
        lambda text: text.replace("old 3\n", "old 3\r\n"),
        lambda text: text.replace("\n\n", "\n"),
        lambda text: text.replace("old 3\n", "old 3\n" + ("A" * 43 + "=\n") * 64),
        lambda text: text + "x" * 20_000,
    ],
)
def test_a_witnesss_request_in_another_form_is_malformed(change: Callable[[str], str]) -> None:
    text = AddCheckpoint(3, (), HEAD).encode().decode()
    with pytest.raises(MalformedError):
        decode_add_checkpoint(change(text).encode())
