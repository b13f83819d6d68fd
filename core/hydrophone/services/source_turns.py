"""Who may have a stream of one source open: those first whom somebody is waiting for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol


class Taker(Protocol):
    """Somebody who needs a stream for a while."""

    @property
    def rank(self) -> int:
        """The lower one goes first; it may change while he waits and while he has his turn."""
        ...

    def recall(self) -> None:
        """Ask for an early end of the turn; he will want another."""
        ...


class SourceTurns:
    """The streams of one source that may be open together."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._waiting: list[Taker] = []
        self._holding: list[Taker] = []
        self._news = asyncio.Event()

    @asynccontextmanager
    async def turn(self, taker: Taker) -> AsyncIterator[None]:
        """Wait for a turn and have it until the exit.

        If there is none left, the one whose rank is the worst is asked to end his, unless that is
        no worse than the newcomer's.
        """
        self._waiting.append(taker)
        try:
            while not self._is_next(taker):
                self._make_way(taker)
                await self._news.wait()
        finally:
            self._waiting.remove(taker)
        self._holding.append(taker)
        try:
            yield
        finally:
            self._holding.remove(taker)
            self.look()

    def look(self) -> None:
        """See anew who goes first; to be called when a rank has got better."""
        self._news.set()
        self._news = asyncio.Event()

    def _is_next(self, taker: Taker) -> bool:
        if len(self._holding) >= self._most:
            return False
        return min(self._waiting, key=lambda one: one.rank) is taker

    def _make_way(self, taker: Taker) -> None:
        if len(self._holding) < self._most:
            return
        worst = max(self._holding, key=lambda one: one.rank)
        if worst.rank > taker.rank:
            worst.recall()
