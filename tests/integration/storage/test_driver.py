"""What SQLAlchemy asks of a driver, in one hop to its thread."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import URL, Connection, NullPool, create_engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.util import greenlet_spawn

from hydrophone.storage.driver import DriverConnection

pytestmark = pytest.mark.anyio


@pytest.fixture
async def connection(tmp_path: Path) -> AsyncIterator[Connection]:
    """A database with one table of three rows, one of which is not like the others."""
    engine = create_engine(
        URL.create("sqlite+aiosqlite", database=str(tmp_path / "database")),
        poolclass=NullPool,
        connect_args={"async_creator_fn": DriverConnection},
    )
    opened = await greenlet_spawn(engine.connect)
    await greenlet_spawn(opened.execution_options, isolation_level="AUTOCOMMIT")
    await greenlet_spawn(opened.exec_driver_sql, "CREATE TABLE thing (id INTEGER PRIMARY KEY, n)")
    many = text("INSERT INTO thing (n) VALUES (:n)")
    await greenlet_spawn(opened.execute, many, [{"n": 1}, {"n": 1}, {"n": 2}])
    yield opened
    await greenlet_spawn(opened.close)


async def test_rows_and_columns_are_those_of_sqlite(connection: Connection) -> None:
    found = await greenlet_spawn(
        connection.execute, text("SELECT id, n AS number FROM thing WHERE n = :n"), {"n": 1}
    )
    assert [row._asdict() for row in found] == [{"id": 1, "number": 1}, {"id": 2, "number": 1}]


async def test_what_was_written_is_counted(connection: Connection) -> None:
    changed = await greenlet_spawn(connection.exec_driver_sql, "UPDATE thing SET n = 3 WHERE n = 1")
    assert changed.rowcount == 2
    made = await greenlet_spawn(connection.exec_driver_sql, "INSERT INTO thing (n) VALUES (9)")
    assert (made.rowcount, made.lastrowid) == (1, 4)


async def test_what_is_returned_by_a_write_is_written_and_counted(connection: Connection) -> None:
    written = await greenlet_spawn(
        connection.exec_driver_sql, "INSERT INTO thing (n) VALUES (7), (8) RETURNING id"
    )
    assert (written.rowcount, written.scalars().all()) == (2, [4, 5])


async def test_an_error_is_told_and_the_next_statement_runs(connection: Connection) -> None:
    with pytest.raises(IntegrityError):
        await greenlet_spawn(connection.exec_driver_sql, "INSERT INTO thing (id) VALUES (1)")
    counted = await greenlet_spawn(connection.exec_driver_sql, "SELECT count(*) FROM thing")
    assert counted.scalar_one() == 3


async def test_a_statement_is_one_hop_to_the_thread(
    connection: Connection, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "aiosqlite")
    await greenlet_spawn(connection.exec_driver_sql, "SELECT id FROM thing")
    hops = [record for record in caplog.records if record.msg.startswith("executing")]
    assert len(hops) == 1
