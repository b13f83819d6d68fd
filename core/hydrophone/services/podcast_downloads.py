"""Downloads episodes: once for everybody, going on where it was, and heard meanwhile."""

import asyncio
import logging
import os
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from http import HTTPStatus

import msgspec

from hydrophone.domain.ids import EpisodeId
from hydrophone.domain.podcast import Episode, PodcastStatus
from hydrophone.domain.units import ByteCount, Seconds
from hydrophone.errors import (
    BadAnswerError,
    HydrophoneError,
    MediaError,
    ProviderUnavailableError,
    RetryLaterError,
    UnavailableError,
)
from hydrophone.media.growing_file import NOTHING, GrowingFile
from hydrophone.media.in_thread import in_thread
from hydrophone.outbound import Incoming, Outbound
from hydrophone.sandbox.worker import Worker
from hydrophone.scanner.parse import SUFFIXES
from hydrophone.scanner.parsed import ParsedFile
from hydrophone.services.podcast_files import PodcastFiles
from hydrophone.storage.database import Database
from hydrophone.storage.queries import episodes

logger = logging.getLogger(__name__)

_MOST_AT_ONCE = 2
"""Besides those that somebody listens to."""
_TRIES = 3
_BETWEEN_TRIES = (1.0, 5.0)
"""Seconds."""
_LONGEST_WAIT = 60.0
_LARGEST = ByteCount(4 * 1024**3)
_LONGEST = Seconds(2 * 3600.0)
"""How long one try may take; the next one goes on behind it."""
_LOOK_AT_DISK = 16 * 1024**2
"""Bytes after which it is looked again whether the disk is nearly full."""
_WORKER_MEMORY = 512 * 1024**2
_PARSE_TIMEOUT = 60.0


class _Flight:
    """One try to get an episode."""

    task: asyncio.Task[None]

    def __init__(self, episode: Episode) -> None:
        self.episode = episode
        self.file = GrowingFile()
        self.begun = asyncio.Event()
        """Set when it is known from where on bytes come, and when nothing will come."""


class PodcastDownloads:
    """Gets episodes that somebody asks for or listens to; a restart goes on with them."""

    def __init__(self, *, database: Database, outbound: Outbound, files: PodcastFiles) -> None:
        self._database = database
        self._outbound = outbound
        self._files = files
        self._flights: dict[EpisodeId, _Flight] = {}
        self._queued: dict[EpisodeId, None] = {}
        self._news = asyncio.Event()
        self._parser: Worker[ParsedFile] = Worker(
            "hydrophone.scanner.parse:parse_file", answer=ParsedFile, memory=_WORKER_MEMORY
        )

    async def run(self) -> None:
        """Download what is queued, for ever, beginning with what a stop has interrupted."""
        waiting = await self._database.read(episodes.with_status, PodcastStatus.DOWNLOADING)
        self._queued |= dict.fromkeys(waiting)
        async with asyncio.TaskGroup() as group:
            for _ in range(_MOST_AT_ONCE):
                group.create_task(self._work())

    async def close(self) -> None:
        """Stop all downloads; they count as under way, for the next start."""
        tasks = [flight.task for flight in self._flights.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._parser.close()

    async def request(self, identifiers: Iterable[EpisodeId]) -> None:
        """Queue episodes. Those that are queued or on their way already are so once."""
        wanted = [i for i in identifiers if i not in self._flights]
        if wanted:
            await self._set(wanted, PodcastStatus.DOWNLOADING)
            self._queued |= dict.fromkeys(wanted)
            self._tell()

    async def cancel(self, episode: Episode) -> None:
        """Forget a download, with what is there of it."""
        self._queued.pop(episode.id, None)
        flight = self._flights.get(episode.id)
        if flight is not None:
            flight.task.cancel()
            await asyncio.wait([flight.task])
        await in_thread(self._files.drop_part, episode)

    async def listen(self, episode: Episode) -> AsyncGenerator[bytes, None]:
        """Yield an episode from its first byte on, as it is downloaded.

        It comes before all that is queued, and is downloaded to its end if the listener leaves.
        Raises what the download fails with, in the middle too.
        """
        flight = self._flights.get(episode.id)
        if flight is None:
            await self._set([episode.id], PodcastStatus.DOWNLOADING)
            flight = self._flights.get(episode.id) or self._start(episode)
            # Should this try fail, the next ones are the queue's.
            self._queued[episode.id] = None
            self._tell()
        await flight.begun.wait()
        async with aclosing(flight.file.read()) as chunks:
            async for chunk in chunks:
                yield chunk

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    async def _set(
        self, identifiers: list[EpisodeId], status: PodcastStatus, reason: str = ""
    ) -> None:
        await self._database.write(episodes.set_status, identifiers, status, reason)

    async def _work(self) -> None:
        while True:
            news = self._news
            if not self._queued:
                await news.wait()
                continue
            episode_id = next(iter(self._queued))
            del self._queued[episode_id]
            await self._download(episode_id)

    async def _download(self, episode_id: EpisodeId) -> None:
        """Try a few times, as long as trying again may help."""
        for number in range(_TRIES):
            found = await self._database.read(episodes.by_ids, episodes.NOBODY, [episode_id])
            episode = found.get(episode_id)
            if episode is None or episode.status is not PodcastStatus.DOWNLOADING:
                return
            flight = self._flights.get(episode_id) or self._start(episode)
            # It goes on for its listeners if this work is cancelled; `close` ends it.
            await asyncio.wait([flight.task])
            error = None if flight.task.cancelled() else flight.task.exception()
            if error is None:
                return
            if not isinstance(error, HydrophoneError):
                logger.error("Downloading %s failed", episode_id, exc_info=error)
            wait = _wait_after(error, number)
            if wait is None:
                reason = str(error) if isinstance(error, HydrophoneError) else "It failed."
                logger.warning("The episode %r is not downloaded: %s", episode.title, reason)
                await self._set([episode_id], PodcastStatus.ERROR, reason)
                return
            await asyncio.sleep(wait)

    def _start(self, episode: Episode) -> _Flight:
        flight = _Flight(episode)
        self._flights[episode.id] = flight
        flight.task = asyncio.create_task(self._fly(flight))
        flight.task.add_done_callback(lambda _: self._landed(flight))
        return flight

    def _landed(self, flight: _Flight) -> None:
        del self._flights[flight.episode.id]
        if not flight.task.cancelled():
            # Looked at by the queue as well; but it may not have come that far.
            flight.task.exception()

    async def _fly(self, flight: _Flight) -> None:
        error: HydrophoneError | None = UnavailableError("The download was stopped.")
        try:
            async with asyncio.timeout(_LONGEST):
                await self._fetch(flight)
            error = None
        except HydrophoneError as failure:
            error = failure
            raise
        except TimeoutError as failure:
            error = ProviderUnavailableError("The download takes too long.")
            raise error from failure
        finally:
            flight.file.end(error)
            flight.file.close()
            flight.begun.set()

    async def _fetch(self, flight: _Flight) -> None:
        episode = flight.episode
        part = self._files.part(episode)
        descriptor, present = await in_thread(self._files.open_part, part)
        is_handed_on = False
        try:
            headers = {"Accept-Encoding": "identity"}
            if present and episode.validator:
                headers |= {"Range": f"bytes={present}-", "If-Range": episode.validator}
            async with self._outbound.open(
                episode.url, largest=_LARGEST, headers=headers
            ) as incoming:
                if not _goes_on(incoming, present):
                    await in_thread(self._files.empty_part, descriptor)
                    present = NOTHING
                expected = None if incoming.length is None else present + incoming.length
                await in_thread(self._files.check_room, incoming.length or 0)
                await self._database.write(episodes.set_validator, episode.id, _validator(incoming))
                is_handed_on = True
                await flight.file.use_disk(part, descriptor, present=present)
                flight.begun.set()
                await self._take(flight, incoming)
        except BadAnswerError as error:
            if error.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and present:
                await in_thread(self._files.empty_part, descriptor)
                raise ProviderUnavailableError("The download has to begin anew.") from error
            raise
        finally:
            if not is_handed_on:
                os.close(descriptor)
        if expected is not None and flight.file.size != expected:
            raise ProviderUnavailableError("The download broke off.")
        described = await self._described(flight)
        kept = await in_thread(self._files.keep, part, descriptor, described)
        if not await self._database.write(episodes.save_file, kept):
            await in_thread(self._files.remove, kept)

    async def _take(self, flight: _Flight, incoming: Incoming) -> None:
        if incoming.content_type in ("text/html", "application/xhtml+xml"):
            raise BadAnswerError(f"{incoming.host} sends a web page in place of the episode.")
        looked = flight.file.size
        async for chunk in incoming.chunks():
            await flight.file.append(chunk)
            if not flight.file.is_on_disk:
                raise UnavailableError("The disk is full.")
            if flight.file.size - looked >= _LOOK_AT_DISK:
                looked = flight.file.size
                await in_thread(self._files.check_room, 0)

    async def _described(self, flight: _Flight) -> Episode:
        """Look into the file, which knows better than the feed what it is."""
        episode = msgspec.structs.replace(flight.episode, size=flight.file.size)
        if episode.suffix not in SUFFIXES:
            return episode
        path = os.fsencode(self._files.part(flight.episode))
        try:
            parsed = await in_thread(lambda: self._parser.call(path, timeout=_PARSE_TIMEOUT))
        except MediaError as error:
            await in_thread(self._files.drop_part, episode)
            raise BadAnswerError(f"What was downloaded cannot be played: {error}.") from error
        stream = parsed.stream
        return msgspec.structs.replace(
            episode,
            duration=stream.duration,
            suffix=stream.suffix,
            content_type=stream.content_type,
            bit_rate=stream.bit_rate,
            bit_depth=stream.bit_depth,
            sampling_rate=stream.sampling_rate,
            channel_count=stream.channel_count,
        )


def _goes_on(incoming: Incoming, present: int) -> bool:
    """Say whether what comes belongs behind the bytes that are here (RFC 9110, 14.4)."""
    if incoming.status != HTTPStatus.PARTIAL_CONTENT:
        return False
    if incoming.headers.get("content-range", "").startswith(f"bytes {present}-"):
        return True
    raise BadAnswerError(f"{incoming.host} sends another part than was asked for.")


def _validator(incoming: Incoming) -> str:
    """Return what tells versions of a file apart for sure; empty if there is no such thing."""
    etag = incoming.headers.get("etag", "")
    return etag if etag.startswith('"') else incoming.headers.get("last-modified", "")


def _wait_after(error: BaseException, number: int) -> float | None:
    """Return the seconds until the next try; `None` if there is to be none."""
    if number >= _TRIES - 1:
        return None
    if isinstance(error, RetryLaterError):
        return error.after if error.after <= _LONGEST_WAIT else None
    return _BETWEEN_TRIES[number] if isinstance(error, ProviderUnavailableError) else None


class GrowingEpisode:
    """An episode that is not here yet: its download begins when its first chunk is asked for."""

    def __init__(self, downloads: PodcastDownloads, episode: Episode) -> None:
        self._downloads = downloads
        self._episode = episode
        self.content_type = episode.content_type
        self.duration = episode.duration
        """As the feed says."""
        self.file_name = f"{episode.title}.{episode.suffix}".replace("/", "_")
        """For Content-Disposition."""
        self.etag = ""
        """Nobody knows it before the download."""
        self.estimated_length: ByteCount | None = None
        """What feeds say of lengths is wrong too often."""

    def chunks(self) -> AsyncGenerator[bytes, None]:
        """Yield the bytes; see `PodcastDownloads.listen`."""
        return self._downloads.listen(self._episode)
