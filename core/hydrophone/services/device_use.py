"""When a device last logged in, by days: noted in memory, written now and then."""

import asyncio

from hydrophone.domain.units import Timestamp
from hydrophone.services.clock import Clock
from hydrophone.storage.database import Database
from hydrophone.storage.queries import devices
from hydrophone.storage.queries.devices import SecretUse

_DAY_MS = 86_400_000
_FLUSH_SECONDS = 10.0
_STEP = 500


class DeviceUse:
    """Keeps the day of each device's last login; costs one write a day and device."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._noted: dict[SecretUse, Timestamp] = {}
        self._pending: set[SecretUse] = set()

    def note(self, use: SecretUse) -> None:
        """Remember a login; what is new of it is written later."""
        today = self._today()
        if self._noted.get(use) != today:
            self._noted[use] = today
            self._pending.add(use)

    def forget(self) -> None:
        """Take nothing for written any more; called when devices may have changed."""
        self._noted.clear()

    async def run(self) -> None:
        """Write what was noted every few seconds, until cancelled."""
        while True:
            await asyncio.sleep(_FLUSH_SECONDS)
            await self.flush()

    async def flush(self) -> None:
        """Write what was noted and is not written yet; raises StorageError, and loses nothing."""
        while self._pending:
            step = sorted(self._pending, key=lambda use: use.user_id)[:_STEP]
            await self._database.write(devices.mark_used, step, self._today())
            self._pending.difference_update(step)

    def _today(self) -> Timestamp:
        now = self._clock.now()
        return Timestamp(now - now % _DAY_MS)
