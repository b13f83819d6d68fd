"""A clock that tests move."""

from hydrophone.domain.units import Seconds, Timestamp

_START = Timestamp(1_800_000_000_000)


class StandingClock:
    """Shows the same time until a test moves it; implements `Clock`."""

    def __init__(self, time: Timestamp = _START) -> None:
        self.time = time
        """A test may set it."""

    def now(self) -> Timestamp:
        """Return the time that was set."""
        return self.time

    def advance(self, seconds: Seconds | float) -> None:
        """Move on; by less than nothing is back."""
        self.time = Timestamp(self.time + round(seconds * 1000))
