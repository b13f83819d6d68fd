"""Playlists keep the order and the duplicates that their owner gave them."""

from collections.abc import Sequence

import pytest
from sqlalchemy import Connection, select

from hydrophone.domain.ids import MOSAIC, ArtworkId, PlaylistId, UserId, make_id
from hydrophone.domain.library import Page
from hydrophone.domain.playlist import Extent, Playlist
from hydrophone.domain.units import Seconds, Timestamp
from hydrophone.storage.connection import transaction
from hydrophone.storage.queries import playlists
from hydrophone.storage.tables.music import track
from hydrophone.storage.tables.playlist import playlist_track
from hydrophone.testing.factories import fill_library, make_track

EVENING = PlaylistId("pl-evening")
ONE = make_track("One", duration=Seconds(100.0))
TWO = make_track("Two", duration=Seconds(20.5), artwork_id=ArtworkId("im-two"))


@pytest.fixture(autouse=True)
def _library(connection: Connection) -> None:
    with transaction(connection):
        fill_library(connection, [ONE, TWO])


def put(
    connection: Connection,
    owner: UserId,
    *tracks: str,
    identifier: PlaylistId = EVENING,
    name: str = "Evening",
    is_public: bool = False,
    now: int = 5,
) -> None:
    playlists.put(
        connection,
        identifier,
        owner,
        name=name,
        comment="",
        is_public=is_public,
        tracks=tracks,
        now=Timestamp(now),
    )


def track_ids(connection: Connection) -> list[str]:
    return list(playlists.track_ids(connection, EVENING))


def listed(connection: Connection, user_id: UserId) -> Playlist:
    [found] = playlists.visible(connection, user_id, Page())
    return found


def extent(connection: Connection, libraries: Sequence[int] = (1,)) -> Extent | None:
    return playlists.extents(connection, [EVENING], libraries).get(EVENING)


def one(connection: Connection) -> Playlist:
    found = playlists.one(connection, EVENING)
    assert found is not None
    return found[1]


def test_order_and_duplicates_are_kept(connection: Connection, anna: UserId) -> None:
    wanted = [TWO.id, ONE.id, TWO.id, "tr-gone", TWO.id]
    put(connection, anna, *wanted)
    assert track_ids(connection) == wanted
    put(connection, anna, *reversed(wanted))
    assert track_ids(connection) == wanted[::-1]
    put(connection, anna)
    assert track_ids(connection) == []


def test_a_playlist_says_what_is_in_it(connection: Connection, anna: UserId) -> None:
    put(connection, anna, ONE.id, TWO.id, ONE.id, "tr-gone")
    assert listed(connection, anna) == Playlist(
        id=EVENING,
        name="Evening",
        owner="Anna",
        track_count=0,
        duration=Seconds(0),
        created=Timestamp(5),
        changed=Timestamp(5),
        picture_id=make_id(MOSAIC, EVENING, "5"),
    )
    assert extent(connection) == Extent(track_count=3, duration=Seconds(220.5))


def test_an_empty_playlist_is_one_too(connection: Connection, anna: UserId) -> None:
    put(connection, anna)
    assert listed(connection, anna).id == EVENING
    assert extent(connection) is None


def test_only_what_is_shown_counts(connection: Connection, anna: UserId) -> None:
    """Hidden tracks and those of other libraries are in nobody's answer, nor in its sums."""
    far = make_track("Far", album="Else", library_id=2)
    with transaction(connection):
        fill_library(connection, [far])
        connection.execute(track.update().where(track.c.id == TWO.id).values(hidden=True))
    put(connection, anna, TWO.id, ONE.id, far.id, "tr-gone", ONE.id)
    for libraries, shown in (([1], {ONE.id}), ([1, 2], {ONE.id, far.id}), ([], set())):
        stored = playlists.entries(connection, EVENING, libraries)
        assert stored == [(t, t in shown) for t in track_ids(connection)]
        counted = extent(connection, libraries)
        assert (counted.track_count if counted else 0) == sum(s for _, s in stored)
    assert extent(connection) == Extent(track_count=2, duration=Seconds(200.0))


def test_a_change_keeps_owner_and_date_of_creation(
    connection: Connection, anna: UserId, ben: UserId
) -> None:
    put(connection, anna, ONE.id)
    put(connection, ben, TWO.id, name="Night", is_public=True, now=9)
    assert track_ids(connection) == [TWO.id]
    changed = one(connection)
    assert (changed.name, changed.owner, changed.is_public) == ("Night", "Anna", True)
    assert (changed.created, changed.changed) == (5, 9)


def test_everybody_sees_his_own_and_public_ones(
    connection: Connection, anna: UserId, ben: UserId
) -> None:
    lists = (("pl-1", "b", False), ("pl-2", "A", False), ("pl-3", "C", True))
    for identifier, name, is_public in lists:
        put(connection, anna, identifier=PlaylistId(identifier), name=name, is_public=is_public)
    put(connection, ben, identifier=PlaylistId("pl-4"), name="aa")
    assert [found.name for found in playlists.visible(connection, anna, Page())] == [
        "A",
        "b",
        "C",
    ]
    assert [found.name for found in playlists.visible(connection, ben, Page())] == ["aa", "C"]
    hers = playlists.all_of(connection, "anna", Page())
    assert [found.name for found in hers] == ["A", "b", "C"]
    second = playlists.visible(connection, anna, Page(offset=1, size=1))
    assert [found.name for found in second] == ["b"]


def test_a_deleted_playlist_leaves_nothing(connection: Connection, anna: UserId) -> None:
    put(connection, anna, ONE.id, TWO.id)
    playlists.delete(connection, EVENING)
    assert playlists.one(connection, EVENING) is None
    assert connection.execute(select(playlist_track)).all() == []


def test_says_what_is_behind_two_that_follow_each_other(
    connection: Connection, anna: UserId, ben: UserId
) -> None:
    lists = {"pl-1": ("a", "b", "c", "a", "b", "d"), "pl-2": ("b", "a", "e", "f"), "pl-3": ("x",)}
    for now, (identifier, tracks) in enumerate(lists.items()):
        put(connection, anna, *tracks, identifier=PlaylistId(identifier), now=now)
    put(connection, ben, "b", "a", "g", identifier=PlaylistId("pl-4"), is_public=True, now=9)
    assert playlists.behind(connection, anna, "a", "b", 2) == ("c", "a")
    # Her own go before others', and for others hers are not there.
    assert playlists.behind(connection, anna, "b", "a", 5) == ("e", "f")
    assert playlists.behind(connection, ben, "b", "a", 5) == ("g",)
    assert playlists.behind(connection, ben, "a", "b", 5) == ()
    # Not one behind the other, and nothing behind the last.
    assert playlists.behind(connection, anna, "b", "e", 5) == ()
    assert playlists.behind(connection, anna, "b", "d", 5) == ()
