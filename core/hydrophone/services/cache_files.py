"""The folder of the cache: whole tracks of sources, and parts of others."""

import logging
import shutil
import time
from pathlib import Path

from hydrophone.domain.cache import CachedFile
from hydrophone.domain.ids import TrackId
from hydrophone.domain.units import ByteCount
from hydrophone.errors import UnavailableError
from hydrophone.media.sparse_file import SparseFile, map_path, remove_part
from hydrophone.storage.data_folder import sync_folder

logger = logging.getLogger(__name__)

_PARTS = ".parts"
_FORGOTTEN_SECONDS = 14 * 24 * 3600


class CacheFiles:
    """Paths within the folder, and what is done with them. All calls block."""

    def __init__(self, folder: Path, *, least_free: ByteCount) -> None:
        """The folder is made when something is to be written to it.

        `least_free` is what is left free on its disk, in bytes.
        """
        self._folder = folder
        self._least_free = least_free

    def path(self, cached: CachedFile) -> Path:
        """Return where a copy is."""
        return self._folder / cached.path

    def has(self, cached: CachedFile) -> bool:
        """Say whether a copy is there as it was written."""
        try:
            return self.path(cached).stat().st_size == cached.size
        except FileNotFoundError:
            return False

    def part(self, source: str, track_id: TrackId, suffix: str) -> Path:
        """Return where a track is written to until all of it is there."""
        return self._folder / _PARTS / source / f"{track_id}.{suffix}"

    def check_room(self, wanted: int) -> None:
        """Raise UnavailableError if so many bytes more would leave too little on the disk."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            free = shutil.disk_usage(self._folder).free
        except OSError as error:
            logger.warning("%s cannot be used: %s", self._folder, error)
            raise UnavailableError("The folder of the cache cannot be used.") from error
        if free - wanted < self._least_free:
            raise UnavailableError("The disk is nearly full: nothing more is kept.")

    def keep(self, part: SparseFile, source: str) -> str:
        """Give a part that is whole its name for ever; return its path within the folder.

        Raises UnavailableError if the disk does not take it.
        """
        relative = f"{source}/{part.path.name}"
        target = self._folder / relative
        try:
            part.sync()
            target.parent.mkdir(parents=True, exist_ok=True)
            part.path.replace(target)
            sync_folder(target.parent)
            map_path(part.path).unlink(missing_ok=True)
        except OSError as error:
            logger.warning("%s cannot be kept: %s", part.path, error)
            raise UnavailableError("The track cannot be written to the disk.") from error
        return relative

    def remove(self, cached: CachedFile) -> None:
        """Remove a copy; who hears it hears it to its end. Raises OSError."""
        self.path(cached).unlink(missing_ok=True)

    def drop_parts(self, source: str, track_id: TrackId, *, but: str = "") -> None:
        """Remove what is there of a track that is not whole, but for one suffix. Raises OSError."""
        for path in (self._folder / _PARTS / source).glob(f"{track_id}.*"):
            if not but or not path.name.startswith(f"{track_id}.{but}"):
                path.unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove parts that are empty, or that nobody has gone on with for two weeks.

        To be called while there are no downloads.
        """
        oldest = time.time() - _FORGOTTEN_SECONDS
        for part in (self._folder / _PARTS).glob("*/*"):
            if part.suffix == ".map":
                continue
            found = part.stat()
            if not found.st_size or found.st_mtime < oldest:
                logger.info("%s was never finished and is removed.", part)
                remove_part(part)
