"""Words of tracks: what the library has, and what plugins know."""

from msgspec.json import Decoder
from msgspec.structs import replace

from hydrophone.domain.lyrics import Lyrics, LyricsKind
from hydrophone.domain.music import Track
from hydrophone.domain.units import Seconds
from hydrophone.domain.user import User
from hydrophone.errors import NotFoundError
from hydrophone.host.capabilities import LYRICS
from hydrophone.host.guard import Answer, Outcome
from hydrophone.host.registry import OWN, Provider, Registry
from hydrophone.plugin.capabilities.lyrics import LyricsProvider, LyricsRequest
from hydrophone.services.answers import AnswerKind, Answers, Question
from hydrophone.services.catalogue import Catalogue
from hydrophone.services.patience import PATIENCE, Patience
from hydrophone.storage.database import Database
from hydrophone.storage.queries import lyrics as queries
from hydrophone.storage.queries.tracks import TRACKS

_decode = Decoder(tuple[Lyrics, ...] | None).decode


class LyricsService:
    """Finds words."""

    def __init__(
        self, *, database: Database, registry: Registry, answers: Answers, catalogue: Catalogue
    ) -> None:
        """`answers` keeps what plugins said, also that they know none."""
        self._database = database
        self._catalogue = catalogue
        self._registry = registry
        self._answers = answers

    async def of_track(
        self, viewer: User, track_id: str, *, enhanced: bool = False
    ) -> tuple[Lyrics, ...]:
        """Return the words of a track, those with times first; empty if none are known.

        Those who may know are asked one after the other, until one has some; plugins have eight
        seconds together, and what they find later is there next time. Of each language
        there is one version with times and one without; what lies beside the file goes before its
        tags. `enhanced` adds translations and romanisations, after the
        words themselves, and prefers versions with times of words. Raises NotFoundError.
        """
        track = await self._track(viewer, track_id)
        return await self._of_track(track, self._patience(tracks=1), enhanced=enhanced)

    async def find(self, viewer: User, artist: str, title: str) -> Lyrics | None:
        """Return the words of a track by names, whatever their case; `None` if not known.

        They are under the names of the track, whatever they call it themselves. All tracks of these
        names have the time of one.
        """
        named = await self._database.read(queries.tracks_named, viewer.libraries, artist, title)
        patience = self._patience(tracks=len(named))
        for track_id in named:
            track = await self._track(viewer, track_id)
            for found in await self._of_track(track, patience, enhanced=False):
                return replace(
                    found, display_artist=track.display_artist, display_title=track.title
                )
        return None

    def _patience(self, *, tracks: int) -> Patience:
        plugins = sum(provider.instance != OWN for provider in self._registry.all(LYRICS))
        return Patience(PATIENCE, asked=plugins * tracks)

    async def _track(self, viewer: User, track_id: str) -> Track:
        track = await self._database.read(TRACKS.one, viewer.id, track_id)
        if track is None:
            track = await self._catalogue.track(viewer, track_id)
        if track is None or track.library_id not in viewer.libraries:
            raise NotFoundError("There is no such track.")
        return track

    async def _of_track(
        self, track: Track, patience: Patience, *, enhanced: bool
    ) -> tuple[Lyrics, ...]:
        found = [
            one
            for one in await self._versions(track, patience)
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

    async def _versions(self, track: Track, patience: Patience) -> tuple[Lyrics, ...]:
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
            if provider.instance == OWN:
                outcome = await provider.call(provider.it.lyrics, request)
            else:
                outcome = await self._remembered(provider, request, patience.share())
            if isinstance(outcome, Answer) and outcome.value:
                return outcome.value
        return ()

    async def _remembered(
        self, provider: Provider[LyricsProvider], request: LyricsRequest, patience: Seconds
    ) -> Outcome[tuple[Lyrics, ...]]:
        """Return what a plugin knows or has said before."""
        # A track that gets its true names by another tag is another question.
        key = "\x1f".join((request.track_id, request.title, request.credit))
        return await self._answers.ask(
            Question(source=provider.instance, kind=AnswerKind.LYRICS, key=key),
            _decode,
            lambda: provider.call(provider.it.lyrics, request),
            patience=patience,
        )
