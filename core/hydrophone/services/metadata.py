"""What plugins know about artists and albums, beside what the library knows."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from msgspec import Struct
from msgspec.json import Decoder
from msgspec.structs import asdict, replace

from hydrophone.domain.facts import AlbumFacts, ArtistFacts
from hydrophone.domain.music import Album, Artist
from hydrophone.domain.units import Seconds
from hydrophone.domain.user import User
from hydrophone.host.capabilities import METADATA
from hydrophone.host.guard import Answer, Outcome
from hydrophone.host.registry import Provider, Registry
from hydrophone.plugin.capabilities.metadata import (
    AlbumQuery,
    ArtistQuery,
    MetadataProvider,
)
from hydrophone.services.answers import AnswerKind, Answers, Question
from hydrophone.services.catalogue import Catalogue
from hydrophone.storage.folding import fold

FactsT = TypeVar("FactsT", bound=Struct)

_PATIENCE = Seconds(2.0)
"""What comes later is shown next time."""
_artist_facts: Callable[[str], ArtistFacts | None] = Decoder(ArtistFacts | None).decode
_album_facts: Callable[[str], AlbumFacts | None] = Decoder(AlbumFacts | None).decode


class Metadata:
    """Asks all plugins at once, and puts together what they say."""

    def __init__(self, *, registry: Registry, answers: Answers, catalogue: Catalogue) -> None:
        """`answers` keeps what was said, also that there is nothing to say."""
        self._registry = registry
        self._catalogue = catalogue
        self._answers = answers

    async def artist(self, viewer: User, artist: Artist) -> ArtistFacts:
        """Return what is known of an artist: of each field what the first one says who knows it.

        Sources are the last to be believed: they may have but the name. Takes two seconds at
        most. Never raises because of a plugin.
        """
        query = ArtistQuery(name=artist.name, musicbrainz_id=artist.musicbrainz_id)
        outcomes = await self._ask(
            AnswerKind.ARTIST_FACTS,
            _key(query.musicbrainz_id, query.name),
            _artist_facts,
            lambda provider: provider.call(provider.it.artist, query),
        )
        facts = _merged(ArtistFacts(), outcomes)
        if facts.biography:
            return facts
        return replace(facts, biography=await self._catalogue.biography(viewer, artist.id))

    async def album(self, viewer: User, album: Album) -> AlbumFacts:
        """Return what is known of an album, as `artist` does.

        What its own source tells is of this very album, and goes before what others say of its
        name.
        """
        query = AlbumQuery(
            title=album.name,
            artists=tuple(artist.name for artist in album.artists),
            musicbrainz_id=album.musicbrainz_id,
        )
        outcomes = await self._ask(
            AnswerKind.ALBUM_FACTS,
            _key(query.musicbrainz_id, query.title, *query.artists),
            _album_facts,
            lambda provider: provider.call(provider.it.album, query),
        )
        facts = _merged(AlbumFacts(), outcomes)
        notes = await self._catalogue.notes(viewer, album.id)
        return replace(facts, notes=notes or facts.notes)

    async def _ask(
        self,
        kind: AnswerKind,
        key: str,
        decode: Callable[[str], FactsT | None],
        call: Callable[[Provider[MetadataProvider]], Awaitable[Outcome[FactsT]]],
    ) -> Sequence[Outcome[FactsT]]:
        """Ask all providers at once, in their order; what was said before is not asked again."""

        async def ask(provider: Provider[MetadataProvider]) -> Outcome[FactsT]:
            return await self._answers.ask(
                Question(source=provider.instance, kind=kind, key=key),
                decode,
                lambda: call(provider),
                patience=_PATIENCE,
            )

        return await asyncio.gather(*map(ask, self._registry.all(METADATA)))


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
