"""Whatever lies in a library, everything that can be read is in it after a scan."""

import os
import time
from pathlib import Path

import pytest

from hydrophone.domain.library import ScanSummary
from hydrophone.domain.tagging import SplitRules
from hydrophone.domain.units import Seconds, Timestamp
from hydrophone.scanner.album_ids import AlbumIds
from hydrophone.scanner.artist_book import ArtistBook
from hydrophone.scanner.books import Books
from hydrophone.scanner.diff import compare
from hydrophone.scanner.growing import Growing
from hydrophone.scanner.library_scan import LibraryScan
from hydrophone.scanner.pipeline import Pipeline
from hydrophone.scanner.suffixes import SUFFIXES
from hydrophone.scanner.takeover import Takeover
from hydrophone.scanner.track_ids import TrackIds
from hydrophone.scanner.turns import Turns
from hydrophone.scanner.walk import walk
from hydrophone.storage.connection import connect
from hydrophone.testing.audio_files import make_audio
from hydrophone.testing.scanned_library import ScannedLibrary

EGE = "Can/Ege"
SONG_1 = f"{EGE}/01 Song 1.mp3"


def _reasons(summary: ScanSummary) -> dict[str, str]:
    return {problem.path: problem.reason for problem in summary.problems}


def test_files_that_are_no_music_are_told(library: ScannedLibrary) -> None:
    library.album(EGE)
    folder = library.root / EGE
    whole = (library.root / SONG_1).read_bytes()
    (folder / "cut.flac").write_bytes(library.add("x.flac").read_bytes()[:50])
    (folder / "empty.mp3").touch()
    (folder / "text.mp3").write_text("Not a song at all.\n" * 500)
    (folder / "noise.m4a").write_bytes(os.urandom(5000))
    (folder / "cut.mp3").write_bytes(whole[: len(whole) // 2])

    summary = library.scan()

    # Half an MP3 plays: it is no problem.
    bad = {f"{EGE}/{name}" for name in ("cut.flac", "empty.mp3", "text.mp3", "noise.m4a")}
    assert set(_reasons(summary)) == bad
    assert _reasons(summary)[f"{EGE}/empty.mp3"] == "empty file"
    assert summary.problem_count == len(bad)
    assert len(library.tracks()) == 4

    again = library.scan()
    assert library.files_read() == 0
    # What is known to be bad is told by each scan, though not read again.
    assert again.problems == summary.problems
    assert again.problem_count == summary.problem_count
    make_audio(folder / "empty.mp3", frequency=3000)
    (folder / "text.mp3").unlink()
    assert set(_reasons(library.scan())) == bad - {f"{EGE}/empty.mp3", f"{EGE}/text.mp3"}
    assert len(library.tracks()) == 5


def test_track_whose_file_breaks_is_missing_until_it_is_mended(library: ScannedLibrary) -> None:
    library.album(EGE)
    library.scan()
    before = library.ids()
    path = library.root / SONG_1
    content = path.read_bytes()
    path.write_bytes(b"broken")
    summary = library.scan()
    assert (summary.missing, summary.problem_count) == (1, 1)
    assert SONG_1 not in library.tracks()
    assert library.the_album().track_count == 1
    path.write_bytes(content)
    summary = library.scan()
    assert summary.problem_count == 0
    assert library.ids() == before


def test_what_is_no_file_is_passed_over(library: ScannedLibrary) -> None:
    library.album(EGE)
    folder = library.root / EGE
    os.mkfifo(folder / "pipe.mp3")
    (folder / "loop").symlink_to(library.root)
    (folder / "itself").symlink_to(folder / "itself")
    (folder / "dangling.mp3").symlink_to(library.root / "nowhere.mp3")
    (folder / "folder.mp3").mkdir()
    (folder / ".hidden.mp3").write_bytes(b"hidden")
    for _ in range(2):
        summary = library.scan()
        assert (summary.found, summary.problem_count) == (2, 0)
        assert len(library.tracks()) == 2


def test_linked_files_and_folders_are_music_too(library: ScannedLibrary, tmp_path: Path) -> None:
    make_audio(tmp_path / "outside/a.mp3", frequency=3000, tags={"title": "In the folder"})
    make_audio(tmp_path / "b.mp3", frequency=3100, tags={"title": "The file"})
    (library.root / "linked").symlink_to(tmp_path / "outside")
    (library.root / "link.mp3").symlink_to(tmp_path / "b.mp3")
    library.scan()
    titles = {path: track.title for path, track in library.tracks().items()}
    assert titles == {"linked/a.mp3": "In the folder", "link.mp3": "The file"}


@pytest.mark.parametrize(
    "name",
    [
        b"new\nline",
        b"caf\xe9 \xff",
        b"-rf",
        b"back\\slash \\xff",
        b"quote\"s'",
        b" ",
        "が".encode(),
        b"%s {0}",
    ],
)
def test_odd_names(library: ScannedLibrary, name: bytes) -> None:
    path = library.root / os.fsdecode(name) / os.fsdecode(name + b".mp3")
    path.parent.mkdir()
    library.add("ordinary.mp3", audio=440).rename(path)
    (path.parent / path.name.replace("mp3", "flac")).write_bytes(b"bad")
    for full in (False, False, True):
        summary = library.scan(full=full)
        assert (summary.found, summary.problem_count, len(library.tracks())) == (2, 1, 1)
    [found] = library.tracks()
    assert library.root / found == path
    before = library.ids()
    path.rename(library.root / "ordinary.mp3")
    assert library.scan().moved == 1
    assert library.ids()["ordinary.mp3"] == before[found]


def test_disk_that_is_unmounted_after_the_walk(library: ScannedLibrary, tmp_path: Path) -> None:
    """What was found and is not there any more is left to the next scan."""
    library.album(EGE)
    library.scan()
    before = library.tracks()
    library.add("new.mp3")
    [music] = library.libraries()
    with connect(library.database, durable=False) as connection:
        plan = compare(connection, music, walk(music.path, SUFFIXES), reading=0)
        library.root.rename(tmp_path / "away")
        tracks = TrackIds(connection, [plan])
        books = Books(
            connection=connection,
            turns=Turns(connection),
            rules=SplitRules(),
            tracks=tracks,
            albums=AlbumIds(connection, tracks),
            artists=ArtistBook(connection),
            takeover=Takeover(connection, tracks, [music.id]),
            now=Timestamp(1),
        )
        scan = LibraryScan(
            books,
            music,
            plan,
            pipeline=Pipeline(music.path, library.workers, timeout=Seconds(20)),
            growing=Growing(
                music, plan, began_ns=time.time_ns(), settle=Seconds(0), settle_new=Seconds(0)
            ),
        )
        scan.read(lambda to_read, read: None)
        scan.finish()
    assert scan.missing == 0
    assert library.tracks() == before
    (tmp_path / "away").rename(library.root)
    summary = library.scan()
    assert (summary.added, summary.unchanged, summary.problem_count) == (1, 2, 0)
