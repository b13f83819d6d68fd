"""How long an app is kept waiting for what plugins may know."""

import asyncio

from hydrophone.domain.units import Seconds

PATIENCE = Seconds(8.0)
"""Apps give up on an answer after some ten seconds; what comes later is there next time."""


class Patience:
    """A time that all who are asked one after the other have together."""

    def __init__(self, seconds: Seconds, *, asked: int) -> None:
        """Begin now; so many may be asked."""
        self._ends = asyncio.get_running_loop().time() + seconds
        self._asked = asked

    def share(self) -> Seconds:
        """Return how long to wait for the next one: an even share of what the others have left.

        So one that hangs leaves some of the time to those behind it. 0 if there is none left.
        """
        left = max(0.0, self._ends - asyncio.get_running_loop().time())
        share = left / max(1, self._asked)
        self._asked -= 1
        return Seconds(share)
