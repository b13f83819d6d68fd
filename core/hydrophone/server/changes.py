"""Notices what other processes write: the scan process, and commands run beside the server."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from sqlalchemy import Connection

from hydrophone.storage.database import Database
from hydrophone.storage.queries import counters

_LOOK_SECONDS = 1.0
_REST = 10
"""Times as long as a look took, at least, until the next."""


class ChangeWatch:
    """Calls back when one of the database's counters has been raised."""

    def __init__(
        self, database: Database, callbacks: dict[str, Callable[[], Awaitable[None]]]
    ) -> None:
        self._database = database
        self._callbacks = callbacks
        self._version = -1
        self._seen: dict[str, int] | None = None
        self._looking = asyncio.Lock()

    async def run(self) -> None:
        """Look once a second until cancelled; a look at a database at rest costs microseconds."""
        while True:
            started = time.monotonic()
            await self.look()
            # While a large library is scanned, loading its orders must not eat the machine.
            await asyncio.sleep(max(_LOOK_SECONDS, _REST * (time.monotonic() - started)))

    async def look(self) -> None:
        """Look now; on the first time only remember what is.

        Returns when what has changed until now is seen to, by this look or one under way.
        """
        # Else two looks would see the same change, and load a large library twice.
        async with self._looking:
            version = self._database.quick(_data_version)
            if version == self._version:
                return
            values = self._database.quick(counters.values)
            if self._seen is None:
                self._seen = values
            for name, callback in self._callbacks.items():
                value = values.get(name, 0)
                if value != self._seen.get(name, 0):
                    await callback()
                    # Only now: what failed is tried again at the next look.
                    self._seen[name] = value
            self._version = version


def _data_version(connection: Connection) -> int:
    """Return SQLite's count of what other connections have committed."""
    return int(connection.exec_driver_sql("PRAGMA data_version").scalar_one())
