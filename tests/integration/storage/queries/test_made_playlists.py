"""What is in the playlists that the server makes."""

import pytest
from sqlalchemy import Connection, select

from hydrophone.domain.ids import LibraryId, PlaylistId, UserId
from hydrophone.domain.made_playlist import MadeKind
from hydrophone.domain.units import Timestamp
from hydrophone.storage.connection import transaction
from hydrophone.storage.queries import annotations, made_playlists, playlists
from hydrophone.storage.tables.cache import cached_file, keep, kept_playlist
from hydrophone.storage.tables.origin import origin
from hydrophone.storage.tables.playback import play
from hydrophone.testing.factories import fill_library, make_track

DAY = 24 * 60 * 60 * 1000
NOW = Timestamp(100 * DAY)
SONGS = [make_track(name, album=name) for name in "ABCDEF"]
A, B, C, D, E, F = SONGS


@pytest.fixture(autouse=True)
def _library(connection: Connection) -> None:
    """There are copies of all but the last."""
    with transaction(connection):
        fill_library(connection, SONGS)
        for song in SONGS[:-1]:
            row = connection.execute(
                select(origin.c.row).where(origin.c.track_id == song.id)
            ).scalar_one()
            connection.execute(
                cached_file.insert().values(
                    origin_row=row,
                    track_id=song.id,
                    source="test",
                    representation="",
                    etag="",
                    content_type="audio/flac",
                    created=7,
                    used=0,
                )
            )


def chosen(connection: Connection, kind: MadeKind, user_id: UserId) -> tuple[list[str], int]:
    found = made_playlists.chosen(connection, kind, user_id, [LibraryId(1)], NOW)
    titles: dict[str, str] = {song.id: song.title for song in SONGS}
    return [titles[identifier] for identifier in found.track_ids], found.changed


def test_what_is_kept_comes_by_when_it_was_wanted(
    connection: Connection, anna: UserId, ben: UserId
) -> None:
    annotations.star(connection, anna, [A.id], Timestamp(30))
    annotations.star(connection, anna, [B.album_id], Timestamp(40))
    # Twice wanted, for the later reason.
    annotations.star(connection, anna, [B.id], Timestamp(10))
    annotations.star(connection, anna, [F.id], Timestamp(90))
    annotations.star(connection, ben, [D.album_id], Timestamp(45))
    annotations.star(connection, ben, [C.id], Timestamp(50))
    connection.execute(keep.insert().values(user_id=anna, track_id=E.id, created=35))
    assert chosen(connection, MadeKind.RECENTLY_KEPT, anna) == (["B", "E", "A"], 40)
    assert chosen(connection, MadeKind.RECENTLY_KEPT, ben) == (["C", "D"], 50)
    annotations.unstar(connection, anna, [A.id, B.album_id])
    assert chosen(connection, MadeKind.RECENTLY_KEPT, anna) == (["E", "B"], 35)


def test_all_of_a_kept_playlist_is_kept(connection: Connection, anna: UserId, ben: UserId) -> None:
    evening = PlaylistId("pl-evening")
    playlists.put(
        connection,
        evening,
        anna,
        name="Evening",
        comment="",
        is_public=True,
        tracks=[A.id, F.id, C.id],
        now=NOW,
    )
    assert chosen(connection, MadeKind.RECENTLY_KEPT, anna) == ([], 0)
    connection.execute(kept_playlist.insert().values(playlist_id=evening, created=1))
    found, changed = chosen(connection, MadeKind.RECENTLY_KEPT, anna)
    assert (set(found), changed) == ({"A", "C"}, 7)
    assert chosen(connection, MadeKind.RECENTLY_KEPT, ben) == ([], 0)


def test_most_played_is_by_the_plays_of_a_week(
    connection: Connection, anna: UserId, ben: UserId
) -> None:
    heard = [(anna, A, 1), (anna, A, 8), (anna, A, 9), (anna, B, 2), (anna, B, 3), (anna, C, 6)]
    for number, (user_id, song, days) in enumerate([*heard, (ben, D, 1), (anna, C, -1)]):
        connection.execute(
            play.insert().values(
                user_id=user_id, track_id=song.id, played=NOW - days * DAY - number, client="x"
            )
        )
    found, _ = chosen(connection, MadeKind.MOST_PLAYED, anna)
    assert found == ["B", "A", "C"]
    assert chosen(connection, MadeKind.MOST_PLAYED, ben)[0] == ["D"]
