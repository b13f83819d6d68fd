"""Keeps answers for a while, so that a page that is looked at twice is asked for once."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

from hydrophone.domain.units import Seconds

T = TypeVar("T")


class Memory(Generic[T]):
    """The latest answers; those who ask for the same at the same time share one request."""

    def __init__(self, *, most: int, lifetime: Seconds) -> None:
        """Keeps `most` answers, each for so long."""
        self._most = most
        self._lifetime = lifetime
        self._kept: OrderedDict[str, tuple[float, T]] = OrderedDict()
        self._asking: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def get(self, name: str, ask: Callable[[], Awaitable[T]], *, is_stale: bool = False) -> T:
        """Return what is kept under a name, else what `ask` returns; raises what that raises.

        With `is_stale` what is kept does not count.
        """
        lock = self._asking.setdefault(name, asyncio.Lock())
        async with lock:
            kept = self._kept.get(name)
            if kept is not None and not is_stale and monotonic() - kept[0] < self._lifetime:
                self._kept.move_to_end(name)
                return kept[1]
            value = await ask()
            self._kept[name] = (monotonic(), value)
            self._kept.move_to_end(name)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
            return value

    def peek(self, name: str) -> T | None:
        """Return what is kept under a name, however old; `None` if nothing is."""
        kept = self._kept.get(name)
        return kept[1] if kept is not None else None
