"""What plugins know about artists and albums, beside what the library knows."""

import asyncio
from collections.abc import Sequence
from typing import TypeVar

from msgspec import Struct
from msgspec.json import Decoder
from msgspec.structs import asdict

from hydrophone.domain.facts import AlbumFacts, ArtistFacts
from hydrophone.domain.music import Album, Artist
from hydrophone.domain.units import Seconds
from hydrophone.host.capabilities import METADATA
from hydrophone.host.guard import Answer, Outcome
from hydrophone.host.registry import Provider, Registry
from hydrophone.plugin.capabilities.metadata import (
    AlbumQuery,
    ArtistQuery,
    MetadataProvider,
)
from hydrophone.services.answers import AnswerKind, Answers, Question
from hydrophone.storage.folding import fold

FactsT = TypeVar("FactsT", bound=Struct)

_PATIENCE = Seconds(2.0)
"""What comes later is shown next time."""
_artist_facts = Decoder(ArtistFacts | None).decode
_album_facts = Decoder(AlbumFacts | None).decode


class Metadata:
    """Asks all plugins at once, and puts together what they say."""

    def __init__(self, *, registry: Registry, answers: Answers) -> None:
        """`answers` keeps what was said, also that there is nothing to say."""
        self._registry = registry
        self._answers = answers

    async def artist(self, artist: Artist) -> ArtistFacts:
        """Return what is known of an artist: of each field what the first one says who knows it.

        Takes two seconds at most. Never raises because of a plugin.
        """
        query = ArtistQuery(name=artist.name, musicbrainz_id=artist.musicbrainz_id)
        key = _key(query.musicbrainz_id, query.name)

        async def ask(provider: Provider[MetadataProvider]) -> Outcome[ArtistFacts]:
            return await self._answers.ask(
                Question(source=provider.instance, kind=AnswerKind.ARTIST_FACTS, key=key),
                _artist_facts,
                lambda: provider.call(provider.it.artist, query),
                patience=_PATIENCE,
            )

        outcomes = await asyncio.gather(*map(ask, self._registry.all(METADATA)))
        return _merged(ArtistFacts(), outcomes)

    async def album(self, album: Album) -> AlbumFacts:
        """Return what is known of an album, as `artist` does."""
        query = AlbumQuery(
            title=album.name,
            artists=tuple(artist.name for artist in album.artists),
            musicbrainz_id=album.musicbrainz_id,
        )
        key = _key(query.musicbrainz_id, query.title, *query.artists)

        async def ask(provider: Provider[MetadataProvider]) -> Outcome[AlbumFacts]:
            return await self._answers.ask(
                Question(source=provider.instance, kind=AnswerKind.ALBUM_FACTS, key=key),
                _album_facts,
                lambda: provider.call(provider.it.album, query),
                patience=_PATIENCE,
            )

        outcomes = await asyncio.gather(*map(ask, self._registry.all(METADATA)))
        return _merged(AlbumFacts(), outcomes)


def _key(musicbrainz_id: str, *names: str) -> str:
    return "\x1f".join((musicbrainz_id, *map(fold, names)))


def _merged(nothing: FactsT, outcomes: Sequence[Outcome[FactsT]]) -> FactsT:
    """Take each field from the first one that has it."""
    known = [outcome.value for outcome in outcomes if isinstance(outcome, Answer)]
    fields = {
        name: next(filter(None, (getattr(one, name) for one in (*known, nothing))), none)
        for name, none in asdict(nothing).items()
    }
    return type(nothing)(**fields)
