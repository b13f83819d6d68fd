"""Search over the local library."""

from collections.abc import Sequence

from hydrophone.domain.library import AlbumListKind, Page
from hydrophone.domain.search import SearchQuery, SearchResult
from hydrophone.domain.user import User
from hydrophone.services.reading import by_rows, visible_libraries
from hydrophone.storage import search_index
from hydrophone.storage.database import Database
from hydrophone.storage.queries import artists
from hydrophone.storage.queries.albums import ALBUMS
from hydrophone.storage.queries.artists import ARTISTS
from hydrophone.storage.queries.tracks import TRACKS
from hydrophone.storage.read_model import ReadModel


class SearchService:
    """Finds artists, albums and tracks by words."""

    def __init__(self, *, database: Database, read_model: ReadModel) -> None:
        self._database = database
        self._read_model = read_model

    async def search(
        self, viewer: User, query: SearchQuery, library_id: int | None = None
    ) -> SearchResult:
        """Return a window of what matches, for each kind.

        An empty text gives everything: tracks in an order that stays when the library grows,
        albums and artists by name. A window far into it costs no more than the first: apps page
        through it for offline use.
        """
        libraries = visible_libraries(viewer, library_id)
        pages: dict[search_index.Kind, Page] = {
            "artist": query.artists,
            "album": query.albums,
            "track": query.tracks,
        }
        if query.text.strip():
            rows: dict[search_index.Kind, Sequence[int]] = {
                kind: await self._database.read(
                    search_index.find,
                    kind,
                    query.text,
                    libraries=libraries,
                    offset=page.offset,
                    limit=page.size,
                )
                for kind, page in pages.items()
            }
        else:
            orders = await self._read_model.orders(libraries)
            everything: dict[search_index.Kind, Sequence[int]] = {
                "artist": orders.artists,
                "album": orders.albums[AlbumListKind.BY_NAME],
                "track": orders.tracks,
            }
            rows = {
                kind: everything[kind][page.offset : page.offset + page.size]
                for kind, page in pages.items()
            }
        artists_found = await by_rows(self._database, ARTISTS, viewer, rows["artist"])
        albums_found = await by_rows(self._database, ALBUMS, viewer, rows["album"])
        tracks_found = await by_rows(self._database, TRACKS, viewer, rows["track"])
        return SearchResult(
            artists=await self._database.read(
                artists.counted, libraries, tuple(artists_found.values())
            ),
            albums=tuple(albums_found.values()),
            tracks=tuple(tracks_found.values()),
        )
