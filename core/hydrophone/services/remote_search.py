"""Searches sources beside the libraries: at once, for so long, and the same on every page."""

import asyncio
from collections.abc import Mapping, Sequence

from msgspec import Struct

from hydrophone.domain.library import Library
from hydrophone.domain.music import Album, Artist, Track
from hydrophone.domain.search import SearchQuery
from hydrophone.domain.units import Seconds, Timestamp
from hydrophone.domain.user import User
from hydrophone.host.guard import Answer
from hydrophone.host.registry import Provider
from hydrophone.plugin.capabilities.source import Source
from hydrophone.services.clock import Clock
from hydrophone.services.inquiries import Inquiries
from hydrophone.services.reading import visible_libraries
from hydrophone.services.sources import Sources
from hydrophone.storage import search_index
from hydrophone.storage.database import Database
from hydrophone.storage.queries import links, past_searches, remote, remote_credits
from hydrophone.storage.queries.albums import ALBUMS
from hydrophone.storage.queries.answers import Shown
from hydrophone.storage.queries.artists import ARTISTS
from hydrophone.storage.queries.past_searches import Lists, PastSearch
from hydrophone.storage.queries.tracks import TRACKS
from hydrophone.storage.search_index import KINDS, Kind

_PAGING_MS = 60 * 60 * 1000
"""How long after the first page another goes on with it."""
_LONGEST = 500
"""Characters of a search that are sent to sources and kept."""


class Things(Struct, frozen=True, kw_only=True):
    """What sources have shown, by id."""

    artists: Mapping[str, Artist] = {}
    albums: Mapping[str, Album] = {}
    tracks: Mapping[str, Track] = {}


_NOTHING = Things()


class RemoteSearch:
    """Asks all sources that a user sees, and remembers what was shown on the first page."""

    def __init__(
        self,
        *,
        database: Database,
        sources: Sources,
        inquiries: Inquiries,
        clock: Clock,
        deadline: Seconds,
    ) -> None:
        """Nobody waits for sources longer than `deadline`."""
        self._database = database
        self._sources = sources
        self._inquiries = inquiries
        self._clock = clock
        self._deadline = deadline

    async def search(
        self, viewer: User, query: SearchQuery, library_id: int | None
    ) -> Mapping[Kind, Lists]:
        """Return what each source has found, by kind, without what the libraries find too.

        Later pages are cut from what was there at the first. Takes no longer than the deadline,
        and puts a first page on record.
        """
        # What is done before anybody is asked counts as well.
        ends = asyncio.get_running_loop().time() + self._deadline
        text = query.text.strip()[:_LONGEST]
        scope = library_id or 0
        pages = {"artist": query.artists, "album": query.albums, "track": query.tracks}
        kinds = [kind for kind in KINDS if pages[kind].size]
        known: Mapping[Kind, Lists] = {}
        if any(pages[kind].offset for kind in kinds):
            since = Timestamp(self._clock.now() - _PAGING_MS)
            known = await self._database.read(past_searches.snapshot, viewer.id, scope, text, since)
        result: dict[Kind, Lists] = {
            kind: known[kind] for kind in kinds if pages[kind].offset and kind in known
        }
        wanted = [kind for kind in kinds if kind not in result]
        if wanted:
            answers = await self._ask(viewer, text, library_id, ends)
            fresh = {kind: await self._besides(viewer, kind, text, answers) for kind in wanted}
            await self._database.write_soon(
                past_searches.put, viewer.id, scope, text, fresh, self._clock.now()
            )
            result |= fresh
        return result

    def has_sources(self, viewer: User, library_id: int | None) -> bool:
        """Say whether there is any source that a user's search goes to."""
        return bool(self._running(viewer, library_id))

    async def things(
        self,
        viewer: User,
        *,
        artists: Sequence[str],
        albums: Sequence[str],
        tracks: Sequence[str],
    ) -> Things:
        """Return what sources have shown (at most 500 of each), by id."""
        if not (artists or albums or tracks):
            return _NOTHING
        read, viewer_id = self._database.read, viewer.id
        return Things(
            artists=await read(remote.artists_by_ids, viewer.libraries, artists)
            | await read(ARTISTS.by_ids, viewer_id, artists),
            # Of what has become a part of the library more is known.
            albums=await read(remote.ALBUMS.by_ids, viewer_id, albums)
            | await read(ALBUMS.by_ids, viewer_id, albums),
            tracks=await read(remote.TRACKS.by_ids, viewer_id, tracks)
            | await read(TRACKS.by_ids, viewer_id, tracks),
        )

    async def recent(self, viewer: User, limit: int = 20) -> tuple[PastSearch, ...]:
        """Return what a user has searched, the latest first."""
        return await self._database.read(past_searches.recent, viewer.id, limit)

    async def clear(self, viewer: User) -> int:
        """Forget what a user has searched; return how much that was."""
        return await self._database.write(past_searches.clear, viewer.id)

    async def _ask(
        self, viewer: User, text: str, library_id: int | None, ends: float
    ) -> list[Shown]:
        patience = Seconds(max(0.0, ends - asyncio.get_running_loop().time()))
        outcomes = await asyncio.gather(
            *(
                self._inquiries.search(library, provider, text, patience)
                for library, provider in self._running(viewer, library_id)
            )
        )
        return [outcome.value for outcome in outcomes if isinstance(outcome, Answer)]

    def _running(
        self, viewer: User, library_id: int | None
    ) -> tuple[tuple[Library, Provider[Source]], ...]:
        return self._sources.running(visible_libraries(viewer, library_id))

    async def _besides(
        self, viewer: User, kind: Kind, text: str, answers: Sequence[Shown]
    ) -> Lists:
        """Leave out what the libraries find as well, and what another source has found before."""
        lists = [_of_kind(shown, kind) for shown in answers]
        if kind == "artist":
            lists = await self._present(lists)
        ids = [one for those in lists for one in those]
        if not ids:
            return ()
        taken: set[str] = await self._database.read(
            search_index.found_among, kind, text, ids, libraries=viewer.libraries
        )
        if kind == "track":
            taken |= await self._database.read(links.with_better, ids, viewer.libraries)
        return tuple(_without(those, taken) for those in lists)

    async def _present(self, lists: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
        """Put those in the place of artists whom they have become since they were shown."""
        asked = [one for those in lists for one in those]
        present = await self._database.read(remote_credits.present_ids, asked)
        return [tuple(dict.fromkeys(present.get(one, one) for one in those)) for those in lists]


def _of_kind(shown: Shown, kind: Kind) -> tuple[str, ...]:
    return {"artist": shown.artists, "album": shown.albums, "track": shown.tracks}[kind]


def _without(those: Sequence[str], taken: set[str]) -> tuple[str, ...]:
    left = tuple(one for one in those if one not in taken)
    taken.update(left)
    return left
