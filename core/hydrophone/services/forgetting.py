"""Forgets what sources have shown and nobody wanted."""

import asyncio
import logging

from hydrophone.domain.units import Timestamp
from hydrophone.services.clock import Clock
from hydrophone.storage.database import Database
from hydrophone.storage.queries import remote_writing

logger = logging.getLogger(__name__)

_DAY_SECONDS = 24 * 60 * 60


class Forgetting:
    """Does so once a day."""

    def __init__(self, *, database: Database, clock: Clock, days: int) -> None:
        """What was last shown so many `days` ago is forgotten."""
        self._database = database
        self._clock = clock
        self._days = days

    async def run(self) -> None:
        """Forget now and every day, for ever; cancel it to end."""
        while True:
            await self.forget()
            await asyncio.sleep(_DAY_SECONDS)

    async def forget(self) -> int:
        """Forget what is too old; return how many things that were."""
        before = Timestamp(self._clock.now() - self._days * _DAY_SECONDS * 1000)
        count = await self._database.write(remote_writing.forget, before)
        if count:
            logger.info("%d things of sources were forgotten; nobody wanted them", count)
        return count
