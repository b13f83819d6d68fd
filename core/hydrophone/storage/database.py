"""Runs query functions on held connections, where they neither block nor get lost.

A query is a plain function `(connection, ...) -> Struct`. `Database` decides where it runs:

- `quick`: at once, on the event loop's thread. Only for point reads known to take < 0.3 ms.
- `read`: on one of a few held readers; SQLite's own time is spent in their threads.
- `write`: in one transaction on the single writer, on disk (`synchronous=FULL`) on return.
- `write_soon`: the same without the wait for the disk; for what a power cut may take back.

Each of the last three is an owned task behind its connection's lock: a caller may be
cancelled, the call itself always finishes, so that no connection is left in the middle of
something. Python code of a query still runs on the loop, hence: at most 500 rows a step.

`greenlet_spawn` is what `run_sync` of `sqlalchemy.ext.asyncio` consists of. That package itself is
not imported, for it brings the ORM with it, which takes 6 MB.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.util import greenlet_spawn

from hydrophone.errors import StorageError
from hydrophone.storage.connection import apply_on_connect, pragmas, raise_if_full, transaction
from hydrophone.storage.driver import DriverConnection

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

READERS = 3
_CLOSE_TIMEOUT = 5.0


class _Held:
    """A connection of an async driver with the lock that lets one call at a time onto it."""

    def __init__(self, connection: Connection) -> None:
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
        """Run a read on the held reader that has the fewest calls to do.

        Raises what the query raises, and UnavailableError if the disk is full.
        """
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

    async def write_soon(
        self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Do what `write` does, but leave it to the kernel when it reaches the disk.

        The end of the process loses nothing, a power cut perhaps what was written since the last
        `write`, in whole transactions.
        """

        def in_transaction(connection: Connection) -> T:
            # It may be changed between two transactions only (traps 3).
            connection.exec_driver_sql("PRAGMA synchronous=NORMAL")
            try:
                with transaction(connection):
                    return query(connection, *args, **kwargs)
            finally:
                connection.exec_driver_sql("PRAGMA synchronous=FULL")

        return await self._own(self._writer, in_transaction)

    async def _own(self, held: _Held, call: Callable[[Connection], T]) -> T:
        if self._closing:
            raise StorageError("The database is closed.")

        async def run() -> T:
            try:
                async with held.lock:
                    return await greenlet_spawn(call, held.connection)
            except DBAPIError as error:
                # Readers share a file with the writer, which has to grow for them, too.
                raise_if_full(error)
                raise
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
            # One engine for all readers: a statement is put together as SQL once for each engine.
            reading = _engine(path, synchronous="NORMAL", read_only=True)
            readers = [await _hold(stack, reading) for _ in range(READERS)]
            writing = _engine(path, synchronous="FULL", read_only=False)
            writer = await _hold(stack, writing)
        except DBAPIError as error:
            raise StorageError(f"The database {path} cannot be opened: {error.orig}") from error
        database = Database(quick, readers, writer)
        stack.push_async_callback(database.close)
        yield database


@contextlib.contextmanager
def _quick_connection(path: Path) -> Iterator[Connection]:
    engine = create_engine(URL.create("sqlite", database=str(path)), poolclass=NullPool)
    apply_on_connect(engine, pragmas(synchronous="NORMAL", read_only=True))
    try:
        # AUTOCOMMIT, or an open BEGIN goes stale and blocks checkpoints (traps 3).
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            yield connection
    finally:
        engine.dispose()


def _engine(path: Path, *, synchronous: str, read_only: bool) -> Engine:
    engine = create_engine(
        URL.create("sqlite+aiosqlite", database=str(path)),
        poolclass=NullPool,
        connect_args={"async_creator_fn": DriverConnection},
    )
    apply_on_connect(engine, pragmas(synchronous=synchronous, read_only=read_only))
    return engine


async def _hold(stack: contextlib.AsyncExitStack, engine: Engine) -> _Held:
    connection = await greenlet_spawn(engine.connect)
    stack.push_async_callback(_close, connection)
    await greenlet_spawn(connection.execution_options, isolation_level="AUTOCOMMIT")
    return _Held(connection)


async def _close(connection: Connection) -> None:
    """Close a connection and the thread of its driver, whoever is cancelled meanwhile."""
    await asyncio.shield(greenlet_spawn(connection.close))
