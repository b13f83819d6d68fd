"""Albums are written before somebody asks, as many as are kept, and each for whom it is."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, cast

import msgspec
import pytest
from tests.integration.subsonic_api.fragments.household import (
    BOTH,
    JSON,
    SHELF,
    Household,
    elsewhere,
    until,
)

from hydrophone.config import Config
from hydrophone.domain.library import AlbumListKind, AlbumListQuery, Page
from hydrophone.domain.music import Album
from hydrophone.domain.units import ByteCount, Seconds, Timestamp
from hydrophone.domain.user import User
from hydrophone.server.wiring import Server
from hydrophone.storage.queries import counters
from hydrophone_subsonic.ahead import Ahead, Rest
from hydrophone_subsonic.fragments import LIMIT, AlbumForm, AlbumFragments
from hydrophone_subsonic.mapping.album import album_marks, plain_album_id3
from hydrophone_subsonic.responses.wire import Wire
from hydrophone_subsonic.written_marks import WrittenMarks

pytestmark = pytest.mark.anyio


class Writer:
    """Describes albums, and remembers which."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def __call__(self, album: Album) -> Wire:
        self.names.append(album.name)
        return plain_album_id3(album)


@asynccontextmanager
async def running(
    server: Server, write: Callable[[Album], Wire], limit: ByteCount = LIMIT, quiet: float = 0.5
) -> AsyncIterator[AlbumFragments]:
    fragments = AlbumFragments(
        server.services.albums,
        AlbumForm(write, album_marks),
        JSON,
        WrittenMarks(JSON),
        limit=limit,
        quiet=lambda: Seconds(quiet),
    )
    task = asyncio.create_task(fragments.ahead.run())
    yield fragments
    task.cancel()


async def test_who_is_no_longer_a_member_gets_none_of_its_albums(household: Household) -> None:
    server, berta = household.server, household.users["berta"]
    query = AlbumListQuery(kind=AlbumListKind.BY_NAME, page=Page(size=500))
    rows = (await server.services.albums.page(berta, query)).rows
    async with running(server, Writer()) as fragments:
        assert len(await fragments.of(berta, rows)) == len(SHELF)
        # Asked for by rows that were right a moment ago, with and without a mark on the album.
        out = msgspec.structs.replace(berta, libraries=BOTH[:1])
        assert len(await fragments.of(out, rows)) == len(SHELF) - 1
        await server.services.annotations.star(berta, [SHELF[-1].album_id])
        assert len(await fragments.of(out, rows)) == len(SHELF) - 1
        assert len(await fragments.of(berta, rows)) == len(SHELF)


async def test_albums_are_written_ahead_once_somebody_asks(household: Household) -> None:
    server, anna = household.server, household.users["anna"]
    query = AlbumListQuery(kind=AlbumListKind.BY_NAME, page=Page(size=500))
    rows = (await server.services.albums.page(anna, query)).rows
    write = Writer()
    async with running(server, write) as fragments:
        fragments.ahead.changed()
        await asyncio.sleep(0.05)
        assert write.names == []
        first = await fragments.of(anna, rows[:1])
        await until(lambda: len(set(write.names)) == len(SHELF))
        count = len(write.names)
        again = await fragments.of(anna, rows)
        assert (len(again), again[0], len(write.names)) == (len(rows), first[0], count)


async def test_albums_come_in_the_order_that_was_asked_for(household: Household) -> None:
    """Whichever of them are kept."""
    server, anna = household.server, household.users["anna"]
    query = AlbumListQuery(kind=AlbumListKind.BY_NAME, page=Page(size=500))
    rows = (await server.services.albums.page(anna, query)).rows
    fragments = AlbumFragments(
        server.services.albums, AlbumForm(Writer(), album_marks), JSON, WrittenMarks(JSON)
    )
    some = await fragments.of(anna, rows[5:8])
    assert (await fragments.of(anna, rows[::-1]))[-8:-5] == some[::-1]
    assert await fragments.of(anna, rows) == (await fragments.of(anna, rows[::-1]))[::-1]


@pytest.mark.parametrize("form", ["json", "xml"])
async def test_lists_of_either_kind_are_written_ahead(household: Household, form: str) -> None:
    lists = household.layer._json_lists if form == "json" else household.layer._xml_lists
    for name, kept in (("albumList", lists.album_directories), ("albumList2", lists.albums)):
        assert not kept._fragments._kept
        # Of one album, for an empty list is no reason to begin.
        asked = f"/get{name[0].upper()}{name[1:]}"
        await household.get("anna", asked, form, type="newest", size="1")
        await until(lambda kept=kept: len(kept._fragments._kept) == len(SHELF))  # type: ignore[misc]


async def test_all_is_written_anew_when_the_library_has_come_to_rest(
    household: Household, config: Config
) -> None:
    server, anna = household.server, household.users["anna"]
    write = Writer()
    async with running(server, write, quiet=3.0) as fragments:
        # An empty list, as of somebody who has starred nothing, is no reason to write any.
        await fragments.of(anna, [])
        await asyncio.sleep(0.05)
        assert write.names == []
        fragments.ahead.begin()
        await until(lambda: len(write.names) == len(SHELF))
        for _ in range(3):
            async with elsewhere(config) as connection:
                counters.bump(connection, counters.LIBRARY, Timestamp(1))
            fragments.ahead.changed()
            await asyncio.sleep(0.1)
            assert len(write.names) == len(SHELF)
        await until(lambda: len(write.names) == 2 * len(SHELF))


async def test_only_as_many_are_written_ahead_as_are_kept(
    household: Household, config: Config
) -> None:
    write = Writer()
    async with running(household.server, write, limit=ByteCount(20_000)) as fragments:
        fragments.ahead.begin()
        await until(lambda: bool(write.names))
        count = 0
        while count < len(write.names):
            count = len(write.names)
            await asyncio.sleep(1.0)
        assert count < len(SHELF)
        async with elsewhere(config) as connection:
            counters.bump(connection, counters.LIBRARY, Timestamp(1))
        fragments.ahead.changed()
        await until(lambda: len(write.names) == 2 * count)


async def test_what_is_starred_meanwhile_shows_to_its_user_alone(household: Household) -> None:
    """Between the look for marks and the reading of an album, its user may mark it."""
    server, anna, berta = household.server, *household.users.values()
    query = AlbumListQuery(kind=AlbumListKind.BY_NAME, page=Page(size=500))
    rows = (await server.services.albums.page(anna, query)).rows

    class Albums:
        """The real ones, in which a star comes at the worst of times."""

        marks = server.services.albums.marks

        async def plain_by_rows(self, viewer: User, rows: list[int]) -> dict[int, Album]:
            await server.services.annotations.star(anna, [SHELF[0].album_id])
            return await server.services.albums.plain_by_rows(viewer, rows)

    fragments = AlbumFragments(
        cast(Any, Albums()), AlbumForm(Writer(), album_marks), JSON, WrittenMarks(JSON)
    )
    await fragments.of(anna, rows)
    assert b"".join(map(bytes, await fragments.of(anna, rows))).count(b"starred") == 1
    assert b"starred" not in b"".join(map(bytes, await fragments.of(berta, rows[:1])))
    starless = await fragments.of(msgspec.structs.replace(berta, id=99), rows)
    assert b"starred" not in b"".join(map(bytes, starless))


async def test_who_expects_no_more_changes_does_not_wait() -> None:
    """The first app after a scan is to find written what the scan has changed."""
    done = []
    is_scanning = True

    async def work(_: Rest) -> None:
        done.append(is_scanning)

    ahead = Ahead(work, lambda: Seconds(3600.0 if is_scanning else 0.0))
    running = asyncio.create_task(ahead.run())
    ahead.begin()
    await until(lambda: done == [True])
    ahead.changed()
    await asyncio.sleep(0.6)
    assert done == [True]
    is_scanning = False
    await until(lambda: done == [True, False])
    running.cancel()
