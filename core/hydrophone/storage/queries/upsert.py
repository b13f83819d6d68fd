"""Writes many rows at once.

The statements are SQL as SQLite takes it: the care that SQLAlchemy takes of each row, for the
sake of other databases and types, costs as much as SQLite's own work.
"""

from collections.abc import Mapping, Sequence
from functools import cache

from sqlalchemy import Connection, Table


def insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows that all have the same columns in the same order."""
    if rows:
        _execute(connection, _insert(table, tuple(rows[0])), rows)


def upsert(
    connection: Connection, table: Table, key: Sequence[str], rows: Sequence[Mapping[str, object]]
) -> None:
    """Do what `insert` does, but overwrite all given columns of rows that have the same key."""
    if rows:
        _execute(connection, _upsert(table, tuple(key), tuple(rows[0])), rows)


def _execute(connection: Connection, sql: str, rows: Sequence[Mapping[str, object]]) -> None:
    connection.exec_driver_sql(sql, [tuple(row.values()) for row in rows])


@cache
def _insert(table: Table, columns: tuple[str, ...]) -> str:
    marks = ", ".join("?" * len(columns))
    return f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - our own names


@cache
def _upsert(table: Table, key: tuple[str, ...], columns: tuple[str, ...]) -> str:
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in key)
    return f"{_insert(table, columns)} ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changes}"
