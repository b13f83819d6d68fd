"""What sources have shown of an artist who turns out to be another."""

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection, insert, select

from hydrophone.domain.ids import ArtistId, UserId
from hydrophone.domain.library import Library
from hydrophone.domain.remote import RemoteAlbum, RemoteArtist, RemoteTrack
from hydrophone.domain.units import Seconds, Timestamp
from hydrophone.services.remote_music import Conversion
from hydrophone.storage.connection import transaction
from hydrophone.storage.queries import (
    libraries,
    remote,
    remote_credits,
    remote_origins,
    remote_writing,
    shown_recordings,
)
from hydrophone.storage.queries.remote import Found, FoundTrack
from hydrophone.storage.tables.music import alias
from hydrophone.storage.tables.remote import remote_artist, remote_track_key

NEW = ArtistId("ar-identified")


@pytest.fixture
def source(connection: Connection) -> Library:
    with transaction(connection):
        return libraries.register_source(connection, "archive", "Archive")


@pytest.fixture
def shown(connection: Connection, source: Library) -> FoundTrack:
    """A track by the guest on an album of the host, of whom just the guest can be asked for."""
    conversion = Conversion(source, {})
    guest = RemoteArtist(native_id="guest", name="Guest")
    album = conversion.album(
        RemoteAlbum(native_id="album", title="Album", artists=(RemoteArtist(name="Host"),))
    )
    track = conversion.track(
        RemoteTrack(native_id="song", title="Song", artists=(guest,), duration=Seconds(60.0)), album
    )
    with transaction(connection):
        found = Found(artists=(conversion.artist(guest),), albums=(album,), tracks=(track,))
        remote_writing.put(connection, source.id, found, Timestamp(1))
    return track


def merge(connection: Connection, old: ArtistId) -> None:
    with transaction(connection):
        remote_credits.merge(connection, old, NEW)
        connection.execute(insert(alias).values(old_id=old, new_id=NEW))


def test_all_of_it_is_the_others(
    connection: Connection, source: Library, shown: FoundTrack
) -> None:
    guest = shown.track.artists[0].id
    merge(connection, guest)
    found = remote.artist_one(connection, [source.id], NEW)
    assert found is not None
    assert (found.id, found.name) == (NEW, "Guest")
    (origin,) = remote_origins.artist_origins(connection, [source.id], NEW)
    assert origin.native_id == "guest"
    assert remote.artist_one(connection, [source.id], guest) is None
    (song,) = remote.TRACKS.by_ids(connection, UserId(1), [shown.track.id]).values()
    assert song.artists[0].id == NEW
    assert shown_recordings.alike(connection, [song]) == (
        replace(song, annotation=song.annotation),
    )
    keys = connection.execute(select(remote_track_key.c.key)).scalars().all()
    assert not [key for key in keys if key.startswith(guest)]
    assert remote_credits.shown(connection, [guest, NEW]) == {NEW}
    assert remote_credits.present_ids(connection, [guest, "ar-other"]) == {guest: NEW}


def test_his_albums_come_with_him(
    connection: Connection, source: Library, shown: FoundTrack
) -> None:
    merge(connection, shown.track.album_artists[0].id)
    (album,) = remote.albums_of_artist(connection, UserId(1), [source.id], NEW)
    assert [credit.id for credit in album.artists] == [NEW]
    (song,) = remote.TRACKS.by_ids(connection, UserId(1), [shown.track.id]).values()
    assert song.album_artists[0].id == NEW
    assert song.artists == shown.track.artists


@pytest.mark.parametrize("native_id", ["", "asked"])
def test_who_can_be_asked_for_stays(
    connection: Connection, source: Library, shown: FoundTrack, native_id: str
) -> None:
    with transaction(connection):
        connection.execute(
            insert(remote_artist).values(
                id=NEW, library_id=source.id, native_id=native_id, artwork_url="", seen=1,
                document=f'{{"id":"{NEW}","name":"Identified"}}',
            )
        )  # fmt: skip
    merge(connection, shown.track.artists[0].id)
    (origin,) = remote_origins.artist_origins(connection, [source.id], NEW)
    assert origin.native_id == (native_id or "guest")
