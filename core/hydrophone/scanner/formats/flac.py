"""FLAC as a file of its own (RFC 9639); within Ogg it is read by the module `ogg`."""

import os
from typing import Any, BinaryIO

from mutagen import MutagenError, flac

from hydrophone.domain.units import Seconds
from hydrophone.scanner.flac_frames import StreamInfo, last_sample, read_stream_info
from hydrophone.scanner.formats.contents import Contents, Format, whole
from hydrophone.scanner.formats.damaged_comments import LenientFlac
from hydrophone.scanner.formats.id3_tags import id3_in_front
from hydrophone.scanner.payload import SAMPLE, Payload, after_id3, before_tail_tags, flac_payload
from hydrophone.scanner.shortfall import clock, shortfall
from hydrophone.scanner.tags.id3 import read_id3_texts
from hydrophone.scanner.tags.pictures import LINK, choose_picture
from hydrophone.scanner.tags.vorbis import commented_pictures, read_vorbis_texts

_STREAM_INFO = 42
_LARGEST_FRAME = 1024 * 1024
"""Bytes; 16 MiB may stand in a header, but no encoder makes frames of a tenth of this."""


def _read(file: BinaryIO) -> Contents:
    has_id3 = file.read(3) == b"ID3"
    file.seek(0)
    read = _metadata(file)
    tags: Any = read.tags
    duration = read.info.length or _length_by_frames(file.fileno(), read.info.sample_rate)
    texts = read_vorbis_texts(tags or ())
    if has_id3:
        # Some programs tag every file as if it were an MP3; FLAC's own tags go first.
        texts = {**read_id3_texts(id3_in_front(file)), **texts}
    return Contents(
        texts=texts,
        picture=choose_picture(
            [
                *((one.type, one.data) for one in read.pictures if one.mime != LINK),
                # Where they are in Ogg, from which many a FLAC was remuxed.
                *commented_pictures(tags or ()),
            ]
        ),
        duration=duration,
        bit_rate=0,
        sampling_rate=read.info.sample_rate,
        channel_count=read.info.channels,
        bit_depth=read.info.bits_per_sample,
        trim=whole(duration, read.info.sample_rate),
    )


def _metadata(file: BinaryIO) -> flac.FLAC:
    """Read all blocks before the audio; if one is damaged, what can be told without it."""
    try:
        return flac.FLAC(file)
    except (MutagenError, LookupError, ValueError):
        file.seek(0)
        return LenientFlac(file)  # type: ignore[no-untyped-call] # Mutagen's


def _length_by_frames(fd: int, sampling_rate: int) -> float:
    """Return the seconds of a FLAC that does not say: an encoder cannot put it into a pipe."""
    size = os.fstat(fd).st_size
    held = _held(fd, size, flac_payload(fd, size))
    return held / sampling_rate if held and sampling_rate else 0.0


def _shortfall(fd: int, size: int, contents: Contents, payload: Payload) -> str | None:
    """Compare the count of samples at the front with that of the last frame."""
    info = _stream_info(fd)
    if not info.sample_count or not _is_counted(info, payload):
        return None
    held = _held(fd, size, payload)
    if held is None:
        return f"says {clock(Seconds(contents.seconds))}, but no sound is at its end (cut off?)"
    rate = contents.sampling_rate
    return shortfall(Seconds(info.sample_count / rate), Seconds(held / rate)) if rate else None


def _held(fd: int, size: int, payload: Payload) -> int | None:
    """Return the samples up to the end of the last frame; `None` if they cannot be told."""
    info = _stream_info(fd)
    if not _is_counted(info, payload):
        return None
    first, _, tail = payload.pieces
    held = last_sample(tail, first, info)
    if held is None:
        # One frame may be longer than the sample that is at hand.
        frame = min(info.longest_frame or _LARGEST_FRAME, _LARGEST_FRAME)
        window = min(payload.size, frame + SAMPLE)
        held = last_sample(os.pread(fd, window, before_tail_tags(fd, size) - window), first, info)
    return held


def _stream_info(fd: int) -> StreamInfo:
    return read_stream_info(os.pread(fd, _STREAM_INFO, after_id3(fd)))


def _is_counted(info: StreamInfo, payload: Payload) -> bool:
    """Say whether the number of a frame tells where it is."""
    first = payload.pieces[0]
    is_by_sample = bool(first[1:2] and first[1] & 1)
    return first[:1] == b"\xff" and (is_by_sample or info.shortest_block == info.longest_block)


FLAC = Format("a FLAC file", "audio/flac", ("flac",), _read, flac_payload, "flac", _shortfall)
