"""The rows that other tests are made of are such as the scanner writes."""

from sqlalchemy import Connection

from hydrophone.domain.ids import LibraryId, UserId, kind_of
from hydrophone.storage.connection import transaction
from hydrophone.storage.queries import folders, tracks
from hydrophone.storage.queries.albums import ALBUMS
from hydrophone.storage.queries.artists import ARTISTS
from hydrophone.storage.queries.tracks import TRACKS, LocalFile
from hydrophone.testing.factories import fill_library, make_album, make_artist, make_track


def test_a_library_is_filled_as_by_a_scan(connection: Connection, anna: UserId) -> None:
    song = make_track("Jóga", artist="Björk", album="Homogenic")
    other = make_track("AC/DC", library_id=LibraryId(2))
    with transaction(connection):
        fill_library(connection, [song, make_track("Bachelorette", artist="Björk"), other])
        fill_library(connection, [song])
    assert TRACKS.one(connection, anna, song.id) == song
    assert kind_of(song.id) == "tr"
    assert ALBUMS.one(connection, anna, song.album_id) == make_album(
        "Homogenic", artist="Björk", folder_id=song.folder_id
    )
    assert ARTISTS.one(connection, anna, song.artists[0].id) == make_artist("Björk")
    assert tracks.local_file(connection, song.id) == LocalFile(
        library_id=LibraryId(1), path="Björk/Homogenic/Jóga.flac", start=None
    )
    folder = folders.one(connection, [1], song.folder_id)
    assert folder is not None
    assert folder.name == "Homogenic"
    assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []


def test_one_keyword_varies_a_thing() -> None:
    assert make_track("Song", year=1997).year == 1997
    assert make_album("Album", year=1997).name == "Album"
    assert make_artist("Artist", sort_name="A").sort_name == "A"
