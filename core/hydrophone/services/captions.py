"""Captions of videos, in the format that an app wants."""

import asyncio
import codecs
import logging
from pathlib import Path

import xxhash
from msgspec import Struct

from hydrophone.domain.captions import CaptionFormat, read_captions, write_captions
from hydrophone.domain.ids import CAPTIONS, kind_of
from hydrophone.domain.user import User
from hydrophone.domain.video import CAPTION_SUFFIXES, CaptionKind, CaptionTrack
from hydrophone.errors import MediaError, NotFoundError, UnsupportedError
from hydrophone.media.caption_text import MOST_TEXT, extract_captions
from hydrophone.media.disk_cache import DiskCache
from hydrophone.services.locations import Locations
from hydrophone.services.videos import LocatedVideo, Videos
from hydrophone.storage.database import Database
from hydrophone.storage.queries import videos as queries

logger = logging.getLogger(__name__)

_AT_ONCE = 2
"""Videos that are read through for their captions at the same time."""


class CaptionText(Struct, frozen=True, kw_only=True):
    """Captions as they are sent."""

    text: str
    format: CaptionFormat


class Captions:
    """Reads captions from beside videos and out of them."""

    def __init__(
        self,
        *,
        database: Database,
        locations: Locations,
        videos: Videos,
        cache: DiskCache,
        ffmpeg: Path | None,
    ) -> None:
        """`cache` keeps what ffmpeg has read: for the words of a film it reads all of the film."""
        self._database = database
        self._locations = locations
        self._videos = videos
        self._cache = cache
        self._ffmpeg = ffmpeg
        self._extracting = asyncio.Semaphore(_AT_ONCE)

    async def get(self, viewer: User, identifier: str, wanted: CaptionFormat | None) -> CaptionText:
        """Return captions by their own id, or by that of their video the first of its.

        Without a wish WebVTT stays what it is and all else becomes SubRip. Raises NotFoundError,
        also for a video without captions, MediaError, and UnsupportedError where it takes an
        ffmpeg and there is none.
        """
        video_id: str | None = identifier
        if kind_of(identifier) == CAPTIONS:
            video_id = await self._database.read(queries.of_caption, viewer.libraries, identifier)
            if video_id is None:
                raise NotFoundError("There are no such captions.")
        found = await self._videos.located(viewer, video_id or "")
        known = found.video.captions
        of_id = (one for one in known if identifier in (one.id, found.video.id))
        track = next(of_id, None)
        if track is None:
            raise NotFoundError("This video has no captions.")
        text = await self._text(found, track)
        cues = await asyncio.to_thread(lambda: list(read_captions(text)))
        if not cues:
            raise MediaError("There is nothing to read in these captions.")
        is_vtt = text.lstrip("\ufeff").startswith("WEBVTT")
        chosen = wanted or (CaptionFormat.VTT if is_vtt else CaptionFormat.SRT)
        written = await asyncio.to_thread(write_captions, cues, chosen)
        return CaptionText(text=written, format=chosen)

    async def _text(self, found: LocatedVideo, track: CaptionTrack) -> str:
        if track.kind is CaptionKind.EMBEDDED:
            return await self._extracted(found.path, track.index)
        path = await asyncio.to_thread(self._locations.beside, found.video.library_id, track.path)
        data = await asyncio.to_thread(_read, path)
        if path.suffix.lower() in (".srt", ".vtt"):
            return _decoded(data)
        return await self._extracted(path, None)

    async def _extracted(self, path: Path, index: int | None) -> str:
        key = await asyncio.to_thread(_key, path, index)
        known = await asyncio.to_thread(self._kept, key)
        if known is not None:
            return known
        if self._ffmpeg is None:
            raise UnsupportedError("Reading these captions takes ffmpeg.")
        try:
            async with self._extracting:
                # Whoever was here before may have wanted the same ones.
                known = await asyncio.to_thread(self._kept, key)
                if known is not None:
                    return known
                text = await extract_captions(self._ffmpeg, path, index)
        except MediaError as error:
            # ffmpeg's words name paths of this machine: they are for the log alone.
            logger.warning("Captions of %s cannot be read: %s", path, error)
            raise MediaError("These captions could not be read.") from error
        await asyncio.to_thread(self._cache.put, key, text.encode())
        return text

    def _kept(self, key: str) -> str | None:
        path = self._cache.get(key)
        try:
            return None if path is None else path.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            return None


def _key(path: Path, index: int | None) -> str:
    """Name captions as they are in a file now. Raises NotFoundError."""
    try:
        status = path.stat()
    except OSError as error:
        raise NotFoundError("These captions are gone or cannot be read.") from error
    seen = f"{path}\0{index}\0{status.st_size}\0{status.st_mtime_ns}"
    return xxhash.xxh3_128_hexdigest(seen.encode("utf-8", "surrogateescape"))


def _read(path: Path) -> bytes:
    """Return what is in a file; raises NotFoundError and MediaError."""
    try:
        # What is in it is shown to users: a link must not lead to any other file of the host.
        if path.resolve().suffix.lower().removeprefix(".") not in CAPTION_SUFFIXES:
            raise NotFoundError("These captions are gone.")
        if not path.is_file():
            raise NotFoundError("These captions are gone.")
        with path.open("rb") as file:
            data = file.read(MOST_TEXT + 1)
    except OSError as error:
        raise NotFoundError("These captions are gone or cannot be read.") from error
    if len(data) > MOST_TEXT:
        raise MediaError(f"These captions are larger than {MOST_TEXT // 2**20} MiB.")
    return data


def _decoded(data: bytes) -> str:
    """Decode UTF-8, UTF-16 where it is marked, and what else there is as Windows in the west."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
