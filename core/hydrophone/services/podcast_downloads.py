"""Downloads episodes: once for everybody, going on where it was, and heard meanwhile."""

import asyncio
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
    ProviderUnavailableError,
    UnavailableError,
)
from hydrophone.media.growing_file import NOTHING, GrowingFile
from hydrophone.media.in_thread import in_thread
from hydrophone.outbound import Incoming, Outbound
from hydrophone.scanner.suffixes import SUFFIXES
from hydrophone.services.flights import Flight, Flights
from hydrophone.services.job_kinds import JobKind, JobRun
from hydrophone.services.jobs import Jobs
from hydrophone.services.podcast_files import PodcastFiles
from hydrophone.services.reading import steps
from hydrophone.services.verification import Verifier, described
from hydrophone.storage.database import Database
from hydrophone.storage.queries import episodes

_BEGUN = (PodcastStatus.DOWNLOADING, PodcastStatus.ERROR)
JOB = "podcast-episode"
"""The kind of the jobs; their keys are ids of episodes."""
_MOST_AT_ONCE = 2
"""Besides those that somebody listens to."""
_TRIES = 4
_HOURS_BETWEEN = (1, 4, 24, 72)
"""Between jobs that have failed, each after its tries; after the last nothing is tried any more."""
_HOUR_MS = 3_600_000
_LARGEST = ByteCount(4 * 1024**3)
_LONGEST = Seconds(2 * 3600.0)
"""How long one try may take; the next one goes on behind it."""
_LOOK_AT_DISK = 16 * 1024**2
"""Bytes after which it is looked again whether the disk is nearly full."""


class _Flight(Flight):
    """One try to get an episode."""

    def __init__(self, episode: Episode) -> None:
        super().__init__(episode.id)
        self.episode = episode
        self.file = GrowingFile()
        self.total: ByteCount | None = None
        """Bytes that there are to be; `None` if unknown, or not known yet."""
        self.begun = asyncio.Event()
        """Set when it is known from where on bytes come, and when nothing will come."""

    def end(self, error: HydrophoneError | None) -> None:
        """Say to listeners that nothing more comes."""
        self.file.end(error)
        self.file.close()
        self.begun.set()

    def tell(self, run: JobRun) -> None:
        """Say to a job how many bytes are there."""
        run.progress(self.file.size, self.total)


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
        self._flights = Flights(self._get)
        self._verifier = Verifier()
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
        await self._flights.close()
        self._verifier.close()

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
        return self._flights.find(episode.id) is not None or episode.status in _BEGUN

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
        flight = self._flights.find(episode.id)
        if flight is None:
            await self._set([episode.id], PodcastStatus.DOWNLOADING)
            flight = self._flights.find(episode.id) or self._start(episode)
            if flight.queueing is None:
                self._flights.queue(flight, self._enqueue(episode, JobPriority.PLAYED))
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
        flight = self._flights.find(episode.id) or self._start(episode)
        await self._flights.follow(flight, run)

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
        flight = self._flights.find(episode.id)
        if flight is not None:
            await self._flights.stop(flight)
        await in_thread(self._files.drop_part, episode)

    def _start(self, episode: Episode) -> _Flight:
        return self._flights.start(_Flight(episode))

    async def _get(self, flight: _Flight) -> None:
        try:
            async with asyncio.timeout(_LONGEST):
                await self._fetch(flight)
        except TimeoutError as error:
            raise ProviderUnavailableError("The download takes too long.") from error

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
        try:
            stream = await self._verifier.look_into(self._files.part(flight.episode))
        except BadAnswerError:
            await in_thread(self._files.drop_part, episode)
            raise
        return described(episode, stream)


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
