"""Scans that are killed behind each of their commits: the next one makes good what they left."""

import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Connection

from hydrophone.domain.units import Timestamp
from hydrophone.storage.queries import annotations, catalogue, counters
from hydrophone.testing.audio_tags import write_tags
from hydrophone.testing.scanned_library import ANYBODY, ScannedLibrary

SONGS = 4
MOST_COMMITS = 60

Libraries = Callable[[], Iterator[tuple[int, ScannedLibrary]]]


def _path(number: int) -> str:
    return f"Can/Ege/{number:02} Song {number}.mp3"


def _retag(library: ScannedLibrary, numbers: Sequence[int]) -> None:
    for number in numbers:
        tags = {"artist": "Can", "albumartist": "Can", "album": "Ege Bamyasi"}
        tags |= {"title": f"Song {number}", "tracknumber": str(number)}
        write_tags(library.root / _path(number), tags)


def _kill_behind(library: ScannedLibrary, commits: int) -> bool:
    """Run a scan and kill it behind so many commits; say whether it had come that far.

    What it has written by then, servers have to be told of.
    """
    shown, told = library.albums(), library.query(_times_told)
    was_killed = _run_until(library, commits)
    assert library.albums() == shown or library.query(_times_told) > told
    return was_killed


def _run_until(library: ScannedLibrary, commits: int) -> bool:
    with (
        closing(sqlite3.connect(library.database)) as connection,
        subprocess.Popen(
            [sys.executable, "-m", "hydrophone.scanner"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
        ) as process,
    ):
        assert process.stdin is not None
        seen = connection.execute("PRAGMA data_version").fetchone()
        process.stdin.write(msgspec.json.encode(library.request()) + b"\n")
        process.stdin.flush()
        while process.poll() is None:
            now = connection.execute("PRAGMA data_version").fetchone()
            if now != seen:
                seen, commits = now, commits - 1
            if commits <= 0:
                process.send_signal(signal.SIGKILL)
                return True
    return False


def _rate(album: str, connection: Connection) -> None:
    annotations.rate(connection, ANYBODY, album, 5, Timestamp(5))


def _track_ids(library: ScannedLibrary) -> dict[str, str]:
    return {path: track_id for path, (track_id, _) in library.ids().items()}


def _times_told(connection: Connection) -> int:
    return counters.value(connection, counters.LIBRARY)


@pytest.fixture
def libraries(library: ScannedLibrary, empty_database: Path, tmp_path: Path) -> Libraries:
    """Give a number of commits, and a library with an album that is starred, again and again."""
    library.album("Can/Ege", count=SONGS)

    def make() -> Iterator[tuple[int, ScannedLibrary]]:
        for commits in range(1, MOST_COMMITS):
            folder = tmp_path / str(commits)
            (folder / "data").mkdir(parents=True)
            shutil.copytree(library.root, folder / "music")
            database = Path(shutil.copy(empty_database, folder / "data"))
            made = ScannedLibrary(folder / "music", database, library.workers)
            made.scan()
            album = made.the_album().id
            made.star(album)
            made.query(partial(_rate, album))
            yield commits, made
        raise AssertionError("the scan has not ended")

    return make


@pytest.mark.slow
@pytest.mark.parametrize(
    ("before", "killed", "after"),
    [((), (1, 2), (3, 4)), ((1, 2), (3, 4), ())],
    ids=["first half", "last half"],
)
def test_an_album_that_is_retagged_file_by_file_stays_the_same(
    libraries: Libraries, before: Sequence[int], killed: Sequence[int], after: Sequence[int]
) -> None:
    for commits, library in libraries():
        ids = library.ids()
        _retag(library, before)
        library.scan()
        _retag(library, killed)
        was_killed = _kill_behind(library, commits)
        _retag(library, after)
        library.scan()
        assert library.ids() == ids
        album = library.the_album()
        assert (album.name, album.track_count) == ("Ege Bamyasi", SONGS)
        assert (album.annotation.starred, album.annotation.rating) == (1, 5)
        assert set(library.query(catalogue.successors).values()) <= {album.id}
        if not was_killed:
            assert commits > 1
            return


@pytest.mark.slow
def test_a_song_that_was_deleted_is_missing(libraries: Libraries) -> None:
    for commits, library in libraries():
        ids = library.ids()
        (library.root / _path(SONGS)).unlink()
        was_killed = _kill_behind(library, commits)
        library.scan()
        del ids[_path(SONGS)]
        assert library.ids() == ids
        assert library.the_album().track_count == SONGS - 1
        if not was_killed:
            assert commits > 1
            return


@pytest.mark.slow
@pytest.mark.parametrize("stays", [True, False], ids=["stays", "goes again"])
def test_a_file_that_comes_back_while_a_copy_stood_in(libraries: Libraries, stays: bool) -> None:
    for commits, library in libraries():
        path = library.root / _path(1)
        copy = Path(shutil.copy2(path, library.root / "copy.mp3"))
        library.scan()
        ids = _track_ids(library)
        away = shutil.move(path, library.root.parent / "away.mp3")
        library.scan()
        assert _track_ids(library)[copy.name] == ids[_path(1)]
        shutil.move(away, path)
        was_killed = _kill_behind(library, commits)
        if not stays:
            path.unlink()
        library.scan()
        if not stays:
            ids[copy.name] = ids.pop(_path(1))
        assert _track_ids(library) == ids
        if not was_killed:
            return
