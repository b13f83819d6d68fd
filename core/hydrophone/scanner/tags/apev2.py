"""APEv2 items, as Monkey's Audio, WavPack and Musepack have them, and some MP3s.

See https://wiki.hydrogenaud.io/index.php?title=APEv2_specification and "APE key" there.
"""

from mutagen.apev2 import BINARY, TEXT, APEv2

from hydrophone.scanner.tags.pictures import FRONT_COVER, choose_picture
from hydrophone.scanner.tags.texts import Texts, reader_of

_PICTURE = "cover art"
_FRONT = "cover art (front)"

_by_our_names = reader_of(lambda keys: keys.ape)


def read_ape_texts(tags: APEv2) -> Texts:
    """Return all texts under our names; NUL separates several values of one item."""
    native = {name.upper(): list(value) for name, value in tags.items() if value.kind == TEXT}
    return _by_our_names(native)


def read_ape_picture(tags: APEv2) -> bytes:
    """Return the front cover, else the first picture, else `b""`; a file name precedes each."""
    pictures = []
    for name, value in tags.items():
        if value.kind == BINARY and name.lower().startswith(_PICTURE):
            kind = FRONT_COVER if name.lower() == _FRONT else 0
            pictures.append((kind, bytes(value.value).partition(b"\x00")[2]))
    return choose_picture(pictures)
