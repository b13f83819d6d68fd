"""A folder for what is not finished, which is gone afterwards, if need be the next time."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from hydrophone.errors import ConflictError, HydrophoneError, StorageError
from hydrophone.storage.data_folder import locked

_PREFIX = ".unfinished-"
_LOCK = "lock"
_TRIES = 5


@contextlib.contextmanager
def workplace(folder: Path) -> Iterator[Path]:
    """Make a folder (mode 0700) inside another, on the same disk, and remove it in the end.

    What a killed process has left there is removed first; one that is still at work holds its
    lock. Raises OSError if nothing can be written there, and ConflictError if others sweep all that
    it makes.
    """
    for left in folder.glob(f"{_PREFIX}*"):
        # Somebody else's, or gone meanwhile: it is in nobody's way.
        with contextlib.suppress(HydrophoneError, OSError), locked(left / _LOCK, "at work"):
            shutil.rmtree(left)
    with contextlib.ExitStack() as stack:
        place = _taken(folder, stack)
        try:
            yield place
        finally:
            # A disk that has gone would hide the error that told of it.
            shutil.rmtree(place, ignore_errors=True)


def _taken(folder: Path, stack: contextlib.ExitStack) -> Path:
    """Make a folder and lock it: in between another process may take it for one that was left."""
    for _ in range(_TRIES):
        place = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=folder))
        try:
            stack.enter_context(locked(place / _LOCK, "at work"))
        except ConflictError:
            continue
        except StorageError:
            if place.exists():
                shutil.rmtree(place, ignore_errors=True)
                raise
        else:
            return place
    raise ConflictError("Another process has just removed this backup; try again.")
