"""Backups: making, listing, verifying and restoring them."""

from hydrophone.backup.create import BackupRequest, back_up_before_migration, create_backup
from hydrophone.backup.folder import find_backup, list_backups, look_at, prune
from hydrophone.backup.restore import complete_restore, restore_backup
from hydrophone.backup.verify import verify_backup

__all__ = [
    "BackupRequest",
    "back_up_before_migration",
    "complete_restore",
    "create_backup",
    "find_backup",
    "list_backups",
    "look_at",
    "prune",
    "restore_backup",
    "verify_backup",
]
