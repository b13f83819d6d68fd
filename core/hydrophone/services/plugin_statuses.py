"""Tells other processes how the plugins of this server stand: the command line, above all."""

import asyncio

import msgspec

from hydrophone.domain.units import Timestamp
from hydrophone.host.lifecycle import Host
from hydrophone.host.records import PluginStatus
from hydrophone.services.clock import Clock
from hydrophone.storage.database import Database
from hydrophone.storage.queries import plugin_states

_LOOK_SECONDS = 2.0
_RENEW_MS = 20_000
_STALE_MS = 60_000


class PluginStatuses:
    """Writes them down when they change, and twice a minute otherwise."""

    def __init__(self, *, host: Host, database: Database, clock: Clock) -> None:
        self._host = host
        self._database = database
        self._clock = clock

    async def run(self) -> None:
        """Look every two seconds, for ever; cancel it to end."""
        known: list[str] = []
        written = Timestamp(0)
        while True:
            documents = [msgspec.json.encode(one).decode() for one in self._host.statuses()]
            now = self._clock.now()
            if documents != known or now - written > _RENEW_MS:
                await self._database.write_soon(plugin_states.replace, documents, now)
                known, written = documents, now
            await asyncio.sleep(_LOOK_SECONDS)


async def statuses_of_server(database: Database, clock: Clock) -> tuple[PluginStatus, ...]:
    """Return how plugins stand in the server that runs; empty if none does."""
    since = Timestamp(clock.now() - _STALE_MS)
    found = await database.read(plugin_states.load, since)
    return tuple(msgspec.json.decode(document, type=PluginStatus) for document in found)
