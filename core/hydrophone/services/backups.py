"""Backs up every night, and tells whether that goes well."""

import asyncio
import logging
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from hydrophone.backup import BackupRequest, list_backups
from hydrophone.backup.create import usual_name
from hydrophone.backup.messages import BackupDone, BackupFailed, BackupMessage, NightlyBackup
from hydrophone.config import BackupConfig
from hydrophone.domain.backup import BackupReason
from hydrophone.domain.units import Seconds, Timestamp
from hydrophone.errors import HydrophoneError, StorageError
from hydrophone.services.child_process import child_process
from hydrophone.services.clock import Clock

logger = logging.getLogger(__name__)

_LOOK_SECONDS = Seconds(60.0)
"""Between two looks at the clock; also from the start, which has other work, to the first."""
_LONGEST = Seconds(2 * 3600.0)
_RETRY = 3600 * 1000
"""Milliseconds from a failure to the next attempt."""
_decode = msgspec.json.Decoder(BackupMessage).decode


class Backups:
    """Makes the nightly backups of one data folder, each in a child process."""

    def __init__(
        self, config: BackupConfig, data_dir: Path, *, config_file: Path | None, clock: Clock
    ) -> None:
        self._config = config
        self._data_dir = data_dir
        self._config_file = config_file
        self._clock = clock
        self._newest: Timestamp | None = None
        self._not_before = Timestamp(0)
        self.failed = False
        """Whether the last attempt failed; the log says why."""

    async def run(self) -> None:
        """Look at the clock every minute, until cancelled; the server's task."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            await self.look()

    async def look(self) -> None:
        """Make a backup if the time for one has come since the newest; failures are logged.

        A night that the machine was off is made up for at the first look after it.
        """
        now = self._clock.now()
        try:
            if self._newest is None:
                self._newest = await asyncio.to_thread(self._newest_nightly)
            if self._newest >= last_due(now, self._config.time) or now < self._not_before:
                return
            await self._make(now)
        except (HydrophoneError, OSError, TimeoutError) as error:
            self.failed = True
            self._not_before = Timestamp(now + _RETRY)
            reason = "it took too long" if isinstance(error, TimeoutError) else error
            logger.error("The nightly backup failed, next attempt in an hour: %s", reason)  # noqa: TRY400 - the reason is the whole story
        else:
            self.failed = False

    async def _make(self, now: Timestamp) -> None:
        wanted = NightlyBackup(
            request=BackupRequest(
                data_dir=str(self._data_dir),
                target=str(self._config.dir / usual_name(now)),
                reason=BackupReason.NIGHTLY,
                made=now,
                config_file=str(self._config_file or ""),
            ),
            keep=self._config.keep,
        )
        async with (
            asyncio.timeout(_LONGEST),
            child_process("hydrophone.backup", wanted) as child,
        ):
            line = await child.lines.readline()
            if not line:
                raise StorageError(f"The process ended early ({await child.exit_code()}).")
        match _decode(line):
            case BackupDone(path=path, deleted=deleted):
                self._newest = now
                logger.info("Backup: %s; %d older deleted.", path, len(deleted))
            case BackupFailed(reason=reason):
                raise StorageError(reason)

    def _newest_nightly(self) -> Timestamp:
        made = (
            listing.manifest.made
            for listing in list_backups(self._config.dir)
            if listing.manifest and listing.manifest.reason is BackupReason.NIGHTLY
        )
        return max(made, default=Timestamp(0))


def last_due(now: Timestamp, time: str) -> Timestamp:
    """Return the latest moment, not after `now`, at which the local clock shows `time` (HH:MM)."""
    local = datetime.fromtimestamp(now / 1000).astimezone()
    hour, minute = map(int, time.split(":"))
    # Without zone: on the days of the change to and from summer time, too, at that time.
    due = local.replace(hour=hour, minute=minute, second=0, microsecond=0, tzinfo=None)
    if due.timestamp() * 1000 > now:
        due -= timedelta(days=1)
    return Timestamp(round(due.timestamp() * 1000))
