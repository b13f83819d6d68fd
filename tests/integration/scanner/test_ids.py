"""Ids are for life: whatever happens to the files, stars and playlists find their music again."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from hydrophone.storage.queries.albums import ALBUMS
from hydrophone.testing.audio_files import make_picture
from hydrophone.testing.audio_tags import write_tags
from hydrophone.testing.scanned_library import ANYBODY, ScannedLibrary

CAN = {"artist": "Can", "albumartist": "Can", "album": "Ege"}
SONG_1 = "Can/Ege/01 Song 1.mp3"
SONG_2 = "Can/Ege/02 Song 2.mp3"


def _tags(number: int, **changes: str) -> dict[str, str]:
    return CAN | {"title": f"Song {number}", "tracknumber": str(number)} | changes


def _move(library: ScannedLibrary, old: str, new: str) -> None:
    (library.root / new).parent.mkdir(parents=True, exist_ok=True)
    (library.root / old).rename(library.root / new)


@pytest.mark.parametrize(
    "new",
    ["Can/Ege/renamed.mp3", "Elsewhere/01.mp3", "01.mp3", "A new/deeper/folder/x.mp3"],
)
def test_moved_or_renamed_file(library: ScannedLibrary, new: str) -> None:
    library.album("Can/Ege")
    library.scan()
    before = library.ids()
    _move(library, SONG_1, new)
    summary = library.scan()
    assert (summary.moved, summary.added, summary.missing, summary.changed) == (1, 0, 0, 0)
    assert library.ids() == {new: before[SONG_1], SONG_2: before[SONG_2]}


def test_renamed_folder(library: ScannedLibrary) -> None:
    library.album("Can/Ege")
    library.album("Neu/75", count=1)
    library.scan()
    before = library.ids()
    _move(library, "Can/Ege", "Krautrock/Ege (1972)")
    summary = library.scan()
    assert (summary.moved, summary.unchanged, summary.missing) == (2, 1, 0)
    new = {path.replace("Can/Ege", "Krautrock/Ege (1972)"): ids for path, ids in before.items()}
    assert library.ids() == new
    assert library.scan().unchanged == 3


def test_moved_and_retagged_at_once(library: ScannedLibrary) -> None:
    library.album("Can/Ege", count=1)
    library.scan()
    before = library.ids()
    _move(library, SONG_1, "x.mp3")
    write_tags(library.root / "x.mp3", _tags(1, title="Other", tracknumber="9"))
    assert library.scan().moved == 1
    assert library.ids() == {"x.mp3": before[SONG_1]}
    assert library.tracks()["x.mp3"].title == "Other"


@pytest.mark.parametrize(
    "changes",
    [
        {"album": "Ege Bamyasi"},
        {"artist": "CAN (band)", "albumartist": "CAN (band)"},
        {"album": "Ege Bamyasi", "albumartist": "Various Artists", "date": "1972"},
        {"musicbrainz_albumid": "0bd97fd6-2a5c-4b7f-9b9a-3c8f9e1d2a3b"},
    ],
)
@pytest.mark.parametrize("discs", [1, 2])
def test_whole_album_retagged(library: ScannedLibrary, changes: dict[str, str], discs: int) -> None:
    paths = []
    for disc in range(1, discs + 1):
        for number in (1, 2):
            tags = _tags(number, discnumber=str(disc))
            paths.append((library.add(f"Can/Ege/CD{disc}/{number}.mp3", tags=tags), tags))
    library.scan()
    before = library.ids()
    library.star(library.the_album().id)
    for path, tags in paths:
        write_tags(path, tags | changes)
    library.scan()
    assert library.ids() == before
    album = library.the_album()
    assert album.annotation.starred
    assert album.name == changes.get("album", "Ege")
    assert album.display_artist == changes.get("albumartist", "Can")
    library.scan(full=True)
    assert library.ids() == before


def test_recovered(library: ScannedLibrary) -> None:
    """New pictures in files of all formats, and beside them."""
    for number, suffix in enumerate(("mp3", "flac", "ogg", "opus", "m4a"), start=1):
        library.add(f"Can/Ege/{number}.{suffix}", tags=_tags(number))
    library.scan()
    before = library.ids()
    for path in (library.root / "Can/Ege").iterdir():
        write_tags(path, _tags(int(path.stem)), picture=make_picture(size=500))
    (library.root / "Can/Ege/cover.jpg").write_bytes(make_picture(color="red"))
    assert library.scan().changed == 5
    assert library.ids() == before


def test_whole_album_replaced_from_another_folder(library: ScannedLibrary) -> None:
    paths = library.album("Can/Ege")
    library.scan()
    before = library.ids()
    shutil.rmtree(paths[0].parent)
    for number in (1, 2):
        library.add(f"Can/Ege [FLAC]/{number}.flac", tags=_tags(number))
    summary = library.scan()
    assert (summary.moved, summary.missing, summary.added) == (2, 0, 0)
    assert [ids for _, ids in sorted(library.ids().items())] == [before[SONG_1], before[SONG_2]]


def test_replaced_in_place_under_the_same_name(library: ScannedLibrary) -> None:
    library.album("Can/Ege")
    library.scan()
    before = library.ids()
    library.add(SONG_1, tags=_tags(1, title="Remaster"))
    assert library.scan().changed == 1
    assert library.ids() == before


@pytest.mark.parametrize("other", [SONG_2, "Can/Ege/CD2/01 Song 1.mp3", "Aaa/x.mp3"])
def test_two_files_exchange_their_names(library: ScannedLibrary, other: str) -> None:
    library.add(SONG_1, tags=_tags(1))
    library.add(other, tags=_tags(2))
    library.scan()
    before = library.ids()
    _move(library, SONG_1, "away.mp3")
    _move(library, other, SONG_1)
    _move(library, "away.mp3", other)
    summary = library.scan()
    assert (summary.found, summary.missing, summary.added) == (2, 0, 0)
    assert library.ids() == {SONG_1: before[other], other: before[SONG_1]}


@pytest.mark.parametrize("copy", ["Aaa/copy.mp3", "Can/Ege/00 copy.mp3", "Zzz/copy.mp3"])
@pytest.mark.parametrize("retag", [False, True], ids=["as it was", "retagged"])
def test_copy_is_a_second_track(library: ScannedLibrary, copy: str, retag: bool) -> None:
    """Also if the first file is retagged at the same time, and the copy is found before it."""
    library.album("Can/Ege")
    library.scan()
    before = library.ids()
    (library.root / copy).parent.mkdir(exist_ok=True)
    shutil.copyfile(library.root / SONG_1, library.root / copy)
    if retag:
        write_tags(library.root / SONG_1, _tags(1, title="Other"))
    summary = library.scan()
    assert (summary.added, summary.changed, summary.moved) == (1, int(retag), 0)
    after = library.ids()
    copied = after.pop(copy)
    assert after == before
    assert copied[0] not in {track_id for track_id, _ in before.values()}


@pytest.mark.parametrize("new", ["Aaa/old.mp3", "Can/Ege/09.mp3", "Zzz/old.mp3"])
def test_file_that_has_moved_is_told_from_the_one_in_its_place(
    library: ScannedLibrary, new: str
) -> None:
    library.album("Can/Ege")
    library.scan()
    before = library.ids()
    _move(library, SONG_1, new)
    library.add(SONG_1, tags=_tags(1, title="Quite another"))
    library.scan()
    after = library.ids()
    assert after[new][0] == before[SONG_1][0]
    assert after[SONG_1][0] != before[SONG_1][0]


def test_library_moved_to_another_path(library: ScannedLibrary, tmp_path: Path) -> None:
    library.album("Can/Ege")
    library.scan()
    before = library.ids()
    library.root = library.root.rename(tmp_path / "other disk")
    library.configured = [("Music", library.root)]
    summary = library.scan()
    assert (summary.unchanged, summary.missing) == (2, 0)
    assert library.ids() == before


def test_library_under_another_name(library: ScannedLibrary) -> None:
    library.album("Can/Ege")
    library.album("Neu/75", count=1)
    library.scan()
    before = library.ids()
    library.star(*(album.id for album in library.albums()))
    library.configured = [("Tunes", library.root)]
    summary = library.scan()
    assert (summary.moved, summary.added) == (3, 0)
    assert library.ids() == before
    assert all(album.annotation.starred for album in library.albums())
    assert library.scan().unchanged == 3


def test_file_moved_between_libraries(library: ScannedLibrary, tmp_path: Path) -> None:
    """In both directions: the library that a file has left may be the first or the last."""
    others = tmp_path / "others"
    others.mkdir()
    library.configured.append(("Others", others))
    library.album("Can/Ege")
    library.scan()
    before = library.ids()
    (library.root / "Can").rename(others / "Can")
    library.add("stays.mp3")
    summary = library.scan()
    assert (summary.moved, summary.added, summary.missing) == (2, 1, 0)
    assert before.items() <= library.ids().items()
    (others / "Can").rename(library.root / "Can")
    (others / "stays.mp3").write_bytes((library.root / "stays.mp3").read_bytes())
    summary = library.scan()
    assert (summary.moved, summary.missing) == (2, 0)
    assert before.items() <= library.ids().items()


def test_two_libraries_hold_the_same_album(library: ScannedLibrary, tmp_path: Path) -> None:
    library.album("Can/Ege")
    library.scan()
    before = library.ids()
    second = tmp_path / "second"
    shutil.copytree(library.root, second)
    library.configured.append(("Second", second))
    assert library.scan().added == 2
    albums = library.albums()
    assert len({album.id for album in albums}) == 2
    assert sorted(album.library_id for album in albums) == [1, 2]
    assert [album.track_count for album in albums] == [2, 2]
    for full in (True, False):
        ids = [album.id for album in library.albums()]
        library.scan(full=full)
        assert [album.id for album in library.albums()] == ids
    shutil.rmtree(second)
    second.mkdir()
    library.configured.pop()
    library.scan()
    assert library.ids() == before


def _rebuilt(library: ScannedLibrary, empty_database: Path) -> None:
    for file in library.database.parent.iterdir():
        file.unlink()
    shutil.copy(empty_database, library.database)
    library.scan()


def _everything(library: ScannedLibrary) -> object:
    artists = {name: artist.id for name, artist in library.artists().items()}
    return library.ids(), artists, [(album.name, album.id) for album in library.albums()]


def _unchanged(_: ScannedLibrary) -> None:
    pass


def _moved_and_retagged(library: ScannedLibrary) -> None:
    _move(library, "Can/Ege", "Krautrock/Ege")
    for number, path in enumerate(sorted((library.root / "Krautrock/Ege").iterdir()), start=1):
        write_tags(path, _tags(number, title=f"New title {number}", genre="Krautrock"))


def _copied_and_deleted(library: ScannedLibrary) -> None:
    shutil.copytree(library.root / "Can/Ege", library.root / "Krautrock/Ege")
    library.scan()
    shutil.rmtree(library.root / "Can")


@pytest.mark.parametrize("change", [_unchanged, _moved_and_retagged, _copied_and_deleted])
def test_database_made_anew(
    library: ScannedLibrary, empty_database: Path, change: Callable[[ScannedLibrary], None]
) -> None:
    library.album("Can/Ege", count=3)
    # Two that differ in the folder alone, and a copy: which is the first must not be chance.
    for folder in ("B Hits", "A Hits"):
        for number in (1, 2):
            tags = {"artist": "Queen", "albumartist": "Queen", "album": "Hits"}
            tags |= {"tracknumber": str(number), "title": f"{folder} {number}"}
            library.add(f"Queen/{folder}/{number}.mp3", audio=5000 + 100 * number, tags=tags)
    mbid = "9d1ebcfe-9c15-4d18-95d3-d919458a1638"
    library.add("n/1.mp3", tags={"artist": "Neu", "title": "a"})
    library.add("n/2.mp3", tags={"artist": "Neu", "title": "b", "musicbrainz_artistid": mbid})
    library.scan()
    change(library)
    library.scan()
    before = _everything(library)
    for _ in range(2):
        _rebuilt(library, empty_database)
        assert _everything(library) == before


def test_album_that_is_empty_for_a_while(library: ScannedLibrary) -> None:
    paths = library.album("Can/Ege")
    library.album("Neu/75", count=1)
    library.scan()
    album = next(album for album in library.albums() if album.name == "Ege")
    contents = {path: path.read_bytes() for path in paths}
    for path in paths:
        path.unlink()
    library.scan()
    row = library.query(lambda connection: ALBUMS.one(connection, ANYBODY, album.id))
    assert row is not None
    assert row.track_count == 0
    for path, content in contents.items():
        path.write_bytes(content)
    library.scan()
    assert album in library.albums()
