"""Opens files of which nothing is known but their name."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from hydrophone.errors import MediaError


@contextmanager
def opened(path: bytes) -> Iterator[BinaryIO]:
    """Open a regular file; a pipe or device under a file's name must not block or act.

    Raises `MediaError`, with a reason for a person, also for an empty file.
    """
    try:
        file = open(path, "rb", opener=_open_without_waiting)  # noqa: SIM115 - closed below
    except OSError as error:
        raise MediaError(error.strerror or "cannot be opened") from error
    with file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise MediaError("not a regular file")
        if status.st_size == 0:
            raise MediaError("empty file")
        yield file


def _open_without_waiting(path: str, flags: int) -> int:
    """Serve `open`, which hands on our bytes though typeshed promises a `str`."""
    return os.open(path, flags | os.O_NONBLOCK | os.O_NOCTTY)
