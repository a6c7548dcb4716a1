"""What can be stolen from an installation: every file it has, and what its databases tell."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

from appraisal.config import Settings
from tests.claims.attacks import Loot

TABLES = {"slip": "hash", "ballot": "digest"}


def loot_of(settings: Settings) -> Loot:
    """Everything below the data and the key folder, and the databases, wherever they are."""
    files = {
        str(path.relative_to(folder.parent)): path.read_bytes()
        for folder in (settings.data, settings.keys)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    if settings.box_url.startswith("sqlite"):
        return Loot(files, requests=requests_of(settings))
    told: dict[str, dict[bytes, float]] = {}
    for url in (settings.registry_url, settings.box_url):
        with administrator(url) as connection:
            files |= _heap_files(connection)
            for name, values in _told_by_postgresql(connection):
                told.setdefault(name, {}).update(values)
    return Loot(files, told, requests_of(settings))


def rows_of(settings: Settings, *, box: bool = True) -> Loot:
    """What a dump has: rows as a query gives them, no pages. A signer has no `box`."""
    told: dict[str, dict[bytes, float]] = {"place in the dump": {}, "length": {}}
    tables = ((settings.registry_url, "slip"), (settings.box_url, "ballot"))
    for url, table in tables if box else tables[:1]:
        for place, row in enumerate(_rows(url, table)):
            told["place in the dump"][row[0]] = place
            told["length"][row[0]] = len(b"".join(part for part in row if isinstance(part, bytes)))
    return Loot({}, told)


def requests_of(settings: Settings) -> dict[bytes, bytes]:
    """What knows a slip's draw request again, by the slip's hash; nothing after close."""
    return {row[0]: row[5] for row in _rows(settings.registry_url, "slip") if row[5] is not None}


def _rows(url: str, table: str) -> list[tuple[Any, ...]]:
    if url.startswith("sqlite"):
        with sqlite3.connect(make_url(url).database or "") as reader:
            rows = reader.execute(f"SELECT * FROM {table}").fetchall()
        reader.close()
        return rows
    with administrator(url) as connection:
        return connection.execute(f"SELECT * FROM {table}".encode()).fetchall()


@contextmanager
def administrator(url: str) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """A database's own administrator, who reads what there is and changes nothing."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        yield connection


def _heap_files(connection: psycopg.Connection[tuple[Any, ...]]) -> dict[str, bytes]:
    """The files of tables, their indexes and their TOAST, as they lie on the disk."""
    connection.execute("CHECKPOINT")
    query = """
        SELECT c.relname, current_setting('data_directory') || '/' || pg_relation_filepath(c.oid),
               t.relname
        FROM pg_class c LEFT JOIN pg_class t ON t.reltoastrelid = c.oid
        WHERE c.relkind IN ('r', 'i', 't') AND c.relnamespace IN
          (SELECT oid FROM pg_namespace WHERE nspname IN ('public', 'pg_toast'))
    """
    found = {}
    for name, path, owner in connection.execute(query).fetchall():
        data = Path(str(path)).read_bytes()
        if data:
            found[f"toast of {owner}" if owner else str(name)] = data
    return found


def _told_by_postgresql(
    connection: psycopg.Connection[tuple[Any, ...]],
) -> Iterator[tuple[str, dict[bytes, float]]]:
    """The system columns: which transaction and command wrote a row, and where it stands."""
    for table, key in TABLES.items():
        if connection.execute("SELECT to_regclass(%s)", [table]).fetchone() == (None,):
            continue
        query = f"""
            SELECT {key}, xmin::text::bigint, cmin::text::bigint, xmax::text::bigint,
                   (ctid::text::point)[0] * 1000 + (ctid::text::point)[1],
                   pg_column_size({table}.*)
            FROM {table}
        """
        rows = connection.execute(query.encode()).fetchall()
        for at, name in enumerate(("xmin", "cmin", "xmax", "ctid", "length"), start=1):
            yield name, {bytes(row[0]): float(row[at]) for row in rows}
