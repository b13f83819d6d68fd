"""Texts of tags: made clean, and put under our own names for them."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping

from hydrophone.scanner.tags.mapping import TAGS, Keys

Texts = Mapping[str, list[str]]
"""Values by name of the tag, in the order of the file; a tag without values is absent."""

MAX_VALUES = 64
"""Values kept of one tag; no honest file has more."""
_MAX_LENGTH = 4_000
_MAX_LYRICS = 64 * 1024

# What XML 1.0 (section 2.2) forbids, the separator of our ids among it; line breaks stay.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def clean(text: str, limit: int = _MAX_LENGTH) -> str:
    """Make any text fit for XML, search and ids: NFC, stripped, of at most `limit` characters."""
    text = text[: 2 * limit]
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", _FORBIDDEN.sub("", text))
    return text.strip()[:limit].rstrip()


def reader_of(system: Callable[[Keys], tuple[str, ...]]) -> Callable[[Texts], Texts]:
    """Return a function that puts the keys of one tag system under our names.

    Its argument has the system's keys in capitals. It takes the first key that has a value,
    and cleans what it takes.
    """
    keys_by_name = {name: tuple(map(str.upper, system(keys))) for name, keys in TAGS.items()}

    def read(native: Texts) -> Texts:
        texts = {}
        for name, keys in keys_by_name.items():
            for key in keys:
                if key in native:
                    values = _clean_values(native[key], _MAX_LYRICS if name == "lyrics" else None)
                    if values:
                        texts[name] = values
                        break
        return texts

    return read


def _clean_values(values: Iterable[str], limit: int | None) -> list[str]:
    cleaned = (clean(value, limit or _MAX_LENGTH) for value in values)
    return [value for value in cleaned if value][:MAX_VALUES]
