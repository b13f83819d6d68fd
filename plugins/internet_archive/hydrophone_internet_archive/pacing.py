"""Asks the Archive's search and metadata no more often than it likes."""

import asyncio
import math
from time import monotonic

from hydrophone.errors import RetryLaterError

_PER_SECOND = 1.0
_AT_ONCE = 20
_LONGEST_WAIT = 8.0


class Pace:
    """Once a second in the long run; what quiet seconds have saved may be spent at once.

    The rate of the host (`Permission.per_second`) is for downloads and pictures as well, and so
    has to be higher.
    """

    def __init__(self) -> None:
        """Begins with everything saved."""
        self._next = -math.inf

    async def turn(self) -> None:
        """Wait until it may be asked once more. Raises RetryLaterError if that takes too long."""
        now = monotonic()
        due = max(now - (_AT_ONCE - 1) / _PER_SECOND, self._next)
        wait = due - now
        if wait > _LONGEST_WAIT:
            raise RetryLaterError("The Internet Archive is asked too often just now.", after=wait)
        self._next = due + 1 / _PER_SECOND
        if wait <= 0:
            return
        try:
            await asyncio.sleep(wait)
        except asyncio.CancelledError:
            # A search that was given up has asked nothing.
            self._next -= 1 / _PER_SECOND
            raise
