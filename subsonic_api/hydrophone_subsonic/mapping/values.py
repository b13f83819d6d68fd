"""Single values as the protocol writes them."""

from functools import lru_cache
from time import gmtime, strftime

from msgspec import UNSET, UnsetType

from hydrophone.domain.units import Seconds, Timestamp

_ENDS = tuple(f"{milliseconds:03}Z" for milliseconds in range(1000))
_LAST = 253_402_300_799_999
"""9999-12-31, the last day that clients can read."""


def date(timestamp: Timestamp) -> str:
    """Write a time as `2026-01-31T12:00:00.000Z`.

    DSub reads the first 19 characters as UTC; Ultrasonic's Jackson wants the milliseconds.
    """
    if not 0 <= timestamp <= _LAST:
        timestamp = Timestamp(min(max(timestamp, 0), _LAST))
    # Both parts are looked up: that costs less than half of formatting the milliseconds.
    seconds, rest = divmod(timestamp, 1000)
    return f"{_second(seconds)}{_ENDS[rest]}"


@lru_cache(maxsize=4096)
def _second(seconds: int) -> str:
    """Write a time up to its seconds; a scan gives a thousand files the same one."""
    return strftime("%Y-%m-%dT%H:%M:%S.", gmtime(seconds))


def optional_date(timestamp: Timestamp | None) -> str | UnsetType:
    """Write a time, if there is one: DSub takes the mere presence of `starred` for a star."""
    return UNSET if timestamp is None else date(timestamp)


def whole(seconds: Seconds) -> int:
    """Round a duration to the seconds that the protocol has."""
    return round(seconds)
