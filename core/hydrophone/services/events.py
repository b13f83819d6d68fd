"""Events: told where something happens, and followed by those who keep a connection open."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing

from hydrophone.domain.event import EventId, LiveEvent, NewEvent
from hydrophone.domain.units import Seconds, Timestamp
from hydrophone.errors import GoneError, StorageError, UnavailableError
from hydrophone.services.clock import Clock
from hydrophone.storage.database import Database
from hydrophone.storage.queries import events

logger = logging.getLogger(__name__)

_STEP = 100
_PATIENCE = Seconds(600.0)
_KEPT_MS = 24 * 3600 * 1000
_MOST = 20_000
_PRUNE_SECONDS = 600.0


class Events:
    """The events of a database.

    Nobody has a queue of his own: who follows reads the table from where he is, as fast as his
    client takes it. So a slow one costs nothing, and one that was away reads on.
    """

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._news = asyncio.Event()
        self._reads: dict[EventId, asyncio.Task[tuple[LiveEvent, ...]]] = {}
        """What was read since the last news, by where it begins."""

    async def publish(self, *news: NewEvent) -> None:
        """Tell of what has been done already; a power cut may take the events back.

        Where nothing can be written, because the disk is full, nobody is told: what has been done
        is no less done.
        """
        if not news:
            return
        try:
            await self._database.write_soon(events.add, news, self._clock.now())
        except (StorageError, UnavailableError) as error:
            logger.warning("Nobody is told of the event %r: %s", news[0].kind.value, error)
        self.wake()

    def wake(self) -> None:
        """Have those look who follow: there is something new in the table."""
        self._reads = {}
        self._news.set()
        self._news = asyncio.Event()

    async def last(self) -> EventId:
        """Return the number of the last event; 0 if there was none."""
        return (await self._database.read(events.span))[1]

    async def has_all_after(self, event_id: EventId) -> bool:
        """Say whether all that came behind an event is still kept, and the event was one."""
        first, last = await self._database.read(events.span)
        return first <= event_id + 1 and event_id <= last

    async def follow(
        self, after: EventId, *, patience: Seconds
    ) -> AsyncGenerator[tuple[LiveEvent, ...], None]:
        """Yield what comes behind an event, for ever; nothing (`()`) if it is quiet for long.

        Each time some hundred at most, so that a slow client waits for what it has asked for.
        Raises GoneError for one that has fallen behind by more than is kept.
        """
        while True:
            news = self._news
            found = await self._read(after)
            if found:
                if found[0].id > after + 1 and not await self.has_all_after(after):
                    raise GoneError("What came meanwhile is not kept any more.")
                after = found[-1].id
                yield found
                continue
            try:
                async with asyncio.timeout(patience):
                    await news.wait()
            except TimeoutError:
                yield ()

    async def _read(self, after: EventId) -> tuple[LiveEvent, ...]:
        """Read once for all those who are at the same place: most have seen all that there was."""
        reads = self._reads
        if after not in reads:
            reads[after] = asyncio.create_task(self._database.read(events.after, after, _STEP))
        try:
            found = await asyncio.shield(reads[after])
        except (StorageError, UnavailableError):
            reads.pop(after, None)
            raise
        if len(found) == _STEP:
            # Somebody who catches up is alone, and what he reads need not be held.
            reads.pop(after, None)
        return found

    async def from_now(self) -> AsyncGenerator[LiveEvent, None]:
        """Yield what happens from now on, for ever; who is slow by a day misses some."""
        after = await self.last()
        while True:
            try:
                async with aclosing(self.follow(after, patience=_PATIENCE)) as batches:
                    async for batch in batches:
                        for event in batch:
                            after = event.id
                            yield event
            except GoneError:
                after = await self.last()

    async def run(self) -> None:
        """Forget what is older than a day, and more than some thousands, until cancelled."""
        while True:
            before = Timestamp(self._clock.now() - _KEPT_MS)
            await self._database.write_soon(events.prune, before, _MOST)
            await asyncio.sleep(_PRUNE_SECONDS)
