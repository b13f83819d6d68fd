"""Windows Media Audio: ASF, as its specification (revision 01.20.05) has it."""

import os
from typing import Any, BinaryIO

from mutagen import asf

from hydrophone.errors import MediaError
from hydrophone.scanner.formats.contents import Claim, Contents, Format
from hydrophone.scanner.payload import Payload, sampled
from hydrophone.scanner.tags.asf import read_asf_picture, read_asf_texts

HEADER = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
"""How every ASF file begins."""
_DATA = bytes.fromhex("3626b2758e66cf11a6d900aa0062ce6c")
_OBJECT = 24
"""Bytes before the content of an object: what it is and how long."""
_BEFORE_PACKETS = 26
"""Bytes of the data object before its packets; the id of the file among them."""
_MAX_OBJECTS = 1000


def _read(file: BinaryIO) -> Contents:
    read: Any = asf.ASF(file)
    if not read.info.channels:
        raise MediaError("contains no audio")
    return Contents(
        texts=read_asf_texts(read.tags),
        picture=read_asf_picture(read.tags),
        duration=read.info.length,
        bit_rate=read.info.bitrate,
        sampling_rate=read.info.sample_rate,
        channel_count=read.info.channels,
        claim=Claim(_claimed_size(file.fileno()), read.info.length),
    )


def asf_payload(fd: int, size: int) -> Payload:
    """Take the packets of the data object, which taggers leave alone."""
    begin, end = _data(fd)
    # A recording that was cut off has no length yet.
    return sampled(fd, [(begin, min(size, end) if end > begin else size)])


def _claimed_size(fd: int) -> int:
    begin, end = _data(fd)
    return max(0, end - begin)


def _data(fd: int) -> tuple[int, int]:
    """Return where the packets begin, and where they are said to end."""
    at = 0
    for _ in range(_MAX_OBJECTS):
        header = os.pread(fd, _OBJECT, at)
        length = int.from_bytes(header[16:], "little")
        if header[:16] == _DATA:
            return at + _OBJECT + _BEFORE_PACKETS, at + length
        if len(header) < _OBJECT or length < _OBJECT:
            break
        at += length
    raise MediaError("cut off before its audio, or damaged")


ASF = Format(
    "a Windows Media Audio file", "audio/x-ms-wma", ("wma", "asf"), _read, asf_payload, "wma"
)
