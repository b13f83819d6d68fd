"""Bookmarks: where a user wants to go on in a long track."""

from hydrophone.domain.playback import Bookmark
from hydrophone.domain.units import Milliseconds
from hydrophone.domain.user import User
from hydrophone.errors import NotFoundError
from hydrophone.services.clock import Clock
from hydrophone.services.reading import by_ids
from hydrophone.storage.database import Database
from hydrophone.storage.queries import bookmarks
from hydrophone.storage.queries.tracks import TRACKS


class Bookmarks:
    """Keeps one bookmark for each user and track."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def all(self, viewer: User) -> tuple[Bookmark, ...]:
        """Return a user's bookmarks, the latest first, without those of tracks that are gone."""
        saved = await self._database.read(bookmarks.load, viewer.id)
        tracks = await by_ids(self._database, TRACKS, viewer, list(saved))
        return tuple(
            Bookmark(
                user_name=viewer.name,
                track=track,
                position=saved[track.id].position,
                comment=saved[track.id].comment,
                created=saved[track.id].created,
                changed=saved[track.id].changed,
            )
            for track in tracks
        )

    async def put(self, viewer: User, track_id: str, position: Milliseconds, comment: str) -> None:
        """Set the bookmark of a track, or move the one that is there. Raises NotFoundError."""
        if not await by_ids(self._database, TRACKS, viewer, [track_id]):
            raise NotFoundError("There is no such track.")
        now = self._clock.now()
        await self._database.write(bookmarks.save, viewer.id, track_id, position, comment, now)

    async def remove(self, viewer: User, track_id: str) -> None:
        """Take the bookmark of a track away, if there is one."""
        await self._database.write(bookmarks.forget, viewer.id, track_id)
