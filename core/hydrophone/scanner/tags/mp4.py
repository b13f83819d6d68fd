"""Tags of M4A files: atoms below `moov.udta.meta.ilst`, as iTunes writes them."""

from collections.abc import Iterable, Mapping
from typing import Any

from mutagen.mp4 import AtomDataType, MP4FreeForm

from hydrophone.scanner.tags.pictures import FRONT_COVER, choose_picture
from hydrophone.scanner.tags.texts import Texts, reader_of

_IDS = "----:MUSICBRAINZ"
"""How names of atoms begin whose values are paired with others by their places."""

_by_our_names = reader_of(lambda keys: keys.mp4)


def read_mp4_texts(tags: Mapping[str, Any]) -> Texts:
    """Return all texts under our names; numbers as they would be written in other formats."""
    native: dict[str, list[str]] = {}
    for key, value in tags.items():
        if key == "covr":
            continue
        # A free-form atom is named `----:vendor:name`; vendors differ, names do not but in case.
        kind, _, name = key.partition(":")
        name = f"----:{name.rpartition(':')[2]}" if kind == "----" else key
        values = value if isinstance(value, list) else [value]
        found = native.setdefault(name.upper(), [])
        # Ids of two programs that differ are for one name; those of the first are taken.
        if found and name.upper().startswith(_IDS):
            continue
        before = set(map(_sameness, found))
        found += [text for text in map(_text, values) if _sameness(text) not in before]
    return _by_our_names(native)


def read_mp4_picture(tags: Mapping[str, Any]) -> bytes:
    """Return the first cover, `b""` if there is none; MP4 does not tell kinds of pictures."""
    covers: Iterable[bytes] = tags.get("covr", ())
    return choose_picture((FRONT_COVER, bytes(cover)) for cover in covers)


def _sameness(text: str) -> str:
    return text.strip().casefold()


def _text(value: object) -> str:
    if isinstance(value, MP4FreeForm):
        encoding = "utf-16-be" if value.dataformat == AtomDataType.UTF16 else "utf-8"
        return bytes(value).decode(encoding, "replace")
    if isinstance(value, tuple):
        number, total = value
        return f"{number}/{total}" if total else str(number)
    return str(int(value)) if isinstance(value, bool) else str(value)
