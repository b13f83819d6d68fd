"""Albums: one with its tracks, and lists of them."""

import random
from collections.abc import Sequence

from sqlalchemy import Connection

from hydrophone.domain.library import (
    AlbumListKind,
    AlbumListQuery,
    AlbumPage,
    AlbumsByRow,
    AlbumWithTracks,
    MarksByRow,
    Page,
)
from hydrophone.domain.music import Album, Track
from hydrophone.domain.user import User
from hydrophone.errors import NotFoundError
from hydrophone.services.catalogue import Catalogue
from hydrophone.services.reading import by_ids, every_page, visible_libraries
from hydrophone.storage.database import Database
from hydrophone.storage.queries import albums, counters, tracks
from hydrophone.storage.queries.albums import ALBUMS
from hydrophone.storage.queries.annotated import MAX_ROWS
from hydrophone.storage.queries.marks import ALBUM_MARKS
from hydrophone.storage.read_model import ReadModel

_BY_USER = (
    AlbumListKind.FREQUENT,
    AlbumListKind.RECENT,
    AlbumListKind.HIGHEST,
    AlbumListKind.STARRED,
)

_FEW = 50
"""Rows that are looked for in 0.1 ms: a page on a phone, which a thread would take longer for."""
_FEW_TRACKS = 20
"""Tracks that are read in 0.2 ms: most albums, which a thread would take longer for, too."""


class Albums:
    """Shows and lists albums, as far as the asking user may see them."""

    def __init__(self, *, database: Database, read_model: ReadModel, catalogue: Catalogue) -> None:
        self._database = database
        self._read_model = read_model
        self._catalogue = catalogue

    async def album(self, viewer: User, album_id: str) -> AlbumWithTracks:
        """Return an album with its tracks by disc and number.

        A source may be asked for one of its own. Raises NotFoundError, and UnavailableError if
        the source does not tell the tracks now.
        """
        album = self._database.quick(ALBUMS.one, viewer.id, album_id)
        if album is None or self._catalogue.has(album.library_id):
            remote = await self._catalogue.album(viewer, album_id)
            if remote is None:
                raise NotFoundError("There is no such album.")
            return remote
        if album.library_id not in viewer.libraries:
            raise NotFoundError("There is no such album.")

        def of_album(connection: Connection, page: Page) -> tuple[Track, ...]:
            return tracks.of_album(connection, viewer.id, viewer.libraries, album.id, page)

        if album.track_count < _FEW_TRACKS:
            found = self._database.quick(of_album, Page(size=_FEW_TRACKS))
            if len(found) < _FEW_TRACKS:
                return AlbumWithTracks(album=album, tracks=found)
        return AlbumWithTracks(album=album, tracks=await every_page(self._database, of_album))

    async def at_once(self, viewer: User, album_ids: Sequence[str]) -> dict[str, AlbumWithTracks]:
        """Return as `album` does those of several that one read has room for.

        What is a source's, not here or not the viewer's is left out.
        """
        room = MAX_ROWS
        taken: list[Album] = []
        for album in await by_ids(self._database, ALBUMS, viewer, album_ids):
            if album.track_count < room and not self._catalogue.has(album.library_id):
                room -= album.track_count
                taken.append(album)
        if not taken:
            return {}
        found = await self._database.read(
            tracks.of_albums, viewer.id, viewer.libraries, [album.id for album in taken]
        )
        if found is None:
            return {}
        return {
            album.id: AlbumWithTracks(album=album, tracks=tuple(found[album.id])) for album in taken
        }

    async def page(self, viewer: User, query: AlbumListQuery) -> AlbumPage:
        """Return a window of an album list; beyond the list's end it is empty."""
        libraries = visible_libraries(viewer, query.library_id)
        if query.kind is AlbumListKind.BY_GENRE:
            everything = (await self._read_model.genre(libraries, query.genre)).albums
            return AlbumPage(rows=query.page.of(everything), total=len(everything))
        if query.kind in _BY_USER:
            return await self._database.read(
                albums.by_annotation, viewer.id, libraries, query.kind, query.page
            )
        orders = await self._read_model.orders(libraries)
        if query.kind is AlbumListKind.RANDOM:
            everything = orders.albums[AlbumListKind.NEWEST]
            window: Sequence[int] = random.sample(everything, min(query.page.size, len(everything)))
        else:
            if query.kind is AlbumListKind.BY_YEAR:
                everything = orders.between_years(query.from_year, query.to_year)
            else:
                everything = orders.albums[query.kind]
            window = query.page.of(everything)
        return AlbumPage(rows=window, total=len(everything))

    async def marks(self, viewer: User, rows: Sequence[int]) -> MarksByRow:
        """Return what the viewer has left on these albums (at most 500), and how they are rated.

        All else about them is for anybody what it was when it was read in the same version.
        """

        def read(connection: Connection) -> MarksByRow:
            version = counters.value(connection, counters.LIBRARY)
            return MarksByRow(version=version, marks=ALBUM_MARKS.on(connection, viewer.id, rows))

        if len(rows) <= _FEW:
            return self._database.quick(read)
        return await self._database.read(read)

    async def plain_by_rows(self, viewer: User, rows: Sequence[int]) -> dict[int, Album]:
        """Return {row: album} for these (at most 500) in this order, without anybody's traces.

        What is gone, or not for the viewer, is left out.
        """
        found = await self._database.read(ALBUMS.plain_by_rows, rows)
        libraries = viewer.libraries
        return {row: album for row, album in found.items() if album.library_id in libraries}

    async def plain_before(self, row: int, count: int) -> AlbumsByRow:
        """Return the next albums below a row, whoever may see them, without anybody's traces.

        Highest row first, which is about the newest first; empty at the end.
        """

        def read(connection: Connection) -> AlbumsByRow:
            version = counters.value(connection, counters.LIBRARY)
            return AlbumsByRow(version=version, albums=ALBUMS.plain(connection, row, count))

        return await self._database.read(read)
