"""FLAC as a file of its own (RFC 9639); within Ogg it is read by the module `ogg`."""

import os
from typing import Any, BinaryIO

from mutagen import flac

from hydrophone.domain.units import Seconds
from hydrophone.scanner.flac_frames import last_sample, read_stream_info
from hydrophone.scanner.formats.contents import Contents, Format, whole
from hydrophone.scanner.formats.id3_tags import id3_around
from hydrophone.scanner.payload import SAMPLE, Payload, after_id3, before_tail_tags, flac_payload
from hydrophone.scanner.shortfall import clock, shortfall
from hydrophone.scanner.tags.id3 import read_id3_texts
from hydrophone.scanner.tags.pictures import LINK, choose_picture
from hydrophone.scanner.tags.vorbis import read_vorbis_texts

_STREAM_INFO = 42
_LARGEST_FRAME = 1024 * 1024
"""Bytes; 16 MiB may stand in a header, but no encoder makes frames of a tenth of this."""


def _read(file: BinaryIO) -> Contents:
    has_id3 = file.read(3) == b"ID3"
    file.seek(0)
    read = flac.FLAC(file)
    tags: Any = read.tags
    texts = read_vorbis_texts(tags or ())
    if has_id3:
        # Some programs tag every file as if it were an MP3; FLAC's own tags go first.
        texts = {**read_id3_texts(id3_around(file)), **texts}
    return Contents(
        texts=texts,
        picture=choose_picture(
            (picture.type, picture.data) for picture in read.pictures if picture.mime != LINK
        ),
        duration=read.info.length,
        bit_rate=0,
        sampling_rate=read.info.sample_rate,
        channel_count=read.info.channels,
        bit_depth=read.info.bits_per_sample,
        trim=whole(read.info.length, read.info.sample_rate),
    )


def _shortfall(fd: int, size: int, contents: Contents, payload: Payload) -> str:
    """Compare the count of samples at the front with that of the last frame."""
    info = read_stream_info(os.pread(fd, _STREAM_INFO, after_id3(fd)))
    first, _, tail = payload.pieces
    is_by_sample = bool(first[1:2] and first[1] & 1)
    is_uneven = info.shortest_block != info.longest_block and not is_by_sample
    if not info.sample_count or is_uneven or first[:1] != b"\xff":
        return ""
    held = last_sample(tail, first, info)
    if held is None:
        # One frame may be longer than the sample that is at hand.
        frame = min(info.longest_frame or _LARGEST_FRAME, _LARGEST_FRAME)
        window = min(payload.size, frame + SAMPLE)
        held = last_sample(os.pread(fd, window, before_tail_tags(fd, size) - window), first, info)
    if held is None:
        return f"says {clock(Seconds(contents.seconds))}, but no sound is at its end (cut off?)"
    rate = contents.sampling_rate
    return shortfall(Seconds(info.sample_count / rate), Seconds(held / rate)) if rate else ""


FLAC = Format("a FLAC file", "audio/flac", ("flac",), _read, flac_payload, "flac", _shortfall)
