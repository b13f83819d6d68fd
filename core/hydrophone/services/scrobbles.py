"""Hands plays to the services that keep a record of what people hear.

The plays themselves are the queue: they are on disk before a client has its answer, and each
scrobbler has its place among those of each user, which moves when the service has answered. So
neither a crash nor a service that is away for days loses a play, and none is handed on again.
"""

import asyncio
import logging
import time
from contextlib import aclosing

import msgspec
from sqlalchemy import Connection

from hydrophone.domain.event import EventKind, LiveEvent, PlayerNews
from hydrophone.domain.ids import UserId
from hydrophone.errors import NotAuthorizedError, ProviderError, RetryLaterError
from hydrophone.host.capabilities import SCROBBLER
from hydrophone.host.guard import Answer, Fault
from hydrophone.host.registry import Provider, Registry
from hydrophone.plugin.capabilities.scrobbler import (
    Listened,
    NowPlayingNotice,
    ScrobbleBatch,
    Scrobbler,
)
from hydrophone.services.clock import Clock
from hydrophone.services.events import Events
from hydrophone.services.provider_tasks import serve_each
from hydrophone.storage.database import Database
from hydrophone.storage.queries import remote, scrobbles, users
from hydrophone.storage.queries.scrobbles import PendingPlay
from hydrophone.storage.queries.tracks import TRACKS
from hydrophone.storage.queries.users import Account

logger = logging.getLogger(__name__)

_LOOK_SECONDS = 2.0
_BATCH = 50
_FIRST_WAIT = 5.0
_LONGEST_WAIT = 3600.0
_STALE_MS = 60_000
"""Nobody needs to hear of what was begun so long ago."""
_NOBODY = UserId(0)
"""Scrobblers learn what was heard, not the stars that somebody has given it."""


class Scrobbles:
    """Sends plays and beginnings of users who have an account at a service."""

    def __init__(
        self, *, database: Database, registry: Registry, events: Events, clock: Clock
    ) -> None:
        self._database = database
        self._registry = registry
        self._events = events
        self._clock = clock

    async def run(self) -> None:
        """Serve all scrobblers, for ever; cancel it to end."""
        await serve_each(self._registry, SCROBBLER, self._serve)

    async def _serve(self, provider: Provider[Scrobbler]) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._submit_all(provider))
            group.create_task(self._announce_all(provider))

    async def _announce_all(self, provider: Provider[Scrobbler]) -> None:
        async with aclosing(self._events.from_now()) as events:
            async for event in events:
                is_new = self._clock.now() - event.at < _STALE_MS
                if event.kind is EventKind.NOW_PLAYING and is_new:
                    await self._announce(provider, event)

    async def _announce(self, provider: Provider[Scrobbler], event: LiveEvent) -> None:
        news = msgspec.json.decode(event.data, type=PlayerNews)
        known = await self._database.read(remote.known_tracks, _NOBODY, [news.item_id])
        track = known.get(news.item_id)
        if news.begins and track is not None and await _is_linked(provider, news.user_name):
            notice = NowPlayingNotice(user_name=news.user_name, track=track, client=news.player)
            await provider.call(provider.it.now_playing, notice)

    async def _submit_all(self, provider: Provider[Scrobbler]) -> None:
        waits: dict[UserId, _Wait] = {}
        while True:
            for account in await self._database.read(users.everybody):
                is_linked = await provider.call(provider.it.is_linked, account.name)
                if not isinstance(is_linked, Answer):
                    continue
                if not is_linked.value:
                    # Once he is linked anew, there is no reason to wait any longer.
                    waits.pop(account.id, None)
                    continue
                wait = waits.setdefault(account.id, _Wait())
                while wait.is_over and await self._submit(provider, account, wait):
                    pass
            await asyncio.sleep(_LOOK_SECONDS)

    async def _submit(self, provider: Provider[Scrobbler], account: Account, wait: "_Wait") -> bool:
        """Hand on the next plays of a user; return whether there may be more."""
        instance = provider.instance
        after = await self._database.read(scrobbles.place, instance, account.id)
        if after is None:
            await self._database.write(scrobbles.begin, instance, account.id)
            return False
        pending = await self._database.read(scrobbles.pending, account.id, after, _BATCH)
        if not pending:
            return False
        listened = await self._listened(pending)
        if listened:
            batch = ScrobbleBatch(user_name=account.name, plays=listened)
            match await provider.call(provider.it.submit, batch):
                case Answer(outcome):
                    for sentence in outcome.refused:
                        logger.info("%s refuses a play of %s: %s", instance, account.name, sentence)
                case Fault(error):
                    wait.begin(error)
                    return False
                case _:
                    wait.begin(ProviderError(f"{instance} says nothing."))
                    return False
        await self._database.write(scrobbles.move, instance, account.id, pending[-1].row)
        wait.reset()
        return True

    async def _listened(self, pending: tuple[PendingPlay, ...]) -> tuple[Listened, ...]:
        """Return what is sent of these, the oldest first: no episodes, nor what is gone."""

        def query(connection: Connection) -> tuple[Listened, ...]:
            tracks = TRACKS.by_ids(connection, _NOBODY, [one.track_id for one in pending])
            return tuple(
                Listened(track=tracks[one.track_id], started=one.played, client=one.client)
                for one in sorted(pending, key=lambda one: one.played)
                if one.track_id in tracks
            )

        return await self._database.read(query)


class _Wait:
    """When a service may be asked again for a user."""

    def __init__(self) -> None:
        self._until = 0.0
        self._faults = 0

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self._until

    def begin(self, error: ProviderError) -> None:
        self._faults += 1
        match error:
            case RetryLaterError():
                seconds = error.after
            case NotAuthorizedError():
                # Until he is linked anew; where a plugin says so by its faults alone, now and then.
                seconds = _LONGEST_WAIT
            case _:
                seconds = _FIRST_WAIT * 2.0 ** min(self._faults - 1, 16)
        self._until = time.monotonic() + min(max(seconds, 1.0), _LONGEST_WAIT)

    def reset(self) -> None:
        self._until, self._faults = 0.0, 0


async def _is_linked(provider: Provider[Scrobbler], user_name: str) -> bool:
    return await provider.call(provider.it.is_linked, user_name) == Answer(True)
