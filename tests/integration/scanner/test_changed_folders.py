"""Scans of a few folders: they find what a scan of everything would find there, and no more."""

import os
import shutil
from pathlib import Path

import pytest

from hydrophone.testing.audio_files import make_picture
from hydrophone.testing.audio_tags import write_tags
from hydrophone.testing.scanned_library import ScannedLibrary


@pytest.fixture
def music(library: ScannedLibrary) -> ScannedLibrary:
    """Two artists with three albums of two tracks, scanned."""
    for folder in ("Can/Ege", "Can/Soon", "Neu/75"):
        library.album(folder)
    library.scan()
    return library


def _title(library: ScannedLibrary, path: str) -> str:
    return library.tracks()[path].title


def test_only_what_is_named_is_looked_at(music: ScannedLibrary) -> None:
    for folder in ("Can/Ege", "Neu/75"):
        write_tags(music.root / folder / "01 Song 1.mp3", {"title": "Other", "album": "Other"})
    before = music.ids()
    summary = music.scan(folders=["Can/Ege"])
    assert (summary.found, summary.changed, summary.missing) == (2, 1, 0)
    assert _title(music, "Can/Ege/01 Song 1.mp3") == "Other"
    assert _title(music, "Neu/75/01 Song 1.mp3") == "Song 1"
    assert {path: ids[0] for path, ids in music.ids().items()} == {
        path: ids[0] for path, ids in before.items()
    }
    assert music.scan(folders=[]).found == 0
    assert music.scan().changed == 1


def test_new_folders_are_found_with_all_that_is_below(music: ScannedLibrary) -> None:
    music.album("Can/Live/CD 1", title="Live")
    music.album("Can/Live/CD 2", title="Live")
    assert music.scan(folders=["Can"]).added == 4
    music.album("Neu/More/Deep/Down")
    # The watcher may have named a folder of which nothing is known yet, or which is gone again.
    assert music.scan(folders=["Neu/More/Deep", "Neu/Never"]).added == 2
    assert music.scan().unchanged == 12


def test_moved_folder_keeps_its_ids(music: ScannedLibrary) -> None:
    before = {path.rpartition("/")[2]: ids for path, ids in music.ids().items() if "Ege" in path}
    (music.root / "Can/Ege").rename(music.root / "Neu/Ege")
    summary = music.scan(folders=["Can", "Neu"])
    assert (summary.moved, summary.added, summary.missing) == (2, 0, 0)
    assert {
        path.rpartition("/")[2]: ids for path, ids in music.ids().items() if "Ege" in path
    } == before
    assert len(music.tracks()) == 6


def test_file_that_is_moved_in_two_looks_keeps_its_id(music: ScannedLibrary) -> None:
    before = music.ids()["Can/Ege/01 Song 1.mp3"][0]
    (music.root / "Can/Ege/01 Song 1.mp3").rename(music.root / "Neu/75/01 Song 1 of Ege.mp3")
    assert music.scan(folders=["Can/Ege"]).missing == 1
    assert music.scan(folders=["Neu/75"]).moved == 1
    assert music.ids()["Neu/75/01 Song 1 of Ege.mp3"][0] == before


def test_what_is_deleted_is_missing(music: ScannedLibrary) -> None:
    (music.root / "Can/Ege/01 Song 1.mp3").unlink()
    assert music.scan(folders=["Can/Ege"]).missing == 1
    shutil.rmtree(music.root / "Neu")
    assert music.scan(folders=["Neu/75", "Neu"]).missing == 2
    assert music.scan().unchanged == 3


def test_cover_counts(music: ScannedLibrary) -> None:
    (music.root / "Can/Ege/cover.png").write_bytes(make_picture(color="red"))
    before = {album.name: album.artwork_id for album in music.albums()}
    music.scan(folders=["Can/Ege"])
    after = {album.name: album.artwork_id for album in music.albums()}
    assert after["Ege"] != before["Ege"]
    assert (after["Soon"], after["75"]) == (before["Soon"], before["75"])


def test_most_of_the_library_gone_is_a_reason_to_look_at_all(music: ScannedLibrary) -> None:
    before = music.tracks()
    away = music.root.with_name("away")
    away.mkdir()
    for artist in ("Can", "Neu"):
        (music.root / artist).rename(away / artist)
    for _ in range(2):
        summary = music.scan(folders=["", "Can", "Neu"])
        assert (summary.missing, summary.problem_count) == (0, 1)
        assert music.tracks() == before
    (away / "Can").rename(music.root / "Can")
    # It was paused: whatever is named, all of it is looked at.
    summary = music.scan(folders=["Can"])
    assert (summary.found, summary.missing, summary.problem_count) == (4, 2, 0)


def test_quick_pass_sees_what_came_and_went(music: ScannedLibrary) -> None:
    for folder, _, _ in os.walk(music.root):
        os.utime(folder, (1_000_000_000, 1_000_000_000))
    music.scan()
    assert music.scan(quick=True).found == 0
    (music.root / "Can/Ege/01 Song 1.mp3").unlink()
    music.album("Can/Live")
    (music.root / "Neu/75").rename(music.root / "Can/75")
    summary = music.scan(quick=True)
    assert (summary.added, summary.moved, summary.missing) == (2, 2, 1)
    assert len(music.tracks()) == 7


def test_folder_that_has_just_changed_is_looked_at_again(music: ScannedLibrary) -> None:
    """A file system that counts in seconds gives it the same time when it changes once more."""
    folder = music.root / "Neu/75"
    before = folder.stat()
    music.album("Neu/75", count=3)
    os.utime(folder, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert music.scan(quick=True).added == 1


def test_link_within_the_library_makes_no_second_copy(music: ScannedLibrary) -> None:
    (music.root / "Zoo").symlink_to(music.root / "Can")
    assert music.scan(folders=["", "Zoo"]).added == 0
    write_tags(music.root / "Can/Ege/01 Song 1.mp3", {"title": "Other", "album": "Ege"})
    assert music.scan(folders=["Zoo/Ege"]).changed == 1
    assert len(music.tracks()) == 6


def test_link_to_elsewhere_is_followed(music: ScannedLibrary, tmp_path: Path) -> None:
    (music.root / "Can/Soon").rename(tmp_path / "elsewhere")
    (music.root / "Link").symlink_to(tmp_path / "elsewhere")
    assert music.scan(folders=["", "Can"]).moved == 2
