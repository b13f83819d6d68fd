"""Tells how much room there is: by the database for music, by the disk for all else."""

import asyncio
import logging
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from hydrophone.domain.library import Library
from hydrophone.domain.storage_use import FolderUse, StorageUse
from hydrophone.domain.units import ByteCount
from hydrophone.storage.database import Database
from hydrophone.storage.queries import origins

logger = logging.getLogger(__name__)

_PATIENCE_SECONDS = 5.0
"""A network share that does not answer must not hold up what is known of the others."""

_UNKNOWN = (None, None)

_Told = TypeVar("_Told")


class StorageUses:
    """Looks at the libraries' disks and at the server's own folders."""

    def __init__(
        self, *, database: Database, libraries: Sequence[Library], folders: Mapping[str, Path]
    ) -> None:
        """`folders` are the server's own, by what they are for; they need not be there."""
        self._database = database
        self._libraries = libraries
        self._folders = folders
        self._turn = asyncio.Lock()

    async def look(self) -> StorageUse:
        """Count now. Takes a moment for a large cache; one look at a time."""
        async with self._turn:
            sources = await self._database.read(origins.uses)
            own = [self._own(name, path) for name, path in self._folders.items()]
            folders = await asyncio.gather(*map(self._library, self._libraries), *own)
        return StorageUse(sources=sources, folders=tuple(folders))

    async def _library(self, library: Library) -> FolderUse:
        free, total = await _in_time(_room_at, library.path) or _UNKNOWN
        return FolderUse(
            name=library.name,
            path=library.path,
            library_id=library.id,
            used=None,
            free=free,
            total=total,
        )

    async def _own(self, name: str, path: Path) -> FolderUse:
        used = await _in_time(_size_of, os.fspath(path))
        free, total = await _in_time(_room_for, os.fspath(path)) or _UNKNOWN
        return FolderUse(
            name=name,
            path=os.fspath(path),
            library_id=None,
            used=used,
            free=free,
            total=total,
        )


async def _in_time(look: Callable[[str], _Told], path: str) -> _Told | None:
    """Look in a thread; give up on a disk that does not answer, or that is not there."""
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            return await asyncio.to_thread(look, path)
    except (OSError, TimeoutError) as error:
        logger.info("It cannot be told how full %s is: %r", path, error)
        return None


def _room_for(folder: str) -> tuple[ByteCount, ByteCount]:
    """Return what is free, and all, of the disk where a folder is, or will be once it is made."""
    place = Path(folder)
    while not place.exists() and place != place.parent:
        place = place.parent
    return _room_at(os.fspath(place))


def _room_at(folder: str) -> tuple[ByteCount, ByteCount]:
    disk = shutil.disk_usage(folder)
    return ByteCount(disk.free), ByteCount(disk.total)


def _size_of(folder: str) -> ByteCount:
    """Return the bytes of all files in a folder; what goes meanwhile is not counted."""
    size = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                size += os.lstat(f"{parent}/{name}").st_size
            except FileNotFoundError:
                continue
    return ByteCount(size)
