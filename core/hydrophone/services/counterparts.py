"""The same recording elsewhere: by the links that there are, and by asking sources for it."""

import asyncio
from collections.abc import Mapping

from hydrophone.domain.ids import LibraryId
from hydrophone.domain.music import Track
from hydrophone.domain.recording import LinkedTrack, LinkKind
from hydrophone.domain.units import Seconds
from hydrophone.domain.user import User
from hydrophone.services.inquiries import Inquiries
from hydrophone.services.matcher import Matcher
from hydrophone.services.sources import Sources
from hydrophone.storage.database import Database
from hydrophone.storage.queries import cached_files, links

_PATIENCE = Seconds(5.0)
_SUREST = (
    LinkKind.MANUAL,
    LinkKind.MUSICBRAINZ,
    LinkKind.ISRC,
    LinkKind.ACOUSTID,
    LinkKind.FUZZY,
)
_HERE, _CACHED, _FIRST_SOURCE = range(3)


class Counterparts:
    """Finds tracks that are the same recording as another, as far as a user may see them."""

    def __init__(
        self, *, database: Database, sources: Sources, inquiries: Inquiries, matcher: Matcher
    ) -> None:
        self._database = database
        self._matcher = matcher
        self._sources = sources
        self._inquiries = inquiries

    async def of(self, viewer: User, track: Track) -> tuple[Track, ...]:
        """Return them as they should be played: on the disk, cached, then as sources are ordered.

        Of each of these the surest link comes first, then the one that is most as long. What is
        missing on the disk, and of sources that do not run, is left out. Asks nobody.
        """
        linked = {
            one.track.id: one
            for one in await self._matcher.linked(viewer, track.id)
            if one.link.kind is not LinkKind.DIFFERENT
        }
        if not linked:
            return ()
        gone = await self._database.read(links.gone, linked)
        cached = await self._database.read(cached_files.among_tracks, linked)
        ranks = self._ranks(viewer)

        def rank(one: LinkedTrack) -> tuple[int, int, float]:
            other = one.track
            place = _CACHED if other.id in cached else ranks[other.library_id]
            return place, _SUREST.index(one.link.kind), abs(other.duration - track.duration)

        playable = [
            one
            for one in linked.values()
            if one.track.id in cached
            or (one.track.library_id in ranks and one.track.id not in gone)
        ]
        return tuple(one.track for one in sorted(playable, key=rank))

    async def look_up(self, viewer: User, track: Track) -> None:
        """Ask all other sources for the recording, for five seconds; what they have is linked."""
        await asyncio.gather(
            *(
                self._inquiries.match(library, provider, track, _PATIENCE)
                for library, provider in self._sources.running(viewer.libraries)
                if library.id != track.library_id
            )
        )

    def _ranks(self, viewer: User) -> Mapping[LibraryId, int]:
        """Return {library: place} of what can be played; for the disk the least."""
        running = self._sources.running(viewer.libraries)
        remote_ones = set(self._sources.among(viewer.libraries))
        ranks = {one: _HERE for one in viewer.libraries if one not in remote_ones}
        return ranks | {
            library.id: place for place, (library, _) in enumerate(running, _FIRST_SOURCE)
        }
