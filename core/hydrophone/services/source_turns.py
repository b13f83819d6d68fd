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
        """Ask for an early end of the turn, once; he will want another."""
        ...


class SourceTurns:
    """The streams of one source that may be open together."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._waiting: list[Taker] = []
        self._holding: list[Taker] = []
        self._recalled: set[Taker] = set()
        """Of those that hold a turn: closing a stream takes a moment."""
        self._news = asyncio.Event()

    @asynccontextmanager
    async def turn(self, taker: Taker) -> AsyncIterator[None]:
        """Wait for a turn and have it until the exit.

        If there is none left, the one whose rank is the worst is asked to end his, unless that is
        no worse than the newcomer's. Each newcomer gets the place of another.
        """
        self._waiting.append(taker)
        try:
            self._make_way()
            while not self._is_next(taker):
                await self._news.wait()
            self._holding.append(taker)
        finally:
            self._waiting.remove(taker)
            # There may be a place for one who had to let this one go first.
            self.look()
        try:
            yield
        finally:
            self._holding.remove(taker)
            self._recalled.discard(taker)
            self.look()

    def is_waiting(self, taker: Taker) -> bool:
        """Say whether somebody wants a turn and has none yet."""
        return taker in self._waiting

    def look(self) -> None:
        """See anew who goes first; to be called when a rank has changed."""
        if not self._waiting:
            return
        self._make_way()
        self._news.set()
        self._news = asyncio.Event()

    def _is_next(self, taker: Taker) -> bool:
        if len(self._holding) >= self._most:
            return False
        return min(self._waiting, key=lambda one: one.rank) is taker

    def _make_way(self) -> None:
        """Recall one for each who waits, is more urgent, and gets no place anyway."""
        staying = [one for one in self._holding if one not in self._recalled]
        places = self._most - len(staying)
        for taker in sorted(self._waiting, key=lambda one: one.rank)[places:]:
            worst = max(staying, key=lambda one: one.rank, default=taker)
            if worst.rank <= taker.rank:
                return
            staying.remove(worst)
            self._recalled.add(worst)
            worst.recall()
