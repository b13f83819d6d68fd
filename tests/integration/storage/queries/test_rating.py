"""Averages of what all users have rated."""

import pytest
from sqlalchemy import Connection

from hydrophone.domain.annotation import UNTOUCHED
from hydrophone.domain.ids import UserId
from hydrophone.domain.units import Timestamp
from hydrophone.domain.user import Roles
from hydrophone.storage.queries import annotations, users
from hydrophone.storage.queries.albums import ALBUMS
from hydrophone.storage.queries.marks import ALBUM_MARKS
from hydrophone.storage.queries.tracks import TRACKS
from hydrophone.testing.factories import fill_library, make_track


@pytest.fixture
def ben(connection: Connection) -> UserId:
    return users.add(connection, "Ben", "no hash", Roles(), Timestamp(2))


def test_everybody_sees_the_average_and_his_own(
    connection: Connection, anna: UserId, ben: UserId
) -> None:
    carl = users.add(connection, "Carl", "no hash", Roles(), Timestamp(2))
    track = make_track("Jóga", artist="Björk")
    fill_library(connection, [track])
    annotations.rate(connection, anna, track.id, 5, Timestamp(1))
    annotations.rate(connection, ben, track.id, 4, Timestamp(1))
    annotations.star(connection, carl, [track.id], Timestamp(3))
    annotations.rate(connection, carl, track.album_id, 2, Timestamp(1))

    def shown(user_id: UserId) -> tuple[int, float]:
        found = TRACKS.one(connection, user_id, track.id)
        assert found is not None
        return found.annotation.rating, found.average_rating

    # Who has not rated it does not count.
    assert list(map(shown, (anna, ben, carl))) == [(5, 4.5), (4, 4.5), (0, 4.5)]
    annotations.rate(connection, carl, track.id, 1, Timestamp(1))
    assert shown(carl) == (1, 3.33)
    for user_id in (anna, ben, carl):
        annotations.rate(connection, user_id, track.id, 0, Timestamp(1))
    assert shown(anna) == (0, 0)


def test_who_has_no_traces_sees_the_average(
    connection: Connection, anna: UserId, ben: UserId
) -> None:
    track = make_track("Jóga", artist="Björk")
    fill_library(connection, [track])
    annotations.rate(connection, anna, track.album_id, 3, Timestamp(1))
    album = ALBUMS.one(connection, ben, track.album_id)
    assert album is not None
    assert (album.annotation, album.average_rating) == (UNTOUCHED, 3.0)
    [row] = ALBUMS.plain(connection, 2**62, 1)
    assert ALBUM_MARKS.rated(connection, "") == ((track.album_id, row, 3.0),)
    assert ALBUM_MARKS.rated(connection, track.album_id) == ()
    users.remove(connection, anna)
    assert ALBUM_MARKS.rated(connection, "") == ()


def test_averages_are_read_from_the_index_of_ratings_alone(connection: Connection) -> None:
    """Of a thousand plays and stars none may be looked at for it."""
    statement = TRACKS.select(UserId(1)).compile(connection, compile_kwargs={"literal_binds": True})
    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")
    steps = [row[3] for row in plan]
    assert any("USING COVERING INDEX ix_annotation_rated (item_id=?" in step for step in steps)
