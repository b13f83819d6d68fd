"""The values in smart playlists as text: what a field of each kind can be compared with."""

import re
from datetime import UTC, date, datetime

from hydrophone.domain.rules import Kind, Operator, Value, day_number

MAX_TEXT = 500
_DIGITS = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,9})?")
_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_TRUTHS = {"true": True, "false": False}


def read_value(kind: Kind, operator: Operator, value: object) -> Value:
    """Read a value. Raises ValueError that says what it must be."""
    if kind is Kind.TRUTH or operator in (Operator.IS_MISSING, Operator.IS_PRESENT):
        return _truth(value)
    if operator in (Operator.IN_THE_LAST, Operator.NOT_IN_THE_LAST):
        return _number(value, "a number of days")
    if operator is Operator.IN_THE_RANGE:
        if not isinstance(value, list) or len(value) != 2:
            raise ValueError("a list of two values, the least and the most")
        least, most = value
        return _ordered(kind, least)[0], _ordered(kind, most)[1]
    if kind in (Kind.NUMBER, Kind.DATE, Kind.DAY):
        first, last = _ordered(kind, value)
        is_day = kind is Kind.DAY and operator in (Operator.IS, Operator.IS_NOT)
        return (first, last) if is_day else first
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise ValueError(f"a text of at most {MAX_TEXT} characters")
    return value


def _truth(value: object) -> bool:
    text = str(value).lower() if isinstance(value, bool | str) else ""
    if text not in _TRUTHS:
        raise ValueError("true or false")
    return _TRUTHS[text]


def _ordered(kind: Kind, value: object) -> tuple[float, float]:
    """Return the first and the last that a value means; they differ for a year or a month only."""
    if kind is Kind.DAY:
        return _days(value)
    one = _moment(value) if kind is Kind.DATE else _number(value)
    return one, one


def _days(value: object) -> tuple[float, float]:
    # A year may be a number, as years are elsewhere in these files.
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not (found := _DAY.fullmatch(text)):
        raise ValueError('a day such as "2026-01-31", a month ("2026-01") or a year ("2026")')
    year, month, day = (int(part or 0) for part in found.groups())
    return day_number(year, month, day), day_number(year, month or 99, day or 99)


def _number(value: object, wanted: str = "a number") -> float:
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        value = float(value)  # Some files for Navidrome have numbers in quotes.
    if not is_number(value):
        raise ValueError(wanted)
    return float(value)  # type: ignore[arg-type] # `is_number` has seen to it


def is_number(value: object) -> bool:
    """Tell whether a value of JSON is a number that a database can hold."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    # A database's integers end there; `nan` is not below it either.
    return abs(value) < 2**63


def _moment(value: object) -> float:
    if isinstance(value, str):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            day = None
        if day is not None:
            return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000
    raise ValueError('a date such as "2026-01-31"')
