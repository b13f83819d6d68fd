"""A disk that gets full in the middle of a scan costs the scan, and nothing that was there."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from hydrophone.testing.audio_files import make_audio
from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.server import running_server

MEGABYTE = 1024 * 1024
MANY = 800
FULL = "The disk with the database is full"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a small disk, which has room for all that the test writes."""
    path = tmp_path / "disk"
    path.mkdir()
    options = ("-t", "tmpfs", "-o", "size=40m", "tmpfs", str(path))
    mount = shutil.which("mount")
    if os.geteuid() != 0 or mount is None:
        pytest.skip("only root may mount a small disk")
    if subprocess.run([mount, *options], capture_output=True, check=False).returncode:
        pytest.skip("nothing may be mounted in this container")
    yield path
    subprocess.run(["umount", "--lazy", str(path)], check=True)


def _fill(root: Path, count: int) -> None:
    """Write many files of different sound, each with words of some kilobytes."""
    template = make_audio(
        root / "template.mp3",
        seconds=0.2,
        tags={"title": "Title 00000", "artist": "Artist", "lyrics": "Sing along. " * 300},
    )
    content = template.read_bytes()
    template.unlink()
    for number in range(count):
        path = root / f"Album {number // 50:03}" / f"{number:05}.mp3"
        path.parent.mkdir(exist_ok=True)
        audio = content[:-8].replace(b"Title 00000", b"Title %05d" % number)
        path.write_bytes(audio + number.to_bytes(8, "big"))


def _use_up(disk: Path, leave: int) -> Path:
    """Take all space but so many bytes."""
    ballast = disk / "ballast"
    free = shutil.disk_usage(disk).free
    with ballast.open("wb") as file:
        file.write(bytes(max(0, free - leave)))
    return ballast


def _ids(client: SubsonicClient) -> dict[str, str]:
    found: dict[str, str] = {}
    while True:
        songs = client.ask("search3", query="", songCount=500, songOffset=len(found))
        page = songs["searchResult3"].get("song", [])
        if not page:
            return found
        found |= {song["path"]: song["id"] for song in page}


def test_scan_that_fills_the_disk(disk: Path, tmp_path: Path) -> None:
    music = tmp_path / "music"
    music.mkdir()
    for number in range(3):
        make_audio(music / f"first/{number}.mp3", frequency=300 + number, seconds=0.3)
    with running_server(disk / "data", music=[music]) as server, server.client() as client:
        client.await_scan(tracks=3)
        before = _ids(client)
        [star, other, _] = before.values()
        client.ask("star", id=star)
        _fill(music, MANY)
        ballast = _use_up(disk, 1 * MEGABYTE)

        client.ask("startScan")
        _await_end_of_scan(client)
        failures = [one for one in server.log.read_text().splitlines() if "scan failed" in one]
        assert failures
        assert all(FULL in one for one in failures)
        by_hand = _scan(disk / "data", music)
        assert by_hand.returncode == 1
        assert FULL in by_hand.stderr.splitlines()[-1]
        assert "Traceback" not in by_hand.stderr
        # What was known is still served.
        assert client.ask("getSong", id=star)["song"]["starred"]
        assert client.ask("getAlbumList2", type="newest")["albumList2"]["album"]

        _use_up_the_rest(disk)
        # There may be room left in the log of the database for a few small writes.
        error = next(filter(None, (_failure_of_star(client, other) for _ in range(500))))
        assert error["code"] == 0
        assert FULL in error["message"]
        assert client.ask("ping")
        assert client.get("getCoverArt", id=star, size=64).status_code == 200
        assert client.get("stream", id=star, format="raw").content

        for file in (ballast, disk / "rest"):
            file.unlink()
        client.ask("startScan")
        client.await_scan(tracks=MANY + 3, seconds=60)
        client.ask("star", id=other)
        after = _ids(client)
        assert before.items() <= after.items()
        starred = client.ask("getStarred2")["starred2"]["song"]
        assert {song["id"] for song in starred} == {star, other}
        log = server.log.read_text()
        assert "Traceback" not in log, log[-4000:]
    with closing(sqlite3.connect(disk / "data" / "hydrophone.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_commands_on_a_full_disk_say_so_in_one_line(disk: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert _run("users", "add", "anna", "--data", data).returncode == 0
    needed = (data / "hydrophone.db").stat().st_size
    # No room at all, for a half, for the copy alone, and for it with half of what goes with it.
    for leave in (0, needed // 2, needed + 8192, needed + 32768):
        ballast = _use_up(disk, leave)
        backup = _run("backup", "create", "--data", data, "--to", f"{disk}/backups/")
        assert backup.returncode == 1
        assert f"The backup {disk}/backups/hydrophone-" in backup.stderr
        assert " cannot be written: " in backup.stderr
        assert len(backup.stderr.splitlines()) == 1
        assert not list((disk / "backups").iterdir())
        ballast.unlink()
    # One that is there cannot be opened either: its log needs some room.
    shutil.copytree(data, disk / "used")
    _use_up(disk, 0)
    for folder in ("new", "used"):
        first = _run("users", "add", "berta", "--data", disk / folder)
        assert first.returncode == 1
        assert first.stderr.splitlines() == [
            f"Error: The database {disk}/{folder}/hydrophone.db cannot be used: its disk is full."
        ]


def _use_up_the_rest(disk: Path) -> None:
    with (disk / "rest").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return


def _failure_of_star(client: SubsonicClient, track: str) -> dict[str, Any] | None:
    for endpoint in ("star", "unstar"):
        answer = client.get(endpoint, id=track).json()["subsonic-response"]
        if answer["status"] == "failed":
            error: dict[str, Any] = answer["error"]
            return error
    return None


def _await_end_of_scan(client: SubsonicClient) -> None:
    while client.ask("getScanStatus")["scanStatus"]["scanning"]:
        time.sleep(0.05)


def _scan(data: Path, music: Path) -> subprocess.CompletedProcess[str]:
    return _run("scan", "--data", data, "--music", music)


def _run(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hydrophone", *map(str, words)]
    environment = {**os.environ, "COLUMNS": "200"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
