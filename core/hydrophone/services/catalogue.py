"""What sources have, as artists, albums and tracks; and how it becomes a part of ours.

What was only shown lies in tables of its own. Whoever stars, rates, lists, queues, keeps or hears
something of it makes it an ordinary thing of the library, under the same id.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from hydrophone.domain.ids import ALBUM, ARTIST, TRACK, LibraryId, kind_of
from hydrophone.domain.library import (
    AlbumWithTracks,
    ArtistWithAlbums,
    Library,
)
from hydrophone.domain.music import Track
from hydrophone.domain.units import Seconds
from hydrophone.domain.user import User
from hydrophone.errors import ProviderUnavailableError, UnavailableError
from hydrophone.host.guard import Answer, Fault, NotFound, Outcome
from hydrophone.services.clock import Clock
from hydrophone.services.inquiries import Inquiries, raise_fault
from hydrophone.services.reading import by_ids, every_page, steps
from hydrophone.services.sources import Sources
from hydrophone.storage.database import Database
from hydrophone.storage.queries import libraries, remote, remote_origins, shelving
from hydrophone.storage.queries.albums import ALBUMS
from hydrophone.storage.queries.answers import Shown
from hydrophone.storage.queries.remote_origins import Origin
from hydrophone.storage.queries.tracks import TRACKS

_MARKED = (ARTIST, ALBUM, TRACK)
"""Kinds of things that somebody may leave something on."""


class Catalogue:
    """Looks up what sources have shown, and asks them for what they have not shown yet."""

    def __init__(
        self, *, database: Database, sources: Sources, inquiries: Inquiries, clock: Clock
    ) -> None:
        self._database = database
        self._sources = sources
        self._inquiries = inquiries
        self._clock = clock

    @property
    def library_ids(self) -> tuple[LibraryId, ...]:
        """The libraries of all sources that ever ran."""
        return self._sources.library_ids

    def has(self, library_id: LibraryId) -> bool:
        """Say whether a library is a source."""
        return self._sources.library(library_id) is not None

    async def libraries(self, viewer: User) -> tuple[Library, ...]:
        """Return sources that a user sees: those with a tree now, or of which something is here."""
        visible = self._sources.among(viewer.libraries)
        if not visible:
            return ()
        filled = await self._database.read(libraries.filled, visible)
        return tuple(
            library
            for library in self._sources.all()
            if library.id in visible
            and (library.id in filled or self._sources.is_browsable(library.id))
        )

    async def track(self, viewer: User, track_id: str) -> Track | None:
        """Return a track that a source has shown; asks nobody."""
        track = await self._database.read(remote.TRACKS.one, viewer.id, track_id)
        return track if track is not None and track.library_id in viewer.libraries else None

    async def origin(self, viewer: User, track_id: str) -> Origin | None:
        """Return where the bytes of a track are to be asked for; `None` if no source has it.

        Raises UnavailableError if its source does not play it.
        """
        found = await self._database.read(remote_origins.track_origin, track_id)
        if found is None or found.library_id not in viewer.libraries:
            return None
        refusal = await self._database.read(remote.refusal, track_id)
        if refusal:
            raise UnavailableError(refusal)
        return found

    async def album(self, viewer: User, album_id: str) -> AlbumWithTracks | None:
        """Return an album of a source with its tracks, which the source may be asked for.

        `None` if no source has shown it. Raises UnavailableError if its tracks are not known and
        the source does not tell them now.
        """
        origin = await self._database.read(remote_origins.album_origin, album_id)
        if origin is None or origin.library_id not in viewer.libraries:
            return None
        outcome = await self._opened(origin)
        tracks = await every_page(
            self._database,
            lambda connection, page: remote.tracks_of_album(connection, viewer.id, album_id, page),
        )
        if not tracks:
            raise_fault(outcome)
        here = {
            track.id: track
            for track in await by_ids(
                self._database, TRACKS, viewer, [track.id for track in tracks]
            )
        }
        album = await self._database.read(ALBUMS.one, viewer.id, album_id)
        if album is None:
            album = await self._database.read(remote.ALBUMS.one, viewer.id, album_id)
        if album is None:
            return None
        return AlbumWithTracks(
            album=replace(
                album,
                track_count=len(tracks),
                duration=Seconds(sum(track.duration for track in tracks)),
            ),
            # Of what is here more is known.
            tracks=tuple(here.get(track.id, track) for track in tracks),
        )

    async def artist(self, viewer: User, artist_id: str, *, waits: bool) -> ArtistWithAlbums | None:
        """Return an artist of sources with the albums that they have.

        Sources are asked for them; unless it `waits`, what they answer is there next time. `None`
        if no source has shown the artist.
        """
        if not self._sources.among(viewer.libraries):
            return None
        artist = await self._database.read(remote.artist_one, viewer.libraries, artist_id)
        if artist is None:
            return None
        origins = await self._database.read(
            remote_origins.artist_origins, viewer.libraries, artist_id
        )
        shown: list[str] = []
        for origin in origins:
            outcome = await self._albums_of(origin, waits=waits)
            if isinstance(outcome, Answer):
                shown += outcome.value.albums
        opened = await by_ids(self._database, remote.ALBUMS, viewer, shown)
        others = await self._database.read(
            remote.albums_of_artist, viewer.id, viewer.libraries, artist_id
        )
        albums = {album.id: album for album in (*opened, *others)}
        return ArtistWithAlbums(
            artist=replace(artist, album_count=len(albums)), albums=tuple(albums.values())
        )

    async def notes(self, viewer: User, album_id: str) -> str:
        """Return what a source tells of an album: place, taper, licence; empty if nothing."""
        if not self._sources.among(viewer.libraries):
            return ""
        return await self._database.read(remote.album_notes, viewer.libraries, album_id)

    async def biography(self, viewer: User, artist_id: str) -> str:
        """Return what the first source tells of an artist that does; empty if none does.

        Sources that were not asked for him yet are, and what they tell is there next time.
        """
        origins = await self._database.read(
            remote_origins.artist_origins, viewer.libraries, artist_id
        )
        for origin in origins:
            outcome = await self._albums_of(origin, waits=False)
            if isinstance(outcome, Answer) and outcome.value.biography:
                return outcome.value.biography
        return ""

    async def versions(self, identifiers: Sequence[str]) -> dict[str, remote.Version]:
        """Return {id: version} of those albums that a source has several versions of."""
        found: dict[str, remote.Version] = {}
        for step in steps(identifiers):
            found |= await self._database.read(remote.versions, step)
        return found

    async def adopt(self, viewer: User, identifiers: Sequence[str]) -> None:
        """Make what was only shown a part of the library, for somebody to leave something on it.

        Albums come with all their tracks if their source tells them now. Ids of other things,
        unknown ones and those of the library are left alone.
        """
        if not self._sources.among(viewer.libraries):
            return
        asked = [one for one in dict.fromkeys(identifiers) if kind_of(one) in _MARKED]
        for step in steps(asked):
            lacking = await self._database.read(remote.unshelved, viewer.libraries, step)
            await self._shelve(tracks=lacking.tracks)
            # Of an album that is here, only the tracks may be that were played.
            for album_id in (one for one in step if kind_of(one) == ALBUM):
                for part in steps(await self._tracks_to_adopt(viewer, album_id)):
                    others = await self._database.read(remote.unshelved, viewer.libraries, part)
                    await self._shelve(tracks=others.tracks)
            await self._shelve(albums=lacking.albums, artists=lacking.artists)

    async def began(self, track: Track) -> None:
        """Make a track a part of the library of which its source gives the first bytes.

        Until then it is what it was: a source may refuse it, or be down.
        """
        lacking = await self._database.read(remote.unshelved, self.library_ids, [track.id])
        if lacking.tracks:
            # A listener waits; what a power cut takes comes back with the next that hears it.
            await self._database.write_soon(
                shelving.shelve, lacking.tracks, (), (), self._clock.now()
            )

    async def _shelve(
        self,
        *,
        tracks: Sequence[str] = (),
        albums: Sequence[str] = (),
        artists: Sequence[str] = (),
    ) -> None:
        if tracks or albums or artists:
            await self._database.write(shelving.shelve, tracks, albums, artists, self._clock.now())

    async def _tracks_to_adopt(self, viewer: User, album_id: str) -> list[str]:
        try:
            found = await self.album(viewer, album_id)
        except UnavailableError:
            # A star is not refused because a source is down.
            return []
        return [] if found is None else [track.id for track in found.tracks]

    async def _opened(self, origin: Origin) -> Outcome[Shown]:
        provider = self._sources.provider(origin.library_id)
        library = self._sources.library(origin.library_id)
        if provider is None or library is None:
            return Fault(ProviderUnavailableError(f"{origin.source} does not run."))
        if not origin.native_id:
            return NotFound()
        return await self._inquiries.album(library, provider, origin.native_id)

    async def _albums_of(self, origin: Origin, *, waits: bool) -> Outcome[Shown]:
        provider = self._sources.provider(origin.library_id)
        library = self._sources.library(origin.library_id)
        if provider is None or library is None or not origin.native_id:
            return NotFound()
        return await self._inquiries.artist(library, provider, origin.native_id, waits=waits)
