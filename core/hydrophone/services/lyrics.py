"""Words of tracks: what the library has, and what plugins know."""

from hydrophone.domain.lyrics import Lyrics, LyricsKind
from hydrophone.domain.music import Track
from hydrophone.domain.user import User
from hydrophone.errors import NotFoundError
from hydrophone.host.capabilities import LYRICS
from hydrophone.host.guard import Answer
from hydrophone.host.registry import Registry
from hydrophone.plugin.capabilities.lyrics import LyricsRequest
from hydrophone.services.catalogue import Catalogue
from hydrophone.storage.database import Database
from hydrophone.storage.queries import lyrics as queries
from hydrophone.storage.queries.tracks import TRACKS


class LyricsService:
    """Finds words."""

    def __init__(self, *, database: Database, registry: Registry, catalogue: Catalogue) -> None:
        self._database = database
        self._catalogue = catalogue
        self._registry = registry

    async def of_track(
        self, viewer: User, track_id: str, *, enhanced: bool = False
    ) -> tuple[Lyrics, ...]:
        """Return the words of a track, those with times first; empty if none are known.

        Those who may know are asked one after the other, until one has some. Of each language
        there is one version with times and one without; what lies beside the file goes before its
        tags. `enhanced` adds translations and romanisations, after the
        words themselves, and prefers versions with times of words. Raises NotFoundError.
        """
        track = await self._database.read(TRACKS.one, viewer.id, track_id)
        if track is None:
            track = await self._catalogue.track(viewer, track_id)
        if track is None or track.library_id not in viewer.libraries:
            raise NotFoundError("There is no such track.")
        found = [
            one
            for one in await self._versions(track)
            if any(line.text for line in one.lines) and (enhanced or one.kind is LyricsKind.MAIN)
        ]
        if enhanced:
            found.sort(key=lambda one: not one.cue_lines)
        versions: dict[tuple[LyricsKind, str, bool], Lyrics] = {}
        for one in found:
            versions.setdefault((one.kind, one.language, one.is_synced), one)
        return tuple(
            sorted(
                versions.values(),
                key=lambda one: (one.kind is not LyricsKind.MAIN, not one.is_synced),
            )
        )

    async def find(self, viewer: User, artist: str, title: str) -> Lyrics | None:
        """Return the words of a track by names, whatever their case; `None` if not known."""
        for track_id in await self._database.read(
            queries.tracks_named, viewer.libraries, artist, title
        ):
            found = await self.of_track(viewer, track_id)
            if found:
                return found[0]
        return None

    async def _versions(self, track: Track) -> tuple[Lyrics, ...]:
        """Return what the first one knows that knows something, the preferred versions first."""
        request = LyricsRequest(
            track_id=track.id,
            title=track.title,
            artists=tuple(artist.name for artist in track.artists),
            credit=track.display_artist,
            album=track.album_name,
            duration=track.duration,
            musicbrainz_id=track.musicbrainz_id,
        )
        for provider in self._registry.all(LYRICS):
            outcome = await provider.call(provider.it.lyrics, request)
            if isinstance(outcome, Answer) and outcome.value:
                return outcome.value
        return ()
