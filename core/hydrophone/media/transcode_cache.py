"""Transcodes on the disk: complete ones by name, and those that are being written."""

import fcntl
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from hydrophone.domain.units import ByteCount

logger = logging.getLogger(__name__)

_PART = ".part"
_LEAST_FREE = 1024**3
_LEAST_FREE_SHARE = 20
"""One part in so many of a disk stays free, but no more than a GiB."""

_COUNTED_FOR = 300.0
"""Seconds; HLS leaves tens of thousands of small files, too many to look at for each of them."""


class Part(Struct, frozen=True):
    """A file that is being written."""

    path: Path
    descriptor: int
    """Open for writing, and locked, so that no other process takes it for a left-over."""


class _Kept(Struct, frozen=True):
    path: Path
    size: int
    used_ns: int


class TranscodeCache:
    """A folder of finished transcodes within a limit; what was used longest ago goes first.

    All calls block for as long as the disk takes. Several processes may share the folder, and
    it may be emptied at any time.
    """

    def __init__(self, folder: Path, *, limit: ByteCount) -> None:
        """With a limit of 0 nothing is kept, though running transcodes pass through here."""
        self._folder = folder
        self._limit = limit
        self._total = 0
        """Bytes that were kept when they were last counted, and since."""
        self._count_at = 0.0
        """When they have to be counted again (`time.monotonic`): there may be other processes."""

    def clean(self) -> None:
        """Remove what a process left half written that was killed, and what is too much."""
        for entry in self._folder.glob(f"*{_PART}"):
            try:
                descriptor = os.open(entry, os.O_WRONLY | os.O_CLOEXEC)
            except OSError:
                continue
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                entry.unlink(missing_ok=True)
            except OSError:
                logger.debug("%s is being written by another process", entry)
            finally:
                os.close(descriptor)
        if self._folder.is_dir():
            self.make_room()

    def find(self, name: str) -> Path | None:
        """Return a finished transcode, and remember that it was wanted now."""
        path = self._folder / name
        try:
            status = path.stat()
            # The date of the last change is what players are told, and must stay.
            os.utime(path, ns=(time.time_ns(), status.st_mtime_ns))
        except OSError:
            return None
        return path

    def begin(self) -> Part | None:
        """Make a file to write to; `None` if the disk is full, read-only or gone."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if not self.make_room():
                logger.warning(
                    "The disk of %s is nearly full: transcodes are not kept", self._folder
                )
                return None
            descriptor, path = tempfile.mkstemp(suffix=_PART, dir=self._folder)
        except OSError as error:
            logger.warning("The cache in %s cannot be written: %s", self._folder, error)
            return None
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        return Part(Path(path), descriptor)

    def keep(self, part: Part, name: str) -> Path | None:
        """Give a part that is complete its name; `None` if it cannot or shall not be kept."""
        try:
            if os.fstat(part.descriptor).st_size > self._limit:
                part.path.unlink(missing_ok=True)
                return None
            # Else a power cut could leave a file of the right name that is empty.
            os.fsync(part.descriptor)
            path = part.path.replace(self._folder / name)
            self._total += path.stat().st_size
            self.make_room()
        except OSError as error:
            logger.warning("A transcode cannot be kept: %s", error)
            return None
        return path

    def drop(self, part: Part) -> None:
        """Remove a part that will never be complete; who has it open reads on."""
        try:
            part.path.unlink(missing_ok=True)
        except OSError as error:
            logger.warning("%s cannot be removed: %s", part.path, error)

    def make_room(self) -> bool:
        """Remove what was used longest ago until the limits are kept.

        Returns:
            Whether the disk has room for more.

        Raises:
            OSError: The folder is gone.
        """
        disk = shutil.disk_usage(self._folder)
        free, least = disk.free, min(_LEAST_FREE, disk.total // _LEAST_FREE_SHARE)
        now = time.monotonic()
        if self._total <= self._limit and free >= least and now < self._count_at:
            return True
        kept = sorted(self._kept(), key=lambda entry: entry.used_ns)
        total = sum(entry.size for entry in kept)
        for entry in kept:
            if total <= self._limit and free >= least:
                break
            entry.path.unlink(missing_ok=True)
            total -= entry.size
            free += entry.size
        self._total, self._count_at = total, now + _COUNTED_FOR
        return free >= least

    def _kept(self) -> Iterator[_Kept]:
        for path in self._folder.iterdir():
            if path.suffix == _PART:
                continue
            try:
                status = path.stat()
            except FileNotFoundError:  # another process was quicker
                continue
            yield _Kept(path, status.st_size, status.st_atime_ns)
