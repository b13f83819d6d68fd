"""Says in words that there is less sound in a file than it promises."""

from hydrophone.domain.units import ByteCount, Seconds

_LEAST = 0.1
"""Seconds: some encoders count a frame or two that are not there."""
_SLACK = Seconds(2.0)
_INEXACT = 50
_HOUR = 3600.0
_DAY = 86_400.0
_LEAST_RATE = 4000
"""Bits a second; an hour of sound has more in any format, of silence nearly always."""
_LEAST_RATE_OF_DAYS = 1000


def shortfall(promised: Seconds, held: Seconds) -> str:
    """Return a reason for a person; empty if nothing worth mentioning is missing."""
    missing = promised - held
    if missing < _LEAST:
        return ""
    says, holds = clock(promised), clock(held)
    if says == holds:
        return f"says {says}, but the last {missing:.1f} s are missing (cut off?)"
    return f"says {says}, but holds {holds} (cut off?)"


def unaccounted(says: Seconds, held: Seconds, slack: Seconds = _SLACK) -> str:
    """Return a reason if a header says more than the rest of its file has an account of.

    Such accounts are not exact to the frame: some seconds, or a fiftieth, are no lie.
    """
    if says - held <= max(slack, says / _INEXACT):
        return ""
    return f"says {clock(says)}, but holds {clock(held)}"


def implausible(says: Seconds, size: ByteCount) -> str:
    """Return a reason if a file is far too small (bytes of sound) for an hour or more."""
    if says < _HOUR or size * 8 >= says * _LEAST_RATE:
        return ""
    return f"says {clock(says)}, but has only {size:,} bytes of sound"


def is_impossible(says: Seconds, size: ByteCount) -> bool:
    """Say whether a file's length is nonsense, so that its header is no header at all."""
    return says > _DAY and size * 8 < says * _LEAST_RATE_OF_DAYS


def clock(duration: Seconds) -> str:
    """Write a duration as people do: 3:45, 1:02:03."""
    minutes, seconds = divmod(int(max(0.0, duration)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
