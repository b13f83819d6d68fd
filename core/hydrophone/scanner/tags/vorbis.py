"""Vorbis comments, as FLAC, Ogg Vorbis and Opus have them (https://xiph.org/vorbis/doc/v-comment.html)."""

import binascii
import struct
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress

from mutagen.flac import Picture

from hydrophone.scanner.tags.pictures import LINK, choose_picture
from hydrophone.scanner.tags.texts import Texts, reader_of

Comments = Iterable[tuple[str, str]]
"""Names, in any case, and values; repeated names are several values of one tag."""

_PICTURE = "METADATA_BLOCK_PICTURE"

_by_our_names = reader_of(lambda keys: keys.vorbis)


def read_vorbis_texts(comments: Comments) -> Texts:
    """Return all texts under our names."""
    native: defaultdict[str, list[str]] = defaultdict(list)
    for name, value in comments:
        native[name.upper()].append(value)
    return _by_our_names(native)


def read_ogg_picture(comments: Comments) -> bytes:
    """Return the picture that stands for the file, `b""` if there is none or none is whole.

    Ogg holds each picture as a FLAC block in base64 (https://wiki.xiph.org/VorbisComment).
    """
    return choose_picture(_pictures(comments))


def _pictures(comments: Comments) -> Iterator[tuple[int, bytes]]:
    for name, value in comments:
        if name.upper() == _PICTURE:
            # A picture that is damaged is none.
            with suppress(binascii.Error, struct.error, ValueError):
                picture = Picture(binascii.a2b_base64(value))
                if picture.mime != LINK:
                    yield picture.type, picture.data
