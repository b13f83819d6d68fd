"""Turns for work of which only so much may run at once, and only so much for one user."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from hydrophone.domain.ids import UserId
from hydrophone.domain.units import Seconds
from hydrophone.errors import UnavailableError


class Slots:
    """Counts what runs, in all and for each user."""

    def __init__(self, *, most: int, most_per_user: int, patience: Seconds) -> None:
        """`patience` is how long a turn is waited for."""
        self._most = most
        self._most_per_user = most_per_user
        self._patience = patience
        self._taken: Counter[UserId] = Counter()
        self._freed = asyncio.Event()

    @asynccontextmanager
    async def turn(self, user: UserId) -> AsyncIterator[None]:
        """Wait for a slot and hold it until the exit.

        Raises:
            UnavailableError: None became free in time; says whether others or this user's own
                work is in the way.
        """
        try:
            async with asyncio.timeout(self._patience):
                while not self._is_free(user):
                    await self._freed.wait()
        except TimeoutError as error:
            raise UnavailableError(f"{self._reason(user)}; try again soon.") from error
        self._taken[user] += 1
        try:
            yield
        finally:
            self._taken[user] -= 1
            if not self._taken[user]:
                del self._taken[user]
            self._freed.set()
            self._freed = asyncio.Event()

    def _reason(self, user: UserId) -> str:
        own = self._taken[user]
        if own < self._most_per_user:
            return "Too many transcodes are running"
        return (
            "A transcode of yours is running"
            if own == 1
            else f"{own} transcodes of yours are running"
        )

    def _is_free(self, user: UserId) -> bool:
        return self._taken.total() < self._most and self._taken[user] < self._most_per_user
