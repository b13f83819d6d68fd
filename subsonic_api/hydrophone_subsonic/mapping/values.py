"""Single values as the protocol writes them."""

from functools import lru_cache
from time import gmtime, strftime

from msgspec import UNSET, UnsetType

from hydrophone.domain.units import Seconds, Timestamp

_MINUTE = 60 * 1000
_LAST = 253_402_300_799_999
"""9999-12-31, the last day that clients can read."""


def date(timestamp: Timestamp) -> str:
    """Write a time as `2026-01-31T12:00:00.000Z`.

    DSub reads the first 19 characters as UTC; Ultrasonic's Jackson wants the milliseconds.
    """
    if not 0 <= timestamp <= _LAST:
        timestamp = Timestamp(min(max(timestamp, 0), _LAST))
    minutes, rest = divmod(timestamp, _MINUTE)
    # The leading 1 keeps the zeros: slices of a number cost a third of formatting its parts.
    digits = str(100_000 + rest)
    return f"{_minute(minutes)}{digits[1:3]}.{digits[3:]}Z"


@lru_cache(maxsize=4096)
def _minute(minutes: int) -> str:
    """Write a time up to its minutes; a scan gives thousands of files the same one."""
    return strftime("%Y-%m-%dT%H:%M:", gmtime(minutes * 60))


def optional_date(timestamp: Timestamp | None) -> str | UnsetType:
    """Write a time, if there is one: DSub takes the mere presence of `starred` for a star."""
    return UNSET if timestamp is None else date(timestamp)


def whole(seconds: Seconds) -> int:
    """Round a duration to the seconds that the protocol has."""
    return round(seconds)
