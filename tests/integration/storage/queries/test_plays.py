"""Listens on record: each counts once, on the track, the album and the artists."""

import pytest
from sqlalchemy import Connection, func, select

from hydrophone.domain.ids import UserId
from hydrophone.domain.music import Track
from hydrophone.domain.units import Timestamp
from hydrophone.storage.connection import transaction
from hydrophone.storage.queries import plays
from hydrophone.storage.queries.albums import ALBUMS
from hydrophone.storage.queries.artists import ARTISTS
from hydrophone.storage.queries.tracks import TRACKS
from hydrophone.storage.tables.playback import play
from hydrophone.testing.factories import fill_library, make_album, make_track


@pytest.fixture
def song(connection: Connection) -> Track:
    guest = make_album(artist="Guest").artists
    made = make_track(artist="Host", artists=make_album(artist="Host").artists + guest)
    with transaction(connection):
        fill_library(connection, [made])
    return made


def counts(connection: Connection, user_id: UserId, song: Track) -> list[tuple[int, int | None]]:
    track = TRACKS.one(connection, user_id, song.id)
    album = ALBUMS.one(connection, user_id, song.album_id)
    artists = [ARTISTS.one(connection, user_id, credit.id) for credit in song.artists]
    things = (track, album, *artists)
    assert None not in things
    return [(t.annotation.play_count, t.annotation.last_played) for t in things if t]


def test_a_listen_counts_on_all_that_it_is_of(
    connection: Connection, anna: UserId, song: Track
) -> None:
    """The artist who made both the track and the album has heard one listen, not two."""
    assert len(plays.record(connection, anna, [(song.id, Timestamp(10))], "DSub")) == 1
    assert counts(connection, anna, song) == [(1, 10)] * 4


def test_a_listen_told_twice_counts_once(connection: Connection, anna: UserId, song: Track) -> None:
    """An app that got no answer hands the same listen in again, maybe with a new one."""
    first, second = (song.id, Timestamp(10)), (song.id, Timestamp(11))
    assert len(plays.record(connection, anna, [first, first], "DSub")) == 1
    assert len(plays.record(connection, anna, [first], "Symfonium")) == 0
    assert counts(connection, anna, song) == [(1, 10)] * 4
    assert len(plays.record(connection, anna, [second, first], "DSub")) == 1
    assert counts(connection, anna, song) == [(2, 11)] * 4
    assert connection.execute(select(func.count()).select_from(play)).scalar_one() == 2


def test_a_listen_to_nothing_is_not_on_record(
    connection: Connection, anna: UserId, song: Track
) -> None:
    listens = [("tr-nothing", Timestamp(10)), (song.id, Timestamp(10))]
    assert len(plays.record(connection, anna, listens, "DSub")) == 1
    assert connection.execute(select(play.c.track_id)).scalars().all() == [song.id]
    assert len(plays.record(connection, anna, [], "DSub")) == 0
