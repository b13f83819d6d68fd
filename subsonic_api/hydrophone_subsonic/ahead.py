"""Answers that are written before somebody asks, in the time that requests leave."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable

from hydrophone.domain.units import Seconds

QUIET = Seconds(10.0)
"""Longer than between two changes by one scan, or by one refreshing of podcasts."""

Quiet = Callable[[], Seconds]
"""Says how long there has to be no change, as things are now, until more is not to be expected."""

_LOOK = Seconds(0.5)
"""How soon it is seen that no more is to be expected."""

_REST = 10
"""Times as long as a slice took until the next: others come first."""

_LONGEST_REST = Seconds(0.5)
"""A slice that waited for others may have taken seconds: ten times that would be half a minute."""

Rest = Callable[[], Awaitable[None]]
"""What a long work awaits after each slice of 1 to 3 ms, for others to come first."""


def between_changes() -> Seconds:
    """Take it that more changes may come at any time."""
    return QUIET


class Ahead:
    """Does a work in slices once it is wanted, and anew after each change of what it is about."""

    def __init__(self, work: Callable[[Rest], Awaitable[None]], quiet: Quiet) -> None:
        """Do nothing yet; `quiet` is asked again and again while it is waited for."""
        self._work = work
        self._is_due = asyncio.Event()
        self._quiet = quiet
        self._changed = -math.inf
        self.is_wanted = False

    def begin(self) -> None:
        """Have the work done, now and after each change."""
        self.is_wanted = True
        self._is_due.set()

    def changed(self) -> None:
        """Do it anew when there are no more changes for a while, if it is wanted at all."""
        if self.is_wanted:
            self._changed = time.monotonic()
            self._is_due.set()

    async def run(self) -> None:
        """Work whenever it is due, until cancelled."""
        while True:
            await self._is_due.wait()
            left = self._changed + self._quiet() - time.monotonic()
            if left > 0:
                await asyncio.sleep(min(left, _LOOK))
                continue
            self._is_due.clear()
            await self._do()

    async def _do(self) -> None:
        began = time.perf_counter()

        async def rest() -> None:
            nonlocal began
            took = time.perf_counter() - began
            await asyncio.sleep(min(_REST * took, _LONGEST_REST))
            began = time.perf_counter()

        await self._work(rest)
