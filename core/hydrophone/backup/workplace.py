"""A folder for what is not finished, which is gone afterwards, if need be the next time."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from hydrophone.errors import HydrophoneError
from hydrophone.storage.data_folder import locked

_PREFIX = ".unfinished-"
_LOCK = "lock"


@contextlib.contextmanager
def workplace(folder: Path) -> Iterator[Path]:
    """Make a folder (mode 0700) inside another, on the same disk, and remove it in the end.

    What a killed process has left there is removed first; one that is still at work holds its
    lock. Raises OSError if nothing can be written there.
    """
    for left in folder.glob(f"{_PREFIX}*"):
        # Somebody else's, or gone meanwhile: it is in nobody's way.
        with contextlib.suppress(HydrophoneError, OSError), locked(left / _LOCK, "at work"):
            shutil.rmtree(left)
    place = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=folder))
    try:
        with locked(place / _LOCK, "Another process has just removed this backup; try again."):
            yield place
    finally:
        # A disk that has gone would hide the error that told of it.
        shutil.rmtree(place, ignore_errors=True)
