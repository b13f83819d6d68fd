"""Values out of texts: numbers, dates and gains as people and programs write them.

Nothing here raises: what cannot be understood counts as absent.
"""

import re
from calendar import monthrange
from math import log10
from typing import NamedTuple

from hydrophone.domain.music import PartialDate

_PLACE = re.compile(r"\s*(?:([A-Za-z])[\s.-]?)?(\d+)?(?:\s*(?:/|of)\s*(\d+))?", re.ASCII)
_NUMBER = re.compile(r"\s*(\d+)", re.ASCII)
_JOINED = re.compile(r"[;,/]")
_DECIMAL = re.compile(r"\s*([-+]?\d{1,6}(?:[.,]\d{1,12})?|[-+]?[.,]\d{1,12})", re.ASCII)
_DATE = re.compile(r"(\d{4})(?!\d)(?:[-/.](\d{1,2})(?:[-/.](\d{1,2})(?!\d))?(?!\d))?", re.ASCII)
_COMPACT_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)(?!\d)", re.ASCII)
_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_PERFORMER = re.compile(r"(.+?)\s*\(([^()]+)\)", re.DOTALL)

_TRUE = {"1", "true", "yes"}
_EXPLICIT = {
    "1": "explicit",
    "4": "explicit",
    "explicit": "explicit",
    "2": "clean",
    "clean": "clean",
}
"""ITUNESADVISORY and the atom `rtng`; 4 is what iTunes wrote before 2010."""

_LARGEST_GAIN = 64.0
_LARGEST_PEAK = 64.0
_R128_TO_REPLAYGAIN = 5.0
"""R128 gains aim at -23 LUFS, ReplayGain 2.0 at -18 (RFC 7845, section 5.2.1)."""


class Place(NamedTuple):
    """Where a track or a disc stands; 0 is unknown."""

    number: int = 0
    total: int = 0
    side: int = 0
    """Of a record: 1 for A."""


def place(text: str, largest: int) -> Place:
    """Read `3`, `3/12`, `3 of 12` and `A1`; numbers that are too large count as unknown."""
    found = _PLACE.match(text)
    if found is None or not (found[2] or found[3]):
        return Place()
    value, total = (int((digits or "0")[:12]) for digits in (found[2], found[3]))
    side = ord(found[1].upper()) - ord("A") + 1 if found[1] else 0
    return Place(
        value if value <= largest else 0, total if total <= largest else 0, side if value else 0
    )


def number(text: str, largest: int) -> int:
    """Return the number at the start (`3` of `3/12`); 0 if there is none, or it is too large."""
    found = _NUMBER.match(text)
    value = int(found[1][:12]) if found else 0
    return value if value <= largest else 0


def decimal(text: str, largest: float) -> float | None:
    """Return the number at the start (`-7.3` of `-7.30 dB`); `None` if absent or absurd."""
    found = _DECIMAL.match(text.replace("\N{MINUS SIGN}", "-"))
    value = float(found[1].replace(",", ".")) if found else None
    return value if value is not None and abs(value) <= largest else None


def gain(text: str) -> float | None:
    """Return a ReplayGain in decibels."""
    return decimal(text, _LARGEST_GAIN)


def r128_gain(text: str) -> float | None:
    """Return an Opus gain (a whole number of 1/256 dB) in decibels as ReplayGain counts them."""
    value = decimal(text, 32768)
    return None if value is None else value / 256 + _R128_TO_REPLAYGAIN


def sound_check(text: str) -> float | None:
    """Return the gain that iTunes measured, of ten hexadecimal numbers in `iTunNORM`.

    The first two are the loudness of left and right, 1000 being the one that is aimed at.
    """
    try:
        loudest = max(int(part, 16) for part in text.split()[:2])
    except ValueError:
        return None
    return decimal(f"{-10 * log10(loudest / 1000):.2f}", _LARGEST_GAIN) if loudest > 0 else None


def release_types(texts: list[str]) -> tuple[str, ...]:
    """Return primary and secondary types; ID3v2.3 and others join them by various signs."""
    found = (part.strip().lower() for text in texts for part in _JOINED.split(text))
    return tuple(dict.fromkeys(part for part in found if part))


def peak(text: str) -> float | None:
    """Return a peak, 1.0 being full scale."""
    value = decimal(text, _LARGEST_PEAK)
    return value if value is not None and value >= 0 else None


def date(text: str) -> PartialDate | None:
    """Return what is certain of a date: `1999`, `1999-03`, `1999-03-12T10:00`, `19990312`.

    Of other spellings (`12.3.1999`) the year is taken; month and day would be a guess.
    """
    found = _COMPACT_DATE.match(text) or _DATE.match(text) or _YEAR.search(text)
    if found is None or found[1] == "0000":
        return None
    year, month, day = (int(part or 0) for part in (*found.groups(), 0, 0)[:3])
    if not 1 <= month <= 12:
        month = day = 0
    last = monthrange(year, month)[1] if month else 0
    return PartialDate(year=year, month=month, day=day if day <= last else 0)


def uuids(texts: list[str]) -> list[str]:
    """Return all MusicBrainz ids, in order: ID3v2.3 joins them by slashes, others by semicolons."""
    return [found.lower() for text in texts for found in _UUID.findall(text)]


def performer(text: str) -> tuple[str, str]:
    """Split `Name (instrument)`; the instrument is `""` if there is none."""
    found = _PERFORMER.fullmatch(text)
    return (found[1], found[2].strip()) if found else (text, "")


def flag(text: str) -> bool:
    """Tell whether a tag says yes."""
    return text.lower() in _TRUE


def explicit_status(text: str) -> str:
    """Return `explicit`, `clean` or `""`."""
    return _EXPLICIT.get(text.lower(), "")
