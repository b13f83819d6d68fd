"""How much playlists have is counted once for each change."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, cast

import msgspec
import pytest
from sqlalchemy import Connection

from hydrophone.domain.ids import LibraryId
from hydrophone.domain.music import Track
from hydrophone.domain.playlist import PlaylistEdit
from hydrophone.domain.units import Timestamp
from hydrophone.domain.user import User
from hydrophone.server.wiring import Server
from hydrophone.services import playlist_extents
from hydrophone.services.playlist_extents import PlaylistExtents
from hydrophone.storage.database import Database
from hydrophone.storage.queries import counters
from hydrophone.storage.tables.music import track
from hydrophone.storage.tables.playlist import playlist_track

pytestmark = pytest.mark.anyio


class MovedClock(Protocol):
    """The clock of the server."""

    time: int

    def now(self) -> Timestamp: ...


def lose_tracks(connection: Connection) -> None:
    """Take all from all playlists, in a way that nobody is told of."""
    connection.execute(playlist_track.delete())


def hide(connection: Connection, track_id: str, now: int) -> None:
    connection.execute(track.update().where(track.c.id == track_id).values(hidden=True))
    counters.bump(connection, counters.LIBRARY, Timestamp(now))


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


async def test_what_was_changed_a_moment_ago_is_counted_again(
    server: Server, anna: User, tracks: list[Track], clock: MovedClock
) -> None:
    """Its next change may bear the same time, if a clock is set back."""
    await server.services.playlists.create(anna, "Mine", [tracks[0].id])
    clock.time += 900
    assert await count(server, anna) == 1
    await server.database.write(lose_tracks)
    assert await count(server, anna) == 0


async def test_of_too_many_the_first_are_counted_again(
    server: Server,
    anna: User,
    tracks: list[Track],
    clock: MovedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(playlist_extents, "_MOST_KEPT", 1)
    for name in "AB":
        await server.services.playlists.create(anna, name, [tracks[0].id])
    clock.time += 2000
    for counts in ([1, 1], [0, 1]):
        listed = await server.services.playlists.all(anna)
        assert [one.track_count for one in listed] == counts
        await server.database.write(lose_tracks)


class Overtaken:
    """A database that is changed between a read and its answer."""

    def __init__(self, database: Database, change: Callable[[], Awaitable[None]]) -> None:
        self.quick = database.quick
        self._database = database
        self._change = change

    async def read(self, *arguments: Any) -> object:
        found: object = await self._database.read(*arguments)
        await self._change()
        return found


async def test_what_was_counted_before_a_change_of_the_library_is_not_kept(
    server: Server, anna: User, tracks: list[Track], clock: MovedClock
) -> None:
    playlist = (await server.services.playlists.create(anna, "Mine", [tracks[0].id])).playlist
    clock.time += 2000

    async def change() -> None:
        if changes:
            await server.database.write(changes.pop())
            # Somebody else asks meanwhile, so that the new version is known.
            await extents.counted(anna, ())

    changes = [lambda connection: hide(connection, tracks[0].id, clock.time)]
    extents = PlaylistExtents(
        database=cast(Database, Overtaken(server.database, change)), clock=clock
    )
    (before,) = await extents.counted(anna, [playlist])
    (after,) = await extents.counted(anna, [playlist])
    assert (before.track_count, after.track_count) == (1, 0)


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

    await server.database.write(hide, tracks[0].id, clock.time)
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
