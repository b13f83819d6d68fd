"""HTTP Live Streaming. Players send no login with segments: their addresses carry a token."""

import re
from functools import partial

from hydrophone.domain.hls import Quality
from hydrophone.domain.units import Kbps
from hydrophone.errors import InvalidInputError
from hydrophone_subsonic.call import Call, Sender
from hydrophone_subsonic.endpoint import endpoint
from hydrophone_subsonic.endpoints.media_retrieval import send_audio
from hydrophone_subsonic.mapping.hls import (
    PLAYLIST,
    SEGMENT,
    VIDEO_SEGMENT,
    master_playlist,
    media_playlist,
)
from hydrophone_subsonic.parameters import Natural, Parameters
from hydrophone_subsonic.sending import send_text

_MAX_BIT_RATES = 20
_BIT_RATE = re.compile(r"(\d{1,6})(?:@(\d{1,5})x(\d{1,5}))?", re.ASCII)
"""Kilobits per second, for videos with a size behind it."""
_PLAYLIST_TYPE = b"application/vnd.apple.mpegurl"
_MINUTES = ((b"cache-control", b"private, max-age=600"),)


class HlsM3u8(Parameters, frozen=True, kw_only=True):
    """A track or a video, and the bit rates among which the player may choose."""

    id: str
    bit_rate: tuple[str, ...] = ()
    audio_track: Natural = 0
    """Id of a sound of a video, as getVideoInfo shows it."""


class OfToken(Parameters, frozen=True, kw_only=True):
    """What a playlist has named."""

    token: str


class HlsSegment(OfToken, frozen=True, kw_only=True):
    """A part of it."""

    number: Natural


@endpoint("hls.m3u8", aliases=("hls",), role="stream")
async def hls(call: Call, parameters: HlsM3u8) -> Sender:
    """Send a playlist of segments, or for several bit rates one of playlists."""
    renditions = await call.services.hls.renditions(
        call.user,
        parameters.id,
        call.client,
        _qualities(parameters.bit_rate),
        parameters.audio_track,
    )
    if len(renditions) > 1:
        return _playlist(master_playlist(renditions))
    return _playlist(media_playlist(renditions[0]))


@endpoint(PLAYLIST, needs_login=False, fails_by_status=True)
async def hls_playlist(call: Call, parameters: OfToken) -> Sender:
    """Send the playlist of one bit rate, to whoever has its address."""
    return _playlist(media_playlist(await call.services.hls.rendition(parameters.token)))


@endpoint(SEGMENT, needs_login=False, fails_by_status=True)
async def hls_segment(call: Call, parameters: HlsSegment) -> Sender:
    """Send a segment of music, to whoever has its address."""
    return await _segment(call, parameters)


@endpoint(VIDEO_SEGMENT, needs_login=False, fails_by_status=True)
async def hls_video_segment(call: Call, parameters: HlsSegment) -> Sender:
    """Send a segment of a video, to whoever has its address."""
    return await _segment(call, parameters)


async def _segment(call: Call, parameters: HlsSegment) -> Sender:
    audio = await call.services.hls.segment(parameters.token, parameters.number)
    return await send_audio(call, audio, _MINUTES)


def _playlist(text: str) -> Sender:
    return partial(send_text, text=text.encode(), content_type=_PLAYLIST_TYPE)


def _qualities(texts: tuple[str, ...]) -> list[Quality]:
    """Read bit rates, with sizes of pictures or without."""
    if len(texts) > _MAX_BIT_RATES:
        raise InvalidInputError(f"There are more than {_MAX_BIT_RATES} bit rates.")
    found = []
    for text in texts:
        if (match := _BIT_RATE.fullmatch(text)) is None:
            raise InvalidInputError("Parameter bitRate must be like 128 or 1000@480x360.")
        bit_rate, width, height = (int(part or 0) for part in match.groups())
        found.append(Quality(bit_rate=Kbps(bit_rate), width=width, height=height))
    return found
