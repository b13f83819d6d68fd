"""Which downloads have the streams that a source allows, when more are wanted."""

import asyncio
import logging
from contextlib import aclosing

import pytest
from tests.integration.services.fetches.place import Place, heard, until

from hydrophone.domain.job import JobPriority, JobQuery
from hydrophone.domain.music import Track
from hydrophone.domain.units import Kbps, Seconds
from hydrophone.errors import UnavailableError
from hydrophone.services.growing_track import GrowingTrack
from hydrophone.storage.queries import jobs
from hydrophone.testing.factories import make_track

pytestmark = pytest.mark.anyio

FEW = 1000
"""Bytes that come before the source stops."""


@pytest.fixture
def tracks(track: Track) -> list[Track]:
    """More than may come together, which are two."""
    return [
        track,
        *(
            make_track(f"Song {number}", suffix="mp3", duration=Seconds(120.0), bit_rate=Kbps(128))
            for number in range(2, 6)
        ),
    ]


@pytest.fixture
def stalled(place: Place) -> Place:
    """A source that sends the beginning of each track, and then nothing until the gate opens."""
    place.source.gate.clear()
    place.source.open = FEW
    return place


async def begun(place: Place, track: Track) -> GrowingTrack:
    async with asyncio.timeout(30):
        return await place.fetching.fetches.listen(place.user, track)


async def test_who_skips_does_not_wait_for_what_he_has_left(
    stalled: Place, tracks: list[Track]
) -> None:
    for track in tracks[:3]:
        growing = await begun(stalled, track)
        async with aclosing(growing.chunks()) as chunks:
            await anext(chunks)
    stalled.source.gate.set()
    await stalled.settled()


async def test_who_listens_is_not_put_off_by_who_comes(stalled: Place, tracks: list[Track]) -> None:
    """Of those who read as fast as it comes, who was first goes on."""
    first, second = [await begun(stalled, track) for track in tracks[:2]]
    hearing = [asyncio.create_task(heard(one)) for one in (first, second)]
    third = asyncio.create_task(begun(stalled, tracks[2]))
    await asyncio.sleep(1.0)
    assert len(stalled.source.ranges) == 2
    assert not third.done()
    stalled.source.gate.set()
    assert [*await asyncio.gather(*hearing)] == [stalled.source.audio] * 2
    assert await heard(await third) == stalled.source.audio
    await stalled.settled()


async def test_who_finds_no_place_is_told_so_and_hears_it_when_there_is_one(
    stalled: Place, tracks: list[Track]
) -> None:
    hearing = [asyncio.create_task(heard(await begun(stalled, track))) for track in tracks[:2]]
    fetches = stalled.fetching.fetches
    for track in tracks[2:4]:
        with pytest.raises(UnavailableError, match="Others listen to as many tracks"):
            await fetches.listen(stalled.user, track, turn_patience=Seconds(0.3))
    coming = [asyncio.create_task(begun(stalled, track)) for track in tracks[2:4]]
    await until(lambda: all(fetches.is_coming(track.id) for track in tracks[:4]))
    assert not fetches.is_coming(tracks[4].id)
    stalled.source.gate.set()
    assert [*await asyncio.gather(*hearing)] == [stalled.source.audio] * 2
    for growing in await asyncio.gather(*coming):
        assert await heard(growing) == stalled.source.audio
    await stalled.settled()


async def test_several_who_come_at_once_take_the_places_of_several(
    stalled: Place, tracks: list[Track], caplog: pytest.LogCaptureFixture
) -> None:
    for track in tracks[:2]:
        await stalled.fetching.fetches.request(track, None, JobPriority.BULK)
    await until(lambda: len(stalled.source.ranges) == 2)
    coming = [asyncio.create_task(begun(stalled, track)) for track in tracks[2:]]
    asyncio.get_running_loop().call_later(0.5, stalled.source.gate.set)
    growing = await asyncio.gather(*coming)
    whole = [stalled.source.audio] * len(growing)
    assert [*await asyncio.gather(*(heard(one) for one in growing))] == whole
    await stalled.settled()
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []


async def test_a_job_says_that_it_waits_for_its_source(stalled: Place, tracks: list[Track]) -> None:
    for track in tracks[:3]:
        await stalled.fetching.fetches.request(track, None, JobPriority.BULK)
    texts: list[str] = []
    async with asyncio.timeout(30):
        while not any(texts):
            await asyncio.sleep(0.1)
            found, _ = await stalled.database.read(jobs.search, JobQuery())
            texts = sorted(job.text for job in found)
    assert texts == ["", "", "Waits until its source is free."]
    stalled.source.gate.set()
    await stalled.settled()
