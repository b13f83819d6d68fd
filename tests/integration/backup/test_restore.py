"""After a restore everything is as it was; before its end nothing is lost, whatever happens."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from hydrophone.backup import (
    BackupRequest,
    complete_restore,
    create_backup,
    restore_backup,
)
from hydrophone.domain.ids import UserId
from hydrophone.domain.units import Timestamp
from hydrophone.errors import ConflictError, StorageError
from hydrophone.storage.connection import connect, transaction
from hydrophone.storage.data_folder import DATABASE, KEY_FILE, SCAN_LOCK, SERVER_LOCK, locked
from hydrophone.storage.queries import users
from hydrophone.testing.database_content import content

Wanted = Callable[..., BackupRequest]

NOW = Timestamp(1_795_228_565_000)
_ASIDE = "before-restore-20261121T023605Z"

_RESTORE = """
import sys
from pathlib import Path
from hydrophone.backup import restore_backup
print("ready", flush=True)
restore_backup(Path(sys.argv[1]), Path(sys.argv[2]), now=int(sys.argv[3]))
"""


@pytest.fixture
def backup(wanted: Wanted, tmp_path: Path) -> Path:
    config = tmp_path / "my.toml"
    config.write_text("[server]\nport = 4044\n")
    return create_backup(wanted(config_file=str(config)))


def forget_everything(data: Path) -> None:
    with connect(data / DATABASE, durable=False) as connection, transaction(connection):
        connection.exec_driver_sql('DELETE FROM "user"')
    (data / KEY_FILE).write_text("another key\n")


def test_an_empty_folder_becomes_the_same_row_by_row(
    backup: Path, data: Path, tmp_path: Path
) -> None:
    new = tmp_path / "new"
    restored = restore_backup(backup, new, now=NOW, with_config=True)
    assert content(new / DATABASE) == content(data / DATABASE)
    assert (new / KEY_FILE).read_bytes() == (data / KEY_FILE).read_bytes()
    assert (new / "config.toml").read_text() == "[server]\nport = 4044\n"
    assert {oct((new / name).stat().st_mode) for name in (DATABASE, KEY_FILE, "config.toml")} == {
        "0o100600"
    }
    assert restored.config == str(new / "config.toml")
    assert (restored.data_dir, restored.moved_to) == (str(new), "")


def test_what_stood_there_is_kept_beside(backup: Path, data: Path) -> None:
    before = content(data / DATABASE)
    forget_everything(data)
    emptied = content(data / DATABASE)
    restored = restore_backup(backup, data, now=NOW)
    assert content(data / DATABASE) == before
    assert restored.moved_to == str(data / _ASIDE)
    assert content(data / _ASIDE / DATABASE) == emptied
    assert (data / _ASIDE / KEY_FILE).read_text() == "another key\n"
    assert not (data / "config.toml").exists(), "it was not asked for"
    assert sorted(p.name for p in data.iterdir() if not p.name.endswith(".lock")) == [
        _ASIDE,
        DATABASE,
        KEY_FILE,
    ]


def test_what_was_only_in_the_log_is_kept_too(backup: Path, data: Path, tmp_path: Path) -> None:
    """A server that was killed leaves its last writes there."""
    with connect(data / DATABASE, durable=True) as connection:
        with transaction(connection):
            users.set_password(connection, UserId(1), "changed")
        killed = Path(shutil.copytree(data, tmp_path / "killed"))
    assert (killed / f"{DATABASE}-wal").stat().st_size > 0
    restore_backup(backup, killed, now=NOW)
    assert content(killed / DATABASE)["user"][0][5] == "no hash"
    assert content(killed / _ASIDE / DATABASE)["user"][0][5] == "changed"


def test_a_damaged_database_does_not_prevent_it(backup: Path, data: Path) -> None:
    before = content(data / DATABASE)
    (data / DATABASE).write_bytes(b"\xff" * 50_000)
    (data / f"{DATABASE}-wal").write_bytes(b"\xff" * 5_000)
    restore_backup(backup, data, now=NOW)
    assert content(data / DATABASE) == before
    assert (data / _ASIDE / DATABASE).read_bytes() == b"\xff" * 50_000


@pytest.mark.parametrize("lock", [SERVER_LOCK, SCAN_LOCK])
def test_it_waits_for_no_server_and_no_scan(backup: Path, data: Path, lock: str) -> None:
    with locked(data / lock, ""), pytest.raises(ConflictError, match="is running"):
        restore_backup(backup, data, now=NOW)
    assert not (data / _ASIDE).exists()


def test_a_database_in_use_is_left_alone(backup: Path, data: Path) -> None:
    with connect(data / DATABASE, durable=True) as other:
        other.exec_driver_sql("SELECT * FROM user").fetchall()
        with pytest.raises(ConflictError, match="Another program"):
            restore_backup(backup, data, now=NOW)
    assert not (data / _ASIDE).exists()


def test_a_schema_of_the_future_is_refused_and_one_of_the_past_is_not(
    wanted: Wanted, data: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(data / DATABASE)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    backup = create_backup(wanted())
    with pytest.raises(StorageError, match="made by a newer Hydrophone") as told:
        restore_backup(backup, tmp_path / "new", now=NOW)
    assert len(str(told.value).splitlines()) == 1
    assert not (tmp_path / "new" / DATABASE).exists()


@pytest.mark.parametrize("folder", ["", "a/b"])
def test_what_is_refused_leaves_nothing(tmp_path: Path, folder: str) -> None:
    """Neither in a folder that was there, nor in those that were made for it."""
    (tmp_path / "bad.zip").write_text("no backup")
    home = tmp_path / "home"
    home.mkdir()
    with pytest.raises(StorageError, match="is none"):
        restore_backup(tmp_path / "bad.zip", home / folder, now=NOW)
    assert not list(home.iterdir())


def test_a_lock_file_that_was_there_stays(backup: Path, data: Path, tmp_path: Path) -> None:
    """Another process may have it open already, and wait for it."""
    (tmp_path / "bad.zip").write_text("no backup")
    with locked(data / SERVER_LOCK, ""):
        pass
    with pytest.raises(StorageError, match="is none"):
        restore_backup(tmp_path / "bad.zip", data, now=NOW)
    assert (data / SERVER_LOCK).exists()
    assert not (data / SCAN_LOCK).exists()


@pytest.mark.parametrize("steps", range(6))
def test_an_interrupted_restore_is_finished_at_the_next_start(
    backup: Path, data: Path, tmp_path: Path, steps: int
) -> None:
    """The steps as they are taken, up to each of them."""
    before, key = content(data / DATABASE), (data / KEY_FILE).read_bytes()
    forget_everything(data)
    emptied = content(data / DATABASE)
    restore_backup(backup, tmp_path / "other", now=NOW)
    staged, aside = data / "restoring-20261121T023605Z", data / _ASIDE
    staged.mkdir()
    for name in (DATABASE, KEY_FILE):
        (tmp_path / "other" / name).rename(staged / name)
    aside.mkdir()
    moves = [
        (data / KEY_FILE, aside / KEY_FILE),
        (staged / KEY_FILE, data / KEY_FILE),
        (data / DATABASE, aside / DATABASE),
        (staged / DATABASE, data / DATABASE),
    ]
    for old, new in moves[:steps]:
        old.rename(new)
    if steps == 5:
        staged.rmdir()
    complete_restore(data)
    assert content(data / DATABASE) == before
    assert (data / KEY_FILE).read_bytes() == key
    assert content(aside / DATABASE) == emptied
    assert not staged.exists()


@pytest.mark.slow
def test_kill_at_any_moment_leaves_the_old_or_the_new(
    backup: Path, data: Path, tmp_path: Path
) -> None:
    new = content(data / DATABASE)
    forget_everything(data)
    old = content(data / DATABASE)
    chance = random.Random(20261121)
    seen = set()
    for attempt in range(8):
        folder = Path(shutil.copytree(data, tmp_path / f"attempt {attempt}"))
        command = [sys.executable, "-c", _RESTORE, str(backup), str(folder), str(NOW)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0, 0.12))
        os.kill(process.pid, signal.SIGKILL)
        process.communicate(timeout=120)
        complete_restore(folder)
        found = content(folder / DATABASE)
        assert found in (old, new)
        seen.add(found == new)
        if found == new:
            assert content(folder / _ASIDE / DATABASE) == old
        restore_backup(backup, folder, now=Timestamp(NOW + 5000))
        assert not list(folder.glob(".unfinished-*"))
    assert seen, "at least one"
