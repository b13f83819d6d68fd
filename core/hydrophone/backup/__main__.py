"""The backup process: `python -m hydrophone.backup`, told what to do by one line on stdin.

A process of its own, since it takes all of a core for seconds, and can be ended at any moment:
what is unfinished has no name yet. Its last line is the path of the backup, or why there is none.
"""

import os
import sys

import msgspec

from hydrophone.backup.create import create_backup
from hydrophone.backup.folder import prune
from hydrophone.backup.messages import BackupDone, BackupFailed, BackupMessage, NightlyBackup
from hydrophone.errors import HydrophoneError
from hydrophone.sandbox.parent_death import die_with_parent

NICENESS = 10


def main() -> None:
    """Make one backup, then delete those of earlier nights that are too many."""
    die_with_parent()
    os.nice(NICENESS)
    wanted = msgspec.json.decode(sys.stdin.buffer.readline(), type=NightlyBackup)
    try:
        made = create_backup(wanted.request)
        deleted = prune(made.parent, wanted.keep)
        _tell(BackupDone(str(made), tuple(map(str, deleted))))
    except HydrophoneError as error:
        _tell(BackupFailed(str(error)))


def _tell(message: BackupMessage) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(message) + b"\n")


if __name__ == "__main__":
    main()
