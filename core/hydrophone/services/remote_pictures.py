"""Pictures of what sources have: fetched once, and kept."""

import asyncio
import logging
from collections.abc import Mapping

from hydrophone.domain.ids import ALBUM, ARTIST, FOLDER, TRACK, kind_of
from hydrophone.domain.music import Track
from hydrophone.errors import NotFoundError
from hydrophone.host.guard import Answer
from hydrophone.media.disk_cache import DiskCache
from hydrophone.outbound import Outbound
from hydrophone.plugin.capabilities.source import Picture, SourceArtworkRequest
from hydrophone.services.clock import Clock
from hydrophone.services.picture_fetch import LARGEST, fetch_picture
from hydrophone.services.sources import Sources
from hydrophone.storage.database import Database
from hydrophone.storage.queries import remote_origins
from hydrophone.storage.queries.remote_origins import Origin

logger = logging.getLogger(__name__)

_RETRY_MS = 10 * 60 * 1000
"""After so long a picture that could not be had is asked for again."""
_MOST_FAILED = 10_000
_KINDS = {ARTIST: "artist", ALBUM: "album", TRACK: "track"}
"""As sources are asked."""


class RemotePictures:
    """Fetches pictures from where sources say that they are."""

    def __init__(
        self,
        *,
        database: Database,
        sources: Sources,
        outbounds: Mapping[str, Outbound],
        cache: DiskCache,
        clock: Clock,
    ) -> None:
        """`outbounds` has for each source a client that may go where its plugin may."""
        self._database = database
        self._sources = sources
        self._outbounds = outbounds
        self._cache = cache
        self._clock = clock
        self._failed: dict[str, int] = {}
        """When, by id."""
        self._coming: set[str] = set()
        """What `bring` is at: tracks of one album come together."""

    async def bring(self, track: Track) -> None:
        """Have the pictures of a track here, as the track is: its source may be off one day."""
        own = await self._database.read(remote_origins.track_origin, track.id)
        wanted: list[str] = [track.album_id]
        if own is not None and own.artwork_url:
            wanted.append(track.id)
        for identifier in wanted:
            if identifier in self._coming:
                continue
            self._coming.add(identifier)
            try:
                await self.content(identifier)
            except NotFoundError as error:
                logger.info("No picture of %s is kept: %s", identifier, error)
            finally:
                self._coming.discard(identifier)

    async def content(self, identifier: str) -> bytes:
        """Return the picture of a thing that sources have shown.

        Raises NotFoundError if there is none, or none could be had a short while ago.
        """
        path = await asyncio.to_thread(self._cache.get, identifier)
        if path is not None:
            return await asyncio.to_thread(path.read_bytes)
        now = self._clock.now()
        if now - self._failed.get(identifier, -_RETRY_MS) < _RETRY_MS:
            raise NotFoundError("Its source had no picture a short while ago.")
        for origin in await self._origins(identifier):
            content = await self._fetched(identifier, origin)
            if content:
                await asyncio.to_thread(self._cache.put, identifier, content)
                return content
        if len(self._failed) >= _MOST_FAILED:
            self._failed.clear()
        self._failed[identifier] = now
        raise NotFoundError("Its source has no picture of it.")

    async def _origins(self, identifier: str) -> tuple[Origin, ...]:
        if kind_of(identifier) == ARTIST:
            return await self._database.read(
                remote_origins.artist_origins, self._sources.library_ids, identifier
            )
        find = {
            ALBUM: remote_origins.album_origin,
            TRACK: remote_origins.track_origin,
            FOLDER: remote_origins.folder_origin,
        }[kind_of(identifier)]
        found = await self._database.read(find, identifier)
        return () if found is None else (found,)

    async def _fetched(self, identifier: str, origin: Origin) -> bytes:
        content = await self._get(origin.source, origin.artwork_url)
        if content:
            return content
        # There was no address, or it has died.
        asked = await self._asked(identifier, origin)
        return asked.content[:LARGEST] or await self._get(origin.source, asked.url)

    async def _asked(self, identifier: str, origin: Origin) -> Picture:
        provider = self._sources.provider(origin.library_id)
        kind = _KINDS.get(kind_of(identifier))
        if provider is None or kind is None or not origin.native_id:
            return Picture()
        request = SourceArtworkRequest(kind=kind, native_id=origin.native_id)
        outcome = await provider.call(provider.it.artwork, request)
        return outcome.value if isinstance(outcome, Answer) else Picture()

    async def _get(self, source: str, url: str) -> bytes:
        outbound = self._outbounds.get(source)
        if outbound is None or not url:
            return b""
        return await fetch_picture(outbound, url, whose=source)
