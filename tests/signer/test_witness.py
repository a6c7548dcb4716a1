"""The witness (c2sp.org/tlog-witness): what it cosigns, and the forks that it will not."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from flask.testing import FlaskClient

from appraisal.ballots import merkle
from appraisal.ballots.checkpoint import (
    Checkpoint,
    parse_checkpoint,
    sign_checkpoint,
    verify_checkpoint,
)
from appraisal.config import Settings
from appraisal.encoding import b64encode
from appraisal.manifest import BoardKey, Manifest
from appraisal.peers.tlog import AddCheckpoint
from appraisal.signer.routes import create_signer
from appraisal.signer.signer import FurtherSigner, open_signer
from appraisal.steps.service import open_service
from appraisal.web.app import create_public
from appraisal.witness.invite import invite
from appraisal.witness.witness import WitnessDesk
from tests.world import World, make_world

Post = Callable[[AddCheckpoint], "httpx.Response"]


class Board:
    """A board of plain entries with its key: what its operator may try."""

    def __init__(self, world: World, desk: WitnessDesk) -> None:
        self.key = world.board_key
        self.manifest = replace(world.manifest, witnesses=(desk.public,))
        self.entries: list[bytes] = []

    def leaves(self, size: int | None = None) -> list[merkle.LeafHash]:
        return [merkle.leaf_hash(entry) for entry in self.entries[:size]]

    def grow(self, *entries: bytes) -> None:
        self.entries += entries

    def head(self, size: int | None = None, *, key: Ed25519PrivateKey | None = None) -> str:
        leaves = self.leaves(size)
        head = Checkpoint(self.manifest.board.origin, len(leaves), merkle.root(leaves))
        return sign_checkpoint(head, key or self.key)

    def request(self, old: int, size: int | None = None) -> AddCheckpoint:
        leaves = self.leaves(size)
        proof = merkle.consistency_proof(leaves, old) if 0 < old <= len(leaves) else ()
        return AddCheckpoint(old, proof, self.head(size))


@pytest.fixture
def signer(settings: Settings) -> Iterator[FurtherSigner]:
    opened = open_signer(settings)
    yield opened
    opened.close()


@pytest.fixture
def client(signer: FurtherSigner) -> FlaskClient:
    return create_signer(signer).test_client()


@pytest.fixture
def secret(signer: FurtherSigner) -> dict[str, str]:
    link = invite(signer.desk, "某支部", url=signer.settings.base_url)
    return {"Authorization": "Bearer " + link.partition("#")[2]}


@pytest.fixture
def board(signer: FurtherSigner, client: FlaskClient, secret: dict[str, str]) -> Board:
    board = Board(make_world(), signer.desk)
    board.grow(b"one", b"two", b"three")
    assert add_log(client, board.manifest, secret) == 200
    return board


def add_log(client: FlaskClient, manifest: Manifest, headers: dict[str, str]) -> int:
    return client.post(
        "/add-log", data=manifest.encoded, content_type="application/json", headers=headers
    ).status_code


def ask(client: FlaskClient, request: AddCheckpoint | bytes) -> tuple[int, str, str]:
    data = request if isinstance(request, bytes) else request.encode()
    answer = client.post("/add-checkpoint", data=data)
    return answer.status_code, answer.text, answer.content_type


def cosigned(board: Board, text: str, line: str) -> Sequence[tuple[int, int]]:
    return verify_checkpoint(text + line, board.manifest.board, board.manifest.witnesses).cosigned


def test_a_board_is_cosigned_as_it_grows(client: FlaskClient, board: Board) -> None:
    for old, size in ((0, 1), (1, 2), (2, 2), (2, 3)):
        status, line, _ = ask(client, board.request(old, size))
        assert status == 200
        assert [number for number, _ in cosigned(board, board.head(size), line)] == [0]


def test_an_unknown_board_is_not_found(client: FlaskClient, signer: FurtherSigner) -> None:
    stranger = Board(make_world(), signer.desk)
    stranger.grow(b"one")
    assert ask(client, stranger.request(0))[0] == 404


def test_a_head_that_the_board_did_not_sign_is_forbidden(client: FlaskClient, board: Board) -> None:
    forged = board.head(key=Ed25519PrivateKey.generate())
    assert ask(client, AddCheckpoint(0, (), forged))[0] == 403
    right, text = board.head(), board.head().replace("3\n", "4\n", 1)
    assert ask(client, AddCheckpoint(0, (), text))[0] == 403
    unsigned = parse_checkpoint(right)[0].text + "\n"
    assert ask(client, AddCheckpoint(0, (), unsigned))[0] == 403


def test_signatures_of_strangers_are_passed_over(client: FlaskClient, board: Board) -> None:
    other_key = "— " + board.manifest.board.origin + " " + b64encode(bytes(68)) + "\n"
    text, signature = board.head().split("\n\n")
    assert ask(client, AddCheckpoint(0, (), f"{text}\n\n{other_key}{signature}"))[0] == 200
    stranger = f"{text}\n\n{signature}— x.example AAAA\n"
    assert ask(client, AddCheckpoint(3, (), stranger))[0] == 200


def test_who_starts_from_another_head_is_told_the_last_one(
    client: FlaskClient, board: Board
) -> None:
    assert ask(client, board.request(1)) == (409, "0\n", "text/x.tlog.size")
    assert ask(client, board.request(0, 2))[0] == 200
    for old in (0, 1, 3):
        assert ask(client, board.request(old)) == (409, "2\n", "text/x.tlog.size")
    assert ask(client, board.request(2))[0] == 200


def test_a_shrunk_board_is_refused(client: FlaskClient, board: Board) -> None:
    assert ask(client, board.request(0))[0] == 200
    assert ask(client, AddCheckpoint(3, (), board.head(2)))[0] == 400
    assert ask(client, board.request(0, 2))[:2] == (409, "3\n")
    assert ask(client, board.request(2, 2))[:2] == (409, "3\n")


def test_two_histories_of_one_size_are_refused(client: FlaskClient, board: Board) -> None:
    """422, as for a proof that fails; up to v1.0.0 the specification said 409 (C2SP #280)."""
    assert ask(client, board.request(0))[0] == 200
    board.entries[2] = b"another third"
    assert ask(client, board.request(3))[0] == 422
    assert ask(client, AddCheckpoint(3, (bytes(32),), board.head()))[0] == 422


def test_a_rewritten_board_is_refused(client: FlaskClient, board: Board) -> None:
    assert ask(client, board.request(0))[0] == 200
    board.entries[0] = b"another first"
    board.grow(b"four", b"five")
    assert ask(client, board.request(3))[0] == 422
    assert ask(client, AddCheckpoint(3, (), board.head()))[0] == 422
    assert ask(client, AddCheckpoint(0, (), board.head()))[:2] == (409, "3\n")


def test_a_proof_of_the_empty_tree_is_none(client: FlaskClient, board: Board) -> None:
    assert ask(client, AddCheckpoint(0, (bytes(32),), board.head()))[0] == 422


def test_an_empty_board_has_the_root_of_nothing(client: FlaskClient, board: Board) -> None:
    origin = board.manifest.board.origin
    wrong = sign_checkpoint(Checkpoint(origin, 0, merkle.RootHash(bytes(32))), board.key)
    assert ask(client, AddCheckpoint(0, (), wrong))[0] == 422
    right = sign_checkpoint(Checkpoint(origin, 0, merkle.root([])), board.key)
    assert ask(client, AddCheckpoint(0, (), right))[0] == 200
    assert ask(client, board.request(0))[0] == 200


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"old 0\n",
        b"old 0\n\nnot a checkpoint\n",
        b"old 00\n\nx\n0\n\n\n",
        b"old -1\n\n",
        b"old 0 \n\n",
        b"size 0\n\n",
        b"\xff\n\n",
        b"old 0\nAAAA\n\n",
        b"old 3\n" + b64encode(bytes(32)).encode() * 2 + b"\n\n",
        b"old 3\n" + 64 * (b64encode(bytes(32)).encode() + b"\n") + b"\n",
    ],
)
def test_what_is_no_request_is_refused(client: FlaskClient, board: Board, data: bytes) -> None:
    assert ask(client, data + board.head().encode() if data else b"")[0] == 400


def test_a_request_without_an_end_is_refused(client: FlaskClient, board: Board) -> None:
    assert ask(client, board.request(0).encode() + b"x" * 20_000)[0] == 413


@pytest.fixture
def contested(settings_everywhere: Settings) -> Iterator[tuple[Flask, Board]]:
    """A witness on each kind of database, that knows a board of three entries."""
    signer = open_signer(settings_everywhere)
    board = Board(make_world(), signer.desk)
    board.grow(b"one", b"two", b"three")
    signer.desk.add_log(board.manifest.encoded)
    yield create_signer(signer), board
    signer.close()


def test_two_requests_at_once_never_cosign_two_histories(contested: tuple[Flask, Board]) -> None:
    """Of many heads of one size, all rightly signed, one is cosigned."""
    app, board = contested
    assert ask(app.test_client(), board.request(0, 2))[0] == 200
    heads = []
    for number in range(12):
        board.entries[2] = b"history %d" % number
        heads.append(board.request(2))

    def send(request: AddCheckpoint) -> int:
        return ask(app.test_client(), request)[0]

    with ThreadPoolExecutor(len(heads)) as pool:
        statuses = sorted(pool.map(send, heads))
    assert statuses == [200] + [409] * (len(heads) - 1)


def test_a_head_is_never_rolled_back(contested: tuple[Flask, Board]) -> None:
    """The race of the specification: N and N + K from one old size, at once."""
    app, board = contested
    board.grow(*(b"%d" % number for number in range(10)))
    assert ask(app.test_client(), board.request(0, 1))[0] == 200

    def send(size: int) -> int:
        return ask(app.test_client(), board.request(1, size))[0]

    with ThreadPoolExecutor(8) as pool:
        statuses = dict(zip(range(2, 10), pool.map(send, range(2, 10)), strict=True))
    (won,) = [size for size, status in statuses.items() if status == 200]
    assert ask(app.test_client(), board.request(0, 1))[:2] == (409, f"{won}\n")


def test_what_was_cosigned_is_known_after_a_restart(
    client: FlaskClient, board: Board, signer: FurtherSigner
) -> None:
    assert ask(client, board.request(0))[0] == 200
    again = open_signer(signer.settings)
    fresh = create_signer(again).test_client()
    assert again.desk.public == signer.desk.public
    board.entries[2] = b"another third"
    assert ask(fresh, board.request(3))[0] == 422
    again.close()


def test_anyone_may_ask_for_the_last_head(client: FlaskClient, board: Board) -> None:
    name = hashlib.sha256(board.manifest.board.origin.encode()).hexdigest()
    assert client.get(f"/witness/{name}/checkpoint").status_code == 404
    _, line, _ = ask(client, board.request(0))
    assert client.get(f"/witness/{name}/checkpoint").text == board.head() + line
    assert client.get(f"/witness/{name.upper()}/checkpoint").status_code == 404
    assert client.get("/witness/x/checkpoint").status_code == 404


def test_a_board_has_one_key_for_ever(
    client: FlaskClient, board: Board, secret: dict[str, str]
) -> None:
    assert add_log(client, board.manifest, secret) == 200
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    changed = replace(board.manifest, board=BoardKey(board.manifest.board.origin, other))
    assert add_log(client, changed, secret) == 409
    assert ask(client, board.request(0))[0] == 200


def test_only_an_invited_service_adds_a_board(
    client: FlaskClient, signer: FurtherSigner, secret: dict[str, str]
) -> None:
    board = Board(make_world(), signer.desk)
    for headers in ({}, {"Authorization": "Bearer " + "0" * 26}, {"Authorization": "Basic x"}):
        assert add_log(client, board.manifest, headers) == 401
    assert add_log(client, replace(board.manifest, witnesses=()), secret) == 422
    answer = client.post("/add-log", data=b"{}", content_type="application/json", headers=secret)
    assert (answer.status_code, answer.json and answer.json["error"]) == (422, "manifest-wrong")


def test_a_new_invitation_ends_the_one_before(
    client: FlaskClient, signer: FurtherSigner, secret: dict[str, str]
) -> None:
    assert client.get("/peer", headers=secret).status_code == 200
    invite(signer.desk, "别的支部", url=signer.settings.base_url)
    assert client.get("/peer", headers=secret).status_code == 200
    invite(signer.desk, "某支部", url=signer.settings.base_url)
    assert client.get("/peer", headers=secret).status_code == 401


def test_a_full_installation_is_a_witness_too(tmp_path: Path, settings: Settings) -> None:
    from appraisal.witness.witness import open_desk

    service = open_service(settings)
    desk = open_desk(
        settings, keys=service.keys, database=service.registry.database, now=service.now
    )
    secret = invite(desk, "某支部", url=settings.base_url).partition("#")[2]
    client = create_public(service).test_client()
    headers = {"Authorization": f"Bearer {secret}"}
    introduced = client.get("/peer", headers=headers).json
    assert introduced is not None
    assert introduced["signs"] is False
    assert introduced["witness"]["name"] == settings.authority
    board = Board(make_world(), desk)
    board.grow(b"one")
    assert add_log(client, board.manifest, headers) == 200
    status, line, _ = ask(client, board.request(0))
    assert status == 200
    assert cosigned(board, board.head(), line)
    service.close()
