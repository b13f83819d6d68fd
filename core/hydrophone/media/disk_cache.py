"""Small files that can be made again: thumbnails and the like, in a folder by their keys."""

import logging
import os
import re
import tempfile
from pathlib import Path

import xxhash

from hydrophone.errors import InvalidInputError

logger = logging.getLogger(__name__)

_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")


class DiskCache:
    """A folder of files that never change: a key stands for one content.

    All calls block for as long as the disk takes. Several processes may share the folder.
    """

    def __init__(self, folder: Path) -> None:
        """The folder may be missing, and may vanish at any time."""
        self._folder = folder
        self._complained = False

    def get(self, key: str) -> Path | None:
        """Return the file of this key; `None` if there is none.

        Raises:
            InvalidInputError: The key is not of lower-case letters, digits and hyphens.
        """
        path = self._path(key)
        try:
            # Written without fsync, a file may be empty after a power cut.
            return path if path.stat().st_size > 0 else None
        except OSError:
            return None

    def put(self, key: str, content: bytes) -> Path | None:
        """Store a file; whoever looks for it sees all of it or nothing.

        Returns:
            Its path; `None` if the disk is full, read-only or gone. That is logged once, for
            the caller can go on without a cache.

        Raises:
            InvalidInputError: The key is not of lower-case letters, digits and hyphens.
        """
        path = self._path(key)
        try:
            _write(path, content)
        except OSError as error:
            if not self._complained:
                logger.warning("The cache in %s cannot be written: %s", self._folder, error)
                self._complained = True
            return None
        self._complained = False
        return path

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise InvalidInputError("A cache key has letters a to z, digits and hyphens only.")
        # Many keys begin alike (`im-...`), so the folder comes from all of the key.
        shard = xxhash.xxh3_64_intdigest(key.encode("ascii")) & 0xFF
        return self._folder / f"{shard:02x}" / key


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(prefix=".", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(temporary).replace(path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
