"""The jukebox: one queue for all who may use it, played by mpv on the server's own machine."""

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import TypeVar

from hydrophone.domain.jukebox import JukeboxStatus
from hydrophone.domain.music import Track
from hydrophone.domain.units import Seconds
from hydrophone.domain.user import User
from hydrophone.errors import (
    HydrophoneError,
    InvalidInputError,
    MediaError,
    NotFoundError,
    UnsupportedError,
)
from hydrophone.media.mpv import Ended, Mpv
from hydrophone.services.jukebox_files import JukeboxFiles
from hydrophone.services.jukebox_queue import JukeboxQueue

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

_MOST_TRACKS = 10_000
_AHEAD = 2
"""Tracks behind the current one that are downloaded before it is their turn."""
_STEADY_SECONDS = 5.0
"""mpv that ends sooner after its start would only end again."""


class Jukebox:
    """Plays a queue. The queue belongs to this process, as its loudspeakers do, and goes with it.

    Indexes are of the queue as the caller sees it: without tracks of libraries that are not his.
    Each call raises UnsupportedError if there is no jukebox here, and MediaError if mpv fails.
    """

    def __init__(self, *, files: JukeboxFiles, mpv: Path | str, device: str) -> None:
        """`mpv` is the program, or a sentence that says why there is none."""
        self._files = files
        self._mpv = mpv
        self._device = device
        self._lock = asyncio.Lock()
        self._events: asyncio.Queue[tuple[Mpv, Ended]] = asyncio.Queue()
        self._player: Mpv | None = None
        self._started = 0.0
        self._queue = JukeboxQueue()
        self._entry: int | None = None
        """What mpv calls the track that it has; `None` if it has none of ours."""
        self._begin = Seconds(0.0)
        """Where in its file the current track begins."""
        self._position = Seconds(0.0)
        """Where in the track it was, when last asked."""
        self._is_playing = False
        """Also while what is to be played is still being downloaded."""
        self._bringing: asyncio.Task[None] | None = None
        """The download that the current track waits for."""
        self._gain = 1.0

    @property
    def is_there(self) -> bool:
        """Whether this server has one: else there is nothing to ask of it."""
        return isinstance(self._mpv, Path)

    async def status(self, viewer: User) -> JukeboxStatus:
        """Return what is played where."""
        self._check()
        async with self._lock:
            return await self._status(viewer)

    async def queue(self, viewer: User) -> tuple[JukeboxStatus, tuple[Track, ...]]:
        """Return the same, with the queue."""
        self._check()
        async with self._lock:
            status = await self._status(viewer)
            ids = [self._queue.tracks[place].id for place in self._queue.seen_by(viewer)]
        return status, await self._files.tracks(viewer, ids)

    async def set(self, viewer: User, track_ids: Sequence[str]) -> None:
        """Replace the queue. What is playing plays on, and the new queue after it.

        Raises NotFoundError if one of the tracks does not exist; then nothing changes.
        """
        self._check()
        new = await self._tracks(viewer, track_ids)
        async with self._lock:
            self._queue.replace(new)
            is_there = self._queue.index >= 0
            if not self._is_playing or (self._bringing is not None and not is_there):
                await self._forget()
                self._queue.rewind()

    async def add(self, viewer: User, track_ids: Sequence[str]) -> None:
        """Put tracks at the end. Raises as `set` does."""
        self._check()
        new = await self._tracks(viewer, track_ids)
        async with self._lock:
            self._limit(len(self._queue.tracks) + len(new))
            self._queue.tracks += new
            if self._queue.index < 0 and not self._is_playing:
                self._queue.rewind()

    async def start(self) -> None:
        """Play on, or begin; with an empty queue nothing happens."""
        self._check()
        async with self._lock:
            if not self._queue.tracks or self._is_playing:
                return
            if self._entry is not None and self._player is not None:
                await self._guarded(self._player.resume())
                self._is_playing = True
            else:
                await self._play(max(0, self._queue.index), self._position)

    async def stop(self) -> None:
        """Hold what is playing where it is."""
        self._check()
        async with self._lock:
            if self._player is not None and self._is_playing:
                await self._guarded(self._player.pause())
                await self._locate()
            self._wait_no_longer()
            self._is_playing = False

    async def skip(self, viewer: User, index: int, offset: Seconds) -> None:
        """Play a track of the queue from `offset`. Raises InvalidInputError if it has no such."""
        self._check()
        async with self._lock:
            await self._play(self._queue.place(viewer, index), offset)

    async def clear(self) -> None:
        """Empty the queue; what is playing ends."""
        self._check()
        async with self._lock:
            self._queue = JukeboxQueue()
            await self._forget()

    async def remove(self, viewer: User, index: int) -> None:
        """Take a track out; if it is playing, the next one does. Raises as `skip` does."""
        self._check()
        async with self._lock:
            place = self._queue.place(viewer, index)
            if not self._queue.remove(place):
                return
            was_playing = self._is_playing
            await self._forget()
            if was_playing and place < len(self._queue.tracks):
                await self._play(place, Seconds(0.0))
            else:
                self._queue.index = min(place, len(self._queue.tracks) - 1)

    async def shuffle(self) -> None:
        """Mix the queue; the current track comes first and plays on."""
        self._check()
        async with self._lock:
            self._queue.shuffle()

    async def set_gain(self, gain: float) -> None:
        """Set the loudness. Raises InvalidInputError unless it is from 0 to 1."""
        self._check()
        if not 0 <= gain <= 1:
            raise InvalidInputError("The gain is a number from 0 to 1.")
        async with self._lock:
            self._gain = gain
            if self._player is not None:
                await self._guarded(self._player.set("volume", value=gain * 100))

    async def run(self) -> None:
        """Go from track to track for ever, and start mpv again if it dies."""
        while True:
            player, ended = await self._events.get()
            async with self._lock:
                if player is not self._player:
                    continue
                try:
                    await self._go_on(ended)
                except HydrophoneError as error:
                    logger.warning("The jukebox has stopped: %s", error)
                    self._is_playing = False

    async def close(self) -> None:
        """End mpv."""
        async with self._lock:
            self._wait_no_longer()
            await self._drop()

    async def _go_on(self, ended: Ended) -> None:
        if ended.entry is None:
            steady = asyncio.get_running_loop().time() - self._started > _STEADY_SECONDS
            again = self._is_playing and steady and self._queue.index >= 0
            logger.warning("%s%s", ended.reason, " It is started again." if again else "")
            await self._drop()
            if again:
                await self._play(self._queue.index, self._position)
        elif ended.entry == self._entry and ended.reason in ("eof", "error"):
            if ended.reason == "error":
                logger.warning("mpv cannot play a track of the queue; the next one follows.")
            await self._play_next()

    async def _play_next(self) -> None:
        self._entry = None
        for index in range(self._queue.index + 1, len(self._queue.tracks)):
            try:
                await self._play(index, Seconds(0.0))
            except NotFoundError:
                logger.info("The file of a track in the jukebox is missing.")
            else:
                return
        self._is_playing = False
        self._position = Seconds(0.0)
        self._queue.rewind()

    async def _play(self, index: int, offset: Seconds) -> None:
        track = self._queue.tracks[index]
        found = await self._files.find(track)
        player = await self._running()
        self._wait_no_longer()
        if found is None:
            await self._forget()
            begin = Seconds(0.0)
            self._bringing = asyncio.create_task(self._bring(track))
        else:
            begin = Seconds(found.start or 0.0)
            end = None if found.start is None else Seconds(begin + track.duration)
            # A URL with all else escaped: names of files may hold any byte, and JSON may not.
            address = found.path.as_uri()
            self._entry = await self._guarded(player.play(address, Seconds(begin + offset), end))
        self._queue.index = index
        self._begin, self._position = begin, offset
        self._is_playing = True
        for following in self._queue.tracks[index + 1 : index + 1 + _AHEAD]:
            await self._files.expect(following)

    async def _bring(self, track: Track) -> None:
        """Download the current track, then play it, or the next one if that fails."""
        failure: HydrophoneError | None = None
        try:
            await self._files.bring(track)
        except HydrophoneError as error:
            logger.warning("%s cannot be played by the jukebox: %s", track.id, error)
            failure = error
        async with self._lock:
            if self._bringing is not asyncio.current_task():
                return
            self._bringing = None
            try:
                if failure is None:
                    await self._play(self._queue.index, self._position)
                else:
                    await self._play_next()
            except HydrophoneError as error:
                logger.warning("The jukebox has stopped: %s", error)
                self._is_playing = False

    def _wait_no_longer(self) -> None:
        if self._bringing is not None:
            self._bringing.cancel()
            self._bringing = None

    async def _running(self) -> Mpv:
        if self._player is None:
            if not isinstance(self._mpv, Path):
                raise UnsupportedError(self._mpv)
            self._player = Mpv(
                self._mpv, self._device, lambda who, what: self._events.put_nowait((who, what))
            )
            await self._guarded(self._player.start())
            self._started = asyncio.get_running_loop().time()
            await self._guarded(self._player.set("volume", value=self._gain * 100))
        return self._player

    async def _status(self, viewer: User) -> JukeboxStatus:
        await self._locate()
        seen = self._queue.seen_by(viewer)
        is_seen = self._queue.index in seen
        return JukeboxStatus(
            current_index=seen.index(self._queue.index) if is_seen else -1,
            is_playing=self._is_playing,
            gain=self._gain,
            position=self._position if is_seen else Seconds(0.0),
        )

    async def _locate(self) -> None:
        """Ask mpv where it is. Right after a change of track it does not know."""
        if self._player is not None and self._entry is not None:
            position = await self._guarded(self._player.position())
            if position is not None:
                self._position = Seconds(max(0.0, position - self._begin))

    async def _forget(self) -> None:
        """Let mpv play nothing."""
        self._wait_no_longer()
        self._entry = None
        self._position = Seconds(0.0)
        self._is_playing = False
        if self._player is not None:
            await self._guarded(self._player.silence())

    async def _guarded(self, asked: Coroutine[object, object, Result]) -> Result:
        """Await an answer of mpv; without a good one, end it: the next start has a new one."""
        try:
            return await asked
        except MediaError:
            self._is_playing = False
            await self._drop()
            raise

    async def _drop(self) -> None:
        player, self._player, self._entry = self._player, None, None
        if player is not None:
            await player.close()

    async def _tracks(self, viewer: User, track_ids: Sequence[str]) -> list[Track]:
        self._limit(len(track_ids))
        found = await self._files.tracks(viewer, track_ids)
        if len(found) < len(track_ids):
            raise NotFoundError("There is no such track.")
        return list(found)

    def _limit(self, size: int) -> None:
        if size > _MOST_TRACKS:
            raise InvalidInputError(f"The jukebox holds at most {_MOST_TRACKS} tracks.")

    def _check(self) -> None:
        if not isinstance(self._mpv, Path):
            raise UnsupportedError(self._mpv)
