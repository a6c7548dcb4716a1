"""The `appraisal` command: its exit statuses and its sentences."""

from __future__ import annotations

import os
import re
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from appraisal.cli import main


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CliRunner]:
    for name in [name for name in os.environ if name.startswith("APPRAISAL_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("APPRAISAL_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("APPRAISAL_KEYS", str(tmp_path / "keys"))
    mask, stop = os.umask(0o022), signal.getsignal(signal.SIGTERM)
    yield CliRunner()
    os.umask(mask)
    signal.signal(signal.SIGTERM, stop)


def test_help_names_every_command(runner: CliRunner) -> None:
    text = runner.invoke(main, ["--help"]).output
    for command in ("demo", "init", "invite", "rehearse", "serve", "verify"):
        assert command in text


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_explains_itself(runner: CliRunner, command: str) -> None:
    done = runner.invoke(main, [command, "--help"])
    assert done.exit_code == 0
    assert "Usage" in done.output


def test_init_makes_an_installation_and_invites_its_operator(
    runner: CliRunner, tmp_path: Path
) -> None:
    done = runner.invoke(main, ["init", "a@example.org", "--organisation", "某支部"])
    assert done.exit_code == 0, done.output
    assert "http://127.0.0.1:8000/office/" in done.output
    assert (tmp_path / "data" / "registry.sqlite").exists()
    assert (tmp_path / "data" / "box.sqlite").exists()
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700


def test_a_known_person_needs_no_organisation_for_a_new_link(runner: CliRunner) -> None:
    refused = runner.invoke(main, ["invite", "a@example.org"])
    assert refused.exit_code == 1
    assert "name the organisation" in refused.output
    runner.invoke(main, ["invite", "a@example.org", "--organisation", "某支部"])
    done = runner.invoke(main, ["invite", "a@example.org"])
    assert done.exit_code == 0
    assert "/office/sign-in/" in done.output


def test_an_invitation_that_cannot_be_is_a_sentence(runner: CliRunner) -> None:
    done = runner.invoke(main, ["invite", "not an address", "--organisation", "某支部"])
    assert done.exit_code == 1
    assert done.output.startswith("Error: ")


def test_a_wrong_setting_is_a_sentence(runner: CliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APPRAISAL_PORT", "many")
    done = runner.invoke(main, ["invite", "a@example.org", "--organisation", "某支部"])
    assert done.exit_code == 1
    assert "APPRAISAL_PORT" in done.output


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 no archive", b"{}"])
def test_what_is_no_record_is_unreadable(
    runner: CliRunner, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "record.zip"
    if content is not None:
        path.write_bytes(content)
    for language in ("zh", "en"):
        done = runner.invoke(main, ["verify", "--lang", language, str(path)])
        assert done.exit_code == 2
        assert "record.zip" in done.output
        assert bool(re.search("[\u4e00-\u9fff]", done.output)) is (language == "zh")


def test_a_port_that_is_taken_is_a_sentence(
    runner: CliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("APPRAISAL_PORT", str(taken.getsockname()[1]))
        for command in ("serve", "demo"):
            done = runner.invoke(main, [command])
            assert done.exit_code == 1
            assert "choose another port with APPRAISAL_PORT" in done.output


def test_everything_written_is_its_owners_alone(runner: CliRunner, tmp_path: Path) -> None:
    runner.invoke(main, ["invite", "a@example.org", "--organisation", "某支部"])
    for path in (tmp_path / "data").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path
