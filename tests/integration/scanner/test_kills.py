"""kill -9 at any moment of a scan loses nothing and breaks nothing."""

import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from hydrophone.testing.scanned_library import ScannedLibrary

ROUNDS = 8
FILES = 900


def _fill(library: ScannedLibrary) -> None:
    template = library.add("template.mp3", tags={"title": "Title 00000", "artist": "Anna"})
    content = template.read_bytes()
    template.unlink()
    for number in range(FILES):
        path = library.root / f"Album {number // 30:03}" / f"{number:05}.mp3"
        path.parent.mkdir(exist_ok=True)
        audio = content[:-8].replace(b"Title 00000", b"Title %05d" % number)
        path.write_bytes(audio + number.to_bytes(8, "big"))


def _kill_after(library: ScannedLibrary, seconds: float) -> bool:
    """Start a scan and kill it; say whether it was still running then."""
    with subprocess.Popen(
        [sys.executable, "-m", "hydrophone.scanner"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(msgspec.json.encode(library.request()) + b"\n")
        process.stdin.flush()
        # From its first word on: to start takes longer than to scan.
        process.stdout.readline()
        time.sleep(seconds)
        was_running = process.poll() is None
        process.send_signal(signal.SIGKILL)
    return was_running


def _is_sound(database: Path) -> bool:
    with closing(sqlite3.connect(database)) as connection:
        problems = connection.execute("PRAGMA integrity_check").fetchall()
        problems += connection.execute("PRAGMA foreign_key_check").fetchall()
    return problems == [("ok",)]


@pytest.mark.slow
def test_scans_that_are_killed_again_and_again(
    library: ScannedLibrary, empty_database: Path, tmp_path: Path
) -> None:
    chance = random.Random(20261121)
    _fill(library)
    killed = 0
    for _ in range(ROUNDS):
        killed += _kill_after(library, chance.uniform(0.0, 0.6))
        assert _is_sound(library.database)
    assert killed
    summary = library.scan()
    assert (summary.found, summary.problem_count) == (FILES, 0)
    assert _is_sound(library.database)
    again = library.scan()
    assert (again.unchanged, library.files_read()) == (FILES, 0)

    undisturbed = ScannedLibrary(
        library.root,
        Path(shutil.copy(empty_database, tmp_path / "undisturbed.db")),
        library.workers,
    )
    undisturbed.scan()
    assert library.ids() == undisturbed.ids()
    assert library.albums() == undisturbed.albums()
