"""Pictures of users: they set their own, an admin anybody's; all who are logged in see them."""

import asyncio
from pathlib import Path

import xxhash
from sqlalchemy import Connection

from hydrophone.domain.media import Picture
from hydrophone.domain.units import ByteCount
from hydrophone.errors import InvalidInputError, MediaError, NotFoundError
from hydrophone.media.picture import PlaceholderRequest, ThumbnailRequest
from hydrophone.services.clock import Clock
from hydrophone.services.rendering import Renderer
from hydrophone.storage.database import Database
from hydrophone.storage.queries import avatars, users
from hydrophone.storage.queries.avatars import Avatar
from hydrophone.storage.queries.users import Account

_SIZE = 512
"""Pixels of the longer side: enough for a phone's whole width, and some 50 KB."""
_DRAWN_SIZE = 256
LARGEST_FILE = ByteCount(32 * 1024 * 1024)
"""Of a picture as it comes."""


class Avatars:
    """Keeps one picture for each user, in the database and so in its backups."""

    def __init__(self, *, database: Database, clock: Clock, renderer: Renderer) -> None:
        self._database = database
        self._clock = clock
        self._renderer = renderer

    async def picture(self, name: str) -> Picture:
        """Return a user's picture, or a drawn one if there is none. Raises NotFoundError."""

        def read(connection: Connection) -> tuple[str, Avatar | None]:
            account = _known(connection, name)
            return account.name, avatars.load(connection, account.id)

        known_name, found = await self._database.read(read)
        if found is None:
            wanted = PlaceholderRequest(title=known_name, size=_DRAWN_SIZE)
            drawn = await self._renderer.render(wanted)
            found = Avatar(data=drawn.data, content_type=drawn.content_type)
        return Picture(
            data=found.data,
            content_type=found.content_type,
            etag=xxhash.xxh3_64_hexdigest(found.data),
        )

    async def set(self, name: str, data: bytes) -> None:
        """Take a picture (JPEG, PNG, WebP, GIF, BMP) for a user, scaled to 512 pixels.

        Raises NotFoundError for an unknown user, InvalidInputError if the bytes are no such
        picture. It is decoded in a child process.
        """
        try:
            made = await self._renderer.render(ThumbnailRequest(data=data, size=_SIZE))
        except MediaError as error:
            raise InvalidInputError(f"The picture cannot be used: {error}") from error
        picture = Avatar(data=made.data, content_type=made.content_type)

        def write(connection: Connection) -> None:
            avatars.save(connection, _known(connection, name).id, picture, self._clock.now())

        await self._database.write(write)

    async def set_from_file(self, name: str, file: Path) -> None:
        """Take a picture file for a user, as `set` does.

        Raises InvalidInputError also if the file cannot be read or is larger than 32 MiB.
        """
        await self.set(name, await asyncio.to_thread(_read, file))

    async def remove(self, name: str) -> None:
        """Take a user's picture away. Raises NotFoundError if there is no user or no picture."""

        def write(connection: Connection) -> None:
            account = _known(connection, name)
            if not avatars.forget(connection, account.id, self._clock.now()):
                raise NotFoundError(f"{account.name!r} has no picture.")

        await self._database.write(write)


def _known(connection: Connection, name: str) -> Account:
    account = users.by_name(connection, name)
    if account is None:
        raise NotFoundError(f"There is no user {name!r}.")
    return account


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            data = opened.read(LARGEST_FILE + 1)
    except OSError as error:
        raise InvalidInputError(f"{file} cannot be read: {error.strerror}.") from error
    if len(data) > LARGEST_FILE:
        raise InvalidInputError(f"{file} is larger than 32 MiB.")
    return data
