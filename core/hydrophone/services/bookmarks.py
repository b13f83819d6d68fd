"""Bookmarks: where a user wants to go on in a long track or an episode."""

from hydrophone.domain.playback import Bookmark
from hydrophone.domain.units import Milliseconds
from hydrophone.domain.user import User
from hydrophone.errors import NotFoundError
from hydrophone.services.catalogue import Catalogue
from hydrophone.services.clock import Clock
from hydrophone.services.playables import playables
from hydrophone.storage.database import Database
from hydrophone.storage.queries import bookmarks


class Bookmarks:
    """Keeps one bookmark for each user and track or episode."""

    def __init__(self, *, database: Database, clock: Clock, catalogue: Catalogue) -> None:
        self._database = database
        self._catalogue = catalogue
        self._clock = clock

    async def all(self, viewer: User) -> tuple[Bookmark, ...]:
        """Return a user's bookmarks, the latest first, without those of things that are gone."""
        saved = await self._database.read(bookmarks.load, viewer.id)
        items = await playables(self._database, viewer, list(saved))
        return tuple(
            Bookmark(
                user_name=viewer.name,
                item=item,
                position=saved[item.id].position,
                comment=saved[item.id].comment,
                created=saved[item.id].created,
                changed=saved[item.id].changed,
            )
            for item in items
        )

    async def put(self, viewer: User, item_id: str, position: Milliseconds, comment: str) -> None:
        """Set the bookmark of something, or move the one that is there. Raises NotFoundError."""
        await self._catalogue.adopt(viewer, [item_id])
        if not await playables(self._database, viewer, [item_id]):
            raise NotFoundError("There is no such track.")
        now = self._clock.now()
        await self._database.write(bookmarks.save, viewer.id, item_id, position, comment, now)

    async def remove(self, viewer: User, item_id: str) -> None:
        """Take the bookmark of something away, if there is one."""
        await self._database.write(bookmarks.forget, viewer.id, item_id)
