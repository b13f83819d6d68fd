"""What a later scan reads again, and what it makes of files that have changed."""

import os
import shutil
from functools import partial
from pathlib import Path

import pytest

from hydrophone.domain.music import Disc
from hydrophone.storage.queries import artwork, counters
from hydrophone.storage.queries.tracks import TRACKS
from hydrophone.testing.audio_files import make_picture
from hydrophone.testing.audio_tags import write_tags
from hydrophone.testing.scanned_library import ANYBODY, ScannedLibrary

SONG_1 = "Can/Ege/01 Song 1.mp3"
SONG_2 = "Can/Ege/02 Song 2.mp3"
CAN = {"artist": "Can", "albumartist": "Can", "album": "Ege"}


def test_nothing_is_read_when_nothing_has_changed(library: ScannedLibrary) -> None:
    library.album("Can/Ege")
    (library.root / "Can/Ege/cover.jpg").write_bytes(make_picture())
    library.scan()
    before = library.tracks(), library.albums(), library.artists()
    summary = library.scan()
    assert (summary.found, summary.unchanged) == (2, 2)
    assert (summary.added, summary.changed, summary.moved, summary.missing) == (0, 0, 0, 0)
    assert library.files_read() == 0
    assert (library.tracks(), library.albums(), library.artists()) == before


def test_servers_and_apps_are_told_of_a_change_only_when_there_is_one(
    library: ScannedLibrary,
) -> None:
    library.album("Can/Ege")
    library.scan()
    before = library.query(counters.values)
    library.scan()
    assert library.query(counters.values) == before
    library.album("Neu/Neu")
    library.scan()
    assert library.query(counters.values) != before


def test_full_reads_everything_and_changes_nothing(library: ScannedLibrary) -> None:
    library.album("Can/Ege", count=3)
    library.scan()
    before = library.tracks(), library.albums()
    summary = library.scan(full=True)
    assert library.files_read() == 3
    assert (summary.changed, summary.unchanged, summary.added, summary.moved) == (3, 0, 0, 0)
    assert (library.tracks(), library.albums()) == before


def test_retagged_file_alone_is_read(library: ScannedLibrary) -> None:
    library.album("Can/Ege", count=3)
    library.scan()
    before = library.ids()
    write_tags(library.root / SONG_1, CAN | {"title": "Pinch", "tracknumber": "1"})
    summary = library.scan()
    assert (summary.changed, summary.unchanged, library.files_read()) == (1, 2, 1)
    assert library.ids() == before
    assert library.tracks()[SONG_1].title == "Pinch"
    assert library.the_album().track_count == 3


def test_siblings_are_read_where_only_they_tell_whose_album_it_is(library: ScannedLibrary) -> None:
    tags = {"artist": "Ana", "album": "May"}
    for number in (1, 2, 3):
        library.add(f"May/{number}.mp3", tags=tags | {"title": f"{number}"})
    library.scan()
    before = library.ids()
    album = library.the_album()
    library.star(album.id)

    write_tags(library.root / "May/2.mp3", tags | {"artist": "Bob", "title": "2"})
    summary = library.scan()

    assert library.files_read() == 4
    assert (summary.changed, summary.unchanged, summary.added, summary.moved) == (1, 2, 0, 0)
    assert library.ids() == before
    assert library.the_album().display_artist == "Various Artists"
    assert library.the_album().annotation.starred
    write_tags(library.root / "May/2.mp3", tags | {"title": "2"})
    library.scan()
    assert library.ids() == before
    assert library.the_album().display_artist == "Ana"


@pytest.mark.parametrize(
    "more",
    [
        {"albumartist": "Ana & Bob"},
        {
            "albumartist": "Ana",
            "musicbrainz_albumid": "0bd97fd6-2a5c-4b7f-9b9a-3c8f9e1d2a3b",
        },
    ],
    ids=["artist", "release"],
)
@pytest.mark.parametrize("is_new", [False, True], ids=["retagged", "new"])
def test_file_that_tells_more_than_the_others_stays_with_them(
    library: ScannedLibrary, more: dict[str, str], is_new: bool
) -> None:
    tags = {"artist": "Ana", "album": "May"}
    for number in (1, 2, 3):
        library.add(f"May/{number}.mp3", tags=tags | {"title": f"{number}"})
    library.scan()
    album = library.the_album()
    library.star(album.id)
    last = f"May/{4 if is_new else 2}.mp3"
    if is_new:
        library.add(last, tags=tags | more)
    else:
        write_tags(library.root / last, tags | more | {"title": "2"})
    library.scan()
    after = library.the_album()
    assert (after.id, after.track_count, after.annotation.starred) == (album.id, 3 + is_new, 1)
    ids = library.ids()
    library.scan(full=True)
    assert library.ids() == ids


def test_retagged_file_whose_times_were_set_back_is_seen(library: ScannedLibrary) -> None:
    library.album("Can/Ege", title="Pinch")
    path = library.root / SONG_1
    library.scan()
    status = path.stat()
    path.write_bytes(path.read_bytes().replace(b"Song 1", b"Song I"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (status.st_size, status.st_mtime_ns)
    assert library.scan().changed == 1
    assert library.tracks()[SONG_1].title == "Song I"


def test_new_file_joins_its_album(library: ScannedLibrary) -> None:
    library.album("Can/Ege")
    library.scan()
    album = library.the_album()
    library.add("Can/Ege/03.mp3", tags=CAN | {"title": "Vitamin C", "tracknumber": "3"})
    summary = library.scan()
    assert (summary.added, summary.unchanged, summary.changed) == (1, 2, 0)
    assert library.the_album().id == album.id
    assert library.the_album().track_count == 3
    assert library.the_album().duration > album.duration


@pytest.mark.parametrize("suffix", ["flac", "mp3"])
def test_new_file_joins_the_album_in_its_folder(library: ScannedLibrary, suffix: str) -> None:
    """A bonus track, of an album that is there twice."""
    for kind in ("flac", "mp3"):
        for number in ("1", "2"):
            library.add(f"Ege/{kind}/{number}.{kind}", tags=CAN | {"tracknumber": number})
    library.scan()
    before = library.ids()
    library.add(f"Ege/{suffix}/3.{suffix}", tags=CAN | {"tracknumber": "3"})
    library.scan()
    after = library.ids()
    assert after[f"Ege/{suffix}/3.{suffix}"][1] == before[f"Ege/{suffix}/1.{suffix}"][1]
    library.scan(full=True)
    assert library.ids() == after


def test_album_that_is_moved_in_part_is_whole_again(library: ScannedLibrary) -> None:
    """One song was moved, and one copied and deleted later, which made an album of its own."""
    first, second, _ = library.album("Can/Ege", count=3)
    library.scan()
    album = library.the_album().id
    new = library.root / "New"
    new.mkdir()
    first.rename(new / first.name)
    library.scan()
    shutil.copy2(second, new)
    library.scan()
    second.unlink()
    library.scan()
    library.scan(full=True)
    assert {found for _, found in library.ids().values()} == {album}


def test_removed_file_is_missing_until_it_comes_back(
    library: ScannedLibrary, tmp_path: Path
) -> None:
    library.album("Can/Ege")
    library.scan()
    track = library.tracks()[SONG_1]
    library.star(track.id)
    (library.root / SONG_1).rename(tmp_path / "away.mp3")

    summary = library.scan()
    assert (summary.missing, summary.found) == (1, 1)
    assert set(library.tracks()) == {SONG_2}
    assert library.the_album().track_count == 1
    # The row stays and so does what users wrote on it.
    row = library.query(lambda connection: TRACKS.one(connection, ANYBODY, track.id))
    assert row is not None
    assert row.annotation.starred
    assert library.scan().missing == 0

    (tmp_path / "away.mp3").rename(library.root / SONG_1)
    summary = library.scan()
    assert (summary.added, summary.moved) == (0, 1)
    assert library.tracks()[SONG_1].id == track.id
    assert library.tracks()[SONG_1].annotation.starred
    assert library.the_album().track_count == 2


def test_album_and_artist_without_files_are_hidden(library: ScannedLibrary, tmp_path: Path) -> None:
    library.album("Can/Ege")
    library.album("Neu/75")
    library.scan()
    album = next(album for album in library.albums() if album.name == "Ege")
    (library.root / "Can").rename(tmp_path / "Can")
    assert library.scan().missing == 2
    assert [album.name for album in library.albums()] == ["75"]
    assert set(library.artists()) == {"Neu"}
    (tmp_path / "Can").rename(library.root / "Can")
    library.scan()
    assert [found.id for found in library.albums() if found.name == "Ege"] == [album.id]
    assert set(library.artists()) == {"Can", "Neu"}


def test_new_cover_is_shown_by_album_and_tracks(library: ScannedLibrary) -> None:
    library.album("Can/Ege")
    library.scan()
    cover = library.root / "Can/Ege/cover.jpg"
    seen: list[str | None] = [None]
    for color in ("red", "blue", ""):
        if color:
            cover.write_bytes(make_picture(color=color))
        else:
            cover.unlink()
        summary = library.scan()
        assert (summary.unchanged, library.files_read()) == (2, 0)
        artwork_id = library.the_album().artwork_id
        assert {track.artwork_id for track in library.tracks().values()} == {artwork_id}
        assert artwork_id != seen[-1]
        seen.append(artwork_id)
    assert seen[-1] is None


def test_cover_above_the_discs_is_shown_when_it_comes(library: ScannedLibrary) -> None:
    for disc in (1, 2):
        library.add(f"Can/Ege/CD{disc}/1.mp3", tags=CAN | {"title": f"{disc}"})
    library.scan()
    assert library.the_album().artwork_id is None
    (library.root / "Can/Ege/cover.jpg").write_bytes(make_picture())
    library.scan()
    assert library.the_album().artwork_id is not None
    assert {track.artwork_id for track in library.tracks().values()} == {
        library.the_album().artwork_id
    }


def test_picture_is_found_in_another_file_when_its_own_is_gone(library: ScannedLibrary) -> None:
    picture = make_picture()
    for number in (1, 2, 3):
        tags = CAN | {"title": f"{number}", "tracknumber": f"{number}"}
        library.add(f"Can/Ege/{number}.mp3", tags=tags, picture=picture)
    library.add("Neu/1.mp3", tags=CAN | {"album": "Other", "title": "x"})
    (library.root / "Neu/cover.jpg").write_bytes(picture)
    library.scan()
    places = []
    for _ in range(3):
        artwork_id = library.albums()[0].artwork_id
        assert artwork_id is not None
        place = library.query(partial(artwork.location, artwork_id=artwork_id))
        assert place is not None
        path = library.root / place[1]
        assert path.exists()
        places.append(place[1])
        if path.suffix == ".mp3":
            write_tags(path, CAN | {"title": path.stem, "tracknumber": path.stem})
        else:
            path.unlink()
        library.scan()
    assert len(set(places)) == 3


def test_titles_of_discs_follow_the_tags(library: ScannedLibrary) -> None:
    def tag(disc: int, number: int, title: str) -> dict[str, str]:
        tags = CAN | {"discnumber": f"{disc}", "tracknumber": f"{number}", "title": f"{number}"}
        return tags | ({"discsubtitle": title} if title else {})

    paths = {
        (disc, number): library.add(
            f"Can/Ege/{disc}-{number}.mp3", tags=tag(disc, number, f"D{disc}")
        )
        for disc in (1, 2)
        for number in (1, 2)
    }
    library.scan()
    assert library.the_album().discs == (Disc(number=1, title="D1"), Disc(number=2, title="D2"))
    # One file of a disc tells nothing of the other disc, and cannot take its own disc's title.
    write_tags(paths[1, 1], tag(1, 1, ""))
    library.scan()
    assert library.the_album().discs == (Disc(number=1, title="D1"), Disc(number=2, title="D2"))
    for number in (1, 2):
        write_tags(paths[1, number], tag(1, number, ""))
    library.scan()
    assert library.the_album().discs == (Disc(number=2, title="D2"),)
    write_tags(paths[2, 2], tag(2, 2, "New"))
    library.scan()
    assert library.the_album().discs == (Disc(number=2, title="New"),)
    for number in (1, 2):
        paths[2, number].unlink()
    library.scan()
    assert library.the_album().discs == ()


def test_part_of_an_album_that_is_retagged_leaves_it(library: ScannedLibrary) -> None:
    """Although the tagger has rewritten all files, those that stay keep the album."""
    paths = library.album("Can/Ege", count=4)
    library.scan()
    album = library.the_album()
    for number, path in enumerate(paths, start=1):
        title = "Another" if number == 1 else "Ege"
        tags = CAN | {"album": title, "title": f"Song {number}", "tracknumber": f"{number}"}
        write_tags(path, tags | {"comment": "new"})
    library.scan()
    another, ege = library.albums()
    assert (another.name, another.track_count) == ("Another", 1)
    assert (ege.name, ege.track_count) == ("Ege", 3)
    assert ege.id == album.id


def test_disc_that_is_retagged_leaves_its_album(library: ScannedLibrary) -> None:
    def tag(disc: int, album: str, comment: str) -> None:
        tags = CAN | {"album": album, "title": f"{disc}", "tracknumber": "1", "comment": comment}
        write_tags(library.root / f"Can/Ege/CD{disc}/1.mp3", tags)

    for disc in (1, 2):
        library.add(f"Can/Ege/CD{disc}/1.mp3")
        tag(disc, "Ege", "")
    library.scan()
    assert library.the_album().track_count == 2
    tag(1, "Another", "")
    tag(2, "Ege", "changed, too")
    library.scan()
    for _ in range(2):
        assert {(album.name, album.track_count) for album in library.albums()} == {
            ("Another", 1),
            ("Ege", 1),
        }
        assert len({album.id for album in library.albums()}) == 2
        library.scan(full=True)
