"""Asks ffmpeg what a file holds: its streams, their languages, and how long it is.

`ffmpeg -i` and not ffprobe, which the package `imageio-ffmpeg` does not carry. What it prints is
for people, and has hardly changed from ffmpeg 4 to 7: where it has, both forms are read.
"""

import logging
import os
import re
import selectors
import signal
import subprocess
from contextlib import suppress
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from time import monotonic
from typing import NamedTuple

from hydrophone.domain.units import Kbps, Seconds
from hydrophone.domain.video import AudioTrack, SubtitleTrack, VideoFacts
from hydrophone.errors import MediaError

logger = logging.getLogger(__name__)

DEMUXERS = "mov,matroska,avi,mpeg,mpegts,mpegvideo,flv,asf,ogg,rm,dv,wtv"
"""What films come in, by content and not by name. All else is refused: above all playlists and
concat scripts, which would make ffmpeg open further files."""

_MOST_SAID = 256 * 1024
"""Bytes; a film with fifty streams says 20,000. What has a megabyte of tags is cut off there."""
_CHUNK = 64 * 1024
_LONGEST_NAME = 200
_PIXELS = 32_768
_FASTEST = 480.0
"""Frames a second; where the rate varies, ffmpeg may say `1k tbr`."""
_LONGEST = 100 * 3600.0

_DURATION = re.compile(r"\s*Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)")
_BIT_RATE = re.compile(r"bitrate: (\d{1,9}) kb/s")
_STREAM = re.compile(
    r" {2,6}Stream #0:\d+(?:\[0x[0-9a-fA-F]+\])?(?:\(([^()]*)\))?: (Video|Audio|Subtitle): (.*)"
)
"""`Stream #0:1[0x2](eng): Audio: aac (LC) ...`, deeper within programs of MPEG-TS."""
_OTHER_STREAM = re.compile(r" {2,6}Stream #\d+:\d+")
_TITLE = re.compile(r"\s+title\s*: (.*)", re.IGNORECASE)
_TURN = re.compile(r"\s+(?:displaymatrix: rotation of|rotate\s*:) (-?\d+)")
_CODEC = re.compile(r"[a-z0-9_]+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9-]{1,20})?")
_SIZE = re.compile(r", (\d{1,5})x(\d{1,5})\b")
_ASPECT = re.compile(r"\bSAR (\d{1,6}):(\d{1,6})")
_RATE = re.compile(r", ([\d.]{1,12})(k?) (fps|tbr)")
_STILLS = ("(attached pic)", "(still image)", "(timed thumbnails)")
_TEXTS = frozenset(
    ("subrip", "srt", "ass", "ssa", "mov_text", "webvtt", "text", "ttml", "microdvd", "subviewer")
)
"""Codecs of subtitles that are text; those of discs and broadcasts are pictures."""


class _Stream(NamedTuple):
    kind: str
    language: str
    description: str
    details: tuple[str, ...]
    """The lines below it: its tags and side data."""


def probe(ffmpeg: Path, file: Path, *, time_limit: Seconds) -> VideoFacts | None:
    """Return what a file holds; `None` if it is no film, or is not read within the time.

    Nothing is decoded but what ffmpeg needs to find out about the streams. It blocks, takes some
    50 ms, and the process is gone when it returns. A file of sound alone has facts, too.

    Raises:
        MediaError: ffmpeg cannot be started.
    """
    argv = [
        *(str(ffmpeg), "-hide_banner", "-nostdin", "-protocol_whitelist", "file,pipe"),
        *("-format_whitelist", DEMUXERS, "-i", f"file:{file}"),
    ]
    try:
        process = Popen(  # noqa: S603 - no shell, constants and a path
            argv, stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE, start_new_session=True
        )
    except OSError as error:
        raise MediaError(f"ffmpeg cannot be started: {error.strerror}.") from error
    try:
        said = _said(process, time_limit)
    finally:
        _end(process)
    if said is None:
        logger.warning("ffmpeg did not say in %g seconds what is in %s", time_limit, file)
        return None
    return read_facts(said.decode("utf-8", "replace"))


def read_facts(text: str) -> VideoFacts | None:
    """Read what `ffmpeg -i` has printed; `None` if it could not open the file."""
    head, streams = _divided(text.split("\n"))
    if not streams:
        return None
    of_kind = {
        kind: [stream for stream in streams if stream.kind == kind]
        for kind in ("Video", "Audio", "Subtitle")
    }
    pictures = next((stream for stream in of_kind["Video"] if not _is_still(stream)), None)
    width, height = (0, 0) if pictures is None else _size(pictures)
    return VideoFacts(
        has_video=pictures is not None,
        duration=_duration(head),
        bit_rate=_bit_rate(head),
        width=width,
        height=height,
        frame_rate=0.0 if pictures is None else _frame_rate(pictures.description),
        video_codec="" if pictures is None else _codec(pictures),
        audio_tracks=tuple(
            AudioTrack(
                index=index, language=stream.language, name=_title(stream), codec=_codec(stream)
            )
            for index, stream in enumerate(of_kind["Audio"])
        ),
        subtitles=tuple(
            SubtitleTrack(
                index=index, language=stream.language, name=_title(stream), codec=_codec(stream)
            )
            for index, stream in enumerate(of_kind["Subtitle"])
            if _codec(stream) in _TEXTS
        ),
    )


def _said(process: Popen[bytes], time_limit: Seconds) -> bytes | None:
    """Read standard error to its end, or as much as is enough; `None` if time runs out."""
    if process.stderr is None:
        raise MediaError("ffmpeg was started without pipes.")
    end = monotonic() + time_limit
    said = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(process.stderr, selectors.EVENT_READ)
        while len(said) < _MOST_SAID:
            if not selector.select(max(0.0, end - monotonic())):
                return None
            chunk = os.read(process.stderr.fileno(), _CHUNK)
            if not chunk:
                break
            said += chunk
    return bytes(said)


def _end(process: Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    if process.stderr is not None:
        process.stderr.close()
    try:
        process.wait(5.0)
    except subprocess.TimeoutExpired:
        # Waiting for a dead disk, a process may outlive SIGKILL for as long as the disk is gone.
        logger.warning("ffmpeg (process %d) cannot be ended", process.pid)


def _divided(lines: list[str]) -> tuple[list[str], list[_Stream]]:
    """Part the lines on the file from those on each of its streams."""
    starts = [number for number, line in enumerate(lines) if _OTHER_STREAM.match(line)]
    parts = [lines[start:end] for start, end in pairwise([*starts, len(lines)])]
    return lines[: starts[0]] if starts else lines, [
        _Stream(match[2], _language(match[1] or ""), match[3], tuple(details))
        for first, *details in parts
        if (match := _STREAM.match(first))
    ]


def _language(text: str) -> str:
    return text if _LANGUAGE.fullmatch(text) and text != "und" else ""


def _is_still(stream: _Stream) -> bool:
    return any(mark in stream.description for mark in _STILLS)


def _codec(stream: _Stream) -> str:
    match = _CODEC.match(stream.description)
    return match[0] if match and match[0] != "none" else ""


def _title(stream: _Stream) -> str:
    titles = (_TITLE.fullmatch(line) for line in stream.details)
    return next((match[1].strip()[:_LONGEST_NAME] for match in titles if match), "")


def _size(stream: _Stream) -> tuple[int, int]:
    """Return how large the pictures are shown: pixels that are not square made so, and turned."""
    match = _SIZE.search(stream.description)
    if match is None:
        return 0, 0
    width, height = int(match[1]), int(match[2])
    aspect = _ASPECT.search(stream.description)
    if aspect and int(aspect[1]) and int(aspect[2]):
        width = round(width * Fraction(int(aspect[1]), int(aspect[2])))
    if not (0 < width <= _PIXELS and 0 < height <= _PIXELS):
        return 0, 0
    turns = (_TURN.match(line) for line in stream.details)
    turn = next((int(match[1]) for match in turns if match), 0)
    return (height, width) if turn % 180 else (width, height)


def _frame_rate(description: str) -> float:
    for number, thousand, _ in sorted(_RATE.findall(description), key=lambda found: found[2]):
        with suppress(ValueError):
            rate = float(number) * (1000 if thousand else 1)
            if 0 < rate <= _FASTEST:
                return rate
    return 0.0


def _duration(head: list[str]) -> Seconds:
    for line in head:
        if match := _DURATION.match(line):
            seconds = int(match[1]) * 3600 + int(match[2]) * 60 + float(match[3])
            return Seconds(seconds if seconds <= _LONGEST else 0.0)
    return Seconds(0.0)


def _bit_rate(head: list[str]) -> Kbps:
    for line in head:
        if _DURATION.match(line) and (match := _BIT_RATE.search(line)):
            return Kbps(int(match[1]))
    return Kbps(0)
