"""An album that is retagged one file after the other is the same album in the end."""

import shutil
from collections.abc import Sequence
from functools import partial

import pytest
from sqlalchemy import update

from hydrophone.domain.ids import ShareId
from hydrophone.domain.library import Page
from hydrophone.domain.share import Share
from hydrophone.domain.units import Timestamp
from hydrophone.scanner.scan import GRACE_MS
from hydrophone.storage.queries import annotations, catalogue, shares
from hydrophone.storage.tables.music import former_album
from hydrophone.testing.audio_tags import write_tags
from hydrophone.testing.scanned_library import ANYBODY, ScannedLibrary

FOLDER = "Can/Ege"
NEW = {"album": "Ege Bamyasi"}
Ids = dict[str, tuple[str, str]]


def _path(number: int, folder: str = FOLDER) -> str:
    return f"{folder}/{number:02} Song {number}.mp3"


def _retag(
    library: ScannedLibrary, *numbers: int, folder: str = FOLDER, album: str = "Ege", **changes: str
) -> None:
    for number in numbers:
        tags = {"artist": "Can", "albumartist": "Can", "album": album}
        tags |= {"title": f"Song {number}", "tracknumber": str(number)}
        write_tags(library.root / _path(number, folder), tags | changes)


def _retag_each(library: ScannedLibrary, numbers: Sequence[int], **changes: str) -> None:
    """Scan after each."""
    for number in numbers:
        _retag(library, number, **changes)
        library.scan()


def _albums(library: ScannedLibrary) -> dict[str, tuple[str, int, int | None]]:
    """Return {name: (id, tracks, when it was starred)}."""
    return {
        album.name: (album.id, album.track_count, album.annotation.starred)
        for album in library.albums()
    }


@pytest.fixture
def before(library: ScannedLibrary) -> Ids:
    """An album of four songs that was starred; {path: (track, album)}."""
    library.album(FOLDER, count=4)
    library.scan()
    library.star(library.the_album().id)
    return library.ids()


@pytest.mark.parametrize(
    ("changes", "first"),
    [
        (NEW, 1),
        (NEW, 2),
        (NEW, 3),
        ({"albumartist": "CAN (band)"}, 2),
        ({"albumversion": "Remaster"}, 2),
        ({"musicbrainz_albumid": "0bd97fd6-2a5c-4b7f-9b9a-3c8f9e1d2a3b"}, 2),
    ],
    ids=["first", "half", "all but one", "artist", "edition", "release"],
)
def test_retagged_in_several_scans(
    library: ScannedLibrary, before: Ids, changes: dict[str, str], first: int
) -> None:
    _retag(library, *range(1, first + 1), **changes)
    library.scan()
    interim = library.ids()[_path(1)][1]
    assert interim != before[_path(1)][1]
    assert library.ids()[_path(4)] == before[_path(4)]
    _retag_each(library, range(first + 1, 5), **changes)
    assert library.ids() == before
    album = library.the_album()
    assert (album.track_count, album.annotation.starred) == (4, 1)
    assert album.name == changes.get("album", "Ege")
    assert library.query(catalogue.successors) == {interim: album.id}
    library.scan(full=True)
    assert library.ids() == before


def test_what_was_left_on_it_meanwhile_is_merged(library: ScannedLibrary, before: Ids) -> None:
    album = before[_path(1)][1]
    library.query(lambda c: annotations.count_plays(c, ANYBODY, [(album, Timestamp(7))]))
    _retag_each(library, [1, 2], **NEW)
    interim = library.ids()[_path(1)][1]
    library.star(interim)
    library.query(lambda c: annotations.rate(c, ANYBODY, interim, 4, Timestamp(5)))
    library.query(lambda c: annotations.count_plays(c, ANYBODY, [(interim, Timestamp(9))]))
    _retag_each(library, [3, 4], **NEW)
    left = library.the_album().annotation
    assert (left.starred, left.rating, left.play_count, left.last_played) == (1, 4, 2, 9)


def test_last_one_is_deleted(library: ScannedLibrary, before: Ids) -> None:
    _retag(library, 1, 2, 3, **NEW)
    library.scan()
    (library.root / _path(4)).unlink()
    library.scan()
    assert library.ids() == {_path(number): before[_path(number)] for number in (1, 2, 3)}
    assert _albums(library) == {"Ege Bamyasi": (before[_path(1)][1], 3, 1)}


def test_what_went_before_does_not_count(library: ScannedLibrary, before: Ids) -> None:
    for number in (2, 3, 4):
        (library.root / _path(number)).unlink()
    library.add("Can/Ege/05 Song 5.mp3")
    _retag(library, 5)
    library.scan()
    _retag_each(library, [1, 5], **NEW)
    assert _albums(library) == {"Ege Bamyasi": (before[_path(1)][1], 2, 1)}


def test_discs_one_after_the_other(library: ScannedLibrary) -> None:
    folders = [f"{FOLDER}/CD{disc}" for disc in (1, 2)]
    for disc, folder in enumerate(folders, 1):
        library.album(folder)
        _retag(library, 1, 2, folder=folder, discnumber=str(disc))
    library.scan()
    before = library.ids()
    library.star(library.the_album().id)
    for disc, folder in enumerate(folders, 1):
        _retag(library, 1, 2, folder=folder, discnumber=str(disc), **NEW)
        library.scan()
    assert library.ids() == before
    assert library.the_album().annotation.starred


def test_moved_at_the_same_time(library: ScannedLibrary, before: Ids) -> None:
    target = "Can/Ege Bamyasi (1972)"
    (library.root / target).mkdir()
    for number in range(1, 5):
        (library.root / _path(number)).rename(library.root / _path(number, target))
        _retag(library, number, folder=target, **NEW)
        library.scan()
    assert library.ids() == {path.replace(FOLDER, target): ids for path, ids in before.items()}
    assert library.the_album().annotation.starred


def test_copied_and_deleted_file_by_file(library: ScannedLibrary, before: Ids) -> None:
    """So a move from one file system to another looks to a server that watches."""
    target = "Can/Ege Bamyasi (1972)"
    (library.root / target).mkdir()
    for number in range(1, 5):
        shutil.copyfile(library.root / _path(number), library.root / _path(number, target))
        _retag(library, number, folder=target, **NEW)
        library.scan()
        (library.root / _path(number)).unlink()
        library.scan()
    assert library.ids() == {path.replace(FOLDER, target): ids for path, ids in before.items()}
    assert library.the_album().annotation.starred


def test_there_and_back(library: ScannedLibrary, before: Ids) -> None:
    _retag_each(library, range(1, 5), **NEW)
    _retag_each(library, range(1, 5))
    assert library.ids() == before
    assert _albums(library) == {"Ege": (before[_path(1)][1], 4, 1)}


def test_another_title_on_the_way(library: ScannedLibrary, before: Ids) -> None:
    _retag_each(library, [1, 2], album="Ege Bamyassi")
    _retag_each(library, [1, 2, 3, 4], **NEW)
    assert library.ids() == before
    assert library.the_album().annotation.starred


def test_split_into_two(library: ScannedLibrary, before: Ids) -> None:
    """Of two halves the older is the album."""
    album = before[_path(1)][1]
    for number in range(1, 5):
        _retag_each(library, [number], album=f"Part {number % 2}")
    found = _albums(library)
    assert found.pop("Part 1") == (album, 2, 1)
    assert [(count, starred) for _, count, starred in found.values()] == [(2, None)]


def test_merge_of_two(library: ScannedLibrary, before: Ids) -> None:
    library.album("Can/Soon", count=2)
    library.scan()
    others = library.ids()
    for number in (1, 2):
        _retag(library, number, **NEW)
        _retag(library, number, folder="Can/Soon", tracknumber=str(number + 4), **NEW)
        library.scan()
    _retag_each(library, [3, 4], **NEW)
    album = library.the_album()
    assert album.track_count == 6
    old = {identifier for _, identifier in (*others.values(), *before.values())}
    assert album.id not in old
    # The ids of both go on working, and the star of the one is seen on what they have become.
    assert library.query(catalogue.successors) == dict.fromkeys(old, album.id)
    assert album.annotation.starred


def test_album_that_others_join_keeps_its_id(library: ScannedLibrary, before: Ids) -> None:
    library.album("Can/Soon", count=1)
    library.scan()
    soon = library.ids()[_path(1, "Can/Soon")][1]
    for number in range(1, 5):
        _retag_each(library, [number], album="Soon", tracknumber=str(number + 1))
    assert _albums(library) == {"Soon": (soon, 5, 1)}
    assert library.query(catalogue.successors) == {before[_path(1)][1]: soon}


def test_some_moved_for_good_and_the_rest_away_for_a_while(
    library: ScannedLibrary, before: Ids
) -> None:
    _retag_each(library, [1], album="A single")
    single = library.ids()[_path(1)][1]
    contents = {path: (library.root / path).read_bytes() for path in map(_path, (2, 3, 4))}
    for path in contents:
        (library.root / path).unlink()
    library.add("Neu/stays.mp3")
    assert library.scan().missing == 3
    assert _albums(library)["A single"] == (single, 1, None)
    for path, content in contents.items():
        (library.root / path).write_bytes(content)
    library.scan()
    assert _albums(library)["Ege"] == (before[_path(1)][1], 3, 1)


def test_after_the_time_of_grace_it_is_another(library: ScannedLibrary, before: Ids) -> None:
    _retag_each(library, [1, 2], **NEW)
    later = library.ids()[_path(1)][1]
    aged = update(former_album).values(since=former_album.c.since - GRACE_MS - 1)
    library.query(lambda connection: connection.execute(aged))
    library.scan()
    _retag_each(library, [3, 4], **NEW)
    # The rest has joined it, with the star.
    assert _albums(library) == {"Ege Bamyasi": (later, 4, 1)}
    assert library.query(catalogue.successors) == {before[_path(1)][1]: later}


def test_file_that_cannot_be_read_for_a_moment(library: ScannedLibrary, before: Ids) -> None:
    """It is still being written, and neither makes the album another nor stays another itself."""
    _retag_each(library, [1, 2], **NEW)
    _retag(library, 3, **NEW)
    path = library.root / _path(4)
    content = path.read_bytes()
    path.write_bytes(b"half of it")
    library.scan()
    path.write_bytes(content)
    library.scan()
    _retag_each(library, [4], **NEW)
    assert library.ids() == before
    assert library.the_album().annotation.starred


@pytest.mark.parametrize("at_once", [True, False], ids=["at once", "one after the other"])
def test_two_discs_joined_and_parted_again(library: ScannedLibrary, at_once: bool) -> None:
    folders = "Can/M1", "Can/M2"
    for folder in folders:
        library.album(folder)
    library.scan()
    before = library.ids()
    albums = [before[_path(1, folder)][1] for folder in folders]
    library.star(*albums)
    library.query(lambda c: annotations.rate(c, ANYBODY, albums[0], 4, Timestamp(1)))
    library.query(lambda c: annotations.rate(c, ANYBODY, albums[1], 3, Timestamp(1)))
    shared = {"one": (albums[1],), "both": tuple(albums), "turned": tuple(reversed(albums))}
    for name, items in shared.items():
        new = Share(id=ShareId(name), owner="", created=Timestamp(1), item_ids=items)
        library.query(partial(shares.add, owner_id=ANYBODY, new=new))
    for disc, folder in enumerate(folders, 1):
        _retag(library, 1, 2, folder=folder, album="M", discnumber=str(disc))
        if not at_once:
            library.scan()
    library.scan()
    joined = library.the_album()
    assert (joined.id, joined.track_count, joined.annotation.rating) == (albums[0], 4, 4)
    assert library.query(catalogue.successors) == {albums[1]: albums[0]}
    every = library.query(lambda c: shares.of_owner(c, ANYBODY, Page(size=9)))
    assert [one.item_ids for _, one in every] == [(albums[0],)] * len(shared)
    # What is taken away from what they have become does not come again by itself.
    library.query(lambda c: annotations.unstar(c, ANYBODY, albums))
    library.scan(full=True)
    assert library.the_album().annotation.starred is None
    library.star(*albums)
    for folder in folders:
        _retag(library, 1, 2, folder=folder, album=folder[-2:])
    library.scan()
    assert library.ids() == before
    assert [album.annotation.rating for album in library.albums()] == [4, 3]
    assert library.query(catalogue.successors) == {}


@pytest.mark.parametrize("first", [2, 3])
def test_bonus_track_comes_on_the_way(library: ScannedLibrary, before: Ids, first: int) -> None:
    _retag(library, 1, 2, **NEW)
    if first == 2:
        library.scan()
    tags = {"artist": "Can", "albumartist": "Can", **NEW, "title": "Bonus", "tracknumber": "5"}
    library.add(f"{FOLDER}/05 Bonus.mp3", tags=tags)
    if first == 3:
        library.scan()
    _retag(library, 3, 4, **NEW)
    library.scan()
    assert before.items() <= library.ids().items()
    album = library.the_album()
    assert (album.id, album.track_count, album.annotation.starred) == (before[_path(1)][1], 5, 1)
