"""A backup is whole and good, or there is none of its name; however the making ends."""

import os
import random
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from zipfile import ZipFile

import msgspec
import pytest

from hydrophone.backup import BackupRequest, create_backup, verify_backup
from hydrophone.domain.backup import BackupManifest, BackupReason
from hydrophone.errors import ConflictError, StorageError
from hydrophone.storage.data_folder import DATABASE, KEY_FILE
from hydrophone.testing.database_content import content

Wanted = Callable[..., BackupRequest]

_CREATE = """
import resource, sys
import msgspec
from hydrophone.backup import BackupRequest, create_backup
from hydrophone.errors import StorageError
limit = int(sys.argv[2])
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
print("ready", flush=True)
try:
    create_backup(msgspec.json.decode(sys.argv[1], type=BackupRequest))
except StorageError as error:
    print(error)
"""


def creating(request: BackupRequest, *, largest_file: int = 0) -> subprocess.Popen[str]:
    """Make a backup in a process of its own, which may write files up to a size."""
    command = [sys.executable, "-c", _CREATE, msgspec.json.encode(request).decode()]
    return subprocess.Popen(
        [*command, str(largest_file)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def unpacked(backup: Path, member: str) -> bytes:
    with ZipFile(backup) as archive:
        return archive.read(member)


def test_it_holds_all_that_cannot_be_made_again(data: Path, wanted: Wanted, tmp_path: Path) -> None:
    config = tmp_path / "my.toml"
    config.write_text("[server]\nport = 4044\n")
    made = create_backup(wanted(config_file=str(config)))
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    manifest = verify_backup(made)
    assert manifest.reason is BackupReason.MANUAL
    assert (manifest.rows["user"], manifest.rows["track"]) == (2, 300)
    (tmp_path / "copy.db").write_bytes(unpacked(made, "hydrophone.db"))
    assert content(tmp_path / "copy.db") == content(data / DATABASE)
    assert unpacked(made, "secret.key") == (data / KEY_FILE).read_bytes()
    assert unpacked(made, "config.toml") == config.read_bytes()
    assert {member.name for member in manifest.members} == set(ZipFile(made).namelist()) - {
        "manifest.json"
    }
    assert msgspec.json.decode(unpacked(made, "manifest.json"), type=BackupManifest) == manifest


def test_playlists_can_be_read_by_people_and_players(data: Path, wanted: Wanted) -> None:
    with closing(sqlite3.connect(data / DATABASE)) as connection:
        connection.execute(
            "UPDATE origin SET native_id = '1/odd\\xff\nname.flac' WHERE track_id = "
            "(SELECT track_id FROM playlist_track WHERE position = 0)"
        )
        connection.commit()
    made = create_backup(wanted())
    names = [name for name in ZipFile(made).namelist() if name.startswith("playlists/")]
    assert names == [
        "playlists/Anna/Evening.m3u8",
        "playlists/Anna/evening (2).m3u8",
        "playlists/Anna/_.._x.m3u8",
        "playlists/b_e_r_ta/Evening.m3u8",
        "playlists/b_e_r_ta/evening (2).m3u8",
        "playlists/b_e_r_ta/_.._x.m3u8",
    ]
    lines = unpacked(made, names[0]).decode().splitlines()
    assert lines[:3] == ["#EXTM3U", "#PLAYLIST:Evening", "#EXTINF:180,Björk - Song 1"]
    assert lines[3] == lines[7] == "file:///music/1/odd%FF%0Aname.flac"
    assert lines[5].startswith("/music/1/")
    assert lines[5].endswith("Song 0.flac")
    assert lines[8:] == ["# There is no file: tr-gone"]


def test_a_file_that_is_there_is_not_overwritten(wanted: Wanted, tmp_path: Path) -> None:
    (tmp_path / "backup.zip").write_text("precious")
    with pytest.raises(ConflictError, match="already"):
        create_backup(wanted())
    assert (tmp_path / "backup.zip").read_text() == "precious"


def test_before_a_migration_the_earlier_one_is_replaced_by_a_good_one_only(
    data: Path, wanted: Wanted, tmp_path: Path
) -> None:
    request = wanted(reason=BackupReason.MIGRATION)
    earlier = create_backup(request).read_bytes()
    with (data / DATABASE).open("r+b") as file:
        file.seek(100_000)
        file.write(b"\xff" * 100_000)
    with pytest.raises(StorageError, match="malformed"):
        create_backup(request)
    assert (tmp_path / "backup.zip").read_bytes() == earlier
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.zip", "data"]


def test_without_a_database_there_is_no_backup(tmp_path: Path, wanted: Wanted, data: Path) -> None:
    (data / DATABASE).unlink()
    with pytest.raises(StorageError, match="There is no database"):
        create_backup(wanted())
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_a_clock_in_1970_does_not_prevent_it(wanted: Wanted) -> None:
    """A Raspberry Pi has no clock of its own."""
    assert verify_backup(create_backup(wanted(made=5))).made == 5


@pytest.mark.parametrize("size", [100_000, 400_000])
def test_a_full_disk_leaves_nothing_and_is_told(
    wanted: Wanted, data: Path, tmp_path: Path, size: int
) -> None:
    """Full while the database is copied, and while it is packed."""
    folder = tmp_path / "full"
    if size > 200_000:
        # Random bytes do not shrink: the database fits, the backup of it and these does not.
        (tmp_path / "config").write_bytes(random.Random(1).randbytes(size))
        needed = (data / DATABASE).stat().st_size
        size = needed + 1000
        (tmp_path / "config").write_bytes(random.Random(1).randbytes(size))
    request = wanted(folder / "backup.zip", config_file=str(tmp_path / "config"))
    output, errors = creating(request, largest_file=size).communicate(timeout=120)
    assert f"The backup {folder / 'backup.zip'} cannot be written" in output
    assert errors == ""
    assert list(folder.iterdir()) == []


@pytest.mark.slow
def test_a_killed_process_leaves_no_half_of_a_backup(
    wanted: Wanted, data: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    before = content(data / DATABASE)
    chance = random.Random(20261121)
    whole = 0
    for attempt in range(8):
        target = folder / f"{attempt}.zip"
        process = creating(wanted(target))
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0, 0.12))
        os.kill(process.pid, signal.SIGKILL)
        process.communicate(timeout=120)
        if target.exists():
            verify_backup(target)
            whole += 1
    assert content(data / DATABASE) == before
    create_backup(wanted(folder / "last.zip"))
    # The last one has swept up after the others.
    assert len(list(folder.iterdir())) == whole + 1


def test_one_at_work_is_not_swept_up(wanted: Wanted, tmp_path: Path) -> None:
    processes = [creating(wanted(tmp_path / "backups" / f"{n}.zip")) for n in range(3)]
    for process in processes:
        assert process.communicate(timeout=120) == ("ready\n", "")
    names = sorted(path.name for path in (tmp_path / "backups").iterdir())
    assert names == ["0.zip", "1.zip", "2.zip"]
