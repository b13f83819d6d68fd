"""Keeps answers for a while, for what core does not keep, and shares those that are under way.

Core has a cache of what it was shown, with ages that people set and can clear: nothing here may
stand behind it. So whoever asks says how old an answer may be, and it may not be old at all where
core keeps what comes of it.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

from hydrophone.domain.units import Seconds

T = TypeVar("T")
_NONE = Seconds(0.0)


class Memory(Generic[T]):
    """The latest answers; those who ask for the same at the same time share one request."""

    def __init__(self, *, most: int, lifetime: Seconds) -> None:
        """Keeps `most` answers, each for so long."""
        self._most = most
        self._lifetime = lifetime
        self._kept: OrderedDict[str, tuple[float, T]] = OrderedDict()
        self._asking: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def get(self, name: str, ask: Callable[[], Awaitable[T]], *, age: Seconds = _NONE) -> T:
        """Return what is kept under a name, else what `ask` returns; raises what that raises.

        What is older than `age` does not count. What was asked for after this call does always.
        """
        oldest = monotonic() - min(age, self._lifetime)
        lock = self._asking.setdefault(name, asyncio.Lock())
        async with lock:
            kept = self._kept.get(name)
            if kept is not None and kept[0] >= oldest:
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
