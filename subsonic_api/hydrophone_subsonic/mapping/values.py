"""Single values as the protocol writes them."""

from functools import lru_cache
from time import gmtime, strftime

from msgspec import UNSET, UnsetType

from hydrophone.domain.units import Seconds, Timestamp

_DAY = 24 * 60
_MINUTES = tuple("T{:02}:{:02}:".format(*divmod(minute, 60)) for minute in range(_DAY))
_SECONDS = tuple(f"{second:02}." for second in range(60))
_MILLISECONDS = tuple(f"{milliseconds:03}Z" for milliseconds in range(1000))
_LAST = 253_402_300_799_999
"""9999-12-31, the last day that clients can read."""


def date(timestamp: Timestamp) -> str:
    """Write a time as `2026-01-31T12:00:00.000Z`.

    DSub reads the first 19 characters as UTC; Ultrasonic's Jackson wants the milliseconds.
    """
    if not 0 <= timestamp <= _LAST:
        timestamp = Timestamp(min(max(timestamp, 0), _LAST))
    # All parts are looked up: that costs a third of formatting them.
    minutes, milliseconds = divmod(timestamp, 60_000)
    seconds, milliseconds = divmod(milliseconds, 1000)
    day, minute = divmod(minutes, _DAY)
    return f"{_day(day)}{_MINUTES[minute]}{_SECONDS[seconds]}{_MILLISECONDS[milliseconds]}"


@lru_cache(maxsize=4096)
def _day(day: int) -> str:
    """Write a day, of which even the plays of many years have few."""
    return strftime("%Y-%m-%d", gmtime(day * _DAY * 60))


def optional_date(timestamp: Timestamp | None) -> str | UnsetType:
    """Write a time, if there is one: DSub takes the mere presence of `starred` for a star."""
    return UNSET if timestamp is None else date(timestamp)


def whole(seconds: Seconds) -> int:
    """Round a duration to the seconds that the protocol has."""
    return round(seconds)
