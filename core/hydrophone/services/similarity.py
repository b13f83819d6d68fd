"""What is like what, and what is the best of an artist: by plugins, then by the library itself."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from msgspec import Struct
from msgspec.json import Decoder

from hydrophone.domain.ids import TRACK, kind_of
from hydrophone.domain.music import Artist, Track
from hydrophone.domain.units import Seconds
from hydrophone.domain.user import User
from hydrophone.host.capabilities import SIMILARITY
from hydrophone.host.guard import Answer
from hydrophone.host.registry import Provider, Registry
from hydrophone.plugin.capabilities.similarity import (
    KnownArtist,
    KnownTrack,
    SimilarArtist,
    SimilarArtistsRequest,
    SimilarityProvider,
    SimilarTrack,
    SimilarTracksRequest,
    TopTracksRequest,
)
from hydrophone.services.answers import AnswerKind, Answers, Question
from hydrophone.services.known_music import KnownMusic
from hydrophone.services.own_similarity import OwnSimilarity
from hydrophone.services.reading import by_ids
from hydrophone.storage.database import Database
from hydrophone.storage.folding import fold
from hydrophone.storage.queries import artists
from hydrophone.storage.queries.tracks import TRACKS

RequestT = TypeVar("RequestT", bound=Struct)
ItemT = TypeVar("ItemT", bound=Struct)
ThingT = TypeVar("ThingT", bound=Artist | Track)

_Ask = Callable[[SimilarityProvider], Callable[[RequestT], Awaitable[tuple[ItemT, ...]]]]

_COUNT = 100
"""What plugins are asked for, however few are wanted: the answer is for all."""
_PATIENCE = Seconds(2.0)
"""What comes later counts next time."""
_similar_artists = Decoder(tuple[SimilarArtist, ...] | None).decode
_similar_tracks = Decoder(tuple[SimilarTrack, ...] | None).decode
_top_tracks = Decoder(tuple[KnownTrack, ...] | None).decode


class Similarity:
    """Shows what of the plugins' answers the viewer has, filled up from the library's own."""

    def __init__(
        self, *, database: Database, registry: Registry, answers: Answers, own: OwnSimilarity
    ) -> None:
        self._database = database
        self._registry = registry
        self._answers = answers
        self._own = own
        self._music = KnownMusic(database=database)

    async def similar_artists(
        self, viewer: User, identifier: str, count: int
    ) -> tuple[Artist, ...]:
        """Return artists like that of an artist, album or track id, the nearest first."""
        artist = await self._own.artist(viewer, identifier) if self._has_plugins else None
        found: tuple[Artist, ...] = ()
        if artist is not None:
            request = SimilarArtistsRequest(artist=_known_artist(artist), count=_COUNT)
            named = await self._named(
                AnswerKind.SIMILAR_ARTISTS,
                _key(artist.musicbrainz_id, artist.name),
                _similar_artists,
                lambda it: it.similar_artists,
                request,
            )
            found = await self._music.artists(viewer, [one.artist for one in named])
            found = tuple(one for one in found if one.id != artist.id)
        if len(found) >= count:
            return found[:count]
        own = await self._own.similar_artists(viewer, identifier, count + len(found))
        return _filled_up(found, own, count)

    async def similar_tracks(self, viewer: User, identifier: str, count: int) -> tuple[Track, ...]:
        """Return tracks like an artist, album or track.

        Plugins are asked about tracks only; what the library adds is drawn anew each time.
        """
        found: tuple[Track, ...] = ()
        if self._has_plugins and kind_of(identifier) == TRACK:
            for track in await by_ids(self._database, TRACKS, viewer, [identifier]):
                named = await self._named(
                    AnswerKind.SIMILAR_TRACKS,
                    track.id,
                    _similar_tracks,
                    lambda it: it.similar_tracks,
                    SimilarTracksRequest(track=_known_track(track), count=_COUNT),
                )
                found = await self._music.tracks(viewer, [one.track for one in named])
                found = tuple(one for one in found if one.id != identifier)
        if len(found) >= count:
            return found[:count]
        own = await self._own.similar_tracks(viewer, identifier, count + len(found))
        return _filled_up(found, own, count)

    async def top_tracks(self, viewer: User, artist_name: str, count: int) -> tuple[Track, ...]:
        """Return the best tracks of an artist by name, whatever its case; empty if unknown."""
        for artist_id in await self._database.read(artists.by_name, artist_name):
            found = await self.top_tracks_of(viewer, artist_id, count)
            if found:
                return found
        return ()

    async def top_tracks_of(self, viewer: User, artist_id: str, count: int) -> tuple[Track, ...]:
        """Return what is heard most elsewhere of an artist's tracks, then what is heard most here.

        Here the viewer's own plays count twice.
        """
        artist = await self._own.artist(viewer, artist_id) if self._has_plugins else None
        found: tuple[Track, ...] = ()
        if artist is not None:
            named = await self._named(
                AnswerKind.TOP_TRACKS,
                _key(artist.musicbrainz_id, artist.name),
                _top_tracks,
                lambda it: it.top_tracks,
                TopTracksRequest(artist=_known_artist(artist), count=_COUNT),
            )
            found = await self._music.tracks(viewer, named)
        if len(found) >= count:
            return found[:count]
        own = await self._own.top_tracks_of(viewer, artist_id, count + len(found))
        return _filled_up(found, own, count)

    @property
    def _has_plugins(self) -> bool:
        return bool(self._registry.all(SIMILARITY))

    async def _named(
        self,
        kind: AnswerKind,
        key: str,
        decode: Callable[[str], tuple[ItemT, ...] | None],
        ask: _Ask[RequestT, ItemT],
        request: RequestT,
    ) -> list[ItemT]:
        """Ask all plugins at once; return what they name, that of the first one first."""

        async def named(provider: Provider[SimilarityProvider]) -> tuple[ItemT, ...]:
            outcome = await self._answers.ask(
                Question(source=provider.instance, kind=kind, key=key),
                decode,
                lambda: provider.call(ask(provider.it), request),
                patience=_PATIENCE,
            )
            return outcome.value if isinstance(outcome, Answer) else ()

        answers = await asyncio.gather(*map(named, self._registry.all(SIMILARITY)))
        return [one for answer in answers for one in answer]


def _filled_up(found: Sequence[ThingT], own: Sequence[ThingT], count: int) -> tuple[ThingT, ...]:
    seen: set[str] = {one.id for one in found}
    rest = [one for one in own if one.id not in seen]
    return tuple([*found, *rest][:count])


def _known_artist(artist: Artist) -> KnownArtist:
    return KnownArtist(name=artist.name, musicbrainz_id=artist.musicbrainz_id)


def _known_track(track: Track) -> KnownTrack:
    return KnownTrack(
        title=track.title,
        artists=tuple(artist.name for artist in track.artists),
        album=track.album_name,
        duration=track.duration,
        isrcs=track.isrcs,
        musicbrainz_id=track.musicbrainz_id,
        track_id=track.id,
    )


def _key(musicbrainz_id: str, name: str) -> str:
    return f"{musicbrainz_id}\x1f{fold(name)}"
