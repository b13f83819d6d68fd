"""HTTP Live Streaming: playlists and segments of what can be played, for players without login."""

from collections.abc import Sequence

from hydrophone.domain.hls import Quality, Rendition
from hydrophone.domain.ids import VIDEO, kind_of
from hydrophone.domain.playback import Playable
from hydrophone.domain.units import Kbps
from hydrophone.domain.user import User
from hydrophone.errors import NotFoundError, UnsupportedError
from hydrophone.media.hls_segments import Cutting, cutting
from hydrophone.media.transcode import HLS_AAC
from hydrophone.services.hls_tokens import HlsTokens
from hydrophone.services.streaming import Audio, Streaming
from hydrophone.services.transcoding_rules import TranscodingRules, least
from hydrophone.services.video_hls import VideoHls, Wish

_MAX_SEGMENTS = 20_000
"""33 hours; the playlist has a line for each."""
_ENOUGH = 128
"""Kilobits a second that a lossy file gets in any case: Opus and Vorbis need fewer than AAC."""
_CODECS = "mp4a.40.2"


class Hls:
    """Offers music and videos as HLS. Segments are made when they are asked for, in any order."""

    def __init__(
        self,
        *,
        streaming: Streaming,
        videos: VideoHls,
        rules: TranscodingRules,
        tokens: HlsTokens,
    ) -> None:
        self._streaming = streaming
        self._videos = videos
        self._rules = rules
        self._tokens = tokens

    async def renditions(
        self,
        viewer: User,
        media_id: str,
        client: str,
        qualities: Sequence[Quality],
        audio_track: int = 0,
    ) -> tuple[Rendition, ...]:
        """Return something in each of these qualities, as far as they may be had and differ.

        Without any, music at the bit rate that the configuration has for it, and a video in all
        sizes for which it is large enough. `audio_track` is of videos, and counted from 0.

        Raises NotFoundError, InvalidInputError for a sound that there is not, and
        UnsupportedError if there is no ffmpeg, or it is too long or of unknown length.
        """
        if not self._streaming.can_transcode:
            raise UnsupportedError("HLS needs ffmpeg, which this server does not have.")
        if kind_of(media_id) == VIDEO:
            wish = Wish(qualities, audio_track, client)
            return await self._videos.renditions(viewer, media_id, wish)
        track = (await self._streaming.find(viewer, media_id, client)).item
        wanted = [
            self._bit_rate(viewer, track, client, one.bit_rate) for one in qualities or (Quality(),)
        ]
        return tuple(
            self._rendition(viewer, track, client, bit_rate) for bit_rate in dict.fromkeys(wanted)
        )

    async def rendition(self, token: str) -> Rendition:
        """Return what `renditions` gave this token for. Raises as `segment` does."""
        ticket, viewer = self._tokens.read(token)
        if kind_of(ticket.media_id) == VIDEO:
            return await self._videos.rendition(viewer, ticket, token)
        track = (await self._streaming.find(viewer, ticket.media_id, ticket.client)).item
        return _described(track, token, ticket.quality.bit_rate)

    async def segment(self, token: str, number: int) -> Audio:
        """Return one segment, counted from 0; of a track on its way it comes as soon as may be.

        Raises:
            InvalidInputError: The token is none of ours.
            NotPermittedError: It has expired, or its user may not stream any more.
            NotFoundError: What it is of is gone, or has no such segment.
        """
        ticket, viewer = self._tokens.read(token)
        if kind_of(ticket.media_id) == VIDEO:
            return await self._videos.segment(viewer, ticket, number)
        found = await self._streaming.find(viewer, ticket.media_id, ticket.client)
        cut = _cutting(found.item)
        if not 0 <= number < cut.count:
            raise NotFoundError("There is no such segment.")
        # The account may have got a limit since the playlist was made.
        bit_rate = self._bit_rate(viewer, found.item, ticket.client, ticket.quality.bit_rate)
        gain = self._rules.limits(viewer, found.item, ticket.client).gain
        return await self._streaming.opened(viewer, found, cut.spec(number, bit_rate, gain))

    def _rendition(self, viewer: User, track: Playable, client: str, bit_rate: Kbps) -> Rendition:
        quality = Quality(bit_rate=bit_rate)
        token = self._tokens.write(viewer, track.id, track.duration, quality, client=client)
        return _described(track, token, bit_rate)

    def _bit_rate(self, viewer: User, track: Playable, client: str, wanted: Kbps) -> Kbps:
        """Return what may be had, but hardly more than is in a lossy file."""
        limits = self._rules.limits(viewer, track, client)
        bit_rate = least(wanted, limits.bit_rate, HLS_AAC.max_bit_rate)
        if not wanted:
            bit_rate = least(bit_rate, limits.default_bit_rate)
        if track.bit_depth or not track.bit_rate:
            return bit_rate
        return least(bit_rate, Kbps(max(track.bit_rate, _ENOUGH)))


def _cutting(track: Playable) -> Cutting:
    if track.duration <= 0:
        raise UnsupportedError("Nobody knows how long this track is, as HLS has to.")
    cut = cutting(track.duration, track.sampling_rate)
    if cut.count > _MAX_SEGMENTS:
        raise UnsupportedError("This track is too long for HLS.")
    return cut


def _described(track: Playable, token: str, bit_rate: Kbps) -> Rendition:
    segments = _cutting(track).seconds()
    return Rendition(token=token, bit_rate=bit_rate, segments=segments, codecs=_CODECS)
