"""WAV: RIFF with PCM, also in its form for more than 4 GiB (RF64, EBU Tech 3306)."""

import os
import struct
from collections.abc import Iterator
from typing import BinaryIO

from hydrophone.errors import MediaError
from hydrophone.scanner.formats.chunks import Chunk, chunks, claimed_size, sampled_chunk
from hydrophone.scanner.formats.contents import Claim, Contents, Format, Trim
from hydrophone.scanner.formats.id3_tags import id3_within
from hydrophone.scanner.payload import Payload
from hydrophone.scanner.tags.id3 import read_id3_picture, read_id3_texts
from hydrophone.scanner.tags.info import read_info_texts

_FORM = 12
"""Bytes before the first chunk."""
_PCM = {0x0001, 0x0003, 0xFFFE}
"""Integers, floating point, and either with a description of the channels."""
_CODECS = {0x0002: "adpcm", 0x0006: "alaw", 0x0007: "mulaw", 0x0011: "adpcm", 0x0055: "mp3"}
_UNKNOWN = 0xFFFFFFFF
"""The length of `data` in RF64, and in what a program wrote into a pipe."""
_MAX_INFO = 64 * 1024


def _read(file: BinaryIO) -> Contents:
    fd = file.fileno()
    parts = _parts(fd, os.fstat(fd).st_size)
    if b"fmt " not in parts or b"data" not in parts:
        raise MediaError("contains no audio")
    codec, channels, rate, byte_rate, frame, depth = _format(fd, parts[b"fmt "])
    if codec in _PCM and rate and frame:
        # What it says itself is of use for other codecs only.
        byte_rate = rate * frame
    data = parts[b"data"]
    count = (data.end - data.begin) // frame if codec in _PCM and frame else _fact(fd, parts)
    id3 = id3_within(fd, *parts[b"id3 "][1:3]) if b"id3 " in parts else None
    texts = read_info_texts(_info(fd, parts))
    claimed = claimed_size(data)
    return Contents(
        texts=texts if id3 is None else {**texts, **read_id3_texts(id3)},
        picture=b"" if id3 is None else read_id3_picture(id3),
        duration=(data.end - data.begin) / byte_rate if byte_rate else 0.0,
        bit_rate=byte_rate * 8,
        sampling_rate=rate,
        channel_count=channels,
        bit_depth=depth if codec in _PCM else 0,
        trim=Trim(count),
        claim=Claim(claimed, claimed / byte_rate if byte_rate else 0.0),
        codec="" if codec in _PCM else _CODECS.get(codec, "unknown"),
    )


def wav_payload(fd: int, size: int) -> Payload:
    """Take the content of the chunk `data`."""
    return sampled_chunk(fd, _parts(fd, size).get(b"data"))


def _parts(fd: int, size: int) -> dict[bytes, Chunk]:
    """Return the first chunk of each name, empty ones aside; the name of ID3 in lower case."""
    parts: dict[bytes, Chunk] = {}
    for chunk in _chunks(fd, size):
        name = b"id3 " if chunk.name == b"ID3 " else chunk.name
        if name == b"LIST" and os.pread(fd, 4, chunk.begin) != b"INFO":
            continue
        if name not in parts or parts[name].begin == parts[name].end:
            parts[name] = chunk
    return parts


def _chunks(fd: int, size: int) -> Iterator[Chunk]:
    """Yield all chunks; the length of `data` may stand in `ds64` instead."""
    long_data = 0
    at = _FORM
    for chunk in chunks(fd, at, size, order="little"):
        if chunk.name == b"ds64":
            long_data = int.from_bytes(os.pread(fd, 8, chunk.begin + 8), "little")
        if chunk.name == b"data" and long_data and _length(fd, chunk) == _UNKNOWN:
            end = min(size, chunk.begin + long_data)
            yield chunk._replace(end=end, lacking=chunk.begin + long_data - end)
            yield from chunks(fd, end + end % 2, size, order="little")
            return
        yield chunk


def _length(fd: int, chunk: Chunk) -> int:
    return int.from_bytes(os.pread(fd, 4, chunk.begin - 4), "little")


def _format(fd: int, chunk: Chunk) -> tuple[int, int, int, int, int, int]:
    """Return codec, channels, sampling rate, bytes a second, bytes a frame, bits a sample."""
    data = os.pread(fd, min(16, chunk.end - chunk.begin), chunk.begin)
    if len(data) < 16:
        raise MediaError("cut off within its header")
    codec, channels, rate, byte_rate, frame, depth = struct.unpack("<HHIIHH", data)
    return codec, channels, rate, byte_rate, frame, depth


def _fact(fd: int, parts: dict[bytes, Chunk]) -> int:
    """Return the samples that a compressed file says it has."""
    if b"fact" not in parts:
        return 0
    return int.from_bytes(os.pread(fd, 4, parts[b"fact"].begin), "little")


def _info(fd: int, parts: dict[bytes, Chunk]) -> Iterator[tuple[str, bytes]]:
    """Yield names and texts of the list INFO."""
    if b"LIST" in parts:
        _, begin, end, _ = parts[b"LIST"]
        for chunk in chunks(fd, begin + 4, end, order="little"):
            length = min(_MAX_INFO, chunk.end - chunk.begin)
            yield chunk.name.decode("latin-1"), os.pread(fd, length, chunk.begin)


WAV = Format("a WAV file", "audio/wav", ("wav", "wave"), _read, wav_payload, "pcm")
