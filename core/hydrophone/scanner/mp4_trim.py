"""How many samples of an MP4 are music: by iTunes's note, else by the edit list."""

from collections.abc import Mapping
from typing import Any

from hydrophone.scanner.formats.contents import Trim
from hydrophone.scanner.mp4_atoms import content_of, sound_track

_SMPB = "----:com.apple.iTunes:iTunSMPB"
_MAX_ATOM = 1024


def mp4_trim(fd: int, size: int, tags: Mapping[str, Any], sampling_rate: int) -> Trim:
    """Return delay, padding and count; the count is 0 where the file does not say it.

    `tags` are mutagen's. The lengths in the file are in units of the track's own time scale,
    which is not the sampling rate where half of the band is synthesised (HE-AAC).
    """
    return _itunes_note(tags) or _edit_list(fd, size, sampling_rate)


def _itunes_note(tags: Mapping[str, Any]) -> Trim | None:
    """Read `iTunSMPB`: hexadecimal numbers, of which the second to fourth count."""
    for value in tags.get(_SMPB, ()):
        parts = bytes(value).decode("ascii", "replace").split()
        try:
            delay, padding, count = (int(part, 16) for part in parts[1:4])
        except ValueError:
            continue
        if count < 1 << 48:
            return Trim(count, delay, padding)
    return None


def _edit_list(fd: int, size: int, sampling_rate: int) -> Trim:
    """Read `mdhd` and `elst` of the track with sound (ISO 14496-12, sections 8.4.2 and 8.6.6)."""
    begin, end = sound_track(fd, size)
    if begin == end:
        return Trim()
    ticks = mp4_time(content_of(fd, 0, size, _MAX_ATOM, b"moov", b"mvhd"))[0]
    return _track(fd, begin, end, ticks, sampling_rate)


def _track(fd: int, begin: int, end: int, movie_scale: int, sampling_rate: int) -> Trim:
    scale, length = mp4_time(content_of(fd, begin, end, _MAX_ATOM, b"mdia", b"mdhd"))
    if not scale or not length:
        return Trim()
    delay, edited = _edit(content_of(fd, begin, end, _MAX_ATOM, b"edts", b"elst"))
    count = length - delay
    if edited and movie_scale:
        wanted = edited * scale / movie_scale
        # The edit is rounded to ticks of the movie, often milliseconds: within one it says nothing.
        if wanted < count - scale / movie_scale:
            count = round(wanted)
    padding = length - delay - count
    units = (max(0, count), delay, max(0, padding))
    return Trim(*(round(unit * sampling_rate / scale) for unit in units))


def mp4_time(header: bytes) -> tuple[int, int]:
    """Return time scale and duration of an `mvhd` or `mdhd`; zeros if it is absent."""
    if header[:1] == b"\x01":
        return _number(header, 20, 4), _number(header, 24, 8)
    return _number(header, 12, 4), _number(header, 16, 4)


def _edit(content: bytes) -> tuple[int, int]:
    """Return where the music starts and how long it is; zeros unless there is just one edit."""
    is_long = content[:1] == b"\x01"
    width = 8 if is_long else 4
    count = _number(content, 4, 4)
    start = _number(content, 8 + width, width)
    if count != 1 or start >= 1 << (8 * width - 1):
        return 0, 0
    return start, _number(content, 8, width)


def _number(data: bytes, at: int, width: int) -> int:
    return int.from_bytes(data[at : at + width], "big")
