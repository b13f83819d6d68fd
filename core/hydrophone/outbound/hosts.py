"""How much one host is asked at a time, and when it wants to be left alone."""

import asyncio
import math
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

from hydrophone.errors import RetryLaterError

_LONGEST_PAUSE = 3600.0


class Hosts:
    """All hosts that are being asked; forgets each when nothing of it is left."""

    def __init__(self, *, most: int) -> None:
        """`most` is how many requests one host gets at the same time."""
        self._most = most
        self._slots: dict[str, asyncio.Semaphore] = {}
        self._users: Counter[str] = Counter()
        self._paused: dict[str, float] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait until a host may be asked, and hold the place until the exit.

        The caller bounds the wait. Raises RetryLaterError if the host has asked for a pause.
        """
        self._refuse_paused(host)
        self._users[host] += 1
        slots = self._slots.setdefault(host, asyncio.Semaphore(self._most))
        try:
            async with slots:
                self._refuse_paused(host)
                yield
        finally:
            self._users[host] -= 1
            if not self._users[host]:
                del self._users[host], self._slots[host]

    def pause(self, host: str, seconds: float) -> RetryLaterError:
        """Ask nothing of a host for so long, an hour at most; return the error that says so."""
        now = monotonic()
        self._paused = {name: end for name, end in self._paused.items() if end > now}
        self._paused[host] = now + min(max(seconds, 1.0), _LONGEST_PAUSE)
        return _too_much(host, self._paused[host] - now)

    def _refuse_paused(self, host: str) -> None:
        left = self._paused.get(host, 0.0) - monotonic()
        if left > 0:
            raise _too_much(host, left)


def _too_much(host: str, seconds: float) -> RetryLaterError:
    after = math.ceil(seconds)
    return RetryLaterError(f"{host} wants to be asked again in {after} seconds.", after=after)
