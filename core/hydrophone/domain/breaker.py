"""Stops asking what fails all the time, and looks now and then whether it works again."""

from collections.abc import Callable
from time import monotonic

from hydrophone.domain.units import Seconds

_MOST_FAULTS = 5
"""In a row."""
_FIRST_PAUSE = 30.0
_LONGEST_PAUSE = 60.0


class Breaker:
    """Closed at first; open after five faults in a row, for 30 seconds, then for a minute each.

    So what works again is noticed within a minute. When the time is over a single call is let
    through: it closes the breaker or opens it anew.
    """

    def __init__(self, *, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._faults = 0
        self._pause = _FIRST_PAUSE
        self._opens_at = 0.0
        self._is_trying = False

    @property
    def remaining(self) -> Seconds:
        """Return the seconds until a call is let through; 0 while it is closed."""
        return Seconds(max(0.0, self._opens_at - self._now()))

    def admit(self) -> bool:
        """Say whether a call may be made now; whoever gets a yes reports how it ended."""
        if not self._opens_at:
            return True
        if self._is_trying or self.remaining:
            return False
        self._is_trying = True
        return True

    def succeeded(self) -> None:
        """Close: it answered."""
        self._faults, self._pause, self._opens_at, self._is_trying = 0, _FIRST_PAUSE, 0.0, False

    def failed(self) -> None:
        """Count a fault."""
        self._faults += 1
        if self._is_trying or self._faults >= _MOST_FAULTS:
            self.pause(Seconds(self._pause))
            self._pause = min(2 * self._pause, _LONGEST_PAUSE)

    def abandoned(self) -> None:
        """Take back an `admit`: the caller went away before there was an answer."""
        self._is_trying = False

    def pause(self, seconds: Seconds) -> None:
        """Open for so long: it wants to be left alone."""
        self._opens_at = self._now() + min(seconds, _LONGEST_PAUSE)
        self._is_trying = False
