"""Pictures of everything that has an id, scaled and cached; where there is none, one is drawn."""

import asyncio
import logging
from pathlib import Path

import msgspec
import xxhash
from sqlalchemy import Connection

from hydrophone.domain.ids import ALBUM, ARTWORK, TRACK, kind_of
from hydrophone.domain.media import Picture
from hydrophone.domain.user import User
from hydrophone.errors import MediaError, NotFoundError
from hydrophone.media.disk_cache import DiskCache
from hydrophone.media.picture import Picture as Rendered
from hydrophone.media.picture import PlaceholderRequest, ThumbnailRequest
from hydrophone.media.video_frame import extract_frame
from hydrophone.services.artwork_subjects import (
    AnyPicture,
    Frame,
    OfSource,
    Sought,
    Subject,
    find_subject,
)
from hydrophone.services.found_artwork import FoundArtwork
from hydrophone.services.locations import Locations
from hydrophone.services.own_artwork import OwnArtwork
from hydrophone.services.remote_pictures import RemotePictures
from hydrophone.services.rendering import Renderer
from hydrophone.storage.database import Database

logger = logging.getLogger(__name__)

_LARGEST_SIZE = 2000
_DRAWN_SIZE = 600
"""Of a drawn picture when the client names no size."""
_QUICKLY_FOUND = (ARTWORK, ALBUM, TRACK)
"""Kinds of ids that one row tells the picture of: what apps ask for, by the hundred."""
_decode = msgspec.msgpack.Decoder(Rendered).decode


class ArtworkService:
    """Finds, scales and caches pictures; untrusted bytes are touched in child processes only."""

    def __init__(
        self,
        *,
        database: Database,
        locations: Locations,
        own: OwnArtwork,
        found: FoundArtwork,
        remote_pictures: RemotePictures,
        cache: DiskCache,
        renderer: Renderer,
        ffmpeg: Path | None,
    ) -> None:
        """Without ffmpeg, videos without a picture beside them get a drawn one."""
        self._database = database
        self._own = own
        self._found = found
        self._remote_pictures = remote_pictures
        self._locations = locations
        self._cache = cache
        self._ffmpeg = ffmpeg
        self._renderer = renderer
        # A frame takes a core.
        self._cutting = asyncio.Semaphore(1)
        self._under_way: dict[str, asyncio.Task[Picture]] = {}

    def close(self) -> None:
        """End the child processes; pictures under way raise UnavailableError. May be repeated."""
        self._own.close()
        self._renderer.close()

    async def picture(self, viewer: User, identifier: str, size: int | None) -> Picture:
        """Return the picture of whatever the id is of (see `artwork_subjects`).

        `size` bounds the longer side in pixels; without it the picture comes as it is. What has
        no picture, or one that cannot be read, gets a drawn one. Raises NotFoundError for ids of
        nothing. The same picture asked for by many is made once.
        """
        subject = await self._subject(viewer, identifier)
        bound = 0 if size is None else max(1, min(size, _LARGEST_SIZE))
        # A mosaic of which one quarter cannot be read is its first picture; what has but one is
        # not looked for twice.
        for pictures in dict.fromkeys((subject.pictures, subject.pictures[:1], subject.otherwise)):
            try:
                if self._may_be_there(pictures):
                    return await self._once(pictures, bound)
            except (MediaError, NotFoundError) as error:
                logger.info("No picture %s: %s", "+".join(map(str, pictures)), error)
        wanted = PlaceholderRequest(title=subject.name, size=bound or _DRAWN_SIZE)
        drawn = await self._renderer.render(wanted)
        return _with_etag(drawn.data, drawn.content_type)

    def _may_be_there(self, pictures: tuple[AnyPicture, ...]) -> bool:
        return bool(pictures) and all(
            not isinstance(one, Sought) or self._found.may_have(one.request) for one in pictures
        )

    async def _once(self, pictures: tuple[AnyPicture, ...], bound: int) -> Picture:
        key = f"{'+'.join(map(str, pictures))}-{bound}"
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.create_task(self._cached(pictures, bound, key))
            self._under_way[key] = task
            task.add_done_callback(lambda _: self._under_way.pop(key, None))
        # Shielded: a client that leaves must not take the picture from those who wait too.
        return await asyncio.shield(task)

    async def _cached(self, pictures: tuple[AnyPicture, ...], bound: int, key: str) -> Picture:
        name = xxhash.xxh3_128_hexdigest(key.encode())
        cached = await asyncio.to_thread(self._from_cache, name)
        if cached is not None:
            return _with_etag(cached.data, cached.content_type)
        data, *beside = [await self._source(picture) for picture in pictures]
        request = ThumbnailRequest(data=data, beside=tuple(beside), size=bound)
        rendered = await self._renderer.render(request)
        if bound:
            await asyncio.to_thread(self._cache.put, name, msgspec.msgpack.encode(rendered))
        return _with_etag(rendered.data, rendered.content_type)

    def _from_cache(self, name: str) -> Rendered | None:
        path = self._cache.get(name)
        try:
            return _decode(path.read_bytes()) if path else None
        except (OSError, msgspec.DecodeError):
            return None

    async def _source(self, artwork_id: AnyPicture) -> bytes:
        if isinstance(artwork_id, Frame):
            return await self._frame(artwork_id)
        if isinstance(artwork_id, OfSource):
            return await self._remote_pictures.content(artwork_id.id)
        if isinstance(artwork_id, Sought):
            return await self._found.content(artwork_id.request, has_other=artwork_id.has_other)
        return await self._own.content(artwork_id)

    async def _frame(self, frame: Frame) -> bytes:
        if self._ffmpeg is None:
            raise NotFoundError("A picture out of a video takes ffmpeg.")
        path = self._locations.path(frame.library_id, frame.path)
        async with self._cutting:
            return await extract_frame(self._ffmpeg, path, frame.at)

    async def _subject(self, viewer: User, identifier: str) -> Subject:
        def query(connection: Connection) -> Subject | None:
            return find_subject(connection, viewer, identifier)

        if kind_of(identifier) in _QUICKLY_FOUND:
            subject = self._database.quick(query)
        else:
            subject = await self._database.read(query)
        if subject is None:
            raise NotFoundError("There is nothing with this id that could have a picture.")
        return subject


def _with_etag(data: bytes, content_type: str) -> Picture:
    return Picture(data=data, content_type=content_type, etag=xxhash.xxh3_64_hexdigest(data))
