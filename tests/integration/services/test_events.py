"""Events: followed by the slow and by those who were away, and forgotten in time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest

from hydrophone.domain.event import EventId, EventKind, LiveEvent, NewEvent
from hydrophone.domain.ids import LibraryId, UserId
from hydrophone.domain.units import Seconds, Timestamp
from hydrophone.domain.user import Roles, User
from hydrophone.errors import GoneError
from hydrophone.services.events import Events
from hydrophone.storage.database import Database, open_database
from hydrophone.storage.queries import events as queries
from hydrophone.testing.factories import make_database

pytestmark = pytest.mark.anyio

DAY = 24 * 3600 * 1000


class MovedClock:
    def __init__(self) -> None:
        self.time = 1_800_000_000_000

    def now(self) -> Timestamp:
        return Timestamp(self.time)


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    make_database(tmp_path / "hydrophone.db")
    async with open_database(tmp_path / "hydrophone.db") as opened:
        yield opened


@pytest.fixture
def events(database: Database, clock: MovedClock) -> Events:
    return Events(database=database, clock=clock)


async def publish(events: Events, *numbers: int) -> None:
    for number in numbers:
        await events.publish(NewEvent(kind=EventKind.LIBRARY, data=b"%d" % number))


async def test_a_follower_gets_what_is_new_at_once_and_is_told_that_it_is_quiet(
    events: Events,
) -> None:
    await publish(events, 1, 2)
    async with aclosing(events.follow(EventId(1), patience=Seconds(0.05))) as batches:
        assert [event.data for event in await anext(batches)] == [b"2"]
        assert await anext(batches) == ()
    async with aclosing(events.follow(EventId(2), patience=Seconds(60))) as batches:
        waiting = asyncio.ensure_future(anext(batches))
        await publish(events, 3)
        assert [event.data for event in await waiting] == [b"3"]


async def test_a_slow_follower_reads_all_in_steps(events: Events) -> None:
    await publish(events, *range(250))
    found: list[bytes] = []
    async with aclosing(events.follow(EventId(0), patience=Seconds(60))) as batches:
        while len(found) < 250:
            batch = await anext(batches)
            assert len(batch) <= 100
            found += [event.data for event in batch]
    assert found == [b"%d" % number for number in range(250)]


async def test_who_was_away_for_too_long_is_told(
    events: Events, clock: MovedClock, database: Database
) -> None:
    assert await events.has_all_after(EventId(0))
    await publish(events, 1, 2)
    clock.time += 2 * DAY
    await publish(events, 3)
    pruning = asyncio.create_task(events.run())
    async with asyncio.timeout(30):
        while await events.has_all_after(EventId(1)):  # noqa: ASYNC110 - there is no sign of it
            await asyncio.sleep(0.01)
    pruning.cancel()
    assert await events.has_all_after(EventId(2))
    assert await events.last() == 3
    with pytest.raises(GoneError):
        await anext(events.follow(EventId(0), patience=Seconds(60)))
    assert not await events.has_all_after(EventId(4))
    await database.write(queries.prune, Timestamp(clock.time + DAY), 0)
    assert await events.last() == 3
    await publish(events, 4)
    assert await events.last() == 4


@pytest.mark.parametrize(
    ("new", "who"),
    [
        (NewEvent(kind=EventKind.SCAN), {"admin", "user", "other"}),
        (NewEvent(kind=EventKind.JOB, is_public=False), {"admin"}),
        (NewEvent(kind=EventKind.JOB, is_public=False, user_id=UserId(2)), {"admin", "user"}),
        (NewEvent(kind=EventKind.NOW_PLAYING, library_id=LibraryId(7)), {"user"}),
        (NewEvent(kind=EventKind.NOW_PLAYING, library_id=LibraryId(1)), {"admin", "user"}),
    ],
)
def test_who_may_know(new: NewEvent, who: set[str]) -> None:
    people = {
        "admin": (1, Roles(admin=True), (1,)),
        "user": (2, Roles(), (1, 7)),
        "other": (3, Roles(), ()),
    }
    event = LiveEvent(
        id=EventId(1),
        at=Timestamp(1),
        kind=new.kind,
        is_public=new.is_public,
        user_id=new.user_id,
        library_id=new.library_id,
    )
    told = {
        name
        for name, (number, roles, libraries) in people.items()
        if event.is_for(
            User(
                id=UserId(number),
                name=name,
                roles=roles,
                libraries=tuple(map(LibraryId, libraries)),
                created=Timestamp(1),
            )
        )
    }
    assert told == who


async def test_who_has_done_something_does_not_fail_because_nobody_can_be_told(
    tmp_path: Path, clock: MovedClock, caplog: pytest.LogCaptureFixture
) -> None:
    make_database(tmp_path / "hydrophone.db")
    async with open_database(tmp_path / "hydrophone.db") as database:
        events = Events(database=database, clock=clock)
    await events.publish(NewEvent(kind=EventKind.LIBRARY))
    assert "Nobody is told of the event 'library'" in caplog.text
