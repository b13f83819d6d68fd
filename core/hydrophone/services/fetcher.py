"""Brings one track from its source to the disk: all of its bytes, checked, and as a cached file."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from msgspec.structs import replace
from xxhash import xxh3_64_hexdigest

from hydrophone.domain.cache import CachedFile, RemotePlace
from hydrophone.domain.ids import TrackId
from hydrophone.domain.job import JobPriority
from hydrophone.domain.music import Track
from hydrophone.domain.remote import Quality
from hydrophone.domain.units import ByteCount, Timestamp
from hydrophone.errors import (
    BadAnswerError,
    HydrophoneError,
    ProviderError,
    ProviderUnavailableError,
    UnavailableError,
)
from hydrophone.host.capabilities import SOURCE
from hydrophone.host.registry import Provider, Registry
from hydrophone.media.in_thread import in_thread
from hydrophone.media.sparse_file import SparseFile
from hydrophone.plugin.capabilities.source import Source, StreamHandle
from hydrophone.scanner.parsed import StreamInfo
from hydrophone.services.cache import Cache
from hydrophone.services.cache_files import CacheFiles
from hydrophone.services.clock import Clock
from hydrophone.services.fetch import Fetch
from hydrophone.services.flights import Flight
from hydrophone.services.job_kinds import JobRun
from hydrophone.services.remote_origin import RemoteOrigin, resolve
from hydrophone.services.source_turns import SourceTurns
from hydrophone.services.verification import Verifier, described, refuse_preview

logger = logging.getLogger(__name__)

_MOST_REFUSED = 1000
_FIRST_REFUSAL_MS = 60 * 1000
"""Then they are tried again: they may have been damaged on their way."""
_LATER_REFUSAL_MS = 3600 * 1000
"""If that has happened twice, it is hardly the way."""
_MOST_HANDLES = 3
"""Of different bytes, before there is anything to be heard."""


class _Refusal(NamedTuple):
    """Bytes that are not fetched again for a while, and why."""

    until: Timestamp
    sentence: str


class TrackFlight(Flight):
    """One try to get a track."""

    def __init__(self, track: Track, place: RemotePlace, priority: JobPriority) -> None:
        super().__init__(track.id)
        self.track = track
        self.place = place
        self.priority = priority
        self.fetch: Fetch | None = None
        self.opened = asyncio.Event()
        """Set when there is a fetch, and when there will be none."""

    @property
    def is_queued(self) -> bool:
        """Whether it gets nothing because the source allows no more streams now."""
        return self.fetch is not None and self.fetch.is_queued

    async def begin(self) -> Fetch | None:
        """Wait until there are bytes or none will come; return what brings them, if anything."""
        await self.opened.wait()
        fetch = self.fetch
        while fetch is not None:
            await fetch.begin()
            if fetch is self.fetch:
                break
            # Another has taken its place while nothing had come.
            fetch = self.fetch
        return fetch

    def end(self, error: HydrophoneError | None) -> None:
        """Say to listeners that nothing more comes."""
        if self.fetch is not None:
            self.fetch.end(error)
        self.opened.set()

    def tell(self, run: JobRun) -> None:
        """Say to a job how many bytes are there."""
        if self.fetch is not None:
            text = "Waits until its source is free." if self.is_queued else ""
            run.progress(self.fetch.done, self.fetch.intake.size, text)

    def hurry(self, priority: JobPriority) -> None:
        """Make it as urgent as the most urgent of those who want it."""
        self.priority = min(self.priority, priority)
        if self.fetch is not None:
            self.fetch.hurry(self.priority)


class Fetcher:
    """Does the tries; what is whole is a cached file, for ever and for everybody."""

    def __init__(
        self,
        *,
        registry: Registry,
        clock: Clock,
        cache: Cache,
        files: CacheFiles,
        quality: Quality,
        began: Callable[[Track], Awaitable[None]],
    ) -> None:
        """`began` gets each track that has come, before its copy is noted."""
        self._registry = registry
        self._clock = clock
        self._cache = cache
        self._files = files
        self._quality = quality
        self._began = began
        self._verifier = Verifier()
        self._turns: dict[str, SourceTurns] = {}
        self._refused: OrderedDict[tuple[TrackId, str], _Refusal] = OrderedDict()
        """Bytes that were not the track, by its id and their representation."""

    def close(self) -> None:
        """End the process that looks into files."""
        self._verifier.close()

    async def get(self, flight: TrackFlight) -> None:
        """Try once; `flight.opened` is set when there is something to listen to.

        Raises ProviderError, NotFoundError or UnsupportedError as the source has it, and
        UnavailableError if the source does not run or the disk is full.
        """
        provider = self._provider(flight.place.source)
        try:
            await self._get(flight, provider)
        except ProviderError as error:
            # Only here it shows that bytes are others than was said.
            provider.guard.blame(error)
            raise

    async def _get(self, flight: TrackFlight, provider: Provider[Source]) -> None:
        track, place = flight.track, flight.place
        handle = await resolve(provider, place.native_id, quality=self._quality)
        origin = RemoteOrigin(provider, place.native_id, self._quality, handle)
        for _ in range(_MOST_HANDLES):
            self._check(track, origin.handle)
            before, flight.fetch = flight.fetch, await self._opened(flight, origin)
            if before is not None:
                before.end()
            flight.opened.set()
            try:
                await self._bring(flight, flight.fetch)
            except ProviderError:
                # Nobody has heard anything yet, so that other bytes do as well.
                if not flight.fetch.intake.is_superseded or flight.fetch.begun.is_set():
                    raise
                logger.info("%s: the source has another file now; that is fetched.", origin)
            else:
                return
        raise ProviderUnavailableError("The source has another file each time that it is asked.")

    async def _bring(self, flight: TrackFlight, fetch: Fetch) -> None:
        """Fetch all bytes, see that they are the track, and keep them."""
        track, handle = flight.track, fetch.intake.origin.handle
        await self._check_room(fetch)
        try:
            await fetch.run()
            stream = await self._checked(fetch, track)
        except BadAnswerError as error:
            # Whatever else a source answers now, it may answer otherwise in a moment.
            if fetch.intake.is_void:
                self._refuse(track.id, handle, str(error))
            raise
        finally:
            if fetch.intake.is_void or not fetch.done:
                await in_thread(self._files.drop_parts, flight.place.source, track.id)
        self._refused.pop((track.id, handle.representation), None)
        await self._keep(flight, fetch, stream)

    async def _checked(self, fetch: Fetch, track: Track) -> StreamInfo | None:
        """Return what the whole is. Raises BadAnswerError if it is not the track."""
        handle = fetch.intake.origin.handle
        try:
            return await self._verifier.check(fetch.intake.part.path, handle, track)
        except BadAnswerError:
            fetch.intake.is_void = True
            raise

    def _check(self, track: Track, handle: StreamHandle) -> None:
        """Raise BadAnswerError for bytes that are known not to be the track."""
        refuse_preview(handle, track)
        refusal = self._refused.get((track.id, handle.representation))
        if refusal is not None and self._clock.now() < refusal.until:
            raise BadAnswerError(refusal.sentence)

    async def _opened(self, flight: TrackFlight, origin: RemoteOrigin) -> Fetch:
        source, track_id, handle = flight.place.source, flight.track.id, origin.handle
        await in_thread(lambda: self._files.drop_parts(source, track_id, but=handle.suffix))
        part = SparseFile(self._files.part(source, track_id, handle.suffix))
        try:
            known = await part.open(handle.representation)
        except OSError as error:
            part.close()
            logger.warning("%s cannot be written: %s", part.path, error)
            raise UnavailableError("The folder of the cache cannot be written to.") from error
        return Fetch(
            origin=origin,
            turns=self._turns_of(origin.provider),
            part=part,
            known=known,
            check_room=self._files.check_room,
            priority=flight.priority,
        )

    async def _check_room(self, fetch: Fetch) -> None:
        try:
            await in_thread(self._files.check_room, max(0, (fetch.intake.size or 0) - fetch.done))
        except UnavailableError:
            fetch.intake.is_disk_full = True
            raise

    async def _keep(self, flight: TrackFlight, fetch: Fetch, stream: StreamInfo | None) -> None:
        track, place, handle = flight.track, flight.place, fetch.intake.origin.handle
        path = await in_thread(self._files.keep, fetch.intake.part, place.source)
        size = ByteCount(fetch.done)
        now = self._clock.now()
        described = _described(track, handle, stream, size)
        cached = CachedFile(
            track_id=track.id,
            title=track.title,
            artist=track.display_artist,
            source=place.source,
            path=path,
            size=size,
            etag=etag_of(place, handle),
            content_type=described.content_type,
            created=now,
            used=now,
            is_kept=False,
        )
        # Nobody may have listened.
        await self._began(track)
        await self._cache.add(cached, handle.representation, described)
        logger.info("%s is here now: %s, %d bytes.", fetch.intake.origin, path, size)

    def _provider(self, source: str) -> Provider[Source]:
        for provider in self._registry.all(SOURCE):
            if provider.instance == source:
                return provider
        raise UnavailableError(f"The source {source} does not run now.")

    def _turns_of(self, provider: Provider[Source]) -> SourceTurns:
        most = provider.it.info.downloads_at_once
        return self._turns.setdefault(provider.instance, SourceTurns(most))

    def _refuse(self, track_id: TrackId, handle: StreamHandle, sentence: str) -> None:
        key = (track_id, handle.representation)
        rest = _LATER_REFUSAL_MS if key in self._refused else _FIRST_REFUSAL_MS
        self._refused[key] = _Refusal(Timestamp(self._clock.now() + rest), sentence)
        self._refused.move_to_end(key)
        if len(self._refused) > _MOST_REFUSED:
            self._refused.popitem(last=False)


def etag_of(place: RemotePlace, handle: StreamHandle) -> str:
    """Name the bytes of a handle, while they come and when they are here."""
    named = "\0".join((place.source, place.native_id, handle.representation))
    return xxh3_64_hexdigest(named.encode())


def _described(
    track: Track, handle: StreamHandle, stream: StreamInfo | None, size: ByteCount
) -> Track:
    """Describe a track by its file, which knows better than its source what is in it."""
    if stream is None:
        return replace(track, size=size, suffix=handle.suffix, content_type=handle.content_type)
    return described(replace(track, size=size), stream)
