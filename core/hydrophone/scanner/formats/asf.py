"""Windows Media Audio: ASF, as its specification (revision 01.20.05) has it."""

import os
from typing import Any, BinaryIO

from mutagen import asf

from hydrophone.domain.units import Seconds
from hydrophone.errors import MediaError
from hydrophone.scanner.formats.contents import Claim, Contents, Format, claimed_shortfall
from hydrophone.scanner.formats.damaged_attributes import read_before_damage
from hydrophone.scanner.payload import Payload, sampled
from hydrophone.scanner.shortfall import unaccounted
from hydrophone.scanner.tags.asf import read_asf_picture, read_asf_texts

HEADER = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
"""How every ASF file begins."""
_DATA = bytes.fromhex("3626b2758e66cf11a6d900aa0062ce6c")
_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_PROPERTIES_SIZE = 104
_HEADER_OBJECT = 30
"""Bytes of the header object before the first of those in it."""
_OBJECT = 24
"""Bytes before the content of an object: what it is and how long."""
_BEFORE_PACKETS = 26
"""Bytes of the data object before its packets; the id of the file among them."""
_MAX_OBJECTS = 1000
_MAX_PACKET_HEADER = 36
_SENT_AHEAD = 60.0
"""Seconds; a packet of silence lasts for long, and what has room to spare is sent early."""

read_before_damage()


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


def _shortfall(fd: int, size: int, contents: Contents, payload: Payload) -> str | None:
    """Look for what was cut off, and compare the length in the header with the last packet's time.

    That is when it is to be sent, which is before it is heard (section 5.2.2).
    """
    remark = claimed_shortfall(fd, size, contents, payload)
    properties = _properties(fd)
    begin, end = _data(fd)
    packet = int.from_bytes(properties[92:96], "little")
    # Packets of several sizes cannot be counted from the end.
    if remark or not packet or properties[92:96] != properties[96:100]:
        return remark
    count = ((min(size, end) if end > begin else size) - begin) // packet
    sent = _sent(os.pread(fd, _MAX_PACKET_HEADER, begin + max(0, count - 1) * packet))
    preroll = int.from_bytes(properties[80:88], "little") / 1000
    if sent is None:
        return None
    return unaccounted(Seconds(contents.seconds), sent, Seconds(_SENT_AHEAD + preroll))


def _sent(packet: bytes) -> Seconds | None:
    """Return the end of the time in which a packet is to be sent; `None` if it is damaged."""
    at = 1 + (packet[0] & 0x0F) if packet[:1] and packet[0] & 0x80 else 0
    if len(packet) < _MAX_PACKET_HEADER:
        return None
    # Lengths and a number, each of 0, 1, 2 or 4 bytes.
    flags = packet[at]
    at += 2 + sum((0, 1, 2, 4)[flags >> shift & 3] for shift in (1, 3, 5))
    time = int.from_bytes(packet[at : at + 4], "little")
    lasting = int.from_bytes(packet[at + 4 : at + 6], "little")
    return Seconds((time + lasting) / 1000)


def _properties(fd: int) -> bytes:
    """Return the file properties object, with its own 24 bytes; `b""` if there is none."""
    at = _HEADER_OBJECT
    for _ in range(_MAX_OBJECTS):
        found = os.pread(fd, _PROPERTIES_SIZE, at)
        length = int.from_bytes(found[16:_OBJECT], "little")
        if found[:16] == _PROPERTIES:
            return found
        if length < _OBJECT:
            break
        at += length
    return b""


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
    "a Windows Media Audio file",
    "audio/x-ms-wma",
    ("wma", "asf"),
    _read,
    asf_payload,
    "wma",
    _shortfall,
)
