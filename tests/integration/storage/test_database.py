"""Calls on held connections: nothing a caller does may leave one in the middle of something."""

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError, OperationalError

from hydrophone.domain.ids import UserId
from hydrophone.domain.units import Timestamp
from hydrophone.errors import StorageError, UnavailableError
from hydrophone.storage.connection import connect, transaction
from hydrophone.storage.database import READERS, Database, open_database
from hydrophone.storage.queries import annotations, counters
from hydrophone.storage.tables.annotation import annotation
from hydrophone.storage.tables.music import track_genre

pytestmark = pytest.mark.anyio

SLOW = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {steps}) "
    "SELECT count(*) FROM n"
)


def slowly(connection: Connection, steps: int = 500_000) -> int:
    """Keep SQLite busy for about 0.1 s."""
    return int(connection.exec_driver_sql(SLOW.format(steps=steps)).scalar_one())


def stars(connection: Connection) -> list[str]:
    starred = select(annotation.c.item_id).where(annotation.c.starred.is_not(None))
    return list(connection.execute(starred.order_by(annotation.c.item_id)).scalars())


def star_slowly(connection: Connection, *items: str) -> None:
    """Write, spend time, write again: a cancellation may come anywhere in between."""
    for item in items:
        annotations.star(connection, UserId(1), [item], Timestamp(1))
        slowly(connection, 100_000)


def pragma(connection: Connection, name: str) -> object:
    return connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()


@contextmanager
def held_lock(path: Path) -> Iterator[None]:
    """Hold the write lock, as another process would."""
    with connect(path, durable=False) as other, transaction(other):
        yield


async def test_a_reader_survives_callers_who_give_up(database: Database) -> None:
    for _ in range(2 * READERS):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await database.read(slowly)
    answers = await asyncio.gather(*(database.read(stars) for _ in range(2 * READERS)))
    assert answers == [[]] * (2 * READERS)


async def test_a_reader_survives_callers_who_are_cancelled(database: Database) -> None:
    callers = [asyncio.create_task(database.read(slowly)) for _ in range(2 * READERS)]
    await asyncio.sleep(0.02)
    for caller in callers:
        caller.cancel()
    await asyncio.wait(callers)
    assert all(caller.cancelled() for caller in callers)
    assert await database.read(slowly, 10) == 10


@pytest.mark.parametrize("delay", [0.0, 0.001, 0.005, 0.02, 0.05])
async def test_a_write_whose_caller_has_gone_is_finished(database: Database, delay: float) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(delay):
            await database.write(star_slowly, "a", "b", "c", "d", "e")
    # The next one waits for it, whoever waits for that one.
    await database.write(annotations.star, UserId(1), ["f"], Timestamp(1))
    assert await database.read(stars) == ["a", "b", "c", "d", "e", "f"]


async def test_a_writer_stays_usable_when_callers_are_cancelled(database: Database) -> None:
    callers = [asyncio.create_task(database.write(star_slowly, f"{n}")) for n in range(5)]
    await asyncio.sleep(0.01)
    for caller in callers:
        caller.cancel()
    await asyncio.wait(callers)
    await database.write(annotations.star, UserId(1), ["z"], Timestamp(1))
    assert await database.read(stars) == ["0", "1", "2", "3", "4", "z"]


async def test_a_failed_write_leaves_nothing_behind(database: Database) -> None:
    def fail(connection: Connection) -> None:
        annotations.star(connection, UserId(1), ["a"], Timestamp(1))
        raise ValueError("changed my mind")

    with pytest.raises(ValueError, match="changed my mind"):
        await database.write(fail)
    await database.write(annotations.star, UserId(1), ["b"], Timestamp(1))
    assert await database.read(stars) == ["b"]


async def test_a_failure_that_nobody_waits_for_warns_nobody(database: Database) -> None:
    def fail(connection: Connection) -> None:
        slowly(connection)
        raise ValueError("nobody hears this")

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await database.write(fail)
    assert await database.read(stars) == []


async def test_a_commit_that_fails_is_rolled_back(database: Database) -> None:
    """Deferred foreign keys fail at COMMIT, which leaves SQLite in the transaction."""

    def orphan(connection: Connection) -> None:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        connection.execute(track_genre.insert().values(track_id="none", genre_key="none"))

    with pytest.raises(IntegrityError):
        await database.write(orphan)
    await database.write(annotations.star, UserId(1), ["a"], Timestamp(1))
    assert await database.read(stars) == ["a"]


async def test_the_first_error_is_the_one_that_is_told(database: Database) -> None:
    """SQLite rolls back by itself when a disk is full; a second rollback is an error."""

    def fail(connection: Connection) -> None:
        connection.exec_driver_sql("ROLLBACK")
        raise ValueError("the disk is full")

    with pytest.raises(ValueError, match="the disk is full"):
        await database.write(fail)
    assert await database.read(stars) == []


async def test_a_lock_held_for_too_long_is_an_error_of_ours(path: Path) -> None:
    with held_lock(path), connect(path, durable=True) as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=20")
        with pytest.raises(StorageError, match="locked"), transaction(connection):
            pytest.fail("this is another one's transaction")


async def test_readers_work_side_by_side(database: Database) -> None:
    """Asked at the same moment, each call goes to a reader of its own."""
    used = await asyncio.gather(*(database.read(id) for _ in range(READERS)))
    assert len(set(used)) == READERS


async def test_closing_waits_for_calls_under_way(path: Path) -> None:
    async with open_database(path) as database:
        callers = [
            asyncio.create_task(database.write(star_slowly, "a", "b")),
            asyncio.create_task(database.write(star_slowly, "c", "d")),
            asyncio.create_task(database.read(slowly)),
        ]
        await asyncio.sleep(0)
    assert await callers[2] == 500_000
    await asyncio.gather(*callers)
    with connect(path, durable=False) as connection:
        assert stars(connection) == ["a", "b", "c", "d"]
    with pytest.raises(StorageError, match="closed"):
        await database.write(annotations.star, UserId(1), ["e"], Timestamp(1))


async def test_closing_leaves_one_file(path: Path) -> None:
    async with open_database(path) as database:
        await database.write(annotations.star, UserId(1), ["a"], Timestamp(1))
        await database.read(stars)
        database.quick(stars)
    assert [file.name for file in path.parent.iterdir()] == [path.name]


async def test_what_is_no_database_cannot_be_opened(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("Not a database, but long enough to be looked at. " * 100)
    for wrong in (text, tmp_path / "nowhere" / "hydrophone.db"):
        with pytest.raises(StorageError, match=wrong.name):
            async with open_database(wrong):
                pytest.fail("this cannot be opened")


async def test_each_connection_has_its_own_pragmas(database: Database, path: Path) -> None:
    def synchronous(connection: Connection) -> object:
        return pragma(connection, "synchronous")

    full, normal = 2, 1
    assert await database.write(synchronous) == full
    assert await database.read(synchronous) == normal
    with connect(path, durable=False) as scan, connect(path, durable=True) as command:
        assert synchronous(scan) == normal
        assert synchronous(command) == full
        for connection in (scan, command):
            assert pragma(connection, "foreign_keys") == 1
            assert pragma(connection, "journal_mode") == "wal"
            assert int(str(pragma(connection, "busy_timeout"))) >= 5_000
    assert database.quick(pragma, "query_only") == 1
    assert await database.read(pragma, "query_only") == 1


async def test_only_our_own_transactions_are_begun(database: Database, path: Path) -> None:
    """A BEGIN of the driver's own would go stale on a connection that is never given back."""

    def begins_by_itself(connection: Connection) -> bool:
        driver = connection.connection.driver_connection
        assert driver is not None
        return driver.isolation_level is not None

    assert not database.quick(begins_by_itself)
    assert not await database.read(begins_by_itself)
    assert not await database.write(begins_by_itself)
    with connect(path, durable=True) as connection:
        assert not begins_by_itself(connection)


async def test_readers_neither_hold_back_checkpoints_nor_go_stale(
    database: Database, path: Path
) -> None:
    async def everybody_sees(expected: list[str]) -> None:
        assert database.quick(stars) == expected
        answers = await asyncio.gather(*(database.read(stars) for _ in range(READERS)))
        assert answers == [expected] * READERS

    await everybody_sees([])
    await database.write(annotations.star, UserId(1), ["a"], Timestamp(1))
    await everybody_sees(["a"])
    with connect(path, durable=False) as other:
        with transaction(other):
            annotations.star(other, UserId(1), ["b"], Timestamp(1))
        busy, in_log, moved = other.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        assert (busy, in_log, moved) == (0, 0, 0)
    await everybody_sees(["a", "b"])


async def test_a_lock_of_the_scan_is_waited_for(database: Database, path: Path) -> None:
    loop = asyncio.get_running_loop()
    locked = asyncio.Event()

    def scan() -> None:
        with held_lock(path):
            loop.call_soon_threadsafe(locked.set)
            time.sleep(0.2)

    with ThreadPoolExecutor(1) as pool:
        scanning = loop.run_in_executor(pool, scan)
        await locked.wait()
        await database.write(counters.bump, counters.LIBRARY, Timestamp(1))
        await scanning
    assert database.quick(counters.values) == {counters.LIBRARY: 1}


async def test_the_loop_runs_on_while_sqlite_works(database: Database) -> None:
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0.001)
            turns += 1

    counting = asyncio.create_task(count())
    await database.read(slowly)
    counting.cancel()
    assert turns > 5


@pytest.mark.parametrize("code", [sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE])
async def test_a_read_for_which_the_disk_is_full_says_so(database: Database, code: int) -> None:
    def query(_: Connection) -> None:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = code
        raise OperationalError("SELECT 1", {}, error)

    with pytest.raises(UnavailableError, match="The disk with the database is full"):
        await database.read(query)
