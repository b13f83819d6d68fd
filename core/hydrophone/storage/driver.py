"""The driver of the server's connections: aiosqlite, with one hop to its thread per statement.

SQLAlchemy asks a driver for a cursor, and has that execute, fetch all and close. With aiosqlite
each of the four is a hop to the connection's thread and back, and each hop costs more than a point
read. Here the thread does all four at once.

So nothing is left to be fetched a part at a time: `yield_per` and `stream_results` are only for
connections that do not come from here (`storage.connection.connect`).
"""

import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import aiosqlite
from msgspec import Struct

_AT_ONCE = 1
"""Rows that aiosqlite's own cursors would fetch at once; nobody uses them here."""


class _Done(Struct, frozen=True, kw_only=True):
    """What a statement has left behind."""

    description: tuple[Any, ...] | None
    """Of the columns; `None` if it is no query."""
    rows: list[Any]
    rowcount: int
    lastrowid: int | None


class DriverConnection(aiosqlite.Connection):
    """A connection in a thread of its own; it opens when it is awaited."""

    def __init__(self, database: str, *, check_same_thread: bool) -> None:
        """Take what SQLAlchemy hands to `sqlite3.connect`."""
        connector = partial(sqlite3.connect, database, check_same_thread=check_same_thread)
        super().__init__(connector, _AT_ONCE)
        # As SQLAlchemy does with aiosqlite's: one that hangs must not hold up the end.
        self._thread.daemon = True

    def cursor(self) -> "DriverCursor":  # type: ignore[override] # no context manager
        """Return what runs one statement."""
        return DriverCursor(self)

    async def run(self, call: Callable[[sqlite3.Connection], sqlite3.Cursor]) -> _Done:
        """Let the thread run a statement and fetch all that it finds."""
        done: _Done = await self._execute(_done, call, self._conn)  # type: ignore[no-untyped-call] # aiosqlite's
        return done


def _done(
    call: Callable[[sqlite3.Connection], sqlite3.Cursor], connection: sqlite3.Connection
) -> _Done:
    cursor = call(connection)
    try:
        description = cursor.description
        rows = cursor.fetchall() if description else []
        # Only now: INSERT ... RETURNING counts what has been fetched.
        return _Done(
            description=description,
            rows=rows,
            rowcount=cursor.rowcount,
            lastrowid=cursor.lastrowid,
        )
    finally:
        cursor.close()


class DriverCursor:
    """Runs one statement, as SQLAlchemy asks an async driver to (`AsyncIODBAPICursor`)."""

    arraysize = 1

    def __init__(self, connection: DriverConnection) -> None:
        self._connection = connection
        self._done = _Done(description=None, rows=[], rowcount=-1, lastrowid=None)

    async def __aenter__(self) -> "DriverCursor":
        return self

    @property
    def description(self) -> tuple[Any, ...] | None:
        """Return that of the columns; `None` if the statement is no query."""
        return self._done.description

    @property
    def rowcount(self) -> int:
        """Return how many rows were written; -1 if that means nothing."""
        return self._done.rowcount

    @property
    def lastrowid(self) -> int | None:
        """Return the row that was inserted last."""
        return self._done.lastrowid

    async def execute(self, operation: str, parameters: Sequence[Any] = ()) -> None:
        """Run a statement, and fetch all that it finds."""
        self._done = await self._connection.run(
            lambda connection: connection.execute(operation, parameters)
        )

    async def executemany(self, operation: str, parameters: Sequence[Sequence[Any]]) -> None:
        """Run a statement for each of these."""
        self._done = await self._connection.run(
            lambda connection: connection.executemany(operation, parameters)
        )

    async def fetchall(self) -> list[Any]:
        """Return what was found."""
        return self._done.rows

    async def close(self) -> None:
        """Do nothing: the thread has closed it."""
