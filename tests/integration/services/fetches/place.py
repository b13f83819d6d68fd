"""A running cache over a source of one track, and who listens to it."""

import asyncio
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from hydrophone.config import CacheConfig
from hydrophone.domain.ids import PlaylistId
from hydrophone.domain.music import Track
from hydrophone.domain.units import ByteCount, Milliseconds, Seconds, Timestamp
from hydrophone.domain.user import User
from hydrophone.host.capabilities import SOURCE
from hydrophone.host.guard import Guard
from hydrophone.host.registry import Registry
from hydrophone.plugin import Context
from hydrophone.plugin.capabilities.source import (
    Refusal,
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
from hydrophone.services.playlists import Playlists
from hydrophone.storage.database import Database, open_database
from hydrophone.storage.queries import annotations, keeps, play_queue
from hydrophone.storage.queries.play_queue import SavedQueue
from hydrophone.testing import faults
from hydrophone.testing.loopback import Loopback, Request, send_file
from hydrophone.testing.synthetic_source import SyntheticSource

SONG = "/audio/song.mp3"


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
            self.gate.wait(60)
        connection.sendall(body[self.open :])

    @property
    def ranges(self) -> list[str]:
        return [one.headers.get("range", "") for one in self.service.asked(SONG)]


class MovableClock(SystemClock):
    """The machine's clock, which a test may put forward."""

    def __init__(self) -> None:
        self._ahead = 0

    def now(self) -> Timestamp:
        return Timestamp(super().now() + self._ahead)

    def advance(self, seconds: Seconds) -> None:
        self._ahead += round(seconds * 1000)


@dataclass(frozen=True, kw_only=True)
class Place:
    """A running cache over one source, with one track of it."""

    clock: MovableClock
    guard: Guard
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
                lists = Playlists(database=self.database, clock=SystemClock())
                made = (await lists.create(self.user, "Mine", [one.id])).playlist
                await self.database.write(keeps.keep_playlist, PlaylistId(made.id), now)
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
        flights = self.fetching.fetches._flights._flights
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
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


async def _nothing_more(track: Track) -> None:
    """Take a track as it is."""


@asynccontextmanager
async def opened(
    folder: Path, context: Context, source: OneSource, track: Track, user: User, **config: object
) -> AsyncIterator[Place]:
    """Run the cache over what is in the folder; as a restart does the second time."""
    cache = replace(CacheConfig(folder=folder / "cached", least_free=0), **config)
    registry = Registry(order={}, strict=True)
    guard = registry.add("one", SOURCE, source).guard
    clock = MovableClock()
    async with open_database(folder / "hydrophone.db") as database:
        jobs = Jobs(database=database, clock=clock, events=Events(database=database, clock=clock))
        runner = JobRunner(jobs=jobs, database=database, clock=clock)
        async with open_fetching(
            cache,
            database=database,
            registry=registry,
            jobs=jobs,
            clock=clock,
            began=_nothing_more,
            brought=_nothing_more,
        ) as fetching:
            runner.register(fetches.JOB, fetching.fetches.job_kind)
            await runner.take_over()
            running = asyncio.create_task(runner.run())
            try:
                yield Place(
                    clock=clock,
                    guard=guard,
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
