"""Downloads episodes: once for everybody, going on where it was, and heard meanwhile."""

import asyncio
import logging
import os
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from http import HTTPStatus

import msgspec

from hydrophone.domain.ids import EpisodeId
from hydrophone.domain.job import Job, JobPriority, JobState, NewJob
from hydrophone.domain.podcast import Episode, PodcastStatus
from hydrophone.domain.units import ByteCount, Seconds, Timestamp
from hydrophone.errors import (
    BadAnswerError,
    HydrophoneError,
    MediaError,
    ProviderUnavailableError,
    UnavailableError,
)
from hydrophone.media.growing_file import NOTHING, GrowingFile
from hydrophone.media.in_thread import in_thread
from hydrophone.outbound import Incoming, Outbound
from hydrophone.sandbox.worker import Worker
from hydrophone.scanner.parse import SUFFIXES
from hydrophone.scanner.parsed import ParsedFile
from hydrophone.services.job_runner import JobKind, JobRun
from hydrophone.services.jobs import Jobs
from hydrophone.services.podcast_files import PodcastFiles
from hydrophone.services.reading import steps
from hydrophone.storage.database import Database
from hydrophone.storage.queries import episodes

logger = logging.getLogger(__name__)

_BEGUN = (PodcastStatus.DOWNLOADING, PodcastStatus.ERROR)
JOB = "podcast-episode"
"""The kind of the jobs; their keys are ids of episodes."""
_MOST_AT_ONCE = 2
"""Besides those that somebody listens to."""
_TRIES = 4
_HOURS_BETWEEN = (1, 4, 24, 72)
"""Between jobs that have failed, each after its tries; after the last nothing is tried any more."""
_HOUR_MS = 3_600_000
_TELL_SECONDS = 1.0
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
        self.total: ByteCount | None = None
        """Bytes that there are to be; `None` if unknown, or not known yet."""
        self.begun = asyncio.Event()
        """Set when it is known from where on bytes come, and when nothing will come."""


class PodcastDownloads:
    """Gets episodes that somebody asks for or listens to; a restart goes on with them."""

    def __init__(
        self,
        *,
        database: Database,
        outbound: Outbound,
        files: PodcastFiles,
        jobs: Jobs,
    ) -> None:
        self._database = database
        self._outbound = outbound
        self._files = files
        self._jobs = jobs
        self._flights: dict[EpisodeId, _Flight] = {}
        self._parser: Worker[ParsedFile] = Worker(
            "hydrophone.scanner.parse:parse_file", answer=ParsedFile, memory=_WORKER_MEMORY
        )
        self.job_kind = JobKind(
            handler=self._download, at_once=_MOST_AT_ONCE, attempts=_TRIES, ended=self._ended
        )

    async def resume(self) -> None:
        """Queue what is under way by its status, and has no job because of a crash."""
        await self.request(
            await self._database.read(episodes.with_status, PodcastStatus.DOWNLOADING)
        )

    async def close(self) -> None:
        """Stop all downloads; they count as under way, for the next start."""
        tasks = [flight.task for flight in self._flights.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._parser.close()

    async def request(self, identifiers: Iterable[EpisodeId]) -> None:
        """Queue episodes. Those that are queued or on their way already are so once."""
        for step in steps(list(identifiers)):
            found = await self._database.read(episodes.by_ids, episodes.NOBODY, step)
            await self._set([episode.id for episode in found.values()], PodcastStatus.DOWNLOADING)
            for episode in found.values():
                await self._enqueue(episode, JobPriority.BULK)

    async def retry(self, now: Timestamp) -> None:
        """Queue again what has failed and is due."""
        due = await self._database.read(episodes.due, now)
        if not due:
            return
        await self._database.write(episodes.resume, due)
        found = await self._database.read(episodes.by_ids, episodes.NOBODY, due)
        for episode in found.values():
            await self._enqueue(episode, JobPriority.BULK)

    def has_begun(self, episode: Episode) -> bool:
        """Say whether there may be a part of an episode, or somebody who is fetching it."""
        return episode.id in self._flights or episode.status in _BEGUN

    async def cancel(self, episode: Episode) -> None:
        """Forget a download, with what is there of it."""
        job = await self._jobs.active(JOB, episode.id)
        if job is not None:
            await self._jobs.cancel_any(job.id)
        await self._drop(episode)

    async def listen(self, episode: Episode) -> AsyncGenerator[bytes, None]:
        """Yield an episode from its first byte on, as it is downloaded.

        It waits for no other, and is downloaded to its end if the listener leaves. Raises what
        the download fails with, in the middle too.
        """
        flight = self._flights.get(episode.id)
        if flight is None:
            await self._set([episode.id], PodcastStatus.DOWNLOADING)
            flight = self._flights.get(episode.id) or self._start(episode)
            # Should this try fail, the next ones are the queue's.
            await self._enqueue(episode, JobPriority.PLAYED)
        await flight.begun.wait()
        async with aclosing(flight.file.read()) as chunks:
            async for chunk in chunks:
                yield chunk

    async def _enqueue(self, episode: Episode, priority: JobPriority) -> None:
        await self._jobs.enqueue(
            NewJob(
                kind=JOB,
                key=episode.id,
                title=f"{episode.channel_title}: {episode.title}",
                priority=priority,
            )
        )

    async def _set(self, identifiers: list[EpisodeId], status: PodcastStatus) -> None:
        await self._database.write(episodes.set_status, identifiers, status)

    async def _download(self, run: JobRun) -> None:
        """Try once; goes along with somebody who listens already."""
        episode = await self._under_way(run.job.key)
        if episode is None:
            return
        flight = self._flights.get(episode.id) or self._start(episode)
        # It goes on for its listeners if this work is cancelled; `close` ends it.
        while not flight.task.done():
            await asyncio.wait([flight.task], timeout=_TELL_SECONDS)
            run.progress(flight.file.size, flight.total)
        if flight.task.cancelled():
            raise UnavailableError("The download was stopped.")
        flight.task.result()

    async def _ended(self, job: Job) -> None:
        """Say of an episode whose job has failed or was cancelled that it is not on its way."""
        episode = await self._under_way(job.key)
        if episode is None:
            return
        if job.state is JobState.FAILED:
            due = None
            if job.finished is not None and episode.failures < len(_HOURS_BETWEEN):
                wait = _HOURS_BETWEEN[episode.failures] * _HOUR_MS
                due = Timestamp(job.finished + wait)
            await self._database.write(episodes.fail, episode.id, job.error, due)
        elif job.state is JobState.CANCELLED:
            await self._drop(episode)
            await self._set([episode.id], PodcastStatus.NEW)

    async def _under_way(self, episode_id: str) -> Episode | None:
        found = await self._database.read(episodes.by_ids, episodes.NOBODY, [episode_id])
        episode = found.get(episode_id)
        is_wanted = episode is not None and episode.status is PodcastStatus.DOWNLOADING
        return episode if is_wanted else None

    async def _drop(self, episode: Episode) -> None:
        flight = self._flights.get(episode.id)
        if flight is not None:
            flight.task.cancel()
            await asyncio.wait([flight.task])
        await in_thread(self._files.drop_part, episode)

    def _start(self, episode: Episode) -> _Flight:
        flight = _Flight(episode)
        self._flights[episode.id] = flight
        flight.task = asyncio.create_task(self._fly(flight))
        flight.task.add_done_callback(lambda _: self._landed(flight))
        return flight

    def _landed(self, flight: _Flight) -> None:
        del self._flights[flight.episode.id]
        if not flight.task.cancelled():
            # Looked at by its job as well; but it may not have come that far.
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
                if incoming.length is not None:
                    flight.total = ByteCount(present + incoming.length)
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
        if flight.total is not None and flight.file.size != flight.total:
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
            codec=stream.codec,
            codec_profile=stream.codec_profile,
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
