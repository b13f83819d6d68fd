"""What a walk finds in a folder, and in which order."""

from pathlib import Path

import pytest

from hydrophone.scanner.walk import FoundFolder, walk


def _make(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(b"x")


def test_folders_come_parents_first_and_by_name(tmp_path: Path) -> None:
    _make(tmp_path, "b/2.mp3", "b/1.MP3", "b/notes.txt", "a/x/y.flac", "a-b/z.mp3")
    found = [(folder.path, [file.name for file in folder.files]) for folder in _walk(tmp_path)]
    assert found == [
        ("", []),
        ("a", []),
        ("a/x", ["y.flac"]),
        ("a-b", ["z.mp3"]),
        ("b", ["1.MP3", "2.mp3"]),
    ]


def test_what_is_hidden_or_a_system_folder_is_left_out(tmp_path: Path) -> None:
    _make(tmp_path, ".hidden/1.mp3", "@eaDir/1.mp3", "#recycle/1.mp3", "._1.mp3", "1.mp3")
    [root] = _walk(tmp_path)
    assert [file.name for file in root.files] == ["1.mp3"]


@pytest.mark.parametrize(
    ("pictures", "cover"),
    [
        ({"back.jpg", "cover.png", "folder.jpg"}, "cover.png"),
        ({"Folder.JPG", "back.jpg"}, "Folder.JPG"),
        ({"cover.png", "cover.jpg"}, "cover.jpg"),
        ({"Album - front.jpg", "back.jpg"}, "Album - front.jpg"),
        ({"scan.jpg"}, "scan.jpg"),
        ({"one.jpg", "two.jpg"}, None),
        (set(), None),
    ],
)
def test_best_cover(tmp_path: Path, pictures: set[str], cover: str | None) -> None:
    _make(tmp_path, *pictures)
    [root] = _walk(tmp_path)
    assert (root.cover.name if root.cover else None) == cover


def test_loop_of_links_ends(tmp_path: Path) -> None:
    _make(tmp_path, "a/1.mp3")
    (tmp_path / "a/loop").symlink_to(tmp_path)
    (tmp_path / "again").symlink_to(tmp_path / "a")
    assert [folder.path for folder in _walk(tmp_path)] == ["", "a"]


def test_root_that_is_gone_is_a_problem(tmp_path: Path) -> None:
    [root] = _walk(tmp_path / "gone")
    assert (root.path, root.problem) == ("", "No such file or directory")


def test_file_is_known_by_its_size_and_times(tmp_path: Path) -> None:
    _make(tmp_path, "1.mp3")
    [root] = _walk(tmp_path)
    path = tmp_path / "1.mp3"
    assert root.files[0].is_at(str(path))
    path.write_bytes(b"xy")
    assert not root.files[0].is_at(str(path))
    path.unlink()
    assert not root.files[0].is_at(str(path))


def _walk(root: Path) -> list[FoundFolder]:
    return list(walk(str(root), {"mp3", "flac"}))
