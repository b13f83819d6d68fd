"""Disks that come and go: a library that cannot be looked at loses nothing."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import update

from hydrophone.domain.tagging import SplitRules
from hydrophone.scanner.diff import compare
from hydrophone.scanner.reading import reading_of
from hydrophone.scanner.suffixes import SUFFIXES
from hydrophone.scanner.walk import FoundFolder, walk
from hydrophone.storage.queries import libraries as queries
from hydrophone.storage.tables.library import library as table
from hydrophone.testing.scanned_library import ScannedLibrary


def _gone(root: Path) -> None:
    root.rename(root.with_name("away"))


def _empty(root: Path) -> None:
    _gone(root)
    root.mkdir()


def _a_file(root: Path) -> None:
    _gone(root)
    root.write_text("no folder")


def _only_other_things(root: Path) -> None:
    _empty(root)
    (root / "lost+found").mkdir()
    (root / "notes.txt").write_text("no music")


def _problem(library: ScannedLibrary) -> str:
    return library.query(queries.state)[2]


@pytest.mark.parametrize("vanish", [_gone, _empty, _a_file, _only_other_things])
def test_library_that_is_not_there_is_left_as_it_is(
    library: ScannedLibrary, vanish: Callable[[Path], None]
) -> None:
    library.album("Can/Ege")
    library.scan()
    before = library.tracks()
    vanish(library.root)
    for _ in range(2):
        summary = library.scan(full=True)
        assert (summary.missing, summary.problem_count) == (0, 1)
        [problem] = summary.problems
        assert (problem.library, problem.path) == ("Music", "")
        assert str(library.root) in problem.reason
        assert _problem(library) == problem.reason
        assert library.tracks() == before

    if library.root.is_dir():
        shutil.rmtree(library.root)
    library.root.unlink(missing_ok=True)
    library.root.with_name("away").rename(library.root)
    summary = library.scan()
    assert (summary.unchanged, summary.problem_count) == (2, 0)
    assert _problem(library) == ""
    assert library.tracks() == before


def test_other_libraries_are_scanned_nevertheless(library: ScannedLibrary, tmp_path: Path) -> None:
    library.configured.insert(0, ("Gone", tmp_path / "gone"))
    library.album("Can/Ege")
    summary = library.scan()
    assert (summary.added, summary.problem_count) == (2, 1)
    assert len(library.tracks()) == 2


def _be_on_another_device(library: ScannedLibrary) -> None:
    statement = update(table).values(device=library.root.stat().st_dev + 1)
    library.query(lambda connection: connection.execute(statement))


@pytest.mark.parametrize("in_root", [False, True])
def test_another_disk_in_its_place_deletes_nothing(library: ScannedLibrary, in_root: bool) -> None:
    if in_root:
        library.add("1.mp3", tags={"title": "1"})
    else:
        library.album("Can/Ege")
    library.scan()
    before = library.ids()
    _empty(library.root)
    library.add("other.mp3", tags={"title": "other"})
    _be_on_another_device(library)
    summary = library.scan()
    assert (summary.missing, summary.problem_count) == (0, 1)
    assert "another disk" in _problem(library)
    assert library.ids() == before
    shutil.rmtree(library.root)
    library.root.with_name("away").rename(library.root)
    assert library.scan().problem_count == 0
    assert library.ids() == before


def test_library_that_was_copied_to_another_disk_goes_on(library: ScannedLibrary) -> None:
    library.album("Can/Ege", count=3)
    library.scan()
    before = library.ids()
    _be_on_another_device(library)
    (library.root / "Can/Ege/03 Song 3.mp3").unlink()
    summary = library.scan()
    assert (summary.missing, summary.problem_count) == (1, 0)
    assert library.ids().items() < before.items()
    # It is at home on the new disk now.
    (library.root / "Can").rename(library.root / "Krautrock")
    assert library.scan().problem_count == 0


@pytest.mark.parametrize("unreadable", ["", "Can", "Can/Ege"])
def test_files_in_a_folder_that_cannot_be_read_have_not_vanished(
    library: ScannedLibrary, unreadable: str
) -> None:
    """The walk is real but for one folder; a chmod would not keep root out."""
    library.album("Can/Ege")
    library.album("Cannibal/Album", count=1)
    library.scan()

    def found() -> list[FoundFolder]:
        return [
            FoundFolder(folder.path, (), None, problem="Permission denied")
            if folder.path == unreadable
            else folder
            for folder in walk(str(library.root), SUFFIXES)
            if folder.path == unreadable or not _is_below(folder.path, unreadable)
        ]

    [music] = library.libraries()
    plan = library.query(
        lambda connection: compare(connection, music, found(), reading=reading_of(SplitRules()))
    )
    assert (plan.vanished, plan.gone_folders, plan.work) == ({}, [], [])
    [problem] = plan.problems
    assert (problem.path, problem.reason) == (unreadable, "Permission denied")


def _is_below(path: str, folder: str) -> bool:
    return path.startswith(f"{folder}/") or not folder


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
def test_folder_without_permission(library: ScannedLibrary) -> None:
    library.album("Can/Ege")
    library.album("Neu/75", count=1)
    library.scan()
    before = library.ids()
    folder = library.root / "Can"
    folder.chmod(0)
    try:
        summary = library.scan()
    finally:
        folder.chmod(0o755)
    assert [problem.path for problem in summary.problems] == ["Can"]
    assert library.ids() == before


def test_removed_library_is_let_go_of_and_comes_back(
    library: ScannedLibrary, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    library.configured.append(("Other", other))
    library.album("Can/Ege")
    shutil.copytree(library.root / "Can", other / "Can")
    library.scan()
    before = {album.id for album in library.albums()}
    assert len(before) == 2
    both = list(library.configured)
    library.configured = both[:1]
    library.scan()
    assert len(library.albums()) == 1
    library.configured = both
    summary = library.scan()
    assert (summary.moved, summary.added) == (2, 0)
    assert {album.id for album in library.albums()} == before


def test_root_that_is_accepted_is_taken_as_it_is(library: ScannedLibrary) -> None:
    library.album("Can/Ege")
    library.scan()
    before = library.ids()
    _empty(library.root)
    library.add("other.mp3", tags={"title": "other"})
    _be_on_another_device(library)
    assert "--accept-root Music" in library.scan().problems[0].reason
    summary = library.scan(accept=True)
    assert (summary.added, summary.missing, summary.problem_count) == (1, 2, 0)
    assert library.scan().problem_count == 0
    (library.root / "other.mp3").unlink()
    assert library.scan(accept=True).missing == 1
    # The grace is there for a change of mind.
    shutil.rmtree(library.root)
    library.root.with_name("away").rename(library.root)
    assert library.scan().moved == 2
    assert library.ids() == before


def _many(library: ScannedLibrary) -> None:
    """Have twenty files; that they sound alike spares the time to encode them."""
    for number in range(20):
        library.add(f"Can/{number:02}.mp3", audio=440, tags={"title": str(number)})


def test_folder_exchanged_on_the_same_disk_deletes_nothing(library: ScannedLibrary) -> None:
    _many(library)
    library.scan()
    before = library.ids()
    _empty(library.root)
    library.add("other.mp3", tags={"title": "other"})
    for _ in range(2):
        summary = library.scan(quick=True)
        assert (summary.missing, summary.problem_count) == (0, 1)
        assert "has other files than before" in _problem(library)
        assert "--accept-root Music" in _problem(library)
        assert library.ids() == before
    summary = library.scan(accept=True)
    assert (summary.added, summary.missing, summary.problem_count) == (1, 20, 0)
    assert library.scan().problem_count == 0


def test_folder_whose_files_were_all_moved_within_is_no_other(library: ScannedLibrary) -> None:
    _many(library)
    library.scan()
    before = set(library.ids().values())
    (library.root / "Can").rename(library.root / "Krautrock")
    summary = library.scan()
    assert (summary.moved, summary.missing, summary.problem_count) == (20, 0, 0)
    assert set(library.ids().values()) == before


def test_folder_that_lost_half_of_its_files_is_no_other(library: ScannedLibrary) -> None:
    _many(library)
    library.scan()
    for number in range(10):
        (library.root / f"Can/{number:02}.mp3").unlink()
    assert library.scan().problem_count == 0
    assert len(library.ids()) == 10
