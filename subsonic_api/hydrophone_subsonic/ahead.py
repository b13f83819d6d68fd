"""Answers that are written before somebody asks, in the time that requests leave."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from hydrophone.domain.units import Seconds

QUIET = Seconds(10.0)
"""Long enough not to begin between two changes by the same scan."""

_REST = 10
"""Times as long as a slice took until the next: others come first."""

Rest = Callable[[], Awaitable[None]]
"""What a long work awaits after each slice of 1 to 3 ms, for others to come first."""


class Ahead:
    """Does a work in slices once it is wanted, and anew after each change of what it is about."""

    def __init__(self, work: Callable[[Rest], Awaitable[None]], quiet: Seconds) -> None:
        """`quiet` is how long there has to be no change before it is done anew."""
        self._work = work
        self._is_due = asyncio.Event()
        self._quiet = quiet
        self._quiet_until = 0.0
        self.is_wanted = False

    def begin(self) -> None:
        """Have the work done, now and after each change."""
        self.is_wanted = True
        self._is_due.set()

    def changed(self) -> None:
        """Do it anew when there are no more changes for a while, if it is wanted at all."""
        if self.is_wanted:
            self._quiet_until = time.monotonic() + self._quiet
            self._is_due.set()

    async def run(self) -> None:
        """Work whenever it is due, until cancelled."""
        while True:
            await self._is_due.wait()
            self._is_due.clear()
            await asyncio.sleep(max(0.0, self._quiet_until - time.monotonic()))
            if not self._is_due.is_set():
                await self._do()

    async def _do(self) -> None:
        began = time.perf_counter()

        async def rest() -> None:
            nonlocal began
            await asyncio.sleep(_REST * (time.perf_counter() - began))
            began = time.perf_counter()

        await self._work(rest)
