"""Long lists come in steps, between which the event loop gets its turn."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, Row, select

from hydrophone.domain.ids import LibraryId, UserId
from hydrophone.domain.library import Page
from hydrophone.domain.music import Track
from hydrophone.domain.units import Timestamp
from hydrophone.domain.user import User
from hydrophone.services.reading import by_ids, by_rows, every_page
from hydrophone.storage.connection import transaction
from hydrophone.storage.database import Database
from hydrophone.storage.queries.annotated import MAX_ROWS, Annotated
from hydrophone.storage.tables.music import track
from hydrophone.testing.factories import fill_library, make_track

pytestmark = pytest.mark.anyio

COUNT = 2 * MAX_ROWS + 7
VIEWER = User(id=UserId(1), name="Anna", libraries=(LibraryId(1),), created=Timestamp(1))


class Watched(Annotated[Track]):
    """Notes how many rows are decoded in which turn of the event loop."""

    def __init__(self) -> None:
        super().__init__(track, Track)
        self.turn = 0
        self.decoded: Counter[int] = Counter()

    def decode(self, row: Row[*tuple[Any, ...]]) -> Track:
        self.decoded[self.turn] += 1
        return super().decode(row)

    @asynccontextmanager
    async def counting(self) -> AsyncIterator[None]:
        async def count() -> None:
            while True:
                self.turn += 1
                await asyncio.sleep(0)

        counting = asyncio.create_task(count())
        await asyncio.sleep(0)
        yield
        counting.cancel()
        assert sum(self.decoded.values()) == COUNT
        assert max(self.decoded.values()) <= MAX_ROWS


@pytest.fixture
def tracks(connection: Connection) -> list[Track]:
    made = [make_track(f"Song {n}", track_number=n) for n in range(COUNT)]
    with transaction(connection):
        fill_library(connection, made)
    return made


async def test_things_by_rows(database: Database, tracks: list[Track]) -> None:
    rows = database.quick(
        lambda connection: connection.execute(select(track.c.row)).scalars().all()
    )
    watched = Watched()
    async with watched.counting():
        found = await by_rows(database, watched, VIEWER, rows[::-1])
    assert list(found) == rows[::-1]
    assert {thing.id for thing in found.values()} == {thing.id for thing in tracks}


async def test_things_by_ids(database: Database, tracks: list[Track]) -> None:
    wanted = [thing.id for thing in tracks]
    watched = Watched()
    async with watched.counting():
        found = await by_ids(database, watched, VIEWER, [*wanted, "tr-nothing", *wanted])
    assert [thing.id for thing in found] == [*wanted, *wanted]


async def test_all_pages_of_a_query(database: Database, tracks: list[Track]) -> None:
    watched = Watched()

    def query(connection: Connection, page: Page) -> tuple[Track, ...]:
        statement = watched.select(VIEWER.id).order_by(track.c.track_number)
        return watched.all(connection, statement.limit(page.size).offset(page.offset))

    async with watched.counting():
        found = await every_page(database, query)
    assert [thing.id for thing in found] == [thing.id for thing in tracks]


async def test_no_step_is_larger_than_it_may_be(database: Database, tracks: list[Track]) -> None:
    """Whoever asks storage for more at once gets what fits into one step."""
    watched = Watched()
    ids = [thing.id for thing in tracks]
    assert len(await database.read(watched.by_ids, VIEWER.id, ids)) == MAX_ROWS
    assert len(await database.read(watched.by_rows, VIEWER.id, range(1, COUNT))) == MAX_ROWS
