from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData, inspect

from appraisal.config import Settings
from appraisal.store.box import BoxBase
from appraisal.store.database import BOX, REGISTRY, Database, DatabaseName
from appraisal.store.office import SessionRow
from appraisal.store.registry import RegistryBase
from appraisal.store.tellers import TellerRow

REGISTRY_TABLES = {
    "alembic_version",
    "board_entry",
    "feedback",
    "instrument",
    "invitation",
    "organisation",
    "peer",
    "registry_session",
    "role",
    "session",
    "sign_in_link",
    "signed_session",
    "slip",
    "teller",
    "user",
    "user_role",
    "witnessed_board",
}


def _metadata(name: DatabaseName) -> MetaData:
    assert SessionRow.metadata is TellerRow.metadata is RegistryBase.metadata
    return {REGISTRY: RegistryBase.metadata, BOX: BoxBase.metadata}[name]


@pytest.fixture(params=[REGISTRY, BOX])
def database(request: pytest.FixtureRequest, settings_everywhere: Settings) -> Iterator[Database]:
    settings_everywhere.data.mkdir(parents=True)
    name = DatabaseName(request.param)
    url = settings_everywhere.registry_url if name == REGISTRY else settings_everywhere.box_url
    opened = Database(url, name=name)
    yield opened
    opened.dispose()


def test_migrations_lead_from_nothing_to_the_models(database: Database) -> None:
    database.migrate()
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, _metadata(database.name)) == []


def test_migrating_again_changes_nothing(database: Database) -> None:
    database.migrate()
    before = inspect(database.engine).get_table_names()
    database.migrate()
    assert inspect(database.engine).get_table_names() == before


def test_every_table_is_known_to_this_test(database: Database) -> None:
    """A new table is a decision: it has to be written here, and the claims' tests looked at."""
    database.migrate()
    tables = set(inspect(database.engine).get_table_names())
    expected = (
        REGISTRY_TABLES
        if database.name == REGISTRY
        else {
            "alembic_version",
            "ballot",
            "box_session",
        }
    )
    assert tables == expected


def test_a_ballot_row_holds_nothing_but_its_entry(database: Database) -> None:
    if database.name != BOX:
        return
    database.migrate()
    columns = {column["name"] for column in inspect(database.engine).get_columns("ballot")}
    assert columns == {
        "digest",
        "session",
        "box",
        "ballot_key",
        "tokens",
        "sealed",
        "signature",
    }
    keys = inspect(database.engine).get_unique_constraints("ballot")
    assert [(key["name"], key["column_names"]) for key in keys] == [
        ("uq_ballot_key", ["session", "box", "ballot_key"])
    ]
    assert not inspect(database.engine).get_foreign_keys("ballot")


def test_a_slip_row_holds_no_time(database: Database) -> None:
    if database.name != REGISTRY:
        return
    database.migrate()
    columns = {column["name"] for column in inspect(database.engine).get_columns("slip")}
    assert columns == {"hash", "session", "class", "serial", "state", "request_hash"}


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("secure_delete", 1),
        ("foreign_keys", 1),
        ("busy_timeout", 20_000),
    ],
)
def test_sqlite_is_durable_and_forgets(settings: Settings, pragma: str, value: Any) -> None:
    settings.data.mkdir(parents=True)
    database = Database(settings.box_url, name=BOX)
    database.migrate()
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one() == value
    database.dispose()


@pytest.mark.parametrize("table", ["slip", "registry_session", "board_entry"])
def test_registry_rows_stand_in_order_of_key(settings: Settings, table: str) -> None:
    _without_rowid(settings.registry_url, REGISTRY, table, settings)


@pytest.mark.parametrize("table", ["ballot", "box_session"])
def test_box_rows_stand_in_order_of_key(settings: Settings, table: str) -> None:
    _without_rowid(settings.box_url, BOX, table, settings)


def _without_rowid(url: str, name: DatabaseName, table: str, settings: Settings) -> None:
    settings.data.mkdir(parents=True, exist_ok=True)
    database = Database(url, name=name)
    database.migrate()
    with database.engine.connect() as connection:
        sql = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE name = ?", (table,)
        ).scalar_one()
    database.dispose()
    assert sql.rstrip().endswith("WITHOUT ROWID")


def test_statement_parameters_enter_no_message(settings: Settings) -> None:
    settings.data.mkdir(parents=True)
    database = Database(settings.box_url, name=BOX)
    with pytest.raises(Exception, match="no such table") as caught, database.write() as tx:
        tx.connection().exec_driver_sql("INSERT INTO missing VALUES (?)", ("SECRET-CODE",))
    database.dispose()
    assert "SECRET-CODE" not in str(caught.value)
