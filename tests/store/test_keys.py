"""The key folder: what lies on the disk opens with the passphrase only, and under its own name."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from appraisal.ballots.blind_rsa import PrivateKey
from appraisal.cli import main
from appraisal.config import Settings, SettingsError
from appraisal.errors import CryptoError
from appraisal.manifest import BoxNumber, SessionId
from appraisal.steps.service import open_service
from appraisal.store import strongbox
from appraisal.store.keys import KeyFolder
from appraisal.store.strongbox import LOCK, Strongbox, passphrase_of

SESSION = SessionId("k3m9x7q2wp")
OTHER = SessionId("0000000000")
BOXES = [BoxNumber(0), BoxNumber(1)]


@pytest.fixture
def keys(tmp_path: Path) -> KeyFolder:
    return opened(tmp_path / "keys")


def opened(path: Path, passphrase: bytes = b"right") -> KeyFolder:
    return KeyFolder(path, passphrase=passphrase, rng=os.urandom)


def fill(keys: KeyFolder) -> None:
    """One key of every kind."""
    keys.secret("office")
    keys.make_board_key(SESSION)
    keys.make_opening_key(SESSION)
    for box in BOXES:
        keys.make_token_key(SESSION, box)


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_no_private_key_lies_in_the_clear(keys: KeyFolder, tmp_path: Path) -> None:
    fill(keys)
    written = b"".join(files(tmp_path).values())
    tokens = keys.token_keys(SESSION, BOXES)
    clear = [
        keys.secret("office"),
        keys.board_key(SESSION).private_bytes_raw(),
        keys.opening_key(SESSION).private_bytes_raw(),
        *(key.to_der()[100:132] for key in tokens),
        *(int(key.p).to_bytes(128, "big") for key in tokens),
        b"right",
    ]
    assert not [secret for secret in clear if secret in written]


def test_the_same_folder_opens_again_with_the_same_passphrase(
    keys: KeyFolder, tmp_path: Path
) -> None:
    fill(keys)
    again = opened(tmp_path / "keys")
    assert again.secret("office") == keys.secret("office")
    assert again.make_board_key(SESSION) == keys.make_board_key(SESSION)
    assert again.make_opening_key(SESSION) == keys.make_opening_key(SESSION)
    assert again.make_token_key(SESSION, BOXES[0]) == keys.make_token_key(SESSION, BOXES[0])


@pytest.mark.parametrize("passphrase", [b"wrong", b"right\n", b"Right", b""])
def test_another_passphrase_opens_nothing_and_is_told_at_the_start(
    keys: KeyFolder, tmp_path: Path, passphrase: bytes
) -> None:
    with pytest.raises(SettingsError, match="APPRAISAL_PASSPHRASE_FILE"):
        opened(tmp_path / "keys", passphrase)


def test_keys_without_their_strongbox_are_not_taken_for_a_first_start(
    keys: KeyFolder, tmp_path: Path
) -> None:
    fill(keys)
    (tmp_path / "keys" / LOCK).unlink()
    before = files(tmp_path)
    with pytest.raises(SettingsError, match="missing"):
        opened(tmp_path / "keys")
    assert files(tmp_path) == before


def moved(folder: Path) -> None:
    """Box 0's token key under the name of box 1's."""
    tokens = folder / "sessions" / SESSION / "tokens"
    (tokens / "1.key").write_bytes((tokens / "0.key").read_bytes())


def cut(folder: Path) -> None:
    (folder / "sessions" / SESSION / "tokens" / "1.key").write_bytes(b"short")


def altered(folder: Path) -> None:
    path = folder / "sessions" / SESSION / "tokens" / "1.key"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def in_the_clear(folder: Path) -> None:
    path = folder / "sessions" / SESSION / "tokens" / "1.key"
    path.write_bytes(PrivateKey.generate().to_der())


@pytest.mark.parametrize("harm", [moved, cut, altered, in_the_clear])
def test_a_file_that_is_not_its_own_is_refused(
    keys: KeyFolder, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    fill(keys)
    harm(tmp_path / "keys")
    again = opened(tmp_path / "keys")
    assert again.token_keys(SESSION, BOXES[:1])
    with pytest.raises(CryptoError):
        again.token_keys(SESSION, BOXES)


def test_a_key_of_another_session_is_refused(keys: KeyFolder, tmp_path: Path) -> None:
    fill(keys)
    keys.make_board_key(OTHER)
    sessions = tmp_path / "keys" / "sessions"
    (sessions / OTHER / "board.key").write_bytes((sessions / SESSION / "board.key").read_bytes())
    with pytest.raises(CryptoError):
        opened(tmp_path / "keys").board_key(OTHER)


def test_destroyed_keys_are_overwritten_before_they_are_removed(
    keys: KeyFolder, tmp_path: Path
) -> None:
    """A second name of the file, as a snapshot would have it, holds other bytes afterwards."""
    fill(keys)
    token = tmp_path / "keys" / "sessions" / SESSION / "tokens" / "0.key"
    (tmp_path / "kept").hardlink_to(token)
    before = token.read_bytes()
    keys.destroy_tokens(SESSION)
    keys.destroy_tokens(SESSION)
    assert not token.parent.exists()
    after = (tmp_path / "kept").read_bytes()
    assert len(after) == len(before)
    assert not [at for at in range(len(before) - 16) if before[at : at + 16] in after]
    with pytest.raises(CryptoError):
        keys.token_keys(SESSION, BOXES)


def test_the_passphrase_is_made_once_and_lies_apart_from_the_keys(settings: Settings) -> None:
    service = open_service(settings)
    service.close()
    path = settings.data / "passphrase"
    first = path.read_bytes()
    assert len(first.strip()) == 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert first.strip() not in b"".join(files(settings.keys).values())
    open_service(settings).close()
    assert path.read_bytes() == first


def test_a_passphrase_may_be_moved_elsewhere(settings: Settings, tmp_path: Path) -> None:
    service = open_service(settings)
    secret = service.keys.secret("office")
    service.close()
    elsewhere = tmp_path / "credential"
    (settings.data / "passphrase").rename(elsewhere)
    moved = open_service(replace(settings, passphrase_file=elsewhere))
    assert moved.keys.secret("office") == secret
    moved.close()
    assert not (settings.data / "passphrase").exists()


def absent(_path: Path) -> None:
    pass


def empty(path: Path) -> None:
    path.write_text(" \n")


def folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize("make", [absent, empty, folder])
def test_a_passphrase_that_did_not_arrive_is_no_first_start(
    settings: Settings, tmp_path: Path, make: Callable[[Path], None]
) -> None:
    path = tmp_path / "credential"
    make(path)
    with pytest.raises(SettingsError, match="APPRAISAL_PASSPHRASE_FILE"):
        passphrase_of(replace(settings, passphrase_file=path), rng=os.urandom)


def test_a_wrong_passphrase_is_one_sentence_on_the_command_line(
    settings: Settings, tmp_path: Path
) -> None:
    from click.testing import CliRunner

    open_service(settings).close()
    wrong = tmp_path / "credential"
    wrong.write_text("another one\n")
    environ = {
        "APPRAISAL_DATA": str(settings.data),
        "APPRAISAL_KEYS": str(settings.keys),
        "APPRAISAL_PASSPHRASE_FILE": str(wrong),
    }
    command = ["invite", "a@example.org", "--organisation", "甲"]
    result = CliRunner().invoke(main, command, env=environ)
    assert result.exit_code == 1
    assert "do not open with this passphrase" in result.output
    assert "Traceback" not in result.output


def test_the_slow_derivation_is_paid_once_a_start_and_not_once_a_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = Strongbox(tmp_path, passphrase=b"right", rng=os.urandom)
    data = os.urandom(1200)
    names = [f"sessions/{SESSION}/tokens/{number}.key" for number in range(2000)]
    (tmp_path / names[0]).parent.mkdir(parents=True)
    for name in names:
        (tmp_path / name).write_bytes(box._seal(name, data))
    derived: list[object] = []

    def counted(**options: Any) -> Scrypt:
        derived.append(options)
        return Scrypt(**options)

    monkeypatch.setattr(strongbox, "Scrypt", counted)
    again = Strongbox(tmp_path, passphrase=b"right", rng=os.urandom)
    assert all(again.read(name) == data for name in names)
    assert len(derived) == 1
