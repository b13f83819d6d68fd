"""Copies of the database that are known to be good, and how that is known."""

import sqlite3
from contextlib import closing
from pathlib import Path

from msgspec import Struct

from hydrophone.errors import StorageError

_BUSY_SECONDS = 15.0
_CODES_OF_TARGET = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR_WRITE,
    sqlite3.SQLITE_IOERR_SHMSIZE,
}
"""What goes wrong where the copy is written, if its disk is full; the database is only read."""


class DatabaseFacts(Struct, frozen=True, kw_only=True):
    """What two copies of one database have in common."""

    schema: str
    """Revision number."""
    rows: dict[str, int]
    """Number of rows of each table; the search index is not counted, it follows from them."""


def copy_database(database: Path, target: Path) -> DatabaseFacts:
    """Copy a database while others use it, check the copy, and say what is in it.

    Blocking. Uses SQLite's backup API: a copy of the file alone would lack what is in the WAL.
    The copy is one file, without a WAL. Raises StorageError if there is no database, it cannot
    be read, or the copy is damaged, and OSError if the copy cannot be written (a full disk); what
    is at `target` then is of no use.
    """
    if not database.is_file():
        raise StorageError(f"There is no database at {database}.")
    try:
        with (
            closing(sqlite3.connect(database, timeout=_BUSY_SECONDS)) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            # All in one step: in several, each write of another process starts it anew.
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) in _CODES_OF_TARGET:
            raise OSError(f"{error}") from error
        raise StorageError(f"The database {database} cannot be copied: {error}.") from error
    return examine(target)


def examine(database: Path) -> DatabaseFacts:
    """Check every page and reference of a database that nobody else uses, and count its rows.

    Blocking. Raises StorageError if it is damaged or no database of Hydrophone's.
    """
    try:
        with closing(sqlite3.connect(database)) as connection:
            (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            orphans = connection.execute("PRAGMA foreign_key_check").fetchmany(1)
            if verdict != "ok" or orphans:
                raise StorageError(f"The database is damaged: {orphans or verdict}.")
            (schema,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            tables = connection.execute(
                "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' "
                "AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name"
            ).fetchall()
            rows = {name: _count(connection, name) for (name,) in tables}
            return DatabaseFacts(schema=str(schema), rows=rows)
    except sqlite3.Error as error:
        raise StorageError(f"The database is damaged: {error}.") from error


def _count(connection: sqlite3.Connection, table: str) -> int:
    quoted = table.replace('"', '""')
    statement = f'SELECT count(*) FROM "{quoted}"'  # noqa: S608 - a name of sqlite_master, quoted
    return int(connection.execute(statement).fetchone()[0])
