"""How much is fetched for whom: the quota of one user is nobody else's concern."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import insert, update
from tests.integration.services.fetches.place import OneSource, Place, opened

from hydrophone.domain.ids import UserId
from hydrophone.domain.music import Track
from hydrophone.domain.units import Seconds, Timestamp
from hydrophone.domain.user import User
from hydrophone.plugin import Context
from hydrophone.services import fetches
from hydrophone.storage.connection import connect, transaction
from hydrophone.storage.queries import keeps
from hydrophone.storage.tables.origin import origin
from hydrophone.storage.tables.user import user as user_table
from hydrophone.testing.factories import make_track

pytestmark = pytest.mark.anyio

ANNA, BOB = UserId(1), UserId(2)


@pytest.fixture
def tracks(track: Track) -> list[Track]:
    return [track, make_track("Other", suffix="mp3")]


@pytest.fixture
async def place(
    folder: Path, hydrophone_context: Context, source: OneSource, track: Track, user: User
) -> AsyncIterator[Place]:
    """Run a source of two tracks of nearly 2 MB each, of which nothing comes yet; quota 2 MiB."""
    bob = {"name": "bob", "name_key": "bob", "roles": "{}", "password_hash": ""}
    with connect(folder / "hydrophone.db", durable=False) as connection, transaction(connection):
        connection.execute(update(origin).values(size=len(source.audio)))
        connection.execute(insert(user_table).values(id=BOB, created=0, **bob))
    source.gate.clear()
    async with opened(folder, hydrophone_context, source, track, user, user_quota=2) as place:
        yield place
        source.gate.set()


async def keep(place: Place, user: UserId, tracks: Sequence[Track]) -> None:
    now = place.clock.now()
    for number, track in enumerate(tracks):
        await place.database.write(keeps.keep_tracks, user, [track.id], Timestamp(now + number))


async def are_coming(place: Place, tracks: Sequence[Track]) -> list[bool]:
    jobs = place.fetching.fetches._jobs
    return [await jobs.active(fetches.JOB, track.id) is not None for track in tracks]


async def nothing_comes(place: Place, tracks: Sequence[Track]) -> None:
    deadline = time.monotonic() + 30
    while any(await are_coming(place, tracks)):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


async def test_what_is_on_its_way_counts(place: Place, tracks: list[Track]) -> None:
    await keep(place, ANNA, tracks)
    for _ in range(2):
        await place.fetching.keeping.look()
        assert await are_coming(place, tracks) == [True, False]
    place.source.gate.set()
    await nothing_comes(place, tracks)
    await place.fetching.keeping.look()
    assert await are_coming(place, tracks) == [False, False]
    assert await place.is_here()


async def test_who_is_over_his_quota_keeps_nothing_from_others(
    place: Place, tracks: list[Track]
) -> None:
    await keep(place, ANNA, tracks)
    await keep(place, BOB, tracks[1:])
    await place.fetching.keeping.look()
    assert await are_coming(place, tracks) == [True, True]
    job = await place.fetching.fetches._jobs.active(fetches.JOB, tracks[1].id)
    assert job is not None
    assert job.user_id == BOB


async def test_what_failed_is_tried_again_when_it_is_wanted_anew(
    place: Place, tracks: list[Track]
) -> None:
    place.source.answer = None
    place.source.gate.set()
    await keep(place, ANNA, tracks[:1])
    await place.fetching.keeping.look()
    jobs = place.fetching.fetches._jobs
    job = await jobs.active(fetches.JOB, tracks[0].id)
    assert job is not None
    await jobs.cancel_any(job.id)
    await nothing_comes(place, tracks)
    await place.fetching.keeping.look()
    assert await are_coming(place, tracks) == [False, False]
    place.clock.advance(Seconds(1))
    await keep(place, ANNA, tracks[:1])
    await place.fetching.keeping.look()
    assert await are_coming(place, tracks) == [True, False]
