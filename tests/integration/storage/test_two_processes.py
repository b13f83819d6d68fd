"""The server and the scan process write to one file, and either may be killed."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection

from hydrophone.domain.ids import UserId
from hydrophone.domain.units import Timestamp
from hydrophone.storage.connection import connect, transaction
from hydrophone.storage.database import Database
from hydrophone.storage.queries import counters, play_queue

pytestmark = pytest.mark.anyio

_BUMPS = 60

_BUMP = """
import sys
from pathlib import Path
from hydrophone.storage.connection import connect, transaction
from hydrophone.domain.units import Timestamp
from hydrophone.storage.queries import counters
from hydrophone.domain.units import Timestamp

with connect(Path(sys.argv[1]), durable=False) as connection:
    print("ready", flush=True)
    for _ in range(int(sys.argv[2])):
        with transaction(connection):
            counters.values(connection)
            counters.bump(connection, "both", Timestamp(1))
"""

_SAVE = """
import asyncio, sys
from pathlib import Path
from hydrophone.storage.database import open_database
from hydrophone.storage.queries import play_queue
from hydrophone.storage.queries.play_queue import SavedQueue

async def main():
    async with open_database(Path(sys.argv[1])) as database:
        for number in range(1_000_000):
            queue = SavedQueue(
                track_ids=(), current_index=number, position=0, changed=0, changed_by="test"
            )
            await database.write(play_queue.save, 1, queue)
            print(number, flush=True)

asyncio.run(main())
"""

_HOLD = """
import sys
from pathlib import Path
from hydrophone.storage.connection import connect, transaction
from hydrophone.storage.queries import counters
from hydrophone.domain.units import Timestamp

with connect(Path(sys.argv[1]), durable=False) as connection, transaction(connection):
    counters.bump(connection, "lost", Timestamp(1))
    print("written", flush=True)
    sys.stdin.read()
"""


@contextmanager
def child(program: str, *arguments: object) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-c", program, *map(str, arguments)]
    with subprocess.Popen(command, stdin=-1, stdout=-1, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def line_of(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def read_and_bump(connection: Connection) -> None:
    """Begin by reading: without BEGIN IMMEDIATE the write after it could fail at once."""
    counters.values(connection)
    counters.bump(connection, "both", Timestamp(1))


async def test_no_write_of_two_processes_is_lost(database: Database, path: Path) -> None:
    with child(_BUMP, path, _BUMPS) as process:
        assert await asyncio.to_thread(line_of, process) == "ready"
        for _ in range(_BUMPS):
            await database.write(read_and_bump)
        assert await asyncio.to_thread(process.wait, 30) == 0
    assert database.quick(counters.values) == {"both": 2 * _BUMPS}


def test_what_was_acknowledged_survives_a_kill(path: Path, anna: UserId) -> None:
    with child(_SAVE, path) as process:
        acknowledged = [int(line_of(process)) for _ in range(20)][-1]
        os.kill(process.pid, signal.SIGKILL)
        process.wait(30)
        assert process.stdout is not None
        later = process.stdout.read().split()
        acknowledged = int(later[-1]) if later else acknowledged
    with connect(path, durable=False) as connection:
        queue = play_queue.load(connection, anna)
        assert queue is not None
        assert queue.current_index >= acknowledged
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"


async def test_a_killed_writer_takes_its_lock_with_it(database: Database, path: Path) -> None:
    with child(_HOLD, path) as process:
        assert await asyncio.to_thread(line_of, process) == "written"
        writing = asyncio.create_task(database.write(counters.bump, "kept", Timestamp(1)))
        await asyncio.sleep(0.05)
        assert not writing.done()
        os.kill(process.pid, signal.SIGKILL)
        await asyncio.wait_for(writing, 30)
    assert database.quick(counters.values) == {"kept": 1}


def test_a_transaction_is_seen_by_others_as_a_whole(path: Path) -> None:
    with connect(path, durable=False) as one, connect(path, durable=False) as other:
        with transaction(one):
            counters.bump(one, "a", Timestamp(1))
            assert counters.values(other) == {}
            counters.bump(one, "b", Timestamp(1))
        assert counters.values(other) == {"a": 1, "b": 1}
