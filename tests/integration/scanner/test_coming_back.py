"""Files that come back find their ids again, although copies have stood in for them meanwhile."""

import os
import shutil
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection

from hydrophone.domain.ids import PlaylistId
from hydrophone.domain.units import Timestamp
from hydrophone.storage.queries import annotations, playlists
from hydrophone.testing.audio_tags import write_tags
from hydrophone.testing.scanned_library import ANYBODY, ScannedLibrary

Ids = dict[str, tuple[str, str]]
ALBUM, COPY = "Can/Ege", "Can/Copy"


def _copy(library: ScannedLibrary, album: str) -> None:
    """Copy the album, and put the copies on an album of this title."""
    shutil.copytree(library.root / ALBUM, library.root / COPY)
    for number, path in enumerate(sorted((library.root / COPY).iterdir()), 1):
        tags = {"artist": "Can", "albumartist": "Can", "album": album}
        write_tags(path, tags | {"title": f"Song {number}", "tracknumber": str(number)})
    library.scan()


def _opinions(library: ScannedLibrary) -> dict[str, tuple[int | None, int]]:
    """Return {path or title of an album: (when it was starred, rating)}."""
    found = {path: track.annotation for path, track in library.tracks().items()}
    found |= {album.id: album.annotation for album in library.albums()}
    return {name: (one.starred, one.rating) for name, one in found.items()}


def _rate(item_id: str, rating: int, connection: Connection) -> None:
    annotations.rate(connection, ANYBODY, item_id, rating, Timestamp(1))


@pytest.fixture(params=["Best of", "Ege"])
def before(library: ScannedLibrary, request: pytest.FixtureRequest) -> Ids:
    """An album that was starred and listed, its copy on another or the same, and more."""
    library.album(ALBUM, count=3)
    library.album("Neu/Two", count=8)
    library.scan()
    _copy(library, request.param)
    ids = library.ids()
    first, album = ids[f"{ALBUM}/01 Song 1.mp3"]
    library.star(album, first)
    library.query(lambda c: annotations.rate(c, ANYBODY, first, 5, Timestamp(1)))
    library.star(ids[f"{COPY}/02 Song 2.mp3"][0])
    library.make_playlist(*(ids[f"{ALBUM}/{n:02} Song {n}.mp3"][0] for n in (1, 2, 3)))
    return ids


@pytest.mark.parametrize("full", [False, True], ids=["changes", "full"])
def test_all_of_an_album(library: ScannedLibrary, before: Ids, tmp_path: Path, full: bool) -> None:
    opinions = _opinions(library)
    listed = library.query(lambda c: playlists.track_ids(c, PlaylistId("pl-1")))
    for _ in range(2):
        away = shutil.move(library.root / ALBUM, tmp_path / "away")
        library.scan()
        # Meanwhile the copies are what people have listed and starred.
        there = library.ids()
        assert {there[path] for path in there if path.startswith(COPY)} == {
            before[path] for path in before if path.startswith(ALBUM)
        }
        shutil.move(away, library.root / ALBUM)
        library.scan(full=full)
        assert library.ids() == before
        found = _opinions(library)
        # The copy's star has been handed on, and stays.
        assert found.pop(f"{ALBUM}/02 Song 2.mp3") == (1, 0)
        assert found.items() <= opinions.items()
        assert library.query(lambda c: playlists.track_ids(c, PlaylistId("pl-1"))) == listed


def test_one_after_the_other(library: ScannedLibrary, before: Ids, tmp_path: Path) -> None:
    away = Path(shutil.move(library.root / ALBUM, tmp_path / "away"))
    library.scan()
    (library.root / ALBUM).mkdir()
    for path in sorted(away.iterdir()):
        shutil.move(path, library.root / ALBUM)
        library.scan()
    assert library.ids() == before


def test_opinion_that_is_taken_back_meanwhile(
    library: ScannedLibrary, before: Ids, tmp_path: Path
) -> None:
    """What the copies had was theirs and the originals'; neither has it again later."""
    copy = before[f"{COPY}/01 Song 1.mp3"]
    library.star(*copy)
    for one in copy:
        library.query(partial(_rate, one, 5))
    away = Path(shutil.move(library.root / ALBUM, tmp_path / "away"))
    library.scan()
    there = library.ids()[f"{COPY}/01 Song 1.mp3"]
    library.query(lambda c: annotations.unstar(c, ANYBODY, there))
    for one in there:
        library.query(partial(_rate, one, 1))
    for _ in range(2):
        shutil.move(away, library.root / ALBUM)
        library.scan()
        assert library.ids() == before
        shutil.move(library.root / ALBUM, away)
        library.scan()
        found = _opinions(library)
        assert found[f"{COPY}/01 Song 1.mp3"] == (None, 1)
        assert found[there[1]] == (None, 1)


def test_copy_was_deleted_meanwhile(library: ScannedLibrary, before: Ids, tmp_path: Path) -> None:
    away = shutil.move(library.root / ALBUM, tmp_path / "away")
    library.scan()
    shutil.rmtree(library.root / COPY)
    shutil.move(away, library.root / ALBUM)
    library.scan()
    assert {path: ids for path, ids in before.items() if not path.startswith(COPY)} == library.ids()


def test_better_files_stood_in(library: ScannedLibrary, tmp_path: Path) -> None:
    library.album(ALBUM)
    library.album("Neu/Two", count=8)
    library.scan()
    library.album(ALBUM, suffix="flac")
    library.scan()
    before = library.ids()
    old = sorted((library.root / ALBUM).glob("*.mp3"))
    for path in old:
        shutil.move(path, tmp_path)
    library.scan()
    assert len(library.ids()) == 10
    for path in old:
        shutil.move(tmp_path / path.name, path)
    library.scan()
    assert library.ids() == before


def test_both_in_folders_of_other_names(library: ScannedLibrary, before: Ids) -> None:
    """Found in the other order; only their tags, or else their names, tell which is which."""
    for folder, name in ((ALBUM, "Can/Z"), (COPY, "Can/Y")):
        (library.root / folder).rename(library.root / name)
    library.scan()
    moved = {path.replace(ALBUM, "Can/Z").replace(COPY, "Can/Y"): i for path, i in before.items()}
    if len({album.name for album in library.albums()}) == 3:
        assert library.ids() == moved
    else:
        assert set(library.ids().values()) == set(moved.values())


@pytest.fixture
def pair(library: ScannedLibrary) -> tuple[str, str]:
    """The ids of a file that is away, in whose place its copy stands; and of that."""
    path = library.add("a.mp3", tags={"title": "A", "tracknumber": "1"})
    library.album("Neu/Two", count=8)
    library.scan()
    shutil.copy2(path, library.root / "b.mp3")
    library.scan()
    ids = library.ids()
    shutil.move(path, library.root.parent / "away.mp3")
    library.scan()
    first, second = ids["a.mp3"][0], ids["b.mp3"][0]
    assert library.ids()["b.mp3"][0] == first
    return first, second


def _bring_back(library: ScannedLibrary) -> Path:
    return Path(shutil.move(library.root.parent / "away.mp3", library.root / "a.mp3"))


def test_damaged(library: ScannedLibrary, pair: tuple[str, str]) -> None:
    first, second = pair
    path = _bring_back(library)
    whole, stat = path.read_bytes(), path.stat()
    path.write_bytes(bytes(len(whole)))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    for full in (False, False, True):
        assert library.scan(full=full).problem_count == 1
        assert library.ids()["b.mp3"][0] == first
    path.write_bytes(whole)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    library.scan(full=True)
    ids = library.ids()
    assert (ids["a.mp3"][0], ids["b.mp3"][0]) == (first, second)


def test_copy_has_another_file(library: ScannedLibrary, pair: tuple[str, str]) -> None:
    first, second = pair
    shutil.copy2(library.root / "b.mp3", library.root / "c.mp3")
    library.scan()
    assert library.ids()["c.mp3"][0] == second
    _bring_back(library)
    for full in (False, True):
        library.scan(full=full)
        ids = library.ids()
        assert (ids["b.mp3"][0], ids["c.mp3"][0]) == (first, second)
        assert ids["a.mp3"][0] not in pair


def test_copy_went_as_the_file_came(library: ScannedLibrary, pair: tuple[str, str]) -> None:
    _bring_back(library)
    (library.root / "b.mp3").unlink()
    for full in (False, True):
        library.scan(full=full)
        assert library.ids()["a.mp3"][0] == pair[0]


def test_better_file_when_both_are_gone(library: ScannedLibrary) -> None:
    path = library.album(ALBUM)[0]
    library.album("Neu/Two", count=8)
    library.scan()
    first = library.ids()[str(path.relative_to(library.root))]
    copy = Path(shutil.copy2(path, path.with_name("copy.mp3")))
    library.scan()
    for gone in (path, copy):
        gone.unlink()
        library.scan()
    better = library.album(ALBUM, count=1, suffix="flac")[0]
    library.scan()
    assert library.ids()[str(better.relative_to(library.root))] == first
