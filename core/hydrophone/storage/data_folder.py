"""The data folder: what its files are called, and who is at work in it."""

import contextlib
import fcntl
import logging
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from hydrophone.errors import ConflictError, StorageError

logger = logging.getLogger(__name__)

DATABASE = "hydrophone.db"
KEY_FILE = "secret.key"
SERVER_LOCK = "server.lock"
SCAN_LOCK = "scan.lock"
_PRIVATE = 0o600
_BESIDE = ("-wal", "-shm")
"""What SQLite adds to the database's name for files of its own."""


@contextlib.contextmanager
def locked(path: Path, refusal: str) -> Iterator[None]:
    """Hold a lock file while the body runs; the file itself stays.

    Does not wait: raises ConflictError with the sentence `refusal` if another process, or
    another part of this one, holds it. The kernel lets go of it when the process ends, however
    it ends. Raises StorageError if the file cannot be made.

    Who removes a lock file does so while he holds it.
    """
    with contextlib.ExitStack() as stack:
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, _PRIVATE)
            file = stack.enter_context(os.fdopen(descriptor, "w"))
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ConflictError(refusal) from None
        except OSError as error:
            raise StorageError(f"{path} cannot be locked: {error.strerror}.") from error
        if os.fstat(file.fileno()).st_nlink == 0:
            # Removed since it was opened: it would keep nobody else away.
            raise ConflictError(refusal)
        yield


def make_private(database: Path) -> None:
    """Make a database file, empty if it is new, readable for its owner alone (mode 0600).

    SQLite gives the files beside it its mode when it makes them; those that are there get it here.
    What belongs to somebody else is left as it is, with a warning. Blocking; raises OSError.
    """
    os.close(os.open(database, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, _PRIVATE))
    for path in (database, *(database.with_name(f"{database.name}{end}") for end in _BESIDE)):
        with contextlib.suppress(FileNotFoundError):
            mode = stat.S_IMODE(path.stat().st_mode)
            if mode == mode & _PRIVATE:
                continue
            try:
                path.chmod(_PRIVATE)
            except PermissionError as error:
                logger.warning(
                    "%s can be used by others (mode %04o), and that cannot be changed: %s",
                    path,
                    mode,
                    error.strerror,
                )


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk: after a rename, for instance."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
