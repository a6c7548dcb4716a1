"""A record beside the board as it is now: over HTTP, and with boards that are others by now."""

from __future__ import annotations

from pathlib import Path

import pytest

from appraisal import live_board, verify_command
from appraisal.ballots import board, tiles
from appraisal.ballots.merkle import leaf_hash
from appraisal.live_board import differences, told
from appraisal.steps import close, opening, publish
from appraisal.steps.service import Service
from appraisal.tally.record import BOARD, CHECKPOINT, Record, write_archive
from tests.live import LiveServer
from tests.tally.record_sessions import whole
from tests.voting_session import prepare

URL = "https://vote.example.org/b/k3m9x7q2wp"


def given(record: Record) -> dict[str, bytes]:
    """What a board gives under each address."""
    leaves = [leaf_hash(entry) for entry in board.unpacked(record.files[BOARD])]
    found = {f"{URL}/tile/{t.path}": tiles.hashes(leaves, t) for t in tiles.tiles_of(len(leaves))}
    return {f"{URL}/{CHECKPOINT}": record.files[CHECKPOINT], **found}


def test_a_board_that_is_still_the_same() -> None:
    record = whole().record()
    assert differences(record, URL + "/", given(record).get) == ()
    assert told((), "zh") == "公示板现在给出的与记录一致。\n"
    assert told((), "en") == "The board now gives the same as the record.\n"


def test_cosignatures_may_come_later() -> None:
    record = whole().record()
    now = given(record)
    own, *_ = now[f"{URL}/{CHECKPOINT}"].decode().partition("\n— witness")
    now[f"{URL}/{CHECKPOINT}"] = f"{own}\n".encode()
    assert differences(record, URL, now.get) == ()


def test_a_board_that_has_become_another() -> None:
    held = whole()
    record = held.record()
    held.ballots.pop()
    held.reopen()
    apart = differences(record, URL, given(held.record()).get)
    assert apart[0] == CHECKPOINT
    assert apart[1].startswith("tile/0/000.p/")
    for language in ("zh", "en"):
        assert CHECKPOINT in told(apart, language)


@pytest.mark.parametrize("head", [None, b"", b"\xff", b"not a head", b"x" * 5000])
def test_a_board_without_a_head(head: bytes | None) -> None:
    record = whole().record()
    now: dict[str, bytes | None] = {**given(record), f"{URL}/{CHECKPOINT}": head}
    assert differences(record, URL, now.get) == (CHECKPOINT,)


def test_a_record_whose_board_cannot_be_read() -> None:
    record = whole().record()
    torn = Record({**record.files, BOARD: record.files[BOARD][:-1]})
    assert differences(torn, URL, given(record).get) == (BOARD,)


def test_only_http_is_asked() -> None:
    assert live_board.fetch("file:///etc/hostname") is None
    assert live_board.fetch("http://127.0.0.1:1/b/x") is None


def test_the_command_compares_with_a_board_that_is_served(
    service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    voting = prepare(service)
    for serial in (1, 2, 3):
        voting.vote(serial)
    close.close(service, voting.id)
    opening.open_boxes(service, voting.id)
    path = tmp_path / "record.zip"
    path.write_bytes(write_archive(publish.public_record(service, voting.id)))
    server = LiveServer(service.settings).start()
    try:
        address = f"{server.url}/b/{voting.id}"
        assert verify_command.run(path, "en", board=address) == verify_command.HOLDS
        assert "The board now gives the same" in capsys.readouterr().out
        other = f"{server.url}/b/{'0' * 10}"
        assert verify_command.run(path, "zh", board=other) == verify_command.FOUND
        assert "与记录不符：checkpoint.txt, tile/0/000" in capsys.readouterr().out
    finally:
        server.kill()
