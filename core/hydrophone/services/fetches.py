"""Gets tracks of sources onto the disk: once for everybody, to the end, and heard meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable

from hydrophone.domain.cache import RemotePlace
from hydrophone.domain.ids import TrackId, UserId
from hydrophone.domain.job import Job, JobPriority, JobState, NewJob
from hydrophone.domain.music import Track
from hydrophone.domain.units import Seconds
from hydrophone.domain.user import User
from hydrophone.errors import (
    HydrophoneError,
    NotFoundError,
    ProviderError,
    UnavailableError,
)
from hydrophone.media.in_thread import in_thread
from hydrophone.services.cache import Cache
from hydrophone.services.cache_files import CacheFiles
from hydrophone.services.fetch import Fetch
from hydrophone.services.fetcher import Fetcher, TrackFlight, etag_of
from hydrophone.services.flights import Flights, failure_of
from hydrophone.services.growing_track import GrowingTrack
from hydrophone.services.job_kinds import JobKind, JobRun
from hydrophone.services.jobs import Jobs
from hydrophone.storage.database import Database
from hydrophone.storage.queries import cached_files, episodes, remote

JOB = "fetch"
"""The kind of the jobs; their keys are ids of tracks."""
_MOST_AT_ONCE = 8
"""Of all sources together; each has a limit of its own."""
_PATIENCE = Seconds(60.0)
"""How long a listener waits for the first byte."""
_TURN_PATIENCE = Seconds(20.0)
"""And how long if others have all streams that the source allows. Apps give up after ten to thirty
seconds, and ask again; the download stays where it stands in the queue."""


class Fetches:
    """Downloads under way, who listens to them, and the jobs that see to their end."""

    def __init__(
        self,
        *,
        database: Database,
        jobs: Jobs,
        cache: Cache,
        files: CacheFiles,
        fetcher: Fetcher,
        began: Callable[[Track], Awaitable[None]],
        brought: Callable[[Track], Awaitable[None]],
    ) -> None:
        """`began` gets each track before its first bytes are heard, `brought` when it is here."""
        self._database = database
        self._jobs = jobs
        self._cache = cache
        self._files = files
        self._fetcher = fetcher
        self._began = began
        self._brought = brought
        self._flights = Flights(fetcher.get)
        self.job_kind = JobKind(handler=self._do, at_once=_MOST_AT_ONCE, ended=self._ended)

    async def close(self) -> None:
        """Stop all downloads; their jobs go on with them at the next start.

        Calling it again is harmless.
        """
        await self._flights.close()
        self._fetcher.close()

    def is_coming(self, track_id: TrackId) -> bool:
        """Say whether a track is being downloaded."""
        return self._flights.find(track_id) is not None

    async def has_place(self, track_id: TrackId) -> bool:
        """Say whether a source has a track, so that `listen` may bring it."""
        return await self._database.read(cached_files.place, track_id) is not None

    async def listen(
        self, viewer: User, track: Track, turn_patience: Seconds = _TURN_PATIENCE
    ) -> GrowingTrack:
        """Return a track as it comes; it is downloaded to its end whoever leaves.

        Waits until there are bytes, a minute at most, and for a turn at the source no longer than
        `turn_patience`. Raises NotFoundError if no source has it, and UnavailableError if it
        cannot be had now.
        """
        flight = await self._wanted_now(track, viewer.id)
        fetch = await _begun(flight, turn_patience)
        is_of_use = fetch is not None and (fetch.done and not fetch.has_failed)
        if fetch is None or not (is_of_use or fetch.intake.is_disk_full):
            raise _for_listeners(await failure_of(flight))
        await self._began(track)
        return GrowingTrack(fetch, track, etag_of(flight.place, fetch.intake.origin.handle))

    async def bring(self, track: Track) -> None:
        """Have all of a track here before this returns, as long as that takes.

        The download goes on if this is cancelled. Raises NotFoundError if no source has it, and
        ProviderError or UnavailableError if it fails.
        """
        await self._flights.wait(await self._wanted_now(track, None))

    async def request(self, track: Track, user_id: UserId | None, priority: JobPriority) -> None:
        """Queue a track; if it is queued already it may get more urgent."""
        title = f"{track.display_artist}: {track.title}" if track.display_artist else track.title
        await self._jobs.enqueue(
            NewJob(kind=JOB, key=track.id, title=title, user_id=user_id, priority=priority)
        )
        flight = self._flights.find(track.id)
        if flight is not None:
            flight.hurry(priority)

    async def _wanted_now(self, track: Track, user_id: UserId | None) -> TrackFlight:
        """Return the download of a track, which somebody waits for; begin it if there is none."""
        flight = self._flights.find(track.id)
        if flight is None:
            place = await self._database.read(cached_files.place, track.id)
            if place is None:
                raise NotFoundError("No source has this track.")
            # Another listener may have been quicker.
            flight = self._flights.find(track.id) or self._start(track, place, JobPriority.PLAYED)
            if flight.queueing is None:
                self._flights.queue(flight, self.request(track, user_id, JobPriority.PLAYED))
        flight.hurry(JobPriority.PLAYED)
        return flight

    async def _do(self, run: JobRun) -> None:
        """Try once; goes along with somebody who listens already."""
        track_id = TrackId(run.job.key)
        flight = self._flights.find(track_id)
        if flight is None:
            known = await self._database.read(remote.known_tracks, episodes.NOBODY, [track_id])
            track = known.get(track_id)
            place = await self._database.read(cached_files.place, track_id)
            if track is None or place is None:
                raise NotFoundError("No source has this track any more.")
            if await self._cache.find(track_id) is not None:
                run.result = "It is here already."
                return
            flight = self._flights.find(track_id) or self._start(track, place, run.job.priority)
        flight.hurry(run.job.priority)
        await self._flights.follow(flight, run)
        await self._brought(flight.track)

    async def _ended(self, job: Job) -> None:
        """Drop what is there of a download that was cancelled, unless somebody listens to it."""
        if job.state is not JobState.CANCELLED:
            return
        track_id = TrackId(job.key)
        flight = self._flights.find(track_id)
        if flight is not None:
            if flight.fetch is not None and flight.fetch.reader_count:
                return
            await self._flights.stop(flight)
        place = await self._database.read(cached_files.place, track_id)
        if place is not None:
            await in_thread(self._files.drop_parts, place.source, track_id)

    def _start(self, track: Track, place: RemotePlace, priority: JobPriority) -> TrackFlight:
        return self._flights.start(TrackFlight(track, place, priority))


async def _begun(flight: TrackFlight, turn_patience: Seconds) -> Fetch | None:
    """Wait for the first bytes. Raises UnavailableError if they do not come in time."""
    began = asyncio.get_running_loop().time()
    try:
        async with asyncio.timeout_at(began + turn_patience):
            return await flight.begin()
    except TimeoutError as error:
        if flight.is_queued:
            raise UnavailableError(
                "Others listen to as many tracks of this source as it sends at once; "
                "try again in a moment."
            ) from error
    try:
        async with asyncio.timeout_at(began + _PATIENCE):
            return await flight.begin()
    except TimeoutError as error:
        raise UnavailableError("The source takes too long.") from error


def _for_listeners(error: HydrophoneError) -> HydrophoneError:
    return UnavailableError(str(error)) if isinstance(error, ProviderError) else error
