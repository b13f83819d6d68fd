"""Playlist files in a library become playlists, and follow their files."""

import os
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection

from hydrophone.domain.m3u import write_m3u
from hydrophone.domain.playlist import Playlist
from hydrophone.domain.units import Timestamp
from hydrophone.domain.user import Roles
from hydrophone.scanner.messages import ImportedPlaylists
from hydrophone.storage.queries import playlists, users
from hydrophone.testing.scanned_library import ANYBODY, ScannedLibrary


@pytest.fixture
def library(library: ScannedLibrary) -> ScannedLibrary:
    """Two albums, and Anna to own the playlists."""
    library.playlists = ImportedPlaylists(owner="anna")
    library.album("A/One")
    library.album("B/Zwei Ä")
    return library


def write(library: ScannedLibrary, path: str, *lines: str) -> Path:
    file = library.root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(lines))
    return file


def shown(library: ScannedLibrary) -> dict[str, list[str]]:
    """Return {name: paths of its tracks} of all playlists."""
    paths = {str(one.id): path for path, one in library.tracks().items()}
    return {
        one.name: [paths[track_id] for track_id in library.query(partial(_track_ids, playlist=one))]
        for one in everything(library)
    }


def _track_ids(connection: Connection, playlist: Playlist) -> tuple[str, ...]:
    return playlists.track_ids(connection, playlist.id)


def everything(library: ScannedLibrary) -> list[Playlist]:
    return library.query(playlists.everything)


def the_playlist(library: ScannedLibrary) -> Playlist:
    [found] = everything(library)
    return found


ONE = "A/One/01 Song 1.mp3"
TWO = "B/Zwei Ä/02 Song 2.mp3"
SHEET = """FILE "disc.flac" WAVE
  TRACK 01 AUDIO
    INDEX 01 00:00:00
  TRACK 02 AUDIO
    INDEX 01 00:00:07
"""


def test_paths_of_all_sorts_are_found(library: ScannedLibrary) -> None:
    lines = [
        "#EXTM3U",
        "#PLAYLIST:Mixed",
        f"../{ONE}",
        f"{library.root}/{TWO}",
        (library.root / TWO).as_uri(),
        f"..\\{ONE}".replace("/", "\\"),
        f"D:\\Old Music\\{TWO}".replace("/", "\\"),
        "../../../../../../etc/passwd",
        "/etc/passwd",
        "http://radio.example/stream.mp3",
        f"../{ONE}",
    ]
    write(library, "lists/mixed.m3u", *lines)
    summary = library.scan()
    assert summary.problem_count == 0
    assert shown(library) == {"Mixed": [ONE, TWO, TWO, ONE, TWO, ONE]}
    found = the_playlist(library)
    assert (found.owner, found.is_public, found.file) == ("Anna", False, "Music/lists/mixed.m3u")


def test_latin_1_and_marks(library: ScannedLibrary) -> None:
    (library.root / "old.m3u").write_bytes(f"{TWO}\r\n".encode("latin-1"))
    (library.root / "new.m3u8").write_bytes(b"\xef\xbb\xbf" + TWO.encode() + b"\r\n")
    library.scan()
    assert shown(library) == {"old": [TWO], "new": [TWO]}


def test_a_changed_file_changes_its_playlist(library: ScannedLibrary) -> None:
    file = write(library, "list.m3u", ONE)
    library.scan()
    before = the_playlist(library)
    library.scan()
    assert the_playlist(library) == before
    write(library, "list.m3u", TWO, ONE)
    library.scan(folders=[""])
    assert shown(library) == {"list": [TWO, ONE]}
    assert the_playlist(library).id == before.id
    file.unlink()
    library.scan(folders=[""])
    assert everything(library) == []


def test_what_is_not_there_yet_comes_in_its_place(library: ScannedLibrary) -> None:
    write(library, "list.m3u", "C/New/01 Song 1.mp3", ONE)
    write(library, "later.m3u", "C/New/02 Song 2.mp3")
    library.scan()
    # A list of which nothing is there is not shown.
    assert shown(library) == {"list": [ONE]}
    library.album("C/New")
    library.scan(folders=["C/New"])
    assert shown(library) == {
        "list": ["C/New/01 Song 1.mp3", ONE],
        "later": ["C/New/02 Song 2.mp3"],
    }


def test_a_renamed_file_is_the_same_playlist(library: ScannedLibrary) -> None:
    file = write(library, "list.m3u", ONE)
    library.scan()
    before = the_playlist(library)
    (library.root / "moved").mkdir()
    file.rename(library.root / "moved" / "Other.m3u8")
    library.scan()
    after = the_playlist(library)
    assert (after.id, after.name, after.file) == (before.id, "Other", "Music/moved/Other.m3u8")
    # What comes to its old place is another one.
    write(library, "list.m3u", TWO)
    library.scan()
    assert len({one.id for one in everything(library)}) == 2


def test_what_its_owner_has_changed_stays(library: ScannedLibrary) -> None:
    write(library, "list.m3u", "#PLAYLIST:File", ONE)
    library.scan()
    found, tracks = the_playlist(library), library.tracks()
    library.query(
        lambda connection: playlists.put(
            connection,
            found.id,
            ANYBODY,
            name="Mine",
            comment="c",
            is_public=True,
            tracks=[tracks[ONE].id],
            now=Timestamp(5),
        )
    )
    write(library, "list.m3u", "#PLAYLIST:File", TWO)
    library.scan()
    after = the_playlist(library)
    assert (after.name, after.comment, after.is_public) == ("Mine", "c", True)
    write(library, "list.m3u", "#PLAYLIST:File 2", TWO)
    library.scan()
    assert the_playlist(library).name == "File 2"


def test_a_smart_playlist_in_a_file(library: ScannedLibrary) -> None:
    file = write(library, "smart.nsp", '{"public": true, "all": [{"is": {"album": "one"}}]}')
    library.scan()
    found = the_playlist(library)
    assert (found.name, found.is_public, bool(found.rules)) == ("smart", True, True)
    file.write_text('{"all": [{"is": {"albm": "one"}}]}')
    summary = library.scan()
    assert [(p.path, p.reason) for p in summary.problems] == [
        ("smart.nsp", "At all[0].is: 'albm' is no field (is 'album' meant?).")
    ]
    assert summary.problem_count == 1
    # The last one that could be read goes on.
    assert the_playlist(library).rules == found.rules
    file.write_text('{"name": "Named", "all": [{"is": {"album": "two"}}]}')
    assert library.scan().problem_count == 0
    assert the_playlist(library).name == "Named"


def test_without_an_owner_files_wait(library: ScannedLibrary) -> None:
    library.playlists = ImportedPlaylists()
    write(library, "list.m3u", ONE)
    summary = library.scan()
    assert "An admin, to own the playlists" in summary.problems[0].reason
    assert everything(library) == []
    library.query(
        lambda connection: users.add(connection, "Boss", "x", Roles(admin=True), Timestamp(1))
    )
    library.scan()
    assert the_playlist(library).owner == "Boss"


def test_files_are_left_alone_if_so_configured(library: ScannedLibrary) -> None:
    library.playlists = None
    write(library, "list.m3u", ONE)
    library.scan()
    assert everything(library) == []


def test_tracks_of_another_library_are_found(library: ScannedLibrary, tmp_path: Path) -> None:
    other = tmp_path / "other"
    library.configured.append(("Other", other))
    other.mkdir()
    write(library, "../other/list.m3u", f"{library.root}/{ONE}", f"X:\\x\\{TWO}")
    library.scan()
    assert shown(library) == {"list": [ONE, TWO]}


def test_a_list_that_is_too_long_is_a_problem(library: ScannedLibrary) -> None:
    write(library, "long.m3u", *[ONE] * 100_001)
    summary = library.scan()
    assert summary.problems[0].reason == "There are more than 100000 entries."


def test_a_fifo_and_a_folder_named_like_a_playlist(library: ScannedLibrary) -> None:
    os.mkfifo(library.root / "pipe.m3u")
    library.add("odd.m3u/song.mp3", tags={"title": "Odd"})
    library.scan()
    assert everything(library) == []
    assert len(library.tracks()) == 5


def test_entries_of_a_file_that_a_sheet_cuts(library: ScannedLibrary) -> None:
    """Whole it is all its tracks in order; with VLC's lines for a beginning it is one of them."""
    library.add("C/disc.flac")
    starts = [f"  TRACK {n:02} AUDIO\n    INDEX 01 00:00:{n:02}" for n in range(12)]
    (library.root / "C/disc.cue").write_text('FILE "disc.flac" WAVE\n' + "\n".join(starts))
    write(library, "all.m3u", "C/disc.flac", ONE)
    write(library, "third.m3u", "#EXTVLCOPT:start-time=0.026", "C/disc.flac", "C/disc.flac")
    write(library, "two.m3u", "#EXTVLCOPT:start-time=1", ONE)
    library.scan()
    parts = [str(track.id) for track in library.every_track() if track.suffix == "flac"]
    assert len(parts) == 12
    found = {
        one.name: library.query(partial(_track_ids, playlist=one)) for one in everything(library)
    }
    one_id = library.tracks()[ONE].id
    assert found == {"all": (*parts, one_id), "third": (parts[2], *parts), "two": (one_id,)}


def test_written_parts_are_found_again(library: ScannedLibrary) -> None:
    library.add("C/disc.flac")
    (library.root / "C/disc.cue").write_text(SHEET)
    file = write(library, "all.m3u", "C/disc.flac", ONE, "#EXTVLCOPT:start-time=0.1", "C/disc.flac")
    library.scan()
    before = library.query(partial(_track_ids, playlist=the_playlist(library)))
    assert len(before) == 4
    file.unlink()
    playlist_id = the_playlist(library).id
    written = library.query(
        lambda c: write_m3u("all", playlists.files(c, playlists.track_ids(c, playlist_id)))
    )
    (library.root / "elsewhere.m3u").write_bytes(written)
    library.scan()
    assert library.query(partial(_track_ids, playlist=the_playlist(library))) == before
