"""The signer's real process: started by its command, killed at any moment, without a last word."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from appraisal.ballots import board, tokens, voter
from appraisal.cli import main
from appraisal.config import Settings
from appraisal.encoding import b64decode
from appraisal.signer.signer import open_signer
from appraisal.steps import close, signers
from appraisal.steps.board import board_entries
from appraisal.steps.draw import draw
from appraisal.steps.service import Service
from appraisal.store.office import Phase
from tests.live import SIGN, LiveServer, free_port
from tests.second_signer import NAME, SecondSigner, prepare_with, settings_in

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def settings_of_second(tmp_path: Path) -> Settings:
    settings = settings_in(tmp_path / "second")
    settings.data.mkdir(parents=True)
    return settings


@pytest.fixture
def server(settings_of_second: Settings) -> Iterator[LiveServer]:
    running = LiveServer(settings_of_second, program=SIGN, more={"APPRAISAL_NAME": NAME})
    yield running.start()
    running.kill()


def test_killed_between_every_two_steps_it_loses_nothing(
    service: Service, server: LiveServer
) -> None:
    """Enrolled, frozen, printed, begun, drawn, closed: each survives kill -9."""
    signer = open_signer(server.settings)
    second = SecondSigner(signer)
    session = prepare_with(service, second, slips=(3,), phase=Phase.VOTING)
    drawing = session.start(1)
    url = f"{server.url}/v/{session.id}/draw"
    body = tokens.encode_draw(drawing.requests[1])

    server.kill()
    server.start()
    first = httpx.post(url, content=body, headers=JSON)
    assert first.status_code == 200, first.text

    server.kill()
    server.start()
    assert httpx.post(url, content=body, headers=JSON).json() == first.json()
    other = tokens.encode_draw(session.start(1).requests[1])
    assert httpx.post(url, content=other, headers=JSON).json()["error"] == "slip-drawn"
    blanks = voter.finish_drawing(
        drawing,
        draw(service, session.id, tokens.encode_draw(drawing.requests[0])),
        [b64decode(signature) for signature in first.json()["signatures"]],
    )
    assert session.fill_in(blanks)

    client = signers.client_of(signers.peer_at(service, server.url))
    stated = client.close(session.id, slips=3)
    server.kill()
    server.start()
    close.close(service, session.id)
    entries = board_entries(service, session.id)
    turnouts = [board.decode(entry, session.manifest) for entry in stated]
    assert all(entry in entries for entry in stated)
    assert [len(t.drawn) for t in turnouts if isinstance(t, board.Turnout)] == [1]
    assert httpx.post(url, content=body, headers=JSON).json()["error"] == "closed"
    assert server.log == ""
    signer.close()


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CliRunner]:
    for name in [name for name in os.environ if name.startswith("APPRAISAL_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("APPRAISAL_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("APPRAISAL_KEYS", str(tmp_path / "keys"))
    monkeypatch.setenv("APPRAISAL_BASE_URL", "https://signer.example.org")
    mask, stop = os.umask(0o022), signal.getsignal(signal.SIGTERM)
    yield CliRunner()
    os.umask(mask)
    signal.signal(signal.SIGTERM, stop)


@pytest.mark.parametrize("party", ["signer", "witness"])
def test_an_invitation_is_a_link_with_a_secret(runner: CliRunner, party: str) -> None:
    first = runner.invoke(main, [party, "invite", "向阳社区党支部"]).stdout
    again = runner.invoke(main, [party, "invite", "向阳社区党支部"]).stdout
    for link in (first, again):
        assert link.startswith("https://signer.example.org#")
        assert len(link.strip().partition("#")[2]) == 26
    assert first != again


@pytest.mark.parametrize(
    ("party", "serving"), [("signer", "appraisal signer serve"), ("witness", "appraisal serve")]
)
def test_an_invitation_says_whose_it_is_and_what_to_do(
    runner: CliRunner, monkeypatch: pytest.MonkeyPatch, party: str, serving: str
) -> None:
    said = runner.invoke(main, [party, "invite", "向阳社区党支部"]).stderr
    for part in ("https://signer.example.org", "“向阳社区党支部”", "上级机构", "Peers", serving):
        assert part in said
    assert "APPRAISAL_NAME is not set" in said
    monkeypatch.setenv("APPRAISAL_NAME", "区委组织部")
    said = runner.invoke(main, [party, "invite", "向阳社区党支部"]).stderr
    assert "区委组织部" in said
    assert "APPRAISAL_NAME" not in said


@pytest.mark.parametrize(
    ("command", "target", "next_step"),
    [
        (["serve"], "appraisal.web.serve", "https://signer.example.org/office/"),
        (["signer", "serve"], "appraisal.signer.serve", "appraisal signer invite"),
    ],
)
def test_who_starts_a_service_is_told_its_name_its_address_and_what_comes_next(
    runner: CliRunner,
    monkeypatch: pytest.MonkeyPatch,
    command: list[str],
    target: str,
    next_step: str,
) -> None:
    monkeypatch.setattr(f"{target}.serve", lambda _settings: None)
    monkeypatch.setenv("APPRAISAL_PORT", str(free_port()))
    monkeypatch.setenv("APPRAISAL_NAME", "区委组织部")
    done = runner.invoke(main, command)
    assert done.exit_code == 0
    assert done.stdout == ""
    for part in ("区委组织部", "https://signer.example.org", "127.0.0.1:", next_step):
        assert part in done.stderr
    assert runner.invoke(main, [*command, "--quiet"]).output == ""


@pytest.mark.parametrize("name", ["", "x" * 101, "a\nb"])
def test_an_invitation_is_for_somebody(runner: CliRunner, name: str) -> None:
    done = runner.invoke(main, ["signer", "invite", name])
    assert done.exit_code == 1
    assert done.output.startswith("Error: a name is a line")
