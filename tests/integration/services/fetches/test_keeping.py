"""What is wanted comes by itself and stays; what nobody keeps goes."""

from pathlib import Path

import pytest
from sqlalchemy import select, update
from tests.integration.services.fetches.place import SONG, OneSource, Place, opened, until

from hydrophone.domain.cache import CachedFile
from hydrophone.domain.ids import TrackId
from hydrophone.domain.job import JobPriority
from hydrophone.domain.library import Page
from hydrophone.domain.music import Track
from hydrophone.domain.units import ByteCount, Timestamp
from hydrophone.domain.user import User
from hydrophone.errors import NotFoundError, UnavailableError
from hydrophone.plugin import Context
from hydrophone.services import fetches
from hydrophone.storage.connection import connect, transaction
from hydrophone.storage.tables.music import track
from hydrophone.storage.tables.origin import origin

pytestmark = pytest.mark.anyio


async def test_a_cancelled_job_leaves_nothing(place: Place) -> None:
    place.source.gate.clear()
    place.source.open = 300_000
    fetches_ = place.fetching.fetches
    await fetches_.request(place.track, place.user.id, JobPriority.BULK)
    await until(lambda: place.part.exists() and place.part.stat().st_size > 0)
    jobs = fetches_._jobs
    job = await jobs.active(fetches.JOB, place.track.id)
    assert job is not None
    await jobs.cancel_any(job.id)
    await until(lambda: not place.part.exists())
    place.source.gate.set()


async def test_smart_playlists_know_what_has_come(place: Place) -> None:
    facts = select(track.c.suffix, track.c.codec, track.c.sampling_rate, track.c.size)
    await place.hear()
    await place.settled()
    found = await place.database.read(lambda connection: connection.execute(facts).one())
    assert tuple(found) == ("mp3", "mp3", 44_100, len(place.source.audio))


async def test_a_copy_that_is_gone_from_the_disk_comes_again(place: Place) -> None:
    await place.hear()
    await place.settled()
    cached = await place.fetching.cache.find(place.track.id)
    assert cached is not None
    place.fetching.files.path(cached).unlink()
    assert await place.fetching.cache.find(place.track.id) is None
    assert await place.hear() == place.source.audio
    await place.settled()
    assert await place.is_here()


async def test_a_copy_is_deleted_by_hand(place: Place) -> None:
    await place.hear()
    await place.settled()
    cached = await place.fetching.cache.delete(place.track.id)
    assert not place.fetching.files.path(cached).exists()
    with pytest.raises(NotFoundError):
        await place.fetching.cache.delete(place.track.id)


@pytest.mark.parametrize("on", ["track", "album", "kept", "listed"])
async def test_what_is_wanted_comes_by_itself(place: Place, on: str) -> None:
    await place.want(on)
    await place.fetching.keeping.look()
    await until(lambda: SONG in [one.path for one in place.source.service.requests])
    await place.settled()
    assert await place.is_here()
    [cached], total = await place.fetching.cache.page("", Page())
    assert (cached.is_kept, total) == (True, 1)
    use = await place.fetching.cache.use()
    assert use.used == use.kept == len(place.source.audio)
    # Once is enough, and what was deleted by hand stays away.
    await place.fetching.keeping.look()
    await place.fetching.cache.delete(place.track.id)
    await place.fetching.keeping.look()
    await place.settled()
    assert len(place.source.ranges) == 1


async def test_the_next_of_the_play_queue_comes_by_itself(place: Place) -> None:
    await place.want("queued")
    await place.fetching.keeping.look()
    job = await place.fetching.fetches._jobs.active(fetches.JOB, place.track.id)
    assert job is not None
    assert job.priority is JobPriority.PREFETCH
    await until(lambda: bool(place.source.ranges))
    await place.settled()
    assert await place.is_here()


async def test_a_used_up_quota_and_a_full_disk_fetch_nothing(
    folder: Path, hydrophone_context: Context, source: OneSource, track: Track, user: User
) -> None:
    with connect(folder / "hydrophone.db", durable=False) as connection, transaction(connection):
        connection.execute(update(origin).values(size=len(source.audio)))
    async with opened(folder, hydrophone_context, source, track, user, user_quota=1) as place:
        await place.want("track")
        await place.fetching.keeping.look()
        assert await place.fetching.fetches._jobs.active(fetches.JOB, track.id) is None
    async with opened(
        folder, hydrophone_context, source, track, user, least_free=900_000_000
    ) as place:
        with pytest.raises(UnavailableError, match="full"):
            await place.fetching.keeping.look()
        assert await place.fetching.fetches._jobs.active(fetches.JOB, track.id) is None


async def test_a_limit_evicts_what_nobody_keeps(
    folder: Path, hydrophone_context: Context, source: OneSource, track: Track, user: User
) -> None:
    async with opened(folder, hydrophone_context, source, track, user, max_size=1) as place:
        other = cached_of(place.track, "other.mp3")
        await place.hear()
        await place.settled()
        # Alone it stays, though it is over the limit: it was wanted just now.
        cached = await place.fetching.cache.find(track.id)
        assert cached is not None
        path = place.fetching.files.path(cached)
        await place.fetching.cache._make_room(other.track_id)
        assert not path.exists()
        await place.hear()
        await place.settled()
        await place.want("track")
        await place.fetching.cache._make_room(other.track_id)
        assert await place.is_here()


def cached_of(track: Track, path: str) -> CachedFile:
    return CachedFile(
        track_id=TrackId("tr-other"),
        title=track.title,
        artist="",
        source="one",
        path=path,
        size=ByteCount(1),
        etag="x",
        content_type="audio/mpeg",
        created=Timestamp(0),
        used=Timestamp(0),
        is_kept=False,
    )
