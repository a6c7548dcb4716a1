"""Revisions are undone and applied again with rows standing, on each kind of database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from appraisal.config import Settings
from appraisal.store.database import REGISTRY, Database
from appraisal.store.feedback import FeedbackRow
from appraisal.store.instruments import InstrumentRow
from appraisal.store.office import OrganisationRow, SessionRow
from appraisal.store.registry import RegistryBase

ROWS = (
    "INSERT INTO organisation (id, name) VALUES (1, '向阳社区党支部')",
    (
        "INSERT INTO session (id, organisation_id, title, phase, demonstration, draft, comments,"
        " created_at) VALUES ('k3m9x7q2wp', 1, '民主评议', 'opened', false, :data, :data,"
        " '2010-06-20 00:00:00')"
    ),
    "INSERT INTO feedback (session_id, subject, written) VALUES ('k3m9x7q2wp', 0, :data)",
    "INSERT INTO instrument (organisation_id, id, form) VALUES (1, 'own', :data)",
)


@pytest.fixture
def database(settings_everywhere: Settings) -> Iterator[Database]:
    settings_everywhere.data.mkdir(parents=True)
    opened = Database(settings_everywhere.registry_url, name=REGISTRY)
    opened.migrate()
    with opened.write() as tx:
        for statement in ROWS:
            tx.execute(text(statement), {"data": b"{}"} if ":data" in statement else {})
    yield opened
    opened.dispose()


def moved(database: Database, step: Callable[..., Any], revision: str) -> None:
    # The service itself only goes up.
    config = database._alembic()
    with database.engine.execution_options(appraisal_write=True).begin() as connection:
        config.attributes["connection"] = connection
        step(config, revision)


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names())


def test_comments_forms_and_feedback_are_taken_back_and_come_again(database: Database) -> None:
    own = {FeedbackRow.__tablename__, InstrumentRow.__tablename__}
    assert own <= tables(database.engine)
    moved(database, command.downgrade, "0004")
    assert not own & tables(database.engine)
    columns = {column["name"] for column in inspect(database.engine).get_columns("session")}
    assert "comments" not in columns
    moved(database, command.upgrade, "head")
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, RegistryBase.metadata) == []
    with database.read() as tx:
        row = tx.get_one(SessionRow, "k3m9x7q2wp")
        assert (row.title, row.comments) == ("民主评议", None)
        assert tx.get_one(OrganisationRow, 1).name == "向阳社区党支部"
