"""A picture out of a video."""

from contextlib import aclosing
from pathlib import Path

from hydrophone.domain.units import Seconds
from hydrophone.errors import MediaError
from hydrophone.media.ffmpeg import run_ffmpeg
from hydrophone.media.video_probe import DEMUXERS

_MOST = 8 * 1024 * 1024
_TIME_LIMIT = Seconds(20.0)
_SCALE = "scale=w='min(1280,iw*sar)':h='min(1280,iw*sar)/(iw*sar)*ih',setsar=1"
"""Pixels made square, and no more of them than a cover has."""


async def extract_frame(ffmpeg: Path, file: Path, at: Seconds) -> bytes:
    """Return the picture that a video shows at a time, as JPEG.

    Raises:
        MediaError: It cannot be read, takes too long, or has no picture there.
    """
    argv = [
        *(str(ffmpeg), "-v", "error", "-nostdin", "-protocol_whitelist", "file,pipe"),
        *("-threads", "1", "-format_whitelist", DEMUXERS, "-ss", f"{at:.3f}"),
        *("-i", f"file:{file}", "-map", "0:V:0", "-frames:v", "1", "-vf", _SCALE),
        *("-c:v", "mjpeg", "-q:v", "3", "-f", "image2pipe", "pipe:1"),
    ]
    data = bytearray()
    async with aclosing(run_ffmpeg(argv, time_limit=_TIME_LIMIT)) as chunks:
        async for chunk in chunks:
            data += chunk
            if len(data) > _MOST:
                raise MediaError("The picture of this video is too large.")
    return bytes(data)
