"""One of the two databases: its engine, its transactions, its migrations.

SQLite runs in WAL mode with ``synchronous=FULL``: a commit that returned survives a kill and a
power cut. ``secure_delete`` overwrites what a deletion leaves in the pages. A writing transaction
begins with ``BEGIN IMMEDIATE``, so that what it reads stays true until it commits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Any, Final, NewType

import sqlalchemy
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, create_engine, event, text
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

BUSY_TIMEOUT_MS: Final = 20_000
POOL_SIZE: Final = 16
MIGRATIONS: Final = Path(__file__).parent / "migrations"

NAMING: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
"""How constraints are named, so that migrations and tests can name them."""

DatabaseName = NewType("DatabaseName", str)
"""``registry`` or ``box``: the folder of its migrations."""

REGISTRY: Final = DatabaseName("registry")
BOX: Final = DatabaseName("box")


class Database:
    """A database by SQLAlchemy URL: SQLite by path, or PostgreSQL through psycopg."""

    def __init__(self, url: str, *, name: DatabaseName) -> None:
        address = make_url(url)
        if address.drivername == "postgresql":
            address = address.set(drivername="postgresql+psycopg")
        self.name = name
        self.sqlite = address.get_backend_name() == "sqlite"
        # Statement parameters are slip hashes and ballots: they enter no message and no log.
        options: dict[str, Any] = {"hide_parameters": True}
        if self.sqlite:
            options["connect_args"] = {"timeout": BUSY_TIMEOUT_MS / 1000}
        else:
            options["pool_pre_ping"] = True
        self.engine: Engine = create_engine(
            address, pool_size=POOL_SIZE, max_overflow=POOL_SIZE, **options
        )
        if self.sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        self._writing = self.engine.execution_options(appraisal_write=True)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A transaction that reads; nothing of it is kept."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction that is durable once the block has ended, and undone if it raises."""
        with Session(self._writing, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def write_rows(self) -> Iterator[Connection]:
        """The same without the mapped classes' bookkeeping, for the two writers' own batches."""
        with self._writing.begin() as connection:
            yield connection

    def migrate(self) -> None:
        """Bring the tables to the newest revision."""
        with self.engine.connect() as connection:
            known = MigrationContext.configure(connection).get_current_heads()
        config = self._alembic()
        if set(known) == set(ScriptDirectory.from_config(config).get_heads()):
            return
        with self._writing.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def _alembic(self) -> Config:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS / self.name))
        config.set_main_option("path_separator", "os")
        return config

    def compact(self, *tables: str) -> None:
        """Rewrite the pages in key order and leave nothing behind in free pages or the WAL.

        SQLite rebuilds the whole file; on PostgreSQL the named tables get new ones, and a table
        stands before those that refer to it. Raises `OperationalError` if somebody who reads them
        does not let go.
        """
        if self.sqlite:
            self._compact_sqlite()
            return
        with self._writing.begin() as connection:
            connection.execute(text(f"SET LOCAL lock_timeout = {BUSY_TIMEOUT_MS}"))
            _rewrite_postgresql(connection, tables)

    def _compact_sqlite(self) -> None:
        raw = self.engine.raw_connection()
        try:
            cursor = raw.cursor()
            # The WAL is emptied first: its index, the file -shm, lists the pages of every commit
            # since the WAL began, and is wiped by the first page of a new one.
            _empty_wal(cursor)
            cursor.execute("VACUUM")
            _empty_wal(cursor)
        finally:
            raw.close()

    def check(self) -> None:
        """A round trip to the database; raises SQLAlchemy's error if there is none."""
        with self.engine.connect() as connection:
            connection.execute(text("SELECT 1")).scalar_one()

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def values_of(kind: type[Enum]) -> sqlalchemy.Enum:
    """A column for an enum: its values as text, with a check constraint."""
    return sqlalchemy.Enum(
        kind,
        name=kind.__name__.lower(),
        native_enum=False,
        create_constraint=True,
        length=16,
        values_callable=lambda members: [member.value for member in members],
    )


def migration_environment(metadata: MetaData, *, config: Config) -> None:
    """What each ``env.py`` does: run the revisions on the connection it was handed."""
    from alembic import context  # noqa: PLC0415 - exists only while Alembic runs an environment

    connection: Connection = config.attributes["connection"]
    context.configure(connection=connection, target_metadata=metadata, compare_type=True)
    context.run_migrations()


def _empty_wal(cursor: Any) -> None:
    # Waits for readers as long as for a lock; one that stays keeps the old pages.
    if cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
        raise OperationalError("wal_checkpoint", None, TimeoutError("a reader stays"))


def _rewrite_postgresql(connection: Connection, tables: Sequence[str]) -> None:
    """New files for tables and their indexes: one row version each, all of one transaction.

    Not CLUSTER or VACUUM FULL: those keep deleted versions, each with its own `xmin`, for as long
    as anybody's snapshot is older. ANALYZE replaces the planner's samples of the voting hours. The
    first column is the key.
    """
    names = ", ".join(f'"{table}"' for table in tables)
    statements = (
        f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE",
        *(f'CREATE TEMPORARY TABLE "kept_{t}" AS TABLE "{t}"' for t in tables),
        f"TRUNCATE {names}",
        *(f'INSERT INTO "{t}" TABLE "kept_{t}" ORDER BY 1' for t in tables),
        *(f'DROP TABLE "kept_{t}"' for t in tables),
        f"ANALYZE {names}",
    )
    for statement in statements:
        connection.execute(text(statement))


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own BEGIN comes too late for what is read first; `_begin_sqlite` says it.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "secure_delete=ON",
        "foreign_keys=ON",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("appraisal_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
