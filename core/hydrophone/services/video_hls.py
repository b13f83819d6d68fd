"""HTTP Live Streaming of videos: their sizes and bit rates, and segments of them."""

from collections.abc import Sequence
from typing import NamedTuple

from hydrophone.domain.hls import Quality, Rendition
from hydrophone.domain.media import AudioFile
from hydrophone.domain.user import User
from hydrophone.domain.video import Video
from hydrophone.errors import InvalidInputError, NotFoundError, UnsupportedError
from hydrophone.media.h264 import h264_codec
from hydrophone.media.video_segments import SegmentSpec, VideoCutting, video_cutting
from hydrophone.services.conversions import TranscodedAudio
from hydrophone.services.hls_tokens import HlsTokens, Ticket
from hydrophone.services.transcoding_rules import least
from hydrophone.services.video_conversion import ladder
from hydrophone.services.video_streaming import VideoStreaming
from hydrophone.services.videos import Videos

_MAX_SEGMENTS = 20_000
"""16 hours; the playlist has a line for each."""
_AAC = "mp4a.40.2"


class Wish(NamedTuple):
    """How a player wants a video."""

    qualities: Sequence[Quality]
    """Empty for all that it is large enough for."""
    audio_track: int
    """From 0."""
    client: str


class VideoHls:
    """Offers videos as HLS. Segments are made when they are asked for, in any order."""

    def __init__(
        self, *, videos: Videos, streaming: VideoStreaming, tokens: HlsTokens, refusal: str
    ) -> None:
        """`refusal` says why ffmpeg cannot cut videos; empty if it can."""
        self._refusal = refusal
        self._videos = videos
        self._streaming = streaming
        self._tokens = tokens

    async def renditions(self, viewer: User, video_id: str, wish: Wish) -> tuple[Rendition, ...]:
        """Return a video in each of the sizes and bit rates, as far as they differ.

        Raises NotFoundError, InvalidInputError if it has no such sound, and UnsupportedError if
        it is too long, nobody knows how long or how large it is, or ffmpeg is too old.
        """
        if self._refusal:
            raise UnsupportedError(self._refusal)
        video = await self._videos.video(viewer, video_id)
        if wish.audio_track and wish.audio_track >= len(video.audio_tracks):
            raise InvalidInputError("This video has no such audioTrack.")
        cut = _cutting(video)
        return tuple(
            _described(
                video,
                cut,
                quality,
                self._tokens.write(
                    viewer,
                    video.id,
                    video.duration,
                    quality,
                    client=wish.client,
                    audio_track=wish.audio_track,
                ),
            )
            for quality in ladder(video, wish.qualities, viewer.max_bit_rate)
        )

    async def rendition(self, viewer: User, ticket: Ticket, token: str) -> Rendition:
        """Return what `renditions` gave this token for. Raises as it does."""
        video = await self._videos.video(viewer, ticket.media_id)
        return _described(video, _cutting(video), ticket.quality, token)

    async def segment(
        self, viewer: User, ticket: Ticket, number: int
    ) -> AudioFile | TranscodedAudio:
        """Return one segment, counted from 0.

        Raises NotFoundError if the video is gone, or has no such segment.
        """
        found = await self._videos.located(viewer, ticket.media_id)
        cut = _cutting(found.video)
        if not 0 <= number < cut.count:
            raise NotFoundError("There is no such segment.")
        spec = SegmentSpec(
            cutting=cut,
            number=number,
            # The account may have got a limit since the playlist was made.
            bit_rate=least(ticket.quality.bit_rate, viewer.max_bit_rate),
            width=ticket.quality.width,
            height=ticket.quality.height,
            audio_track=ticket.audio_track,
        )
        return await self._streaming.converted(viewer, found, spec, cut.seconds_of(number))


def _cutting(video: Video) -> VideoCutting:
    if video.duration <= 0 or not (video.width and video.height):
        raise UnsupportedError("Nobody knows how long or how large this video is, as HLS has to.")
    cut = video_cutting(video.duration, video.frame_rate)
    if cut.count > _MAX_SEGMENTS:
        raise UnsupportedError("This video is too long for HLS.")
    return cut


def _described(video: Video, cut: VideoCutting, quality: Quality, token: str) -> Rendition:
    pictures = h264_codec(quality.width, quality.height, cut.rate, quality.bit_rate)
    return Rendition(
        token=token,
        bit_rate=quality.bit_rate,
        segments=cut.seconds(),
        codecs=f"{pictures},{_AAC}" if video.audio_tracks else pictures,
        width=quality.width,
        height=quality.height,
    )
