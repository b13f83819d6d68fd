"""ID3 and APEv2 tags wherever they stand: around the audio, or in a chunk of their own."""

import os
from io import BytesIO
from typing import BinaryIO

from mutagen import MutagenError
from mutagen.apev2 import APEv2
from mutagen.id3 import ID3

from hydrophone.scanner.tags.apev2 import read_ape_picture, read_ape_texts
from hydrophone.scanner.tags.texts import Texts

_LARGEST_CHUNK = 128 * 1024 * 1024
"""Bytes; a larger tag counts as damage."""
_TAIL = 160
"""Bytes at the end of a file in which the footer of an APEv2 tag lies, an ID3v1 tag behind it."""


def id3_around(file: BinaryIO) -> ID3:
    """Read ID3v2, else ID3v1; broken tags count as absent, for the audio may be whole."""
    file.seek(0)
    has_v2 = file.read(3) == b"ID3"
    file.seek(0)
    try:
        return ID3(file, load_v1=not has_v2)
    except MutagenError:
        return ID3()


def id3_within(fd: int, begin: int, end: int) -> ID3:
    """Read the ID3v2 tag that is the content of a chunk."""
    if not 0 < end - begin <= _LARGEST_CHUNK:
        return ID3()
    try:
        return ID3(BytesIO(os.pread(fd, end - begin, begin)), load_v1=False)
    except MutagenError:
        return ID3()


def ape_at_end(file: BinaryIO) -> tuple[Texts, bytes]:
    """Read texts and picture of an APEv2 tag; there are none if it is absent or broken."""
    file.seek(0, os.SEEK_END)
    file.seek(max(0, file.tell() - _TAIL))
    if b"APETAGEX" not in file.read():
        return {}, b""
    try:
        tags = APEv2(file)
    except MutagenError:
        return {}, b""
    return read_ape_texts(tags), read_ape_picture(tags)
