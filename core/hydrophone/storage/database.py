"""Runs query functions on held connections, where they neither block nor get lost.

A query is a plain function `(connection, ...) -> Struct`. `Database` decides where it runs:

- `quick`: at once, on the event loop's thread. Only for point reads known to take < 0.3 ms.
- `read`: on one of a few held readers; SQLite's own time is spent in their threads.
- `write`: in one transaction on the single writer, on disk (`synchronous=FULL`) on return.

Each `read` and `write` is an owned task behind its connection's lock: a caller may be
cancelled, the call itself always finishes, so that no connection is left in the middle of
something. Python code of a query still runs on the loop, hence: at most 500 rows a step.
"""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import aiosqlite
from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from hydrophone.errors import StorageError

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

READERS = 3
_BUSY_TIMEOUT_MS = 15_000
"""The scan process writes short transactions too: waiting for one is normal."""
_CLOSE_TIMEOUT = 5.0


def _pragmas(*, synchronous: str, read_only: bool) -> tuple[str, ...]:
    return (
        f"PRAGMA busy_timeout={_BUSY_TIMEOUT_MS}",
        "PRAGMA journal_mode=WAL",
        f"PRAGMA synchronous={synchronous}",
        "PRAGMA foreign_keys=ON",
        "PRAGMA temp_store=MEMORY",
        f"PRAGMA query_only={'ON' if read_only else 'OFF'}",
    )


def _apply_on_connect(engine: Engine, pragmas: tuple[str, ...]) -> None:
    @event.listens_for(engine, "connect")
    def _apply(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()


@contextlib.contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """Run the body in one `BEGIN IMMEDIATE` transaction of an AUTOCOMMIT connection.

    The lock is taken at the start, where `busy_timeout` applies; a transaction that begins by
    reading could fail at its first write instead (traps 3). Raises StorageError if somebody
    else has the lock for longer than that, or the file cannot be written to.
    """
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except DBAPIError as error:
        raise StorageError(f"The database cannot be written to: {error.orig}") from error
    try:
        yield
        connection.exec_driver_sql("COMMIT")
    except BaseException:
        # A COMMIT that fails leaves the transaction open; a full disk has ended it already.
        if _in_transaction(connection):
            connection.exec_driver_sql("ROLLBACK")
        raise


def _in_transaction(connection: Connection) -> bool:
    driver: sqlite3.Connection | aiosqlite.Connection | None
    driver = connection.connection.driver_connection
    return driver is not None and driver.in_transaction


@contextlib.contextmanager
def connect(path: Path, *, durable: bool) -> Iterator[Connection]:
    """Open a connection of one's own for code outside the event loop (scan process, CLI).

    Blocking. `durable` waits for the disk at each commit (what users write); otherwise a power
    cut may lose the last commits, which the next scan finds again. The connection is in
    AUTOCOMMIT: group writes by `transaction`.
    """
    engine = create_engine(URL.create("sqlite", database=str(path)), poolclass=NullPool)
    _apply_on_connect(
        engine, _pragmas(synchronous="FULL" if durable else "NORMAL", read_only=False)
    )
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            yield connection
    finally:
        engine.dispose()


class _Held:
    """An async connection with the lock that lets one call at a time onto it."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection
        self.lock = asyncio.Lock()
        self.calls = 0
        """Those under way and those that wait for the lock."""


class Database:
    """The server process's door to the database; made by `open_database`."""

    def __init__(self, quick: Connection, readers: list[_Held], writer: _Held) -> None:
        self._quick = quick
        self._readers = readers
        self._writer = writer
        self._tasks: set[asyncio.Task[object]] = set()
        self._closing = False

    def quick(
        self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a point read here and now, on the event loop's thread."""
        return query(self._quick, *args, **kwargs)

    async def read(
        self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a read on the held reader that has the fewest calls to do."""
        held = min(self._readers, key=lambda reader: reader.calls)
        return await self._own(held, lambda connection: query(connection, *args, **kwargs))

    async def write(
        self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a query in a transaction of its own; what it wrote is on disk when this returns.

        Raises what the query raises, after a rollback; StorageError if the database is locked
        for longer than the busy time-out. Cancelling the caller does not undo the write.
        """

        def in_transaction(connection: Connection) -> T:
            with transaction(connection):
                return query(connection, *args, **kwargs)

        return await self._own(self._writer, in_transaction)

    async def _own(self, held: _Held, call: Callable[[Connection], T]) -> T:
        if self._closing:
            raise StorageError("The database is closed.")

        async def run() -> T:
            try:
                async with held.lock:
                    return await held.connection.run_sync(call)
            finally:
                held.calls -= 1

        # Counted here and not by the task, which has yet to begin when the next call chooses.
        held.calls += 1
        task = asyncio.create_task(run())
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        return await asyncio.shield(task)

    def _finished(self, task: asyncio.Task[object]) -> None:
        self._tasks.discard(task)
        # Retrieved here too: the caller may have gone, and nobody else would look at it.
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.debug("A database call failed: %s", error)

    async def close(self) -> None:
        """Wait for calls under way, then close all connections. Further calls fail."""
        self._closing = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_CLOSE_TIMEOUT)


@contextlib.asynccontextmanager
async def open_database(path: Path) -> AsyncIterator[Database]:
    """Open an existing, migrated database for the server process.

    Raises StorageError if it cannot be opened.
    """
    async with contextlib.AsyncExitStack() as stack:
        try:
            quick = stack.enter_context(_quick_connection(path))
            readers = [
                await _hold(stack, path, synchronous="NORMAL", read_only=True)
                for _ in range(READERS)
            ]
            writer = await _hold(stack, path, synchronous="FULL", read_only=False)
        except DBAPIError as error:
            raise StorageError(f"The database {path} cannot be opened: {error.orig}") from error
        database = Database(quick, readers, writer)
        stack.push_async_callback(database.close)
        yield database


@contextlib.contextmanager
def _quick_connection(path: Path) -> Iterator[Connection]:
    engine = create_engine(URL.create("sqlite", database=str(path)), poolclass=NullPool)
    _apply_on_connect(engine, _pragmas(synchronous="NORMAL", read_only=True))
    try:
        # AUTOCOMMIT, or an open BEGIN goes stale and blocks checkpoints (traps 3).
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            yield connection
    finally:
        engine.dispose()


async def _hold(
    stack: contextlib.AsyncExitStack, path: Path, *, synchronous: str, read_only: bool
) -> _Held:
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=str(path)), poolclass=NullPool
    )
    _apply_on_connect(engine.sync_engine, _pragmas(synchronous=synchronous, read_only=read_only))
    stack.push_async_callback(engine.dispose)
    connection = await stack.enter_async_context(engine.connect())
    return _Held(await connection.execution_options(isolation_level="AUTOCOMMIT"))
