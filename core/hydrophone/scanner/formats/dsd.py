"""One-bit audio as on Super Audio CDs: DSF of Sony and DSDIFF of Philips."""

import os
import struct
from typing import Any, BinaryIO

from mutagen.dsdiff import DSDIFFInfo

from hydrophone.errors import MediaError
from hydrophone.scanner.formats.chunks import Chunk, chunks, claimed_size, sampled_chunk
from hydrophone.scanner.formats.contents import Claim, Contents, Format, Trim, whole
from hydrophone.scanner.formats.id3_tags import id3_within
from hydrophone.scanner.payload import Payload, sampled
from hydrophone.scanner.tags.id3 import read_id3_picture, read_id3_texts

_DSF_HEADER = 28
_DSF_CHUNK = 12
"""Bytes before a chunk's content; its length in the file counts them, too."""
_DSDIFF_FORM = 16
"""Bytes before the first chunk of DSDIFF."""


def _read_dsf(file: BinaryIO) -> Contents:
    fd = file.fileno()
    header = os.pread(fd, _DSF_HEADER + 52, 0)
    if len(header) < _DSF_HEADER + 52 or header[_DSF_HEADER : _DSF_HEADER + 4] != b"fmt ":
        raise MediaError("cut off within its header")
    tag_begin = int.from_bytes(header[20:28], "little")
    channels, rate, _, samples = struct.unpack_from("<IIIQ", header, _DSF_HEADER + 24)
    tags = id3_within(fd, tag_begin, os.fstat(fd).st_size if tag_begin else 0)
    return Contents(
        texts=read_id3_texts(tags),
        picture=read_id3_picture(tags),
        duration=samples / rate if rate else 0.0,
        bit_rate=rate * channels,
        sampling_rate=rate,
        channel_count=channels,
        bit_depth=1,
        trim=Trim(samples),
        claim=Claim(
            max(_dsf_data(fd)[1], samples * channels // 8), samples / rate if rate else 0.0
        ),
    )


def dsf_payload(fd: int, size: int) -> Payload:
    """Take the chunk `data`, which follows `fmt ` (DSF specification 1.01)."""
    begin, length = _dsf_data(fd)
    return sampled(fd, [(begin, max(begin, min(size, begin + length)))])


def _dsf_data(fd: int) -> tuple[int, int]:
    """Return where the samples begin, and how many bytes of them there are said to be."""
    begin = _DSF_HEADER + int.from_bytes(os.pread(fd, 8, _DSF_HEADER + 4), "little")
    header = os.pread(fd, _DSF_CHUNK, begin)
    if header[:4] != b"data":
        raise MediaError("contains no audio")
    return begin + _DSF_CHUNK, max(0, int.from_bytes(header[4:], "little") - _DSF_CHUNK)


def _read_dsdiff(file: BinaryIO) -> Contents:
    fd = file.fileno()
    info: Any = DSDIFFInfo(file)
    parts = _parts(fd, os.fstat(fd).st_size)
    id3 = parts.get(b"ID3 ", Chunk(b"", 0, 0))
    tags = id3_within(fd, id3.begin, id3.end)
    return Contents(
        texts=read_id3_texts(tags),
        picture=read_id3_picture(tags),
        duration=info.length,
        bit_rate=info.bitrate,
        sampling_rate=info.sample_rate,
        channel_count=info.channels,
        bit_depth=1,
        trim=whole(info.length, info.sample_rate),
        claim=Claim(claimed_size(_sound(parts)), info.length),
    )


def dsdiff_payload(fd: int, size: int) -> Payload:
    """Take the samples, or the frames of losslessly packed ones (DSDIFF 1.5, section 3)."""
    parts = _parts(fd, size)
    return sampled_chunk(fd, _sound(parts))


def _sound(parts: dict[bytes, Chunk]) -> Chunk | None:
    return parts.get(b"DSD ") or parts.get(b"DST ")


def _parts(fd: int, size: int) -> dict[bytes, Chunk]:
    found = chunks(fd, _DSDIFF_FORM, size, order="big", wide=True)
    return {chunk.name: chunk for chunk in found}


DSF = Format("a DSF file", "audio/x-dsf", ("dsf",), _read_dsf, dsf_payload, "dsd")
DSDIFF = Format("a DSDIFF file", "audio/x-dff", ("dff",), _read_dsdiff, dsdiff_payload, "dsd")
