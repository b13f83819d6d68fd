"""The time, as something that tests can set."""

import time
from typing import Protocol

from hydrophone.domain.units import Timestamp


class Clock(Protocol):
    """Tells the time of day."""

    def now(self) -> Timestamp:
        """Return the present time."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> Timestamp:
        """Return the present time."""
        return Timestamp(time.time_ns() // 1_000_000)
