"""The data folder: what its files are called, and who is at work in it."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from hydrophone.errors import ConflictError, StorageError

DATABASE = "hydrophone.db"
KEY_FILE = "secret.key"
SERVER_LOCK = "server.lock"
SCAN_LOCK = "scan.lock"


@contextlib.contextmanager
def locked(path: Path, refusal: str) -> Iterator[None]:
    """Hold a lock file while the body runs; the file itself stays.

    Does not wait: raises ConflictError with the sentence `refusal` if another process, or
    another part of this one, holds it. The kernel lets go of it when the process ends, however
    it ends. Raises StorageError if the file cannot be made.
    """
    with contextlib.ExitStack() as stack:
        try:
            file = stack.enter_context(path.open("a"))
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ConflictError(refusal) from None
        except OSError as error:
            raise StorageError(f"{path} cannot be locked: {error.strerror}.") from error
        yield


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk: after a rename, for instance."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
