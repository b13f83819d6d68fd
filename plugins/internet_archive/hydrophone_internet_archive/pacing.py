"""Asks the Archive's search and metadata no more often than it likes."""

import asyncio
import math
from time import monotonic

from hydrophone.errors import OwnPaceError

_AT_ONCE = 20
_LONGEST_WAIT = 8.0


class Pace:
    """So often in the long run; what quiet seconds have saved may be spent at once.

    The rate of the host (`Permission.per_second`) is for downloads and pictures as well, and so
    has to be higher.
    """

    def __init__(self, *, per_second: float) -> None:
        """Begins with everything saved."""
        self._interval = 1 / per_second
        self._next = -math.inf

    async def turn(self) -> None:
        """Wait until it may be asked once more. Raises OwnPaceError if that takes too long."""
        now = monotonic()
        due = max(now - (_AT_ONCE - 1) * self._interval, self._next)
        wait = due - now
        if wait > _LONGEST_WAIT:
            raise OwnPaceError("The Internet Archive is asked too often just now.", after=wait)
        self._next = due + self._interval
        if wait <= 0:
            return
        try:
            await asyncio.sleep(wait)
        except asyncio.CancelledError:
            # A search that was given up has asked nothing.
            self._next -= self._interval
            raise
