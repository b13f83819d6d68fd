"""Artists as far as a user may see them."""

import pytest
from sqlalchemy import Connection, select

from hydrophone.domain.ids import ArtistId, LibraryId, UserId
from hydrophone.domain.units import Timestamp
from hydrophone.storage.connection import transaction
from hydrophone.storage.queries import annotations, artists, catalogue
from hydrophone.storage.tables.music import alias
from hydrophone.testing.factories import fill_library, make_album, make_artist, make_track

HOST, GUEST, FAR = (make_artist(name).id for name in ("Host", "Guest", "Far"))


@pytest.fixture(autouse=True)
def _library(connection: Connection) -> None:
    tracks = [
        make_track("One", artist="Host", album="A"),
        make_track("Two", artist="Host", album="B", library_id=LibraryId(2)),
        make_track(
            "Three",
            artist="Host",
            album="A",
            artists=make_album(artist="Guest").artists,
        ),
        make_track("Four", artist="Far", album="C", library_id=LibraryId(2)),
    ]
    with transaction(connection):
        fill_library(connection, tracks)


@pytest.mark.parametrize(
    ("libraries", "visible"),
    [
        ([1], {HOST, GUEST}),
        ([2], {HOST, FAR}),
        ([1, 2], {HOST, GUEST, FAR}),
        ([], set()),
        ([3], set()),
    ],
)
def test_only_who_is_in_these_libraries_is_there(
    connection: Connection, anna: UserId, libraries: list[int], visible: set[ArtistId]
) -> None:
    everybody = (HOST, GUEST, FAR)
    assert {i for i in everybody if artists.is_visible(connection, libraries, i)} == visible
    assert {i for i in everybody if artists.one(connection, anna, libraries, i)} == visible


def test_albums_are_counted_for_the_user_who_asks(connection: Connection, anna: UserId) -> None:
    for libraries, count in (([1], 1), ([2], 1), ([1, 2], 2)):
        host = artists.one(connection, anna, libraries, HOST)
        assert host is not None
        assert host.album_count == count
    guest = artists.one(connection, anna, [1], GUEST)
    assert guest is not None
    assert guest.album_count == 0


def test_an_old_id_leads_to_the_artist_it_was_merged_into(
    connection: Connection, anna: UserId
) -> None:
    annotations.star(connection, anna, [GUEST], Timestamp(3))
    with transaction(connection):
        catalogue.merge_artist(connection, GUEST, FAR)
        catalogue.merge_artist(connection, FAR, HOST)
    assert artists.by_name(connection, "guest") == []
    for identifier in (GUEST, FAR, HOST):
        found = artists.one(connection, anna, [1], identifier)
        assert found is not None
        assert (found.id, found.annotation.starred) == (HOST, 3)
    assert {row.new_id for row in connection.execute(select(alias))} == {HOST}


@pytest.mark.parametrize("name", ["Host", "HOST", " höst "])
def test_an_artist_by_name(connection: Connection, name: str) -> None:
    assert artists.by_name(connection, name) == [HOST]
