"""Says in words that there is less sound in a file than it promises."""

from hydrophone.domain.units import Seconds

_LEAST = 0.1
"""Seconds: some encoders count a frame or two that are not there."""


def shortfall(promised: Seconds, held: Seconds) -> str:
    """Return a reason for a person; empty if nothing worth mentioning is missing."""
    missing = promised - held
    if missing < _LEAST:
        return ""
    says, holds = clock(promised), clock(held)
    if says == holds:
        return f"says {says}, but the last {missing:.1f} s are missing (cut off?)"
    return f"says {says}, but holds {holds} (cut off?)"


def clock(duration: Seconds) -> str:
    """Write a duration as people do: 3:45, 1:02:03."""
    minutes, seconds = divmod(int(max(0.0, duration)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
