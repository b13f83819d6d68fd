"""Tracks: one of them, drawn by chance, of a genre."""

import random
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from hydrophone.domain.library import Page, RandomTracksQuery
from hydrophone.domain.music import Track
from hydrophone.domain.stored_track import StoredTrack
from hydrophone.domain.user import User
from hydrophone.errors import NotFoundError
from hydrophone.services.catalogue import Catalogue
from hydrophone.services.reading import by_ids, by_rows, visible_libraries
from hydrophone.storage.database import Database
from hydrophone.storage.queries import play_queue, playlists, stars, users
from hydrophone.storage.queries.episodes import NOBODY
from hydrophone.storage.queries.tracks import TRACKS, stored
from hydrophone.storage.read_model import ReadModel

_LAST_YEAR = 9999
_CHOICES = 100
"""Queues that are looked at, playlists, and users who have starred something."""
_SLICE = 50
"""Tracks that are read in less than 1 ms."""


class Tracks:
    """Shows and draws tracks, as far as the asking user may see them."""

    def __init__(self, *, database: Database, read_model: ReadModel, catalogue: Catalogue) -> None:
        self._database = database
        self._read_model = read_model
        self._catalogue = catalogue

    async def track(self, viewer: User, track_id: str) -> Track:
        """Return a track, also one that is missing for now. Raises NotFoundError."""
        track = self._database.quick(TRACKS.one, viewer.id, track_id)
        if track is None:
            track = await self._catalogue.track(viewer, track_id)
        if track is None or track.library_id not in viewer.libraries:
            raise NotFoundError("There is no such track.")
        return track

    async def at_once(self, viewer: User, track_ids: Sequence[str]) -> dict[str, Track]:
        """Return as `track` does several, however many; what is only a source's is left out."""
        found = await by_ids(self._database, TRACKS, viewer, track_ids)
        return {track.id: track for track in found}

    async def draw(self, viewer: User, query: RandomTracksQuery) -> tuple[Track, ...]:
        """Return tracks drawn by chance, none twice."""
        libraries = visible_libraries(viewer, query.library_id)
        everything: Sequence[int]
        if query.genre:
            genre = await self._read_model.genre(libraries, query.genre)
            everything, years = genre.tracks, genre.years
        else:
            orders = await self._read_model.orders(libraries)
            everything, years = orders.tracks, orders.track_years
        if query.from_year or query.to_year:
            first, last = query.from_year, query.to_year or _LAST_YEAR
            everything = [
                row
                for row, year in zip(everything, years, strict=True)
                if year and first <= year <= last
            ]
        rows = random.sample(everything, min(query.size, len(everything)))
        found = await by_rows(self._database, TRACKS, viewer, rows)
        return tuple(found.values())

    async def of_genre(
        self, viewer: User, genre: str, page: Page, library_id: int | None = None
    ) -> tuple[Track, ...]:
        """Return tracks of a genre in a stable order."""
        members = await self._read_model.genre(visible_libraries(viewer, library_id), genre)
        found = await by_rows(self._database, TRACKS, viewer, page.of(members.tracks))
        return tuple(found.values())

    async def chosen(self, count: int) -> AsyncGenerator[tuple[StoredTrack, ...], None]:
        """Yield what is in queues and playlists or starred, as it is for who has left nothing.

        Whoever's; at most so many tracks, some at a time. First come queues, then playlists, of
        each what was changed last. Smart playlists choose anew each time, and are left out.
        """
        identifiers: dict[str, None] = {}
        async with aclosing(self._choices(count)) as choices:
            async for some in choices:
                identifiers |= dict.fromkeys(some[:count])
                if len(identifiers) >= count:
                    break
        chosen = list(identifiers)[:count]
        for start in range(0, len(chosen), _SLICE):
            found = await self._database.read(stored, NOBODY, chosen[start : start + _SLICE])
            yield tuple(found)

    async def _choices(self, count: int) -> AsyncGenerator[Sequence[str], None]:
        for user_id in await self._database.read(play_queue.saved_last, _CHOICES):
            queue = await self._database.read(play_queue.load, user_id)
            yield () if queue is None else queue.track_ids
        for playlist_id in await self._database.read(playlists.changed_last, _CHOICES):
            yield await self._database.read(playlists.track_ids, playlist_id)
        for account in (await self._database.read(users.everybody))[:_CHOICES]:
            yield await self._database.read(stars.track_ids, account.id, count)
