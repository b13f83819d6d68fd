"""Tracks of a source on loopback: heard while they come, and here for ever, whatever goes wrong."""

import asyncio
import hashlib
import shutil
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import delete, insert, update

from hydrophone.config import CacheConfig
from hydrophone.domain.cache import CachedFile
from hydrophone.domain.ids import LibraryId, TrackId, UserId
from hydrophone.domain.job import JobPriority
from hydrophone.domain.library import Page
from hydrophone.domain.music import Track
from hydrophone.domain.units import ByteCount, Kbps, Milliseconds, Seconds, Timestamp
from hydrophone.domain.user import User
from hydrophone.errors import HydrophoneError, NotFoundError, UnavailableError, UnsupportedError
from hydrophone.host.capabilities import SOURCE
from hydrophone.host.registry import Registry
from hydrophone.media.sparse_file import map_path
from hydrophone.plugin import Context
from hydrophone.plugin.capabilities.source import (
    Checksum,
    Refusal,
    RefusalReason,
    ResolveRequest,
    SourceInfo,
    StreamHandle,
)
from hydrophone.server.fetching import Fetching, open_fetching
from hydrophone.services import fetches
from hydrophone.services.clock import SystemClock
from hydrophone.services.events import Events
from hydrophone.services.growing_track import GrowingTrack
from hydrophone.services.job_runner import JobRunner
from hydrophone.services.jobs import Jobs
from hydrophone.services.keeps import Keeps
from hydrophone.services.playlists import Playlists
from hydrophone.storage.connection import connect, transaction
from hydrophone.storage.database import Database, open_database
from hydrophone.storage.queries import annotations, keeps, play_queue
from hydrophone.storage.queries.play_queue import SavedQueue
from hydrophone.storage.tables.origin import origin
from hydrophone.storage.tables.user import user as user_table
from hydrophone.testing import faults
from hydrophone.testing.audio_files import make_audio
from hydrophone.testing.factories import fill_library, make_track
from hydrophone.testing.loopback import Loopback, Request, respond, send_file
from hydrophone.testing.synthetic_source import SyntheticSource

pytestmark = pytest.mark.anyio

SONG = "/audio/song.mp3"


@pytest.fixture(scope="module")
def audio(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Two minutes, nearly 2 MB: enough for a far seek."""
    path = make_audio(tmp_path_factory.mktemp("audio") / "a.mp3", seconds=120.0)
    return path.read_bytes()


class OneSource(SyntheticSource):
    """A source whose handles the test makes."""

    info = SourceInfo(title="One", is_browsable=False, downloads_at_once=2)

    def __init__(self, service: Loopback, context: Context, audio: bytes) -> None:
        super().__init__(service.url, context)
        self.service = service
        self.audio = audio
        self.refused = 0
        self.answer: StreamHandle | Refusal | None = StreamHandle(
            representation="v1",
            url=service.url + SONG,
            suffix="mp3",
            content_type="audio/mpeg",
            size=ByteCount(len(audio)),
            duration=Seconds(120.0),
        )
        self.gate = threading.Event()
        """Until it is set, only `open` bytes are sent."""
        self.gate.set()
        self.open = 0
        self.etag = '"v1"'
        service.routes[SONG] = self.send

    async def resolve(self, request: ResolveRequest) -> StreamHandle | Refusal | None:
        self.refused += request.is_refused
        return self.answer

    def change(self, **changes: object) -> None:
        assert isinstance(self.answer, StreamHandle)
        self.answer = replace(self.answer, **changes)

    def send(self, request: Request, connection: socket.socket) -> None:
        if self.gate.is_set():
            send_file(request, connection, self.audio, etag=self.etag)
            return
        head, body = faults.captured(
            request, lambda one, socket_: send_file(one, socket_, self.audio, etag=self.etag)
        )
        connection.sendall(head + body[: self.open])
        if not request.headers.get("range"):
            self.gate.wait(10)
        connection.sendall(body[self.open :])

    @property
    def ranges(self) -> list[str]:
        return [one.headers.get("range", "") for one in self.service.asked(SONG)]


@dataclass(frozen=True, kw_only=True)
class Place:
    """A running cache over one source, with one track of it."""

    database: Database
    fetching: Fetching
    source: OneSource
    track: Track
    user: User
    folder: Path

    async def listen(self) -> GrowingTrack:
        return await self.fetching.fetches.listen(self.user, self.track)

    async def hear(self, first: int = 0, end: int | None = None) -> bytes:
        return await heard(await self.listen(), first, end)

    async def want(self, how: str) -> None:
        """Star, keep, list or queue the track, as services do."""
        now, user, one = Timestamp(1), self.user.id, self.track
        match how:
            case "track" | "album":
                starred = [one.id if how == "track" else one.album_id]
                await self.database.write(annotations.star, user, starred, now)
            case "kept":
                await self.database.write(keeps.keep_tracks, user, [one.id], now)
            case "listed":
                clock = SystemClock()
                lists = Playlists(database=self.database, clock=clock)
                made = (await lists.create(self.user, "Mine", [one.id])).playlist
                wishes = Keeps(database=self.database, clock=clock, playlists=lists)
                await wishes.keep(self.user, made.id)
            case "queued":
                queue = SavedQueue(
                    track_ids=("tr-before", one.id),
                    current_index=0,
                    position=Milliseconds(0),
                    changed=SystemClock().now(),
                    changed_by="app",
                )
                await self.database.write(play_queue.save, user, queue)

    async def settled(self) -> None:
        """Wait until nothing is under way."""
        flights = self.fetching.fetches._flights
        await until(lambda: not flights)

    async def is_here(self) -> bool:
        cached = await self.fetching.cache.find(self.track.id)
        if cached is None:
            return False
        assert self.fetching.files.path(cached).read_bytes() == self.source.audio
        return True

    @property
    def part(self) -> Path:
        return self.fetching.files.part("one", self.track.id, "mp3")


async def heard(growing: GrowingTrack, first: int = 0, end: int | None = None) -> bytes:
    async with aclosing(growing.chunks(first, end)) as chunks:
        return b"".join([chunk async for chunk in chunks])


async def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


@asynccontextmanager
async def opened(
    folder: Path, context: Context, source: OneSource, track: Track, user: User, **config: object
) -> AsyncIterator[Place]:
    """Run the cache over what is in the folder; as a restart does the second time."""
    cache = replace(CacheConfig(folder=folder / "cached", least_free=0), **config)
    registry = Registry(order={}, strict=True)
    registry.add("one", SOURCE, source)
    clock = SystemClock()
    async with open_database(folder / "hydrophone.db") as database:
        jobs = Jobs(database=database, clock=clock, events=Events(database=database, clock=clock))
        runner = JobRunner(jobs=jobs, database=database, clock=clock)
        async with open_fetching(
            cache, database=database, registry=registry, jobs=jobs, clock=clock
        ) as fetching:
            runner.register(fetches.JOB, fetching.fetches.job_kind)
            await runner.take_over()
            running = asyncio.create_task(runner.run())
            try:
                yield Place(
                    database=database,
                    fetching=fetching,
                    source=source,
                    track=track,
                    user=user,
                    folder=folder,
                )
            finally:
                running.cancel()
                await asyncio.wait([running])


@pytest.fixture
def source(hydrophone_loopback: Loopback, hydrophone_context: Context, audio: bytes) -> OneSource:
    return OneSource(hydrophone_loopback, hydrophone_context, audio)


@pytest.fixture
def track() -> Track:
    return make_track("Song", suffix="mp3", duration=Seconds(120.0), bit_rate=Kbps(128))


@pytest.fixture
def folder(tmp_path: Path, empty_database: Path, track: Track) -> Path:
    folder = tmp_path / "server"
    folder.mkdir()
    database = folder / "hydrophone.db"
    shutil.copy(empty_database, database)
    with connect(database, durable=False) as connection, transaction(connection):
        fill_library(connection, [track])
        connection.execute(delete(origin))
        connection.execute(
            insert(origin).values(
                source="one",
                native_id="song",
                track_id=track.id,
                size=0,
                mtime_ns=0,
                ctime_ns=0,
            )
        )
    return folder


@pytest.fixture
async def place(
    folder: Path, hydrophone_context: Context, source: OneSource, track: Track, user: User
) -> AsyncIterator[Place]:
    async with opened(folder, hydrophone_context, source, track, user) as place:
        yield place


@pytest.fixture
def user(folder: Path) -> User:
    with connect(folder / "hydrophone.db", durable=False) as connection, transaction(connection):
        known = {"name": "anna", "name_key": "anna", "roles": "{}", "password_hash": ""}
        connection.execute(insert(user_table).values(id=1, created=0, **known))
    return User(id=UserId(1), name="anna", libraries=(LibraryId(1),), created=Timestamp(0))


async def test_is_heard_while_it_comes_and_is_here_then(place: Place) -> None:
    assert await place.hear() == place.source.audio
    await place.settled()
    assert await place.is_here()
    assert place.source.ranges == [""]
    assert not place.part.exists()
    assert not map_path(place.part).exists()


async def test_two_listeners_are_one_download(place: Place) -> None:
    place.source.gate.clear()
    place.source.open = 1000
    first, second = await asyncio.gather(place.listen(), place.listen())
    asyncio.get_running_loop().call_later(0.1, place.source.gate.set)
    assert [*await asyncio.gather(heard(first), heard(second))] == [place.source.audio] * 2
    assert place.source.ranges == [""]
    assert first.etag == second.etag


async def test_goes_on_when_its_listener_has_left(place: Place) -> None:
    growing = await place.listen()
    async with aclosing(growing.chunks()) as chunks:
        await anext(chunks)
    await place.settled()
    assert await place.is_here()


async def test_a_far_seek_does_not_wait_for_what_lies_before(place: Place) -> None:
    source = place.source
    source.gate.clear()
    source.open = 5000
    growing = await place.listen()
    far = len(source.audio) - 1000
    async with asyncio.timeout(5):
        assert await heard(growing, far) == source.audio[far:]
        # What was opened for it brings no more than was missing.
    source.gate.set()
    await place.settled()
    assert await place.is_here()
    assert source.ranges[:2] == ["", f"bytes={far}-"]


async def test_goes_on_where_a_stopped_server_was(
    folder: Path, hydrophone_context: Context, source: OneSource, track: Track, user: User
) -> None:
    source.gate.clear()
    source.open = 300_000
    async with opened(folder, hydrophone_context, source, track, user) as place:
        growing = await place.listen()
        async with aclosing(growing.chunks()) as chunks:
            got = 0
            async for chunk in chunks:
                got += len(chunk)
                if got >= 300_000:
                    break
    source.gate.set()
    async with opened(folder, hydrophone_context, source, track, user) as place:
        await until(lambda: len(source.ranges) > 1)
        await place.settled()
        assert await place.is_here()
    assert source.ranges[1] == "bytes=300000-"


async def test_takes_up_what_breaks_off(place: Place) -> None:
    place.source.service.fail(faults.broken_off(after=700_000), path=SONG, times=2)
    assert await place.hear() == place.source.audio
    await place.settled()
    assert await place.is_here()
    assert place.source.ranges == ["", "bytes=700000-", "bytes=1400000-"]


async def test_gives_up_when_it_breaks_off_for_ever_and_keeps_what_is_there(place: Place) -> None:
    place.source.service.fail(faults.broken_off(after=100), path=SONG)
    growing = await place.listen()
    with pytest.raises(HydrophoneError):
        await heard(growing)
    await until(lambda: len(place.source.ranges) == 4)
    assert not await place.is_here()
    assert place.part.stat().st_size == 400


async def test_discards_what_comes_again_if_the_range_is_ignored(place: Place) -> None:
    place.source.service.fail(faults.range_ignored(), path=SONG)
    place.source.service.fail(faults.broken_off(after=700_000), path=SONG, times=1)
    assert await place.hear() == place.source.audio
    await place.settled()
    assert await place.is_here()


async def test_an_expired_address_is_renewed(place: Place) -> None:
    place.source.service.fail(faults.status("403 Forbidden"), path=SONG, times=1)
    assert await place.hear() == place.source.audio
    assert place.source.refused == 1


async def test_never_mixes_two_versions_of_a_file(place: Place) -> None:
    source = place.source
    source.gate.clear()
    source.open = 700_000
    growing = await place.listen()
    first = source.audio
    hearing = asyncio.create_task(heard(growing))
    await asyncio.sleep(0.1)
    source.audio, source.etag = first[::-1], '"v2"'
    far = len(first) - 10
    with pytest.raises(HydrophoneError):
        # The seek meets the new file.
        await heard(growing, far)
    with pytest.raises(HydrophoneError):
        await hearing
    source.gate.set()
    await place.settled()
    assert await place.fetching.cache.find(place.track.id) is None


async def test_another_representation_begins_anew(
    folder: Path, hydrophone_context: Context, source: OneSource, track: Track, user: User
) -> None:
    source.gate.clear()
    source.open = 300_000
    async with opened(folder, hydrophone_context, source, track, user) as place:
        growing = await place.listen()
        async with aclosing(growing.chunks()) as chunks:
            await anext(chunks)
        before = growing.etag
    source.gate.set()
    source.change(representation="v2")
    async with opened(folder, hydrophone_context, source, track, user) as place:
        await until(lambda: len(source.ranges) > 1)
        await place.settled()
        assert await place.is_here()
        cached = await place.fetching.cache.find(track.id)
        assert cached is not None
        assert cached.etag != before
    assert source.ranges[1] == ""


@pytest.mark.parametrize("lie", [-5000, 5000])
async def test_a_size_that_is_a_lie_is_found_out(place: Place, lie: int) -> None:
    place.source.change(size=ByteCount(len(place.source.audio) + lie))
    with pytest.raises(UnavailableError, match="bytes"):
        await place.hear()
    await place.settled()
    assert not await place.is_here()
    assert not place.part.exists()


async def test_a_length_that_the_transport_lies_about_is_never_whole(place: Place) -> None:
    place.source.change(size=None)
    place.source.service.fail(faults.wrong_length(by=1000), path=SONG)
    with pytest.raises(HydrophoneError):
        await place.hear()
    assert not await place.is_here()


@pytest.mark.parametrize("type_", ["text/html", "audio/mpeg"])
async def test_a_web_page_is_no_music(place: Place, type_: str) -> None:
    def page(request: Request, connection: socket.socket) -> None:
        respond(connection, b"\n<!doctype html><p>Sorry", headers={"Content-Type": type_})

    place.source.change(size=None)
    place.source.service.routes[SONG] = page
    with pytest.raises(UnavailableError, match="page"):
        await place.hear()
    assert not await place.is_here()


@pytest.mark.parametrize("told", [True, False])
async def test_a_preview_is_refused(place: Place, tmp_path: Path, told: bool) -> None:
    place.source.audio = make_audio(tmp_path / "b.mp3", seconds=30.0).read_bytes()
    place.source.change(size=None, duration=Seconds(0), is_preview=told)
    if told:
        with pytest.raises(UnavailableError, match=r"preview|sample"):
            await place.listen()
    else:
        await place.hear()
        await place.settled()
        # Known by now.
        with pytest.raises(UnavailableError, match="sample"):
            await place.listen()
    await place.settled()
    assert await place.fetching.cache.find(place.track.id) is None
    assert not place.part.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"checksum": Checksum(algorithm="md5", digest="00")},
        {"duration": Seconds(110.0)},
    ],
)
async def test_what_is_not_the_track_is_not_kept(place: Place, wrong: dict[str, object]) -> None:
    place.source.change(**wrong)
    await place.hear()
    await place.settled()
    assert await place.fetching.cache.find(place.track.id) is None
    assert not place.part.exists()


async def test_what_cannot_be_decoded_is_not_kept(place: Place) -> None:
    place.source.audio = bytes(range(256)) * 4000
    place.source.change(size=None)
    await place.hear()
    await place.settled()
    assert await place.fetching.cache.find(place.track.id) is None
    assert not place.part.exists()


async def test_the_right_checksum_is_no_hindrance(place: Place) -> None:
    digest = hashlib.sha256(place.source.audio).hexdigest().upper()
    place.source.change(checksum=Checksum(algorithm="SHA-256", digest=digest))
    await place.hear()
    await place.settled()
    assert await place.is_here()


async def test_without_a_size_nobody_is_told_one(place: Place) -> None:
    def stream(request: Request, connection: socket.socket) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nConnection: close\r\n\r\n"
        connection.sendall(head + place.source.audio)

    place.source.change(size=None, takes_ranges=False)
    place.source.service.routes[SONG] = stream
    growing = await place.listen()
    assert growing.size is None
    assert await heard(growing) == place.source.audio
    await place.settled()
    assert await place.is_here()


async def test_a_refusal_is_said(place: Place) -> None:
    place.source.answer = Refusal(reason=RefusalReason.REGION, sentence="Not in your country.")
    with pytest.raises(UnsupportedError, match="Not in your country"):
        await place.listen()
    place.source.answer = None
    with pytest.raises(NotFoundError):
        await place.listen()


async def test_plays_without_the_disk_when_it_is_full(
    folder: Path, hydrophone_context: Context, source: OneSource, track: Track, user: User
) -> None:
    async with opened(
        folder, hydrophone_context, source, track, user, least_free=900_000_000
    ) as place:
        growing = await place.listen()
        assert growing.size == len(source.audio)
        assert await heard(growing) == source.audio
        assert await heard(await place.listen(), 1000, 2000) == source.audio[1000:2000]
        await place.settled()
        assert not await place.is_here()
        assert not place.part.exists() or place.part.stat().st_size == 0


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


async def test_who_is_cancelled_harms_nobody(place: Place) -> None:
    """Listeners that leave at any moment leave the download and each other alone."""
    place.source.service.fail(faults.dripping(size=100_000, pause=0.01), path=SONG)

    async def leave(after: float) -> None:
        try:
            async with asyncio.timeout(after):
                await place.hear(first=int(after * 10_000_000) % 1_500_000)
        except TimeoutError:
            pass

    await asyncio.gather(*(leave(number / 200) for number in range(40)))
    assert await place.hear() == place.source.audio
    await place.settled()
    assert await place.is_here()


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
