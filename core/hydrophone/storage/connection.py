"""Connections to the database, set up as all of ours are, and transactions on them.

The server process's own door is `storage/database.py`; this is what it shares with the scan
process and the CLI, which start faster without asyncio.
"""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from hydrophone.errors import StorageError, UnavailableError

_BUSY_TIMEOUT_MS = 15_000
"""The scan process writes short transactions too: waiting for one is normal."""
_FULL = "The disk with the database is full; nothing can be saved until there is space again."
_CODES_OF_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE}
"""The second one comes when the file that readers and writers share cannot grow."""


def pragmas(*, synchronous: str, read_only: bool) -> tuple[str, ...]:
    """Return what every connection of ours is told when it is opened."""
    return (
        f"PRAGMA busy_timeout={_BUSY_TIMEOUT_MS}",
        "PRAGMA journal_mode=WAL",
        f"PRAGMA synchronous={synchronous}",
        "PRAGMA foreign_keys=ON",
        "PRAGMA temp_store=MEMORY",
        f"PRAGMA query_only={'ON' if read_only else 'OFF'}",
    )


def apply_on_connect(engine: Engine, statements: tuple[str, ...]) -> None:
    """Let an engine run statements (of `pragmas`) on each connection that it opens."""

    @event.listens_for(engine, "connect")
    def _apply(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for statement in statements:
            cursor.execute(statement)
        cursor.close()


@contextlib.contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """Run the body in one `BEGIN IMMEDIATE` transaction of an AUTOCOMMIT connection.

    The lock is taken at the start, where `busy_timeout` applies; a transaction that begins by
    reading could fail at its first write instead (traps 3). Raises StorageError if somebody
    else has the lock for longer than that, or the file cannot be written to, and
    UnavailableError if the disk is full: then nothing of the transaction is left.
    """
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except DBAPIError as error:
        raise_if_full(error)
        raise StorageError(f"The database cannot be written to: {error.orig}") from error
    try:
        yield
        connection.exec_driver_sql("COMMIT")
    except BaseException as error:  # a cancelled write, too, must leave nothing behind
        # A COMMIT that fails leaves the transaction open; a full disk has ended it already.
        if _in_transaction(connection):
            connection.exec_driver_sql("ROLLBACK")
        raise_if_full(error)
        raise


@contextlib.contextmanager
def snapshot(connection: Connection) -> Iterator[None]:
    """Let all statements of the body read what was there at the first one.

    For what is found out by several that belong together; others may write meanwhile. Within a
    transaction it is so anyway.
    """
    if _in_transaction(connection):
        yield
        return
    connection.exec_driver_sql("BEGIN")
    try:
        yield
    finally:
        if _in_transaction(connection):
            connection.exec_driver_sql("ROLLBACK")


def is_full(error: BaseException) -> bool:
    """Say whether the disk of the database has no space left."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return getattr(cause, "sqlite_errorcode", 0) in _CODES_OF_FULL


def raise_if_full(error: BaseException) -> None:
    """Raise UnavailableError if that is why there is this error."""
    if is_full(error):
        raise UnavailableError(_FULL) from error


def _in_transaction(connection: Connection) -> bool:
    # Of sqlite3 or of aiosqlite, which have this in common.
    driver = connection.connection.driver_connection
    return driver is not None and bool(driver.in_transaction)


@contextlib.contextmanager
def connect(path: Path, *, durable: bool) -> Iterator[Connection]:
    """Open a connection of one's own for code outside the event loop (scan process, CLI).

    Blocking. `durable` waits for the disk at each commit (what users write); otherwise a power
    cut may lose the last commits, which the next scan finds again. The connection is in
    AUTOCOMMIT: group writes by `transaction`.
    """
    engine = create_engine(URL.create("sqlite", database=str(path)), poolclass=NullPool)
    apply_on_connect(engine, pragmas(synchronous="FULL" if durable else "NORMAL", read_only=False))
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            yield connection
    finally:
        engine.dispose()
