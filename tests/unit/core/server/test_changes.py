"""Changes by other processes are noticed, also after a failure."""

from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import pytest

from hydrophone.domain.units import Timestamp
from hydrophone.server.changes import ChangeWatch
from hydrophone.storage.database import Database, open_database
from hydrophone.storage.queries import counters
from hydrophone.testing.factories import make_database

pytestmark = pytest.mark.anyio


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    make_database(tmp_path / "h.db")
    async with open_database(tmp_path / "h.db") as opened:
        yield opened


async def test_what_was_before_is_no_change_and_what_comes_is_told_once(
    database: Database,
) -> None:
    told: list[str] = []

    async def note() -> None:
        told.append("library")

    await database.write(counters.bump, "library", Timestamp(1))
    watch = ChangeWatch(database, {"library": note})
    await watch.look()
    assert told == []
    await database.write(counters.bump, "library", Timestamp(2))
    await database.write(counters.bump, "other", Timestamp(2))
    await watch.look()
    await watch.look()
    assert told == ["library"]


async def test_a_failed_callback_is_called_again_and_takes_no_other_with_it(
    database: Database,
) -> None:
    told: list[str] = []

    async def accounts() -> None:
        told.append("accounts")

    async def library() -> None:
        told.append("library")
        if len(told) < 3:
            raise OSError("disk")

    watch = ChangeWatch(database, {"accounts": accounts, "library": library})
    await watch.look()
    await database.write(counters.bump, "accounts", Timestamp(1))
    await database.write(counters.bump, "library", Timestamp(1))
    with pytest.raises(OSError, match="disk"):
        await watch.look()
    await watch.look()
    await watch.look()
    assert told == ["accounts", "library", "library"]


async def test_two_looks_at_once_tell_once_and_both_return_when_it_is_done(
    database: Database,
) -> None:
    told: list[str] = []
    done = anyio.Event()

    async def library() -> None:
        told.append("begun")
        await done.wait()
        told.append("done")

    watch = ChangeWatch(database, {"library": library})
    await watch.look()
    await database.write(counters.bump, "library", Timestamp(1))

    async def look() -> None:
        await watch.look()
        assert told == ["begun", "done"]

    async with anyio.create_task_group() as looks:
        looks.start_soon(look)
        looks.start_soon(look)
        await anyio.wait_all_tasks_blocked()
        done.set()
    assert told == ["begun", "done"]
