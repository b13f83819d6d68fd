"""The folder of podcasts: finished episodes, parts of others, pictures of channels."""

import logging
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from hydrophone.domain.ids import ArtworkId, EpisodeId
from hydrophone.domain.paths import escape_path, file_name, unescape_path
from hydrophone.domain.podcast import Episode
from hydrophone.domain.units import ByteCount
from hydrophone.errors import UnavailableError
from hydrophone.storage.data_folder import sync_folder

logger = logging.getLogger(__name__)

_PARTS = ".parts"
_PICTURES = ".pictures"
_LONGEST_NAME = 200
"""Bytes; disks take 255."""
_LEAST_FREE = 1024**3
_LEAST_FREE_SHARE = 20
"""A disk is nearly full with less than a GiB, or a twentieth if that is less."""


class PodcastFiles:
    """Paths within the folder, and what is done with them. All calls block."""

    def __init__(self, folder: Path) -> None:
        """The folder is made when something is to be written to it."""
        self._folder = folder

    def path(self, episode: Episode) -> Path | None:
        """Return the file of an episode; `None` if it is not here."""
        return self._folder / unescape_path(episode.path) if episode.path else None

    def picture(self, artwork_id: ArtworkId) -> Path:
        """Return where a channel's picture is kept."""
        return self._folder / _PICTURES / artwork_id

    def part(self, episode: Episode) -> Path:
        """Return where an episode is written to until all of it is there."""
        return self._folder / _PARTS / f"{episode.id}.{episode.suffix}"

    def open_part(self, path: Path) -> tuple[int, ByteCount]:
        """Open a part for reading and writing; return its descriptor and its size.

        Raises UnavailableError if the folder cannot be written to.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            logger.warning("%s cannot be written: %s", path, error)
            raise UnavailableError("The folder of podcasts cannot be written to.") from error
        return descriptor, ByteCount(os.lseek(descriptor, 0, os.SEEK_END))

    def empty_part(self, descriptor: int) -> None:
        """Begin a part anew."""
        os.ftruncate(descriptor, 0)
        os.lseek(descriptor, 0, os.SEEK_SET)

    def check_room(self, wanted: int) -> None:
        """Raise UnavailableError if so many bytes more would fill the disk nearly up."""
        disk = shutil.disk_usage(self._folder)
        if disk.free - wanted < min(_LEAST_FREE, disk.total // _LEAST_FREE_SHARE):
            raise UnavailableError("The disk is nearly full.")

    def keep(self, part: Path, descriptor: int, episode: Episode) -> Episode:
        """Give a part that is whole its name for ever; return the episode with its path.

        Raises UnavailableError if the disk does not take it.
        """
        try:
            os.fsync(descriptor)
            target = self._free_path(episode)
            target.parent.mkdir(parents=True, exist_ok=True)
            part.replace(target)
            sync_folder(target.parent)
        except OSError as error:
            logger.warning("%s cannot be kept: %s", part, error)
            raise UnavailableError("The episode cannot be written to the disk.") from error
        relative = os.fspath(target.relative_to(self._folder))
        return msgspec.structs.replace(episode, path=escape_path(relative))

    def drop_part(self, episode: Episode) -> None:
        """Remove what is there of an episode that is not whole."""
        for path in (self._folder / _PARTS).glob(f"{EpisodeId(episode.id)}.*"):
            path.unlink(missing_ok=True)

    def remove(self, episode: Episode) -> None:
        """Remove the file of an episode, and the folder of its channel with the last one."""
        path = self.path(episode)
        if path is None:
            return
        path.unlink(missing_ok=True)
        if path.parent != self._folder and not any(path.parent.iterdir()):
            path.parent.rmdir()

    def put_picture(self, artwork_id: ArtworkId, content: bytes) -> None:
        """Keep a picture. Raises OSError."""
        path = self.picture(artwork_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".part")
        temporary.write_bytes(content)
        temporary.replace(path)

    def _free_path(self, episode: Episode) -> Path:
        """Choose `channel/date title.suffix`, with the id if that is another's."""
        moment = datetime.fromtimestamp((episode.published or episode.created) / 1000, UTC)
        suffix = f".{episode.suffix}"
        folder = self._folder / file_name(episode.channel_title, _LONGEST_NAME)
        title = f"{moment:%Y-%m-%d} {episode.title}"
        path = folder / (file_name(title, _LONGEST_NAME - len(suffix)) + suffix)
        if not path.exists():
            return path
        suffix = f" {episode.id}{suffix}"
        return folder / (file_name(title, _LONGEST_NAME - len(suffix)) + suffix)
