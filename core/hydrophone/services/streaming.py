"""Decides what a client gets to hear: the file as it is, or a transcode."""

import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path

from hydrophone.domain.media import AudioFile, StreamRequest
from hydrophone.domain.music import Track
from hydrophone.domain.units import ByteCount, Seconds
from hydrophone.domain.user import User
from hydrophone.errors import MediaError, NotFoundError, UnsupportedError
from hydrophone.media.transcoder import Transcode, Transcoder
from hydrophone.services.locations import Locations
from hydrophone.services.transcoding_rules import RAW, TranscodingRules, within_file
from hydrophone.storage.database import Database
from hydrophone.storage.queries import tracks
from hydrophone.storage.queries.tracks import TRACKS

logger = logging.getLogger(__name__)


class TranscodedAudio:
    """A transcode that is not there yet: it begins when its first chunk is asked for."""

    def __init__(
        self, transcoder: Transcoder, transcode: Transcode, user: User, file_name: str
    ) -> None:
        self._transcoder = transcoder
        self._transcode = transcode
        self._user = user
        self.content_type = transcode.spec.format.content_type
        self.duration = transcode.duration
        """Of what will be sent: the track's without the offset."""
        self.file_name = file_name
        """For Content-Disposition."""
        self.etag = transcode.name
        """Without quotes; that of the file which it will be."""

    @property
    def estimated_length(self) -> ByteCount | None:
        """About how many bytes will come; `None` for formats whose bit rate nobody knows."""
        bit_rate = self._transcode.spec.effective_bit_rate
        return ByteCount(round(self.duration * bit_rate * 1000 / 8)) if bit_rate else None

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """Yield the bytes; see `Transcoder.listen` for errors and closing."""
        listening = self._transcoder.listen(self._transcode, user=self._user.id)
        try:
            async with aclosing(listening) as chunks:
                async for chunk in chunks:
                    yield chunk
        except MediaError as error:
            # ffmpeg's words name paths of this machine: they are for the log alone.
            logger.warning("Converting %s failed: %s", self._transcode.source, error)
            raise MediaError("This file could not be converted.") from error


class Streaming:
    """Finds the best origin of a track and the right form for a client."""

    def __init__(
        self,
        *,
        database: Database,
        locations: Locations,
        transcoder: Transcoder | None,
        rules: TranscodingRules,
    ) -> None:
        """Without a transcoder (no ffmpeg) everything is sent as it is."""
        self._database = database
        self._locations = locations
        self._transcoder = transcoder
        self._rules = rules

    async def original(self, viewer: User, track_id: str) -> AudioFile | TranscodedAudio:
        """Return a track's file as it is. Raises as `open` does.

        A track within a file is cut out of it, as FLAC if nothing was lost so far.
        """
        return await self.open(viewer, track_id, StreamRequest(format=RAW))

    async def open(
        self, viewer: User, track_id: str, request: StreamRequest
    ) -> AudioFile | TranscodedAudio:
        """Return the file, or a transcode if the client asks for one or may get no more.

        A transcode that was made before is a file too.

        Raises NotFoundError, UnsupportedError for a format that is not known or a track within
        a file where there is no ffmpeg, and InvalidInputError for an offset behind the end.
        """
        track, path, start = await self._located(viewer, track_id)
        spec = self._rules.decide(viewer, track, request) if self._transcoder else None
        duration = Seconds(max(0.0, track.duration - (spec.offset if spec else 0.0)))
        if start is not None:
            spec = within_file(track, start, spec)
        if spec is None:
            return self._file(track, path)
        if self._transcoder is None:
            raise UnsupportedError("This track is a part of a file, which needs ffmpeg.")
        transcode = await self._transcoder.look_up(path, spec, duration)
        name = f"{track.track_number:02} {track.title}.{spec.format.suffix}".replace("/", "_")
        if transcode.ready is None:
            return TranscodedAudio(self._transcoder, transcode, viewer, name)
        return AudioFile(
            path=transcode.ready,
            content_type=spec.format.content_type,
            etag=transcode.name,
            file_name=name,
            duration=duration,
        )

    async def close(self) -> None:
        """End all transcodes that are running."""
        if self._transcoder is not None:
            await self._transcoder.close()

    async def _located(self, viewer: User, track_id: str) -> tuple[Track, Path, Seconds | None]:
        track = await self._database.read(TRACKS.one, viewer.id, track_id)
        if track is None or track.library_id not in viewer.libraries:
            raise NotFoundError("There is no such track.")
        file = await self._database.read(tracks.local_file, track_id)
        if file is None:
            raise NotFoundError("The file of this track is missing.")
        return track, self._locations.path(file.library_id, file.path), file.start

    def _file(self, track: Track, path: Path) -> AudioFile:
        return AudioFile(
            path=path,
            content_type=track.content_type,
            # Empty: made of the opened file's size and time, so that bytes are never mixed
            # when the file is replaced between two requests of one play (traps 15).
            etag="",
            file_name=path.name,
            duration=track.duration,
        )
