"""How much playlists have is counted once for each change."""

from typing import Protocol

import msgspec
import pytest
from sqlalchemy import Connection

from hydrophone.domain.ids import LibraryId
from hydrophone.domain.music import Track
from hydrophone.domain.playlist import PlaylistEdit
from hydrophone.domain.units import Timestamp
from hydrophone.domain.user import User
from hydrophone.server.wiring import Server
from hydrophone.storage.queries import counters
from hydrophone.storage.tables.music import track
from hydrophone.storage.tables.playlist import playlist_track

pytestmark = pytest.mark.anyio


class MovedClock(Protocol):
    """The clock of the server."""

    time: int


def lose_tracks(connection: Connection) -> None:
    """Take all from all playlists, in a way that nobody is told of."""
    connection.execute(playlist_track.delete())


async def count(server: Server, user: User) -> int:
    (listed,) = await server.services.playlists.all(user)
    return listed.track_count


async def test_what_was_counted_is_not_counted_again(
    server: Server, anna: User, tracks: list[Track], clock: MovedClock
) -> None:
    await server.services.playlists.create(anna, "Mine", [tracks[0].id, tracks[1].id])
    clock.time += 2000
    assert await count(server, anna) == 2
    await server.database.write(lose_tracks)
    assert await count(server, anna) == 2


async def test_each_change_is_counted(
    server: Server, anna: User, tracks: list[Track], clock: MovedClock
) -> None:
    """Also several within one millisecond: the clock stands still here between some of them."""
    playlists = server.services.playlists
    made = (await playlists.create(anna, "Mine", [])).playlist
    for number in range(1, 5):
        assert await count(server, anna) == number - 1
        clock.time += number % 2 * 2000
        await playlists.edit(anna, made.id, PlaylistEdit(append=(tracks[0].id,)))
        assert await count(server, anna) == number


async def test_a_change_of_the_library_is_counted(
    server: Server, anna: User, tracks: list[Track], clock: MovedClock
) -> None:
    await server.services.playlists.create(anna, "Mine", [tracks[0].id, tracks[1].id])
    clock.time += 2000
    assert await count(server, anna) == 2

    def hide(connection: Connection) -> None:
        connection.execute(track.update().where(track.c.id == tracks[0].id).values(hidden=True))
        counters.bump(connection, counters.LIBRARY, Timestamp(clock.time))

    await server.database.write(hide)
    assert await count(server, anna) == 1


async def test_everybody_is_told_what_he_sees(
    server: Server, anna: User, berta: User, tracks: list[Track], clock: MovedClock
) -> None:
    hers = [tracks[0].id, tracks[5].id]
    made = (await server.services.playlists.create(berta, "Hers", hers)).playlist
    await server.services.playlists.edit(berta, made.id, PlaylistEdit(is_public=True))
    clock.time += 2000
    for _ in range(2):
        assert await count(server, berta) == 2
        assert await count(server, anna) == 1
    second = msgspec.structs.replace(berta, libraries=(LibraryId(2),))
    assert await count(server, second) == 1
