"""Sends videos: as they are, or in a form that an app asks for."""

from hydrophone.domain.media import AudioFile, StreamRequest
from hydrophone.domain.units import Seconds
from hydrophone.domain.user import User
from hydrophone.errors import UnsupportedError
from hydrophone.media.recipe import Recipe
from hydrophone.media.transcoder import Transcoder
from hydrophone.services.conversions import TranscodedAudio, converted
from hydrophone.services.video_conversion import conversion
from hydrophone.services.videos import LocatedVideo, Videos


class VideoStreaming:
    """Finds the right form of a video for a client."""

    def __init__(self, *, videos: Videos, transcoder: Transcoder | None) -> None:
        """Without a transcoder (no ffmpeg) everything is sent as it is."""
        self._videos = videos
        self._transcoder = transcoder

    async def open(
        self, viewer: User, video_id: str, request: StreamRequest
    ) -> AudioFile | TranscodedAudio:
        """Return the file, or a conversion if the client asks for one or may get no more.

        Raises NotFoundError, UnsupportedError for a format that is not known, and
        InvalidInputError for an offset behind the end.
        """
        found = await self._videos.located(viewer, video_id)
        spec = conversion(viewer, found.video, request) if self._transcoder else None
        if spec is None:
            return await self._videos.original(viewer, video_id)
        length = Seconds(max(0.0, found.video.duration - spec.offset))
        return await self.converted(viewer, found, spec, length)

    async def converted(
        self, viewer: User, found: LocatedVideo, spec: Recipe, length: Seconds
    ) -> AudioFile | TranscodedAudio:
        """Return a conversion of a video, of so many seconds, running or done.

        Raises UnsupportedError if there is no ffmpeg, and NotFoundError.
        """
        if self._transcoder is None:
            raise UnsupportedError("Converting videos needs ffmpeg, which this server lacks.")
        video, path = found
        return await converted(self._transcoder, viewer, path, spec, length, video.title)
