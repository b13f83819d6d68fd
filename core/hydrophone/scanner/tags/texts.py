"""Texts of tags: made clean, and put under our own names for them."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping

from hydrophone.domain.invisible import INVISIBLE, MARKS, SPACELESS, SPANS
from hydrophone.scanner.tags.mapping import TAGS, Keys
from hydrophone.scanner.tags.values import date

Texts = Mapping[str, list[str]]
"""Values by name of the tag, in the order of the file; a tag without values is absent."""

MAX_VALUES = 64
"""Values kept of one tag; no honest file has more."""
_MAX_LENGTH = 4_000
_LONGEST = {"lyrics": 256 * 1024, "syncedlyrics": 256 * 1024, "cuesheet": 64 * 1024}
"""Characters of a value, where there may be more than elsewhere."""

_DATES = frozenset({"date", "originaldate"})
"""Tags whose values count if there is a year in them: `0000` must not hide another key."""

# What XML 1.0 (section 2.2) forbids, the separator of our ids among it; line breaks stay.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SPACES = "".join(filter(str.isspace, map(chr, range(0x3001))))
_ENDS = _SPACES + INVISIBLE
_ENDS_WITHOUT_SPANS = _SPACES + SPACELESS + MARKS
_SPANS = frozenset(SPANS)


def clean(text: str, limit: int = _MAX_LENGTH) -> str:
    """Make any text fit for XML, search and ids: NFC, of at most `limit` characters.

    Spaces and invisible signs go from its ends, so that what looks empty is.
    """
    text = text[: 2 * limit]
    if text.isascii() and text.isprintable():
        return text.strip()[:limit].rstrip()
    text = unicodedata.normalize("NFC", _FORBIDDEN.sub("", text))
    return _stripped(_stripped(text)[:limit])


def _stripped(text: str) -> str:
    stripped = text.strip(_ENDS)
    # A span that lies within the text may begin or end with it.
    return stripped if _SPANS.isdisjoint(stripped) else text.strip(_ENDS_WITHOUT_SPANS)


def reader_of(system: Callable[[Keys], tuple[str, ...]]) -> Callable[[Texts], Texts]:
    """Return a function that puts the keys of one tag system under our names.

    Its argument has the system's keys in capitals. It takes the first key that has a value,
    and cleans what it takes.
    """
    places = {
        key.upper(): (name, place)
        for name, keys in TAGS.items()
        for place, key in enumerate(system(keys))
    }

    def read(native: Texts) -> Texts:
        texts: dict[str, list[str]] = {}
        taken: dict[str, int] = {}
        for key in native:
            if key not in places:
                continue
            name, place = places[key]
            if place < taken.get(name, len(places)):
                values = _clean_values(native[key], _LONGEST.get(name, _MAX_LENGTH))
                if name in _DATES:
                    values = [value for value in values if date(value)]
                if values:
                    texts[name] = values
                    taken[name] = place
        return texts

    return read


def _clean_values(values: Iterable[str], limit: int) -> list[str]:
    return [text for value in values if (text := clean(value, limit))][:MAX_VALUES]
