"""Single values as the protocol writes them."""

from functools import lru_cache
from time import gmtime

from msgspec import UNSET, UnsetType

from hydrophone.domain.units import Seconds, Timestamp

_DAY = 24 * 60 * 60 * 1000
_LAST = 253_402_300_799_999
"""9999-12-31, the last day that clients can read."""


def date(timestamp: Timestamp) -> str:
    """Write a time as `2026-01-31T12:00:00.000Z`.

    DSub reads the first 19 characters as UTC; Ultrasonic's Jackson wants the milliseconds.
    """
    days, rest = divmod(min(max(timestamp, 0), _LAST), _DAY)
    seconds, milliseconds = divmod(rest, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{_day(days)}T{hour:02}:{minute:02}:{second:02}.{milliseconds:03}Z"


@lru_cache(maxsize=4096)
def _day(days: int) -> str:
    time = gmtime(days * 86_400)
    return f"{time.tm_year:04}-{time.tm_mon:02}-{time.tm_mday:02}"


def optional_date(timestamp: Timestamp | None) -> str | UnsetType:
    """Write a time, if there is one: DSub takes the mere presence of `starred` for a star."""
    return UNSET if timestamp is None else date(timestamp)


def whole(seconds: Seconds) -> int:
    """Round a duration to the seconds that the protocol has."""
    return round(seconds)
