"""Vorbis comments, as FLAC, Ogg Vorbis and Opus have them (https://xiph.org/vorbis/doc/v-comment.html)."""

import binascii
import struct
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress

from mutagen import MutagenError
from mutagen.flac import Picture

from hydrophone.scanner.tags.pictures import LINK, choose_picture
from hydrophone.scanner.tags.texts import Texts, reader_of

Comments = Iterable[tuple[str, str]]
"""Names, in any case, and values; repeated names are several values of one tag."""

_PICTURE = "METADATA_BLOCK_PICTURE"
_OLD_PICTURE = "COVERART"

_by_our_names = reader_of(lambda keys: keys.vorbis)


def read_vorbis_texts(comments: Comments) -> Texts:
    """Return all texts under our names."""
    native: defaultdict[str, list[str]] = defaultdict(list)
    for name, value in comments:
        native[name.upper()].append(value)
    return _by_our_names(native)


def read_ogg_picture(comments: Comments) -> bytes:
    """Return the picture that stands for the file, `b""` if there is none or none is whole."""
    return choose_picture(commented_pictures(comments))


def commented_pictures(comments: Comments) -> Iterator[tuple[int, bytes]]:
    """Yield pairs of type and bytes of all pictures, those of the old kind last.

    Ogg holds each picture as a FLAC block in base64; before 2009 it was the picture itself, of no
    type (https://wiki.xiph.org/VorbisComment).
    """
    old = []
    for name, value in comments:
        if name.upper() == _PICTURE:
            # A picture that is damaged is none.
            with suppress(MutagenError, binascii.Error, struct.error, ValueError):
                picture = Picture(binascii.a2b_base64(value))
                if picture.mime != LINK:
                    yield picture.type, picture.data
        elif name.upper() == _OLD_PICTURE:
            with suppress(binascii.Error, ValueError):
                old.append((0, binascii.a2b_base64(value)))
    yield from old
