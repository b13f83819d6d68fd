"""Runs ffmpeg once for everybody who listens to the same transcode, and keeps the result."""

import asyncio
import logging
import os
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path
from time import monotonic

from xxhash import xxh3_128_hexdigest

from hydrophone.domain.ids import UserId
from hydrophone.domain.units import Seconds
from hydrophone.errors import HydrophoneError, MediaError, NotFoundError, UnavailableError
from hydrophone.media.ffmpeg import run_ffmpeg
from hydrophone.media.in_thread import in_thread
from hydrophone.media.recipe import Recipe, shaped
from hydrophone.media.slots import Slots
from hydrophone.media.transcode import STDIN
from hydrophone.media.transcode_cache import Part, TranscodeCache
from hydrophone.media.transcode_flight import Flight, Transcode

logger = logging.getLogger(__name__)

_PATIENCE = Seconds(3.0)
"""How long a request waits for its turn: less than players wait before they give up."""
_LONGEST = Seconds(6 * 3600.0)
"""How long one transcode may run; a song takes some seconds, an audio book some minutes, and a
film on a weak machine about as long as it is."""
_LARGEST = 8 * 1024**3
_LOOK_AT_DISK = 16 * 1024**2
"""Bytes after which it is looked again whether the disk is nearly full."""
_LOOK_SECONDS = Seconds(0.1)
"""Until whoever waits for the end looks again how near it is."""
_NO_GRACE = Seconds(0.0)


class Transcoder:
    """Makes transcodes: one ffmpeg for each, so many at a time, in all and for each user."""

    def __init__(
        self,
        ffmpeg: Path,
        *,
        cache: TranscodeCache,
        max_concurrent: int,
        max_per_user: int,
        time_limit: Seconds,
    ) -> None:
        """See `run_ffmpeg` for the time limit."""
        self._ffmpeg = ffmpeg
        self._cache = cache
        self._time_limit = time_limit
        self._slots = Slots(most=max_concurrent, most_per_user=max_per_user, patience=_PATIENCE)
        self._flights: dict[str, Flight] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def look_up(self, source: Path, spec: Recipe, duration: Seconds) -> Transcode:
        """Find out whether a transcode is there already. `duration` is that of the result.

        Raises:
            NotFoundError: The source is gone or cannot be read.
        """
        name = await asyncio.to_thread(self._name, source, spec)
        ready = await asyncio.to_thread(self._cache.find, name)
        return Transcode(name=name, source=source, spec=spec, duration=duration, ready=ready)

    async def listen(
        self, transcode: Transcode, *, user: UserId, first: int = 0, grace: Seconds = _NO_GRACE
    ) -> AsyncGenerator[bytes, None]:
        """Yield a transcode from its byte `first` on, as it is made.

        Nothing happens before the first chunk is asked for. ffmpeg runs at its own speed, not
        at the listener's. It ends when its last listener closes this generator or is cancelled,
        unless it is done within a second: at once, or after `grace` if nobody listens then.

        Raises:
            UnavailableError: Instead of the first chunk: too much is running, for this user
                or in all.
            MediaError: The source cannot be decoded, or ffmpeg failed or was silent for too
                long. Usually instead of the first chunk; after it what was handed out so far
                is no whole song.
        """
        flight = self._join(transcode, user)
        try:
            async with aclosing(flight.file.read(first)) as chunks:
                async for chunk in chunks:
                    yield chunk
        finally:
            await self._leave(flight, grace)

    async def make(self, transcode: Transcode, *, user: UserId, patience: Seconds) -> Path | None:
        """Make a transcode and wait until it is kept; returns the file.

        `None` if that takes longer, which is known before `patience` is over, or if it fails:
        then `listen` goes on with it, or raises. It ends when this is cancelled.
        """
        flight = self._join(transcode, user)
        end = monotonic() + patience
        try:
            while (left := end - monotonic()) > 0:
                done, _ = await asyncio.wait([flight.task], timeout=min(left, _LOOK_SECONDS))
                if done:
                    return await asyncio.to_thread(self._cache.find, transcode.name)
                if flight.left is not None and flight.left > left:
                    break
        except asyncio.CancelledError:
            await self._leave(flight, _NO_GRACE)
            raise
        return None

    async def convert(
        self, feed: AsyncGenerator[bytes, None], spec: Recipe, *, user: UserId
    ) -> AsyncGenerator[bytes, None]:
        """Yield a transcode of what is still on its way, for this listener alone; it is not kept.

        `feed` is closed with it. Raises as `listen`, MediaError also for files that ffmpeg must
        seek in, and what the feed raises.
        """
        argv = [str(self._ffmpeg), *spec.arguments(STDIN)]
        async with aclosing(feed), self._slots.turn(user):
            chunks = shaped(run_ffmpeg(argv, time_limit=self._time_limit, feed=feed), spec)
            async with aclosing(chunks):
                async for chunk in chunks:
                    yield chunk

    async def close(self) -> None:
        """End everything that runs; its listeners get an UnavailableError."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def _name(self, source: Path, spec: Recipe) -> str:
        try:
            status = source.stat()
        except OSError as error:
            raise NotFoundError("The file is gone or cannot be read.") from error
        # With the time of the last change of the inode: copying tools set the other one back.
        version = (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        try:
            program = self._ffmpeg.stat().st_mtime_ns
        except OSError:
            program = 0  # starting it will say what is wrong
        others = (f"{spec.frames}", f"{spec.sample_count}", f"{version}", f"{program}")
        told = "\0".join([*spec.arguments(source), *others])
        digest = xxh3_128_hexdigest(told.encode("utf-8", "surrogateescape"))
        return f"{digest}.{spec.suffix}"

    def _join(self, transcode: Transcode, user: UserId) -> Flight:
        flight = self._flights.get(transcode.name)
        if flight is None or not flight.file.has_beginning:
            flight = self._start(transcode, user)
        return flight

    async def _leave(self, flight: Flight, grace: Seconds) -> None:
        if grace:
            asyncio.get_running_loop().call_later(grace, self._end_idle, flight)
        elif self._end_idle(flight):
            # Until nothing is left of ffmpeg.
            await asyncio.wait([flight.task])

    def _end_idle(self, flight: Flight) -> bool:
        if not flight.is_idle:
            return False
        self._forget(flight)
        return flight.task.cancel()

    def _start(self, transcode: Transcode, user: UserId) -> Flight:
        flight = Flight(transcode)
        flight.task = asyncio.create_task(self._run(flight, user))
        self._flights[transcode.name] = flight
        self._tasks.add(flight.task)
        flight.task.add_done_callback(self._tasks.discard)
        return flight

    def _forget(self, flight: Flight) -> None:
        # Another may have taken the place of one that nobody could join any more.
        if self._flights.get(flight.transcode.name) is flight:
            del self._flights[flight.transcode.name]

    async def _run(self, flight: Flight, user: UserId) -> None:
        error: HydrophoneError | None = UnavailableError("The transcode was stopped.")
        try:
            async with self._slots.turn(user):
                await self._make(flight)
            error = None
        except HydrophoneError as failure:
            error = failure
        except TimeoutError:
            error = MediaError(f"A transcode was not done in {_LONGEST:g} seconds.")
        except Exception as fault:
            # Nobody awaits this task: listeners and the log are all that can tell.
            logger.exception("A transcode of %s failed", flight.transcode.source)
            error = MediaError("The transcode failed; the log has the reason.")
            error.__cause__ = fault
        finally:
            self._forget(flight)
            flight.file.end(error)
            flight.file.close()

    async def _make(self, flight: Flight) -> None:
        part = await self._begin()
        if part is None:
            await self._encode(flight)
            return
        try:
            await flight.file.use_disk(part.path, part.descriptor)
            await self._encode(flight)
            await self._keep(flight, part)
        finally:
            # After `keep` there is nothing to drop.
            self._cache.drop(part)

    async def _begin(self) -> Part | None:
        beginning = asyncio.create_task(asyncio.to_thread(self._cache.begin))
        try:
            return await asyncio.shield(beginning)
        except asyncio.CancelledError:
            # By a callback, for whoever waits here may be cancelled a second time.
            beginning.add_done_callback(lambda done: self._abandon(done.result()))
            await asyncio.wait([beginning])
            raise

    def _abandon(self, part: Part | None) -> None:
        if part is not None:
            os.close(part.descriptor)
            self._cache.drop(part)

    async def _encode(self, flight: Flight) -> None:
        transcode = flight.transcode
        argv = [str(self._ffmpeg), *transcode.spec.arguments(transcode.source)]
        flight.started = monotonic()
        looked = 0
        chunks = shaped(
            run_ffmpeg(argv, time_limit=self._time_limit, position=flight.reach), transcode.spec
        )
        async with asyncio.timeout(_LONGEST), aclosing(chunks):
            async for chunk in chunks:
                await flight.file.append(chunk)
                if flight.file.size > _LARGEST:
                    raise MediaError(f"A transcode has more than {_LARGEST} bytes.")
                if flight.file.size - looked >= _LOOK_AT_DISK:
                    looked = flight.file.size
                    if not await asyncio.to_thread(self._has_room):
                        flight.file.leave_disk()

    def _has_room(self) -> bool:
        try:
            return self._cache.make_room()
        except OSError as error:
            logger.warning("The cache of transcodes was removed while it was used: %s", error)
            return False

    async def _keep(self, flight: Flight, part: Part) -> None:
        transcode = flight.transcode
        if not flight.file.is_on_disk:
            return
        if not flight.is_complete:
            logger.warning(
                "A transcode of %s is %.1f seconds long instead of %.1f, and is not kept",
                *(transcode.source, flight.position, transcode.duration),
            )
            return
        try:
            name_now = await asyncio.to_thread(self._name, transcode.source, transcode.spec)
        except NotFoundError:
            return
        # Else the source was replaced meanwhile.
        if name_now == transcode.name:
            await in_thread(self._cache.keep, part, transcode.name)
