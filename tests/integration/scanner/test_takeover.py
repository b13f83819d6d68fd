"""A move that was a copy first and a deletion later: the copy becomes what the original was."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import Connection

from hydrophone.domain.ids import PlaylistId
from hydrophone.domain.units import Milliseconds, Timestamp
from hydrophone.storage.queries import (
    annotations,
    bookmarks,
    catalogue,
    lyrics,
    play_queue,
    playlists,
    plays,
)
from hydrophone.storage.queries.play_queue import SavedQueue
from hydrophone.testing.audio_tags import write_tags
from hydrophone.testing.scanned_library import ANYBODY, ScannedLibrary

SONG_1 = "Can/Ege/01 Song 1.mp3"
SONG_2 = "Can/Ege/02 Song 2.mp3"
COPY_1 = "Moved/Ege/01 Song 1.mp3"
COPY_2 = "Moved/Ege/02 Song 2.mp3"


def _copy(library: ScannedLibrary, target: str) -> None:
    """Copy as tools do that set no times: the copies are younger."""
    shutil.copytree(library.root / "Can/Ege", library.root / target, copy_function=shutil.copyfile)


def _star(library: ScannedLibrary, *identifiers: str, when: int = 10) -> None:
    library.query(lambda c: annotations.star(c, ANYBODY, identifiers, Timestamp(when)))


def _listed(library: ScannedLibrary) -> tuple[str, ...]:
    return library.query(lambda c: playlists.track_ids(c, PlaylistId("pl-1")))


@pytest.fixture
def before(library: ScannedLibrary) -> dict[str, tuple[str, str]]:
    """An album that was starred, with its first song, and listed; {path: (track, album)}."""
    library.album("Can/Ege", lyrics="Vitamin C")
    library.add("Neu/stays.mp3")
    library.scan()
    ids = library.ids()
    _star(library, *ids[SONG_1])
    library.make_playlist(ids[SONG_1][0], ids[SONG_2][0])
    return ids


def test_copied_then_deleted(library: ScannedLibrary, before: dict[str, tuple[str, str]]) -> None:
    created = library.tracks()[SONG_1].created
    _copy(library, "Moved/Ege")
    assert library.scan().added == 2
    assert {path: library.ids()[path] for path in before} == before
    shutil.rmtree(library.root / "Can")
    summary = library.scan()
    assert (summary.moved, summary.missing, summary.added) == (2, 0, 0)
    after = library.ids()
    assert (after[COPY_1], after[COPY_2]) == (before[SONG_1], before[SONG_2])
    moved = library.tracks()[COPY_1]
    assert (moved.annotation.starred, moved.created) == (10, created)
    [album] = [album for album in library.albums() if album.name == "Ege"]
    assert (album.id, album.annotation.starred, album.track_count) == (before[SONG_1][1], 10, 2)
    assert _listed(library) == (before[SONG_1][0], before[SONG_2][0])
    words = library.query(lambda c: lyrics.embedded(c, moved.id))
    assert list(words) == ["Vitamin C"]
    # It stays so, also when all files are read again, and when others come beside them.
    library.scan(full=True)
    assert library.ids() == after
    tags = {"artist": "Can", "albumartist": "Can", "album": "Ege", "tracknumber": "3"}
    library.add("Moved/Ege/03.mp3", tags=tags)
    library.scan()
    assert library.ids()["Moved/Ege/03.mp3"][1] == album.id


def test_what_the_copy_had_is_merged(
    library: ScannedLibrary, before: dict[str, tuple[str, str]]
) -> None:
    _copy(library, "Moved/Ege")
    library.scan()
    copy, album = library.ids()[COPY_1]
    original = before[SONG_1][0]
    _star(library, copy, album, when=5)
    library.make_playlist(original, copy)
    queue = SavedQueue(
        track_ids=(copy, original),
        current_index=1,
        position=Milliseconds(0),
        changed=Timestamp(1),
        changed_by="app",
    )

    def leave(connection: Connection) -> None:
        annotations.rate(connection, ANYBODY, album, 4, Timestamp(1))
        # One listen that an app has told of under both ids.
        plays.record(connection, ANYBODY, [(i, Timestamp(8)) for i in (copy, original)], "app")
        bookmarks.save(connection, ANYBODY, copy, Milliseconds(99), "here", Timestamp(3))
        play_queue.save(connection, ANYBODY, queue)

    library.query(leave)
    shutil.rmtree(library.root / "Can")
    library.scan()
    moved = library.tracks()[COPY_1]
    assert (moved.id, moved.annotation.starred, moved.annotation.play_count) == (original, 5, 2)
    [shown] = [album for album in library.albums() if album.name == "Ege"]
    assert (shown.id, shown.annotation.starred, shown.annotation.rating) == (
        before[SONG_1][1],
        5,
        4,
    )
    assert _listed(library) == (original, original)
    marks = library.query(lambda c: bookmarks.load(c, ANYBODY))
    assert {name: (mark.position, mark.comment) for name, mark in marks.items()} == {
        original: (99, "here")
    }
    saved = library.query(lambda c: play_queue.load(c, ANYBODY))
    assert saved is not None
    assert saved.track_ids == (original, original)


def test_two_copies(library: ScannedLibrary, before: dict[str, tuple[str, str]]) -> None:
    _copy(library, "Moved/Ege")
    library.scan()
    _copy(library, "Second/Ege")
    library.scan()
    second = library.ids()["Second/Ege/01 Song 1.mp3"]
    shutil.rmtree(library.root / "Can")
    library.scan()
    after = library.ids()
    assert (after[COPY_1], after[COPY_2]) == (before[SONG_1], before[SONG_2])
    assert after["Second/Ege/01 Song 1.mp3"] == second


def test_songs_of_one_album_go_to_two(
    library: ScannedLibrary, before: dict[str, tuple[str, str]]
) -> None:
    """One of the two albums is the old one then."""
    for path in (SONG_1, SONG_2):
        target = library.root / f"Only {path[-5]}" / path.rpartition("/")[2]
        target.parent.mkdir()
        shutil.copyfile(library.root / path, target)
        tags = {"artist": "Can", "albumartist": "Can", "album": target.parent.name}
        write_tags(target, tags)
    library.scan()
    shutil.rmtree(library.root / "Can")
    library.scan()
    after = library.ids()
    assert {track for track, _ in after.values()} == {track for track, _ in before.values()}
    found = [album for album in library.albums() if album.name.startswith("Only")]
    assert [(album.name, album.track_count) for album in found] == [("Only 1", 1), ("Only 2", 1)]
    assert sum(album.id == before[SONG_1][1] for album in found) == 1


def test_copy_deleted_leaves_the_original(
    library: ScannedLibrary, before: dict[str, tuple[str, str]]
) -> None:
    _copy(library, "Moved/Ege")
    library.scan()
    shutil.rmtree(library.root / "Moved")
    assert library.scan().missing == 2
    assert library.ids() == before


def test_both_deleted(library: ScannedLibrary, before: dict[str, tuple[str, str]]) -> None:
    _copy(library, "Moved/Ege")
    library.scan()
    shutil.rmtree(library.root / "Moved")
    shutil.move(library.root / "Can", library.root.parent / "away")
    library.add("Neu/2.mp3")
    library.add("Neu/3.mp3")
    assert library.scan().missing == 4
    shutil.move(library.root.parent / "away", library.root / "Can")
    library.scan()
    assert before.items() <= library.ids().items()


@pytest.mark.parametrize("retag", [False, True], ids=["as it was", "retagged"])
def test_into_another_library(
    library: ScannedLibrary,
    before: dict[str, tuple[str, str]],
    tmp_path: Path,
    retag: bool,
) -> None:
    others = tmp_path / "others"
    shutil.copytree(library.root / "Can", others / "Can")
    if retag:
        for path in (others / "Can/Ege").iterdir():
            tags = {"artist": "Can", "album": "Ege Bamyasi", "title": path.stem}
            write_tags(path, tags)
    library.configured.append(("Others", others))
    library.scan()
    shutil.rmtree(library.root / "Can")
    library.scan()
    assert library.ids() == before
    assert {library.tracks()[path].library_id for path in (SONG_1, SONG_2)} == {2}
    assert [album.annotation.starred for album in library.albums() if "Ege" in album.name] == [10]
    library.scan(full=True)
    assert library.ids() == before


def test_part_of_an_album(library: ScannedLibrary, before: dict[str, tuple[str, str]]) -> None:
    """The song goes over to the copy; the album, of which there is something left, does not."""
    _copy(library, "Moved/Ege")
    library.scan()
    other_album = library.ids()[COPY_1][1]
    (library.root / SONG_1).unlink()
    library.scan()
    after = library.ids()
    assert after[COPY_1] == (before[SONG_1][0], other_album)
    assert after[SONG_2] == before[SONG_2]


def test_copy_that_comes_again_has_its_own_id(
    library: ScannedLibrary, before: dict[str, tuple[str, str]]
) -> None:
    _copy(library, "Moved/Ege")
    library.scan()
    copied = library.ids()[COPY_1]
    shutil.rmtree(library.root / "Can")
    library.scan()
    became = dict(zip(copied, before[SONG_1], strict=True))
    assert became.items() <= library.query(catalogue.successors).items()
    shutil.copytree(library.root / "Moved/Ege", library.root / "Can/Ege")
    library.scan()
    assert copied[0] not in library.query(catalogue.successors)
    after = library.ids()
    assert after[COPY_1] == before[SONG_1]
    assert after[SONG_1][0] == copied[0]
    assert after[SONG_1][1] != before[SONG_1][1]
