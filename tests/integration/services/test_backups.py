"""Every night one backup, whatever the machine does; a failure is seen, and tried again."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import httpx
import pytest
from litestar import Litestar
from litestar.di import Provide

from hydrophone.backup import create_backup, list_backups, verify_backup
from hydrophone.backup.create import BackupRequest
from hydrophone.config import BackupConfig
from hydrophone.domain.backup import BackupReason
from hydrophone.domain.units import Timestamp
from hydrophone.server.health import ready
from hydrophone.server.wiring import Server
from hydrophone.services.backups import Backups
from hydrophone.services.credentials import load_key
from hydrophone.storage.data_folder import DATABASE
from hydrophone.testing.factories import make_database

pytestmark = pytest.mark.anyio

_HOUR = 3600 * 1000
_DAY = 24 * _HOUR


class AnyClock(Protocol):
    time: Timestamp

    def now(self) -> Timestamp: ...


@pytest.fixture(scope="session")
def empty_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("empty") / "data"
    make_database(data / DATABASE)
    load_key(data)
    return data


@pytest.fixture
def data(empty_data: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(empty_data, tmp_path / "data"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


@pytest.fixture
def backups(data: Path, folder: Path, clock: AnyClock) -> Backups:
    return Backups(BackupConfig(dir=folder, keep=2), data, config_file=None, clock=clock)


def made_at(folder: Path) -> list[int]:
    return [one.manifest.made for one in list_backups(folder) if one.manifest]


@contextmanager
def in_the_way(folder: Path) -> Iterator[None]:
    """Put a file where the folder should be."""
    folder.write_text("nothing")
    yield
    folder.unlink()


async def test_there_is_one_a_night(
    backups: Backups, data: Path, folder: Path, clock: AnyClock
) -> None:
    start = clock.now()
    await backups.look()
    assert made_at(folder) == [start], "there was none yet"
    (listing,) = list_backups(folder)
    assert verify_backup(Path(listing.path)).reason is BackupReason.NIGHTLY
    await backups.look()
    assert made_at(folder) == [start]
    clock.time = Timestamp(start + _DAY)
    await backups.look()
    assert made_at(folder) == [start + _DAY, start]


async def test_a_night_that_was_missed_is_made_up_for_after_the_start(
    backups: Backups, data: Path, folder: Path, clock: AnyClock
) -> None:
    await backups.look()
    start = clock.now()
    # Another process, a week later, that knows of the first from the folder only.
    later = Backups(BackupConfig(dir=folder, keep=2), data, config_file=None, clock=clock)
    await later.look()
    assert made_at(folder) == [start]
    clock.time = Timestamp(start + 7 * _DAY)
    await later.look()
    assert made_at(folder) == [start + 7 * _DAY, start]


async def test_older_ones_go_and_those_made_by_hand_stay(
    backups: Backups, data: Path, folder: Path, clock: AnyClock
) -> None:
    start = clock.now()
    create_backup(
        BackupRequest(
            data_dir=str(data),
            target=str(folder / "mine.zip"),
            reason=BackupReason.MANUAL,
            made=Timestamp(start - _DAY),
        )
    )
    for day in range(4):
        clock.time = Timestamp(start + day * _DAY)
        await backups.look()
    assert made_at(folder) == [start + 3 * _DAY, start + 2 * _DAY, start - _DAY]


async def test_a_failure_is_told_and_tried_again_in_an_hour(
    backups: Backups, folder: Path, clock: AnyClock, caplog: pytest.LogCaptureFixture
) -> None:
    start = clock.now()
    with in_the_way(folder):
        await backups.look()
    assert backups.failed
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "cannot be written" in caplog.text
    clock.time = Timestamp(start + _HOUR - 1)
    await backups.look()
    assert backups.failed
    assert made_at(folder) == []
    clock.time = Timestamp(start + _HOUR)
    await backups.look()
    assert not backups.failed
    assert made_at(folder) == [start + _HOUR]


async def test_a_backup_that_failed_is_a_warning_of_a_server_that_serves(server: Server) -> None:
    assert (server.problem(), server.warning()) == ("", "")
    server.backups.failed = True
    given = {"server": Provide(lambda: server, sync_to_thread=False)}
    # Litestar's own client for tests would run it on another loop than the server's.
    # Its own configuration of logs would stay for all tests that follow.
    app: Any = Litestar([ready], dependencies=given, logging_config=None)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        answer = await client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert "backup failed" in answer.json()["warning"]
