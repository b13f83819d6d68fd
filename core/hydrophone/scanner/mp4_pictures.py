"""Tells MP4 files with moving pictures from those that are music (ISO 14496-12, section 8)."""

from hydrophone.domain.units import Seconds
from hydrophone.domain.video import VideoFacts
from hydrophone.scanner.mp4_atoms import atoms, content_of
from hydrophone.scanner.mp4_trim import mp4_time

_MAX_ATOM = 1024
_STILLS = frozenset({b"jpeg", b"png ", b"mjpa", b"mjpb"})
"""Codecs of the pictures that go with the chapters of podcasts and audiobooks."""
_LARGEST = 32_768
_LONGEST = 31 * 86_400.0
_NOTHING = VideoFacts(has_video=False)


def mp4_facts(fd: int, size: int) -> VideoFacts:
    """Return what a file says of its pictures; blocks for a few reads.

    There is nothing on codecs and sound: to list a film where there is no ffmpeg, this is enough.
    Raises `MediaError` for atoms of impossible lengths, and `OSError`.
    """
    for name, begin, end in atoms(fd, 0, size):
        if name == b"moov":
            scale, length = mp4_time(content_of(fd, begin, end, _MAX_ATOM, b"mvhd"))
            duration = length / scale if scale else 0.0
            for inner, first, last in atoms(fd, begin, end):
                if inner == b"trak" and _is_film(fd, first, last):
                    width, height = _size(content_of(fd, first, last, _MAX_ATOM, b"tkhd"))
                    return VideoFacts(
                        has_video=True,
                        duration=Seconds(duration if duration <= _LONGEST else 0.0),
                        width=width,
                        height=height,
                    )
    return _NOTHING


def _is_film(fd: int, begin: int, end: int) -> bool:
    if content_of(fd, begin, end, _MAX_ATOM, b"mdia", b"hdlr")[8:12] != b"vide":
        return False
    samples = content_of(fd, begin, end, _MAX_ATOM, b"mdia", b"minf", b"stbl", b"stsd")
    # Version, flags and a count of entries; then the length and the codec of the first.
    return samples[12:16] not in _STILLS


def _size(header: bytes) -> tuple[int, int]:
    """Return the size in a `tkhd`, as it is shown: a matrix that turns exchanges the sides."""
    matrix = 52 if header[:1] == b"\x01" else 40
    width, height = (
        int.from_bytes(header[at : at + 2], "big") for at in (matrix + 36, matrix + 40)
    )
    if not (0 < width <= _LARGEST and 0 < height <= _LARGEST):
        return 0, 0
    is_turned = header[matrix : matrix + 4] == b"\0" * 4 and any(header[matrix + 4 : matrix + 8])
    return (height, width) if is_turned else (width, height)
