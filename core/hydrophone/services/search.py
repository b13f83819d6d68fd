"""Search over the libraries, and over sources beside them."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import TypeVar

from hydrophone.domain.ids import LibraryId
from hydrophone.domain.library import AlbumListKind, Page
from hydrophone.domain.search import FieldQuery, SearchQuery, SearchResult, TrackHits
from hydrophone.domain.user import User
from hydrophone.services.interleaving import Interleaving
from hydrophone.services.reading import by_rows, visible_libraries
from hydrophone.services.remote_search import RemoteSearch
from hydrophone.storage import search_index
from hydrophone.storage.correction import correct
from hydrophone.storage.database import Database
from hydrophone.storage.queries import artists, field_search
from hydrophone.storage.queries.albums import ALBUMS
from hydrophone.storage.queries.annotated import Thing
from hydrophone.storage.queries.artists import ARTISTS
from hydrophone.storage.queries.tracks import TRACKS
from hydrophone.storage.read_model import ReadModel
from hydrophone.storage.search_index import KINDS, Kind

_FEW = 5
"""A word that finds fewer things than that may be mistyped."""
_NONE = Page(size=0)
_MAX_CORRECTED = 500
"""Hits of a corrected query, of each kind."""

Pages = dict[Kind, Page]
Rows = dict[Kind, Sequence[int]]
Hits = Mapping[Kind, Sequence[int | str]]
"""Rows of the libraries and ids of what sources have shown, as they are to be listed."""
Item = TypeVar("Item", int, int | str)


class SearchService:
    """Finds artists, albums and tracks by words."""

    def __init__(
        self, *, database: Database, read_model: ReadModel, elsewhere: RemoteSearch
    ) -> None:
        self._database = database
        self._elsewhere = elsewhere
        self._read_model = read_model

    async def search(
        self, viewer: User, query: SearchQuery, library_id: int | None = None
    ) -> SearchResult:
        """Return a window of what matches, for each kind.

        If hardly anything does, what matches the query without its typing errors comes behind
        it. An empty text gives everything: tracks in an order that stays when the library grows,
        albums and artists by name. A window far into it costs no more than the first: apps page
        through it for offline use.

        Sources are searched at the same time, unless the text is empty, and waited for until the
        deadline; what they find is put among the hits of the libraries. Later pages go on with
        what they had found at the first.
        """
        libraries = visible_libraries(viewer, library_id)
        pages: Pages = {"artist": query.artists, "album": query.albums, "track": query.tracks}
        if query.text.strip():
            return await self._federated(viewer, query, pages, library_id)
        return await self._shown(viewer, libraries, await self._everything(pages, libraries))

    async def _federated(
        self, viewer: User, query: SearchQuery, pages: Pages, library_id: int | None
    ) -> SearchResult:
        libraries = visible_libraries(viewer, library_id)
        if not self._elsewhere.has_sources(viewer, library_id):
            rows = await self._matching(query.text, pages, libraries)
            return await self._shown(viewer, libraries, rows)
        later = {kind: page for kind, page in pages.items() if page.offset and page.size}
        first = {kind: page for kind, page in pages.items() if kind not in later}
        (rows, shown), found = await asyncio.gather(
            self._first_pages(viewer, query.text, first, libraries),
            self._elsewhere.search(viewer, query, library_id),
        )
        if not later and not any(any(lists) for lists in found.values()):
            # After the deadline there is nothing left to be done.
            return shown
        orders = {kind: Interleaving(found.get(kind, ())) for kind in pages}
        rows |= await self._later_rows(query.text, later, orders, libraries)
        merged: dict[Kind, Sequence[int | str]] = {}
        for kind, page in pages.items():
            asked = orders[kind].local(page)
            count = None
            if len(rows[kind]) < asked.size or (asked.offset and not rows[kind]):
                count = await self._count(query.text, kind, asked, rows[kind], libraries)
            merged[kind] = orders[kind].window(page, rows[kind], count)
        return await self._shown(viewer, libraries, merged)

    async def _first_pages(
        self, viewer: User, text: str, pages: Pages, libraries: Sequence[LibraryId]
    ) -> tuple[Rows, SearchResult]:
        """Return what the libraries find, and how it is shown if sources find nothing."""
        asked = dict.fromkeys(KINDS, _NONE) | pages
        rows = await self._matching(text, asked, libraries)
        return rows, await self._shown(viewer, libraries, rows)

    async def _later_rows(
        self,
        text: str,
        pages: Pages,
        orders: Mapping[Kind, Interleaving],
        libraries: Sequence[LibraryId],
    ) -> Rows:
        if not pages:
            return {}
        # One more tells whether the libraries have found so much at all.
        asked: Pages = {}
        for kind, page in pages.items():
            local = orders[kind].local(page)
            asked[kind] = Page(offset=local.offset, size=max(1, local.size))
        found = await self._matching(text, dict.fromkeys(KINDS, _NONE) | asked, libraries)
        return {kind: found[kind] for kind in pages}

    async def _count(
        self,
        text: str,
        kind: Kind,
        asked: Page,
        rows: Sequence[int],
        libraries: Sequence[LibraryId],
    ) -> int:
        """Return how many the libraries have found, where they are all before the end of a page."""
        if rows or not asked.offset:
            return asked.offset + len(rows)
        before = dict.fromkeys(KINDS, _NONE) | {kind: Page(size=asked.offset)}
        return len((await self._matching(text, before, libraries))[kind])

    async def _shown(
        self, viewer: User, libraries: Sequence[LibraryId], hits: Hits
    ) -> SearchResult:
        """Return what a page shows, of the libraries by row and of sources by id."""
        rows = {
            kind: [one for one in those if isinstance(one, int)] for kind, those in hits.items()
        }
        ids = {kind: [one for one in those if isinstance(one, str)] for kind, those in hits.items()}
        artists_found = await by_rows(self._database, ARTISTS, viewer, rows["artist"])
        counted = await self._database.read(
            artists.counted, libraries, tuple(artists_found.values())
        )
        albums_found = await by_rows(self._database, ALBUMS, viewer, rows["album"])
        tracks_found = await by_rows(self._database, TRACKS, viewer, rows["track"])
        elsewhere = await self._elsewhere.things(
            viewer, artists=ids["artist"], albums=ids["album"], tracks=ids["track"]
        )
        return SearchResult(
            artists=_in_order(
                hits["artist"],
                dict(zip(artists_found, counted, strict=True)),
                elsewhere.artists,
            ),
            albums=_in_order(hits["album"], albums_found, elsewhere.albums),
            tracks=_in_order(hits["track"], tracks_found, elsewhere.tracks),
        )

    async def by_fields(self, viewer: User, query: FieldQuery, page: Page) -> TrackHits:
        """Return a window of the tracks whose fields have all words of the query in them.

        Of more than 5,000 tracks that have words beginning with all of them, in whatever field,
        those that came last are looked at.
        """
        rows = await self._database.read(field_search.rows, viewer.libraries, query)
        found = await by_rows(self._database, TRACKS, viewer, page.of(rows))
        return TrackHits(tracks=tuple(found.values()), total=len(rows))

    async def _everything(self, pages: Pages, libraries: Sequence[LibraryId]) -> Rows:
        orders = await self._read_model.orders(libraries)
        everything: Rows = {
            "artist": orders.artists,
            "album": orders.albums[AlbumListKind.BY_NAME],
            "track": orders.tracks,
        }
        return {kind: page.of(everything[kind]) for kind, page in pages.items()}

    async def _matching(self, text: str, pages: Pages, libraries: Sequence[LibraryId]) -> Rows:
        # Several words that are found in one thing were hardly all meant otherwise.
        enough = 1 if len(text.split()) > 1 else _FEW
        rows = await self._find(text, pages, libraries)
        if sum(map(len, rows.values())) >= enough:
            return rows
        exact = rows
        if any(page.offset or page.size < enough for page in pages.values()):
            # Whether there are few must not depend on the page that is asked for.
            first = dict.fromkeys(pages, Page(size=enough))
            exact = await self._find(text, first, libraries)
            if sum(map(len, exact.values())) >= enough:
                return rows
        vocabulary = await self._read_model.vocabulary()
        correction = await asyncio.to_thread(correct, vocabulary, text)
        if correction is None:
            return rows
        corrected: Rows = {}
        for kind, page in pages.items():
            # Those found exactly may be found again.
            limit = min(page.offset + page.size + _FEW, _MAX_CORRECTED) if page.size else 0
            near = await self._database.read(
                search_index.find_corrected, kind, correction, libraries=libraries, limit=limit
            )
            corrected[kind] = page.of(list(dict.fromkeys([*exact[kind], *near])))
        return corrected

    async def _find(self, text: str, pages: Pages, libraries: Sequence[LibraryId]) -> Rows:
        return {
            kind: await self._database.read(
                search_index.find,
                kind,
                text,
                libraries=libraries,
                offset=page.offset,
                limit=page.size,
            )
            for kind, page in pages.items()
        }


def _in_order(
    hits: Sequence[int | str], here: Mapping[int, Thing], elsewhere: Mapping[str, Thing]
) -> tuple[Thing, ...]:
    """Put things in the order of the hits; those that are gone meanwhile are left out."""
    found = (here.get(hit) if isinstance(hit, int) else elsewhere.get(hit) for hit in hits)
    return tuple(thing for thing in found if thing is not None)
