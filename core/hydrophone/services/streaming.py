"""Decides what a client gets to hear: the file as it is, or a transcode."""

import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path

from hydrophone.domain.media import AudioFile, StreamRequest
from hydrophone.domain.music import Track
from hydrophone.domain.units import ByteCount, Kbps, Seconds
from hydrophone.domain.user import User
from hydrophone.errors import InvalidInputError, MediaError, NotFoundError
from hydrophone.media.transcode import AudioFormat, Transcoder, TranscodeSpec, format_named
from hydrophone.services.locations import Locations
from hydrophone.storage.database import Database
from hydrophone.storage.queries import tracks
from hydrophone.storage.queries.tracks import TRACKS

logger = logging.getLogger(__name__)

RAW = "raw"
"""The format's name that means: never transcode (OpenSubsonic `stream`)."""
_SAME_CONTAINER = {"opus": ("opus",), "m4a": ("m4a",), "aac": ("m4a", "aac")}
"""Suffixes of files that are in a format already, where they are not the format's name."""


class TranscodedAudio:
    """A transcode that begins when its first chunk is asked for."""

    def __init__(
        self, transcoder: Transcoder, source: Path, spec: TranscodeSpec, duration: Seconds
    ) -> None:
        self._transcoder = transcoder
        self._source = source
        self._spec = spec
        self.content_type = spec.format.content_type
        self.duration = duration
        """Of what will be sent: the track's without the offset."""

    @property
    def estimated_length(self) -> ByteCount | None:
        """About how many bytes will come; `None` for formats whose bit rate nobody knows."""
        bit_rate = self._spec.effective_bit_rate
        return ByteCount(round(self.duration * bit_rate * 1000 / 8)) if bit_rate else None

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """Yield the bytes; see `Transcoder.transcode` for errors and closing."""
        try:
            async with aclosing(self._transcoder.transcode(self._source, self._spec)) as chunks:
                async for chunk in chunks:
                    yield chunk
        except MediaError as error:
            # ffmpeg's words name paths of this machine: they are for the log alone.
            logger.warning("Converting %s failed: %s", self._source, error)
            raise MediaError("This file could not be converted.") from error


class Streaming:
    """Finds the best origin of a track and the right form for a client."""

    def __init__(
        self,
        *,
        database: Database,
        locations: Locations,
        transcoder: Transcoder | None,
        default_format: str,
        default_bit_rate: Kbps,
    ) -> None:
        """Without a transcoder (no ffmpeg) everything is sent as it is."""
        self._database = database
        self._locations = locations
        self._transcoder = transcoder
        self._default_format = default_format
        self._default_bit_rate = default_bit_rate

    async def original(self, viewer: User, track_id: str) -> AudioFile:
        """Return a track's file as it is. Raises NotFoundError."""
        return self._file(await self._located(viewer, track_id))

    async def open(
        self, viewer: User, track_id: str, request: StreamRequest
    ) -> AudioFile | TranscodedAudio:
        """Return the file, or a transcode if the client asks for one or may get no more.

        Raises NotFoundError, UnsupportedError for a format that is not known, and
        InvalidInputError for an offset behind the end.
        """
        track, path = await self._located(viewer, track_id)
        limits = [limit for limit in (request.max_bit_rate, viewer.max_bit_rate) if limit > 0]
        limit = min(limits, default=Kbps(0))
        wanted = request.format.lower()
        if wanted == RAW or self._transcoder is None:
            return self._file((track, path))
        too_much = bool(limit) and track.bit_rate > limit
        other = bool(wanted) and track.suffix not in _SAME_CONTAINER.get(wanted, (wanted,))
        if not (too_much or other or request.offset > 0):
            return self._file((track, path))
        if request.offset >= track.duration > 0:
            raise InvalidInputError("The offset lies behind the end of the track.")
        target = self._format(wanted, track, may_keep=not too_much)
        spec = TranscodeSpec(
            format=target,
            bit_rate=limit or (self._default_bit_rate if target.default_bit_rate else Kbps(0)),
            offset=request.offset,
        )
        remaining = Seconds(max(0.0, track.duration - request.offset))
        return TranscodedAudio(self._transcoder, path, spec, remaining)

    def _format(self, wanted: str, track: Track, *, may_keep: bool) -> AudioFormat:
        """Choose what to encode to; a lossless file that is only cut stays lossless."""
        if wanted:
            return format_named(wanted)
        if may_keep and track.suffix == "flac":
            return format_named("flac")
        return format_named(self._default_format)

    async def _located(self, viewer: User, track_id: str) -> tuple[Track, Path]:
        track = await self._database.read(TRACKS.one, viewer.id, track_id)
        if track is None or track.library_id not in viewer.libraries:
            raise NotFoundError("There is no such track.")
        file = await self._database.read(tracks.local_file, track_id)
        if file is None:
            raise NotFoundError("The file of this track is missing.")
        return track, self._locations.path(file.library_id, file.path)

    def _file(self, located: tuple[Track, Path]) -> AudioFile:
        track, path = located
        return AudioFile(
            path=path,
            content_type=track.content_type,
            # Empty: made of the opened file's size and time, so that bytes are never mixed
            # when the file is replaced between two requests of one play (traps 15).
            etag="",
            file_name=path.name,
            duration=track.duration,
        )
