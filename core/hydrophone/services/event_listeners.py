"""Tells plugins of what happens, each at its own speed."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import aclosing
from types import MappingProxyType

import msgspec
from msgspec import UnsetType

from hydrophone.domain.event import AnnotationNews, LiveEvent, PlayerNews, PlayNews
from hydrophone.domain.event import EventKind as LiveKind
from hydrophone.host.capabilities import EVENT_LISTENER
from hydrophone.host.registry import Provider, Registry
from hydrophone.plugin.capabilities.event_listener import Event, EventKind, EventListener
from hydrophone.services.events import Events
from hydrophone.services.provider_tasks import serve_each

logger = logging.getLogger(__name__)

_MOST_WAITING = 1000


class EventListeners:
    """Hands events on, in their order; who is slow loses the oldest, and holds up nobody."""

    def __init__(self, *, registry: Registry, events: Events) -> None:
        self._registry = registry
        self._events = events

    async def run(self) -> None:
        """Tell all listeners of what happens from now on, for ever; cancel it to end."""
        await serve_each(self._registry, EVENT_LISTENER, self._serve)

    async def _serve(self, provider: Provider[EventListener]) -> None:
        queue = WaitingEvents(provider.instance)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._collect(provider.it.kinds, queue))
            group.create_task(_deliver(provider, queue))

    async def _collect(self, kinds: frozenset[EventKind], queue: "WaitingEvents") -> None:
        async with aclosing(self._events.from_now()) as events:
            async for live in events:
                event = as_told(live)
                if event is not None and event.kind in kinds:
                    queue.put(event)


class WaitingEvents:
    """Events that a listener has not had yet."""

    def __init__(self, instance: str) -> None:
        self._instance = instance
        self._events: deque[Event] = deque(maxlen=_MOST_WAITING)
        self._news = asyncio.Event()
        self._dropped = 0

    def put(self, event: Event) -> None:
        """Add an event, in the place of the oldest if there are too many."""
        if len(self._events) == _MOST_WAITING:
            # One line for all until the listener has caught up, and one for each thousand.
            if self._dropped % _MOST_WAITING == 0:
                logger.warning(
                    "%s is slow: events that it should hear of are dropped.", self._instance
                )
            self._dropped += 1
        self._events.append(event)
        self._news.set()

    async def next(self) -> Event:
        """Take the oldest event; wait until there is one."""
        while not self._events:
            if self._dropped:
                logger.warning("%s has missed %d events.", self._instance, self._dropped)
                self._dropped = 0
            self._news.clear()
            await self._news.wait()
        return self._events.popleft()


async def _deliver(provider: Provider[EventListener], queue: WaitingEvents) -> None:
    while True:
        # What comes of it changes nothing; the guard has put down what is wrong.
        await provider.call(provider.it.on_event, await queue.next())


def as_told(live: LiveEvent) -> Event | None:
    """Return an event as plugins know it; `None` if it is none of theirs."""
    read = _READERS.get(live.kind)
    return None if read is None else read(live)


def _library_changed(live: LiveEvent) -> Event:
    return Event(kind=EventKind.LIBRARY_CHANGED, at=live.at)


def _started(live: LiveEvent) -> Event | None:
    news = msgspec.json.decode(live.data, type=PlayerNews)
    if not news.begins:
        return None
    return Event(
        kind=EventKind.TRACK_STARTED,
        at=live.at,
        user_name=news.user_name,
        item_id=news.item_id,
        client=news.player,
    )


def _played(live: LiveEvent) -> Event:
    news = msgspec.json.decode(live.data, type=PlayNews)
    return Event(
        kind=EventKind.TRACK_PLAYED,
        at=news.played,
        user_name=news.user_name,
        item_id=news.item_id,
        client=news.client,
    )


def _annotated(live: LiveEvent) -> Event:
    news = msgspec.json.decode(live.data, type=AnnotationNews)
    return Event(
        kind=EventKind(live.kind.value),
        at=live.at,
        user_name=news.user_name,
        item_id=news.item_id,
        rating=0 if isinstance(news.rating, UnsetType) else news.rating,
    )


_READERS: Mapping[LiveKind, Callable[[LiveEvent], Event | None]] = MappingProxyType(
    {
        LiveKind.LIBRARY: _library_changed,
        LiveKind.NOW_PLAYING: _started,
        LiveKind.PLAYED: _played,
        LiveKind.STARRED: _annotated,
        LiveKind.UNSTARRED: _annotated,
        LiveKind.RATED: _annotated,
    }
)
