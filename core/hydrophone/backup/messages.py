"""What the backup process is told on its stdin, and what it tells on its stdout: JSON lines."""

from msgspec import Struct

from hydrophone.backup.create import BackupRequest


class NightlyBackup(Struct, frozen=True, kw_only=True):
    """The one line on stdin."""

    request: BackupRequest
    keep: int
    """Number of nightly backups that are left in the folder."""


class BackupDone(Struct, frozen=True, tag="done"):
    """There is a new backup, which has been read again and is good."""

    path: str
    deleted: tuple[str, ...]
    """Paths of older ones."""


class BackupFailed(Struct, frozen=True, tag="failed"):
    """There is none."""

    reason: str


BackupMessage = BackupDone | BackupFailed
