"""Stars and ratings."""

from collections.abc import Sequence
from itertools import chain

from msgspec import UNSET, UnsetType
from sqlalchemy import Connection

from hydrophone.domain.event import AnnotationNews, EventKind, encode_event
from hydrophone.domain.ids import ALBUM, ARTIST, TRACK, VIDEO, LibraryId, kind_of
from hydrophone.domain.library import Starred
from hydrophone.domain.music import Artist
from hydrophone.domain.user import User
from hydrophone.errors import InvalidInputError, NotFoundError
from hydrophone.services.catalogue import Catalogue
from hydrophone.services.clock import Clock
from hydrophone.services.events import Events
from hydrophone.services.reading import by_rows, found_by_rows, steps, visible_libraries
from hydrophone.storage.database import Database
from hydrophone.storage.queries import annotatable, annotations, artists, stars
from hydrophone.storage.queries.artists import ARTISTS
from hydrophone.storage.queries.tracks import stored_by_rows
from hydrophone.storage.queries.videos import VIDEOS

_HIGHEST_RATING = 5
_LOOK_UPS = {
    "ar": annotatable.artists,
    "al": annotatable.albums,
    "tr": annotatable.tracks,
    "fo": annotatable.folders,
    "vi": annotatable.videos,
}


class Annotations:
    """Writes and lists what users leave on artists, albums, tracks and videos."""

    def __init__(
        self, *, database: Database, clock: Clock, catalogue: Catalogue, events: Events
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._events = events
        self._clock = clock

    async def starred(
        self, viewer: User, library_id: int | None = None, *, counts_albums: bool = True
    ) -> Starred:
        """Return all that a user has starred, newest star first.

        Without `counts_albums` their numbers are 0, which saves as much as to read the artists.
        """
        libraries = visible_libraries(viewer, library_id)
        rows = await self._database.read(stars.rows, viewer.id, libraries)
        found = await by_rows(self._database, ARTISTS, viewer, rows[ARTIST])
        of_artists = list(found.values())
        if counts_albums:
            of_artists = await self._counted(libraries, of_artists)
        tracks_found = await found_by_rows(self._database, stored_by_rows, viewer, rows[TRACK])
        videos_found = await by_rows(self._database, VIDEOS, viewer, rows[VIDEO])
        return Starred(
            artists=tuple(of_artists),
            albums=rows[ALBUM],
            tracks=tuple(tracks_found.values()),
            videos=tuple(videos_found.values()),
        )

    async def _counted(
        self, libraries: tuple[LibraryId, ...], found: Sequence[Artist]
    ) -> list[Artist]:
        counted: list[Artist] = []
        for step in steps(found):
            counted += await self._database.read(artists.counted, libraries, step)
        return counted

    async def star(self, viewer: User, identifiers: Sequence[str]) -> None:
        """Star artists, albums, tracks and videos; a folder stands for its albums or artist.

        Raises NotFoundError if one of them does not exist; then none is starred. Many are
        written in steps, so that others can write in between; a caller that is cancelled leaves
        the first of them starred.
        """
        now = self._clock.now()
        for step in steps(await self._resolve(viewer, identifiers)):
            await self._database.write(annotations.star, viewer.id, step, now)
            await self._tell(EventKind.STARRED, viewer, step)

    async def unstar(self, viewer: User, identifiers: Sequence[str]) -> None:
        """Take stars away, in steps and with NotFoundError as `star` does."""
        for step in steps(await self._resolve(viewer, identifiers)):
            await self._database.write(annotations.unstar, viewer.id, step)
            await self._tell(EventKind.UNSTARRED, viewer, step)

    async def rate(self, viewer: User, identifier: str, rating: int) -> None:
        """Rate something with 1 to 5; 0 takes the rating away.

        Raises NotFoundError, and InvalidInputError for another rating.
        """
        if not 0 <= rating <= _HIGHEST_RATING:
            raise InvalidInputError("A rating is a number from 0 to 5.")
        known = await self._resolve(viewer, [identifier])
        now = self._clock.now()

        def write(connection: Connection) -> None:
            for item_id in known:
                annotations.rate(connection, viewer.id, item_id, rating, now)

        await self._database.write(write)
        await self._tell(EventKind.RATED, viewer, known, rating=rating)

    async def _tell(
        self,
        kind: EventKind,
        viewer: User,
        item_ids: Sequence[str],
        *,
        rating: int | UnsetType = UNSET,
    ) -> None:
        news = (
            AnnotationNews(user_name=viewer.name, item_id=item_id, rating=rating)
            for item_id in item_ids
        )
        await self._events.publish(*(encode_event(kind, one, only_for=viewer.id) for one in news))

    async def _resolve(self, viewer: User, identifiers: Sequence[str]) -> list[str]:
        """Return the ids that annotations are kept under. Raises NotFoundError."""
        await self._catalogue.adopt(viewer, identifiers)
        by_kind: dict[str, list[str]] = {kind: [] for kind in _LOOK_UPS}
        for identifier in dict.fromkeys(identifiers):
            by_kind.setdefault(kind_of(identifier), []).append(identifier)
        found: dict[str, list[str]] = {}
        for kind, look_up in _LOOK_UPS.items():
            for step in steps(by_kind[kind]):
                found |= await self._database.read(look_up, viewer.libraries, step)
        for identifier in identifiers:
            if identifier not in found:
                raise NotFoundError(f"There is nothing with the id {identifier!r}.")
        return list(dict.fromkeys(chain.from_iterable(found.values())))
