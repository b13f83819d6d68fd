"""Gets captions out of videos, and out of files that only ffmpeg reads."""

import asyncio
from contextlib import aclosing
from pathlib import Path

from hydrophone.domain.units import Seconds
from hydrophone.errors import MediaError
from hydrophone.media.ffmpeg import run_ffmpeg
from hydrophone.media.video_probe import DEMUXERS

MOST_TEXT = 5 * 1024 * 1024
"""Bytes; the words of a long film are 200 KiB."""
_SILENCE = Seconds(60.0)
_LONGEST = Seconds(300.0)
"""The words of a film are all over it, so all of it is read."""


async def extract_captions(ffmpeg: Path, file: Path, index: int | None) -> str:
    """Return a stream of text in a video, or with `None` a file of the kind of `.ass`, as SubRip.

    Raises:
        MediaError: It cannot be read, takes too long, or there is too much or nothing of it.
    """
    source = ("-f", "ass") if index is None else ("-format_whitelist", DEMUXERS)
    argv = [
        *(str(ffmpeg), "-v", "error", "-nostdin", "-protocol_whitelist", "file,pipe"),
        *(*source, "-i", f"file:{file}", "-map", f"0:s:{index or 0}"),
        *("-c:s", "srt", "-f", "srt", "pipe:1"),
    ]
    text = bytearray()
    try:
        async with (
            asyncio.timeout(_LONGEST),
            aclosing(run_ffmpeg(argv, time_limit=_SILENCE)) as chunks,
        ):
            async for chunk in chunks:
                text += chunk
                if len(text) > MOST_TEXT:
                    raise MediaError("There is too much text in these captions.")
    except TimeoutError as error:
        raise MediaError("Reading these captions took too long.") from error
    return text.decode("utf-8", "replace")
