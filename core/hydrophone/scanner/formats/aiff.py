"""AIFF and AIFF-C: what Apple's programs write uncompressed audio into."""

import os
from typing import Any, BinaryIO

from mutagen.aiff import AIFFInfo

from hydrophone.scanner.formats.chunks import Chunk, chunks, claimed_size, sampled_chunk
from hydrophone.scanner.formats.contents import Claim, Contents, Format, whole
from hydrophone.scanner.formats.id3_tags import id3_within
from hydrophone.scanner.payload import Payload
from hydrophone.scanner.tags.id3 import read_id3_picture, read_id3_texts
from hydrophone.scanner.tags.info import read_info_texts

_FORM = 12
"""Bytes before the first chunk."""
_BEFORE_SOUND = 8
"""Offset and block size at the begin of SSND."""
_TEXTS = {b"NAME", b"AUTH", b"ANNO"}
_MAX_TEXT = 64 * 1024


def _read(file: BinaryIO) -> Contents:
    fd = file.fileno()
    info: Any = AIFFInfo(file)
    parts = _parts(fd, os.fstat(fd).st_size)
    texts = read_info_texts(
        (name.decode(), os.pread(fd, min(_MAX_TEXT, chunk.end - chunk.begin), chunk.begin))
        for name, chunk in parts.items()
        if name in _TEXTS
    )
    id3 = id3_within(fd, *parts[b"ID3 "][1:3]) if b"ID3 " in parts else None
    return Contents(
        texts=texts if id3 is None else {**texts, **read_id3_texts(id3)},
        picture=b"" if id3 is None else read_id3_picture(id3),
        duration=info.length,
        bit_rate=info.bitrate,
        sampling_rate=info.sample_rate,
        channel_count=info.channels,
        bit_depth=info.bits_per_sample,
        trim=whole(info.length, info.sample_rate),
        claim=Claim(_claimed_size(fd, parts, info), info.length),
    )


def _claimed_size(fd: int, parts: dict[bytes, Chunk], info: Any) -> int:  # noqa: ANN401 - mutagen declares no fields
    """Return what SSND says to have; or what as many frames as COMM says are, if that is more."""
    size = claimed_size(parts.get(b"SSND"), _BEFORE_SOUND)
    if os.pread(fd, 4, _FORM - 4) != b"AIFF":
        return size  # AIFF-C may be compressed
    frame = info.channels * ((info.bits_per_sample + 7) // 8)
    claimed: int = round(info.length * info.sample_rate) * frame
    return max(size, claimed)


def aiff_payload(fd: int, size: int) -> Payload:
    """Take the samples in the chunk SSND."""
    return sampled_chunk(fd, _parts(fd, size).get(b"SSND"), _BEFORE_SOUND)


def _parts(fd: int, size: int) -> dict[bytes, Chunk]:
    """Return the first chunk of each name; an ID3 tag's may be in lower case, as in WAV."""
    parts: dict[bytes, Chunk] = {}
    for chunk in chunks(fd, _FORM, size, order="big"):
        parts.setdefault(b"ID3 " if chunk.name == b"id3 " else chunk.name, chunk)
    return parts


AIFF = Format("an AIFF file", "audio/aiff", ("aiff", "aif", "aifc"), _read, aiff_payload, "pcm")
