"""Playlists of HTTP Live Streaming (RFC 8216), with addresses beside that of the first one."""

import math
from collections.abc import Sequence

from hydrophone.domain.hls import Rendition

SEGMENT = "hlsSegment.aac"
"""Endpoint of a segment of music. Some players go by the end of the path; it is in no
specification."""
VIDEO_SEGMENT = "hlsSegment.ts"
"""The same for a video."""
PLAYLIST = "hlsPlaylist.m3u8"
"""Endpoint of the playlist of one bit rate."""

_OVERHEAD, _VIDEO_OVERHEAD = 1.1, 1.4
"""How much more than the bit rate a segment may take; one of a video begins with a buffer that
is half full, and each packet of 188 bytes has a header."""


def media_playlist(rendition: Rendition) -> str:
    """List the segments of one bit rate."""
    segment = VIDEO_SEGMENT if rendition.width else SEGMENT
    longest = max(rendition.segments)
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:3",
        f"#EXT-X-TARGETDURATION:{math.ceil(longest)}",
        "#EXT-X-MEDIA-SEQUENCE:0",
        "#EXT-X-PLAYLIST-TYPE:VOD",
    ]
    for number, seconds in enumerate(rendition.segments):
        lines.append(f"#EXTINF:{seconds:.6f},")
        lines.append(f"{segment}?token={rendition.token}&number={number}")
    return "\n".join([*lines, "#EXT-X-ENDLIST", ""])


def master_playlist(renditions: Sequence[Rendition]) -> str:
    """List the bit rates among which a player may choose; it begins with the first."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:3"]
    for rendition in renditions:
        overhead = _VIDEO_OVERHEAD if rendition.width else _OVERHEAD
        bandwidth = round(rendition.bit_rate * 1000 * overhead)
        size = f",RESOLUTION={rendition.width}x{rendition.height}" if rendition.width else ""
        lines.append(f'#EXT-X-STREAM-INF:BANDWIDTH={bandwidth},CODECS="{rendition.codecs}"{size}')
        lines.append(f"{PLAYLIST}?token={rendition.token}")
    return "\n".join([*lines, ""])
