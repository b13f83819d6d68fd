"""ID3 and APEv2 tags wherever they stand: around the audio, or in a chunk of their own."""

import os
from io import BytesIO
from typing import BinaryIO, NamedTuple

from mutagen import MutagenError
from mutagen.apev2 import APEv2
from mutagen.id3 import ID3

from hydrophone.scanner.tags.apev2 import read_ape_picture, read_ape_texts
from hydrophone.scanner.tags.id3_frames import MendedID3
from hydrophone.scanner.tags.id3v1 import read_id3v1_texts
from hydrophone.scanner.tags.texts import Texts

_DAMAGE = (MutagenError, LookupError, ValueError)
"""What Mutagen raises over damaged tags."""
_LARGEST_CHUNK = 128 * 1024 * 1024
"""Bytes; a larger tag counts as damage."""
_TAIL = 160
"""Bytes at the end of a file in which the footer of an APEv2 tag lies, an ID3v1 tag behind it."""


def id3_in_front(file: BinaryIO) -> ID3:
    """Read ID3v2; a broken tag counts as absent, for the audio may be whole."""
    file.seek(0)
    try:
        return MendedID3(file)
    except _DAMAGE:
        return ID3()


def id3_within(fd: int, begin: int, end: int) -> ID3:
    """Read the ID3v2 tag that is the content of a chunk."""
    if not 0 < end - begin <= _LARGEST_CHUNK:
        return ID3()
    try:
        content = BytesIO(os.pread(fd, end - begin, begin))
        return MendedID3(content)
    except _DAMAGE:
        return ID3()


class TagsAtEnd(NamedTuple):
    """What stands behind the audio; what is absent or broken has no texts."""

    ape: Texts
    id3v1: Texts
    picture: bytes


def tags_at_end(file: BinaryIO) -> TagsAtEnd:
    """Read APEv2 and ID3v1."""
    file.seek(0, os.SEEK_END)
    file.seek(max(0, file.tell() - _TAIL))
    tail = file.read()
    id3v1 = read_id3v1_texts(tail)
    if b"APETAGEX" not in tail:
        return TagsAtEnd({}, id3v1, b"")
    try:
        tags = APEv2(file)
    except _DAMAGE:
        return TagsAtEnd({}, id3v1, b"")
    return TagsAtEnd(read_ape_texts(tags), id3v1, read_ape_picture(tags))
