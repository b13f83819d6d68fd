"""Finds out on which day a concert was, whatever stands in its date."""

import re
from calendar import monthrange

from hydrophone.domain.music import PartialDate

_FIRST_YEAR = 1860
"""Before that nobody recorded anything."""
_LAST_YEAR = 2100
_MONTHS = 12
_DATE = re.compile(r"\s*(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?!\d)")
_IN_TEXT = re.compile(r"(?<!\d)(\d{4})([-._]?)(\d{2})\2(\d{2})(?!\d)")
_SHORT = re.compile(r"(?<!\d)(\d{2})[-._](\d{2})[-._](\d{2})(?!\d)")
_PIVOT = 40
"""`40` and later are of the last century: nobody taped a band in 1939 and wrote `39`."""


def find_date(date: str, *, identifier: str, title: str, year: str) -> PartialDate | None:
    """Return the day as far as it can be told; `None` if not even the year can.

    In this order: the date itself, with month and day swapped if only that makes sense, and what
    is out of range left unknown; else the date in the identifier, then in the title; else the
    year.
    """
    return _repaired(date) or _in_text(identifier) or _in_text(title) or _repaired(year[:4])


def _repaired(date: str) -> PartialDate | None:
    match = _DATE.match(date)
    if match is None:
        return None
    year, month, day = (int(part or 0) for part in match.groups())
    if month > _MONTHS and 1 <= day <= _MONTHS:
        month, day = day, month
    return _checked(year, month, day)


def _checked(year: int, month: int, day: int) -> PartialDate | None:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    if not 1 <= month <= _MONTHS:
        return PartialDate(year=year)
    if not 1 <= day <= monthrange(year, month)[1]:
        return PartialDate(year=year, month=month)
    return PartialDate(year=year, month=month, day=day)


def _in_text(text: str) -> PartialDate | None:
    if match := _IN_TEXT.search(text):
        found = _checked(int(match[1]), int(match[3]), int(match[4]))
        if found is not None and found.day:
            return found
    if match := _SHORT.search(text):
        year = int(match[1])
        found = _checked(year + (1900 if year >= _PIVOT else 2000), int(match[2]), int(match[3]))
        if found is not None and found.day:
            return found
    return None


def written(date: PartialDate | None) -> str:
    """Write a date as traders do: `1977-05-08`, `1977-05-XX`, `1977-XX-XX`; empty for none."""
    if date is None:
        return ""
    month, day = (f"{part:02}" if part else "XX" for part in (date.month, date.day))
    return f"{date.year:04}-{month}-{day}"
