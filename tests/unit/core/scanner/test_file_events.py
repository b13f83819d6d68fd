"""Which folders are to be looked at for what the kernel tells."""

from pathlib import Path

import pytest
from watchfiles import Change

from hydrophone.scanner.file_events import changed_folders


@pytest.mark.parametrize(
    "path",
    [
        "Can/Ege/.01.mp3.Xy3a",
        ".Trash/01.mp3",
        "Can/.hidden/01.mp3",
        "@eaDir/01.mp3",
        "Can/@eaDir/deep/01.mp3",
        "Can/Ege/01.lrc",
        "Can/Ege/notes.txt",
        "Can/Ege/download.mp3.part",
    ],
)
def test_what_is_no_music_causes_nothing(tmp_path: Path, path: str) -> None:
    file = tmp_path / path
    file.parent.mkdir(parents=True)
    file.touch()
    for change in (Change.added, Change.modified):
        assert changed_folders(str(tmp_path), [(change, str(file))]) == set()


@pytest.mark.parametrize("name", ["01.mp3", "02.FLAC", "cover.jpg", "folder.PNG", "all.cue"])
@pytest.mark.parametrize("change", list(Change))
def test_music_and_covers_count(tmp_path: Path, name: str, change: Change) -> None:
    changes = [(change, str(tmp_path / "Can/Ege" / name))]
    assert changed_folders(str(tmp_path), changes) == {"Can/Ege"}
    assert changed_folders(f"{tmp_path}/", changes) == {"Can/Ege"}


def test_folder_that_came_is_looked_at_with_all_below(tmp_path: Path) -> None:
    (tmp_path / "Can/Ege/CD 1").mkdir(parents=True)
    (tmp_path / "Can/@eaDir").mkdir()
    changes = {(Change.added, str(tmp_path / "Can")), (Change.added, str(tmp_path / "Can/@eaDir"))}
    assert changed_folders(str(tmp_path), changes) == {"", "Can", "Can/Ege", "Can/Ege/CD 1"}


def test_what_went_may_have_been_a_folder(tmp_path: Path) -> None:
    changes = {(Change.deleted, str(tmp_path / "Can/Vol. 2"))}
    assert changed_folders(str(tmp_path), changes) == {"Can"}
