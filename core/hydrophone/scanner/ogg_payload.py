"""Finds the audio in an Ogg file without the headers of its pages.

A new cover changes the number and so the checksum of every page after it, hence only bodies of
pages are sampled. Nor may the whole file be walked for them: a piece begins with the first
page after its position. Pages are described in RFC 3533, section 6.
"""

import os
from typing import NamedTuple

from hydrophone.domain.units import ByteCount
from hydrophone.errors import MediaError
from hydrophone.scanner.payload import SAMPLE, Payload

LARGEST_PACKET = 65_536
"""Samples; of FLAC. Those of the other codecs are a few thousand."""
_CAPTURE = b"OggS\x00"
_HEADER = 27
_NO_TIME = bytes(8)
_LAST_PAGE = 4
"""Flag of the page with which a stream ends."""
_LARGEST_PAGE = _HEADER + 255 + 255 * 255
_WINDOW = SAMPLE + _LARGEST_PAGE
"""A stretch of this length holds the begin of a page, and at least a sample after it."""
_IDENTIFICATION = 80
"""Bytes of the first packet that say how many packets of headers there are."""
_MAX_START = 128 * 1024 * 1024
"""Comments with more than this much before the audio are hostile."""


def ogg_payload(fd: int, size: int) -> Payload:
    """Take the audio packets of the first stream that is known, and all that follows them.

    The size counts headers of pages too: their number stays the same when tags change. Raises
    `MediaError` if there is no such stream or it is cut off.
    """
    start, serial = _audio_start(fd, size)
    length = size - start
    if length <= 0:
        raise MediaError("contains no audio")
    middle = start + length // 2
    tail = max(start, size - _WINDOW)
    return Payload(
        ByteCount(length),
        (
            _bodies(os.pread(fd, _WINDOW, start), serial, SAMPLE),
            _bodies(os.pread(fd, _WINDOW, middle), serial, SAMPLE),
            _bodies(os.pread(fd, _WINDOW, tail), serial, _WINDOW)[-SAMPLE:],
        ),
    )


def samples_before(fd: int, size: int) -> int:
    """Return at which sample a stream begins, to within a page.

    That is 0 but for what was cut out of a broadcast, whose time goes on (RFC 7845, section 4.3).
    Raises as `ogg_payload`.
    """
    at, serial = _audio_start(fd, size)
    first = os.pread(fd, _HEADER + 255, at)
    if not _is_page(first) or _time(first) <= LARGEST_PACKET * _packets(first):
        return 0
    second = os.pread(fd, _HEADER, at + _page_length(first))
    lasting = _time(second) - _time(first) if second[14:18] == serial else 0
    return _time(first) - max(0, lasting)


class End(NamedTuple):
    """How an Ogg file ends."""

    is_whole: bool
    """Whether its last page is all there, and the last one of its stream."""
    samples: int
    """Those that the last page says it has; -1 if the page before is not near."""
    packets: int
    """Those that end on the last page; 1 at least."""


def read_end(fd: int, size: int) -> End:
    """Look at the last two pages, which are within 64 KiB of the end of nearly every file."""
    window = min(size, _LARGEST_PAGE)
    tail = os.pread(fd, window, size - window)
    at = tail.rfind(_CAPTURE)
    if at < 0 or len(tail) < at + _HEADER:
        return End(is_whole=False, samples=-1, packets=0)
    page = tail[at : at + _HEADER + 255]
    is_whole = at + _page_length(page) <= len(tail) and bool(page[5] & _LAST_PAGE)
    before = tail.rfind(_CAPTURE, 0, at)
    samples = -1
    if before >= 0 and tail[before + 14 : before + 18] == page[14:18]:
        samples = max(0, _time(page) - _time(tail[before : before + _HEADER]))
    return End(is_whole=is_whole, samples=samples, packets=_packets(page))


def _audio_start(fd: int, size: int) -> tuple[int, bytes]:
    """Return where the first page of audio begins, and the serial number of its stream.

    The first packet gives no samples, and some encoders put it on a page with headers, from which
    a tagger moves it to one of its own: so pages at the time 0 are left out, too.
    """
    start, serial = _headers_end(fd, size)
    at = start
    while at < min(size, start + _LARGEST_PAGE):
        page = os.pread(fd, _HEADER + 255, at)
        if not _is_page(page) or page[14:18] != serial:
            break
        if page[6:14] != _NO_TIME:
            return at, serial
        at += _page_length(page)
    return start, serial


def _headers_end(fd: int, size: int) -> tuple[int, bytes]:
    """Return where the first page without headers begins, and the serial number of the stream."""
    at = 0
    serial = b""
    missing = 0
    while at < min(size, _MAX_START):
        page = os.pread(fd, _HEADER + 255 + _IDENTIFICATION, at)
        if not _is_page(page):
            raise MediaError("not an Ogg file, or damaged within its tags")
        body = _HEADER + page[26]
        lacing = page[_HEADER:body]
        if not serial:
            missing = _header_packets(page[body : body + _IDENTIFICATION])
            serial = page[14:18] if missing else b""
        if serial == page[14:18]:
            missing -= len(lacing) - lacing.count(255)
        at += _page_length(page)
        if serial and missing <= 0:
            return at, serial
    raise MediaError("none of the known codecs, or cut off within its tags")


def _is_page(page: bytes) -> bool:
    return len(page) >= _HEADER and page.startswith(_CAPTURE)


def _packets(page: bytes) -> int:
    """Return how many packets end on a page, one at least."""
    lacing = page[_HEADER : _HEADER + page[26]]
    return max(1, len(lacing) - lacing.count(255))


def _time(page: bytes) -> int:
    return int.from_bytes(page[6:14], "little", signed=True)


def _page_length(page: bytes) -> int:
    body = _HEADER + page[26]
    return body + sum(page[_HEADER:body])


def _header_packets(begin: bytes) -> int:
    """Return how many packets come before the audio, which begins on a new page.

    They are identification, comments and, in Vorbis, the codebooks. FLAC and Speex say how many
    there are (https://xiph.org/flac/ogg_mapping.html; Speex manual, section 7.2); a FLAC stream
    that does not has at least its comments.
    """
    if begin.startswith(b"\x01vorbis"):
        return 3
    if begin.startswith(b"OpusHead"):
        return 2
    if begin.startswith(b"\x7fFLAC"):
        return 1 + (int.from_bytes(begin[7:9], "big") or 1)
    if begin.startswith(b"Speex   "):
        return 2 + min(64, int.from_bytes(begin[68:72], "little"))
    return 0


def _bodies(window: bytes, serial: bytes, wanted: int) -> bytes:
    """Join the bodies of the pages in this window, from the first of our stream on."""
    at = window.find(_CAPTURE)
    while at >= 0 and window[at + 14 : at + 18] != serial:
        at = window.find(_CAPTURE, at + 1)
    parts = []
    got = 0
    while got < wanted and 0 <= at < len(window) - _HEADER and window.startswith(_CAPTURE, at):
        body = at + _HEADER + window[at + 26]
        end = body + sum(window[at + _HEADER : body])
        parts.append(window[body:end])
        got += end - body
        at = end
    return b"".join(parts)[:wanted]
