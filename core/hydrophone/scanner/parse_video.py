"""Reads one video file: what is in it, and a fingerprint. Made to run in a sandboxed worker."""

import os
from pathlib import Path

from msgspec import Struct

from hydrophone.domain.units import Seconds
from hydrophone.domain.video import VideoFacts
from hydrophone.errors import MediaError
from hydrophone.media.video_probe import probe
from hydrophone.scanner.fingerprint import fingerprint
from hydrophone.scanner.mp4_pictures import mp4_facts
from hydrophone.scanner.opening import opened
from hydrophone.scanner.payload import mp4_payload, sampled

_OF_ATOMS = frozenset({"mp4", "m4v", "mov"})


class VideoToRead(Struct, frozen=True, kw_only=True):
    """A file and what to read it with."""

    path: bytes
    """As `os.fsencode` makes it, since it may not be UTF-8."""
    ffmpeg: str
    """Path of the program; empty if there is none."""
    time_limit: Seconds
    """For ffmpeg."""


class ParsedVideo(Struct, frozen=True, kw_only=True):
    """What one file says of itself."""

    fingerprint: str
    """Sample of the file, of MP4 of its payload, as 16 hexadecimal digits."""
    facts: VideoFacts


def parse_video(video: VideoToRead) -> ParsedVideo:
    """Read what is in a video file and take its fingerprint.

    Without ffmpeg it is what the atoms of an MP4 tell; other files count as videos by their
    names. Raises `MediaError`, with a reason for a person that does not name the file. Blocks,
    for some 50 ms with ffmpeg. ffmpeg runs within the limits of the worker.
    """
    suffix = os.fsdecode(video.path).rpartition(".")[2].lower()
    is_mp4 = suffix in _OF_ATOMS
    with opened(video.path) as file:
        fd, size = file.fileno(), os.fstat(file.fileno()).st_size
        try:
            payload = mp4_payload(fd, size) if is_mp4 else sampled(fd, [(0, size)])
            facts = mp4_facts(fd, size) if is_mp4 else VideoFacts(has_video=True)
        except OSError as error:
            raise MediaError(error.strerror or "cannot be read") from error
    if video.ffmpeg:
        path = Path(os.fsdecode(video.path))
        probed = probe(Path(video.ffmpeg), path, time_limit=video.time_limit)
        if probed is None:
            raise MediaError("not a video, or damaged")
        facts = probed
    return ParsedVideo(fingerprint=fingerprint(payload), facts=facts)
