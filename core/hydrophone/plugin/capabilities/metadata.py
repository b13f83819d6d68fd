"""Knowledge about artists and albums: biographies, notes, links, what is heard most."""

from typing import Protocol, runtime_checkable

from msgspec import Struct

from hydrophone.domain.facts import AlbumFacts, ArtistFacts


class ArtistQuery(Struct, frozen=True, kw_only=True):
    """The artist that is asked about."""

    name: str
    musicbrainz_id: str = ""


class AlbumQuery(Struct, frozen=True, kw_only=True):
    """The album that is asked about."""

    title: str
    artists: tuple[str, ...]
    musicbrainz_id: str = ""
    """MusicBrainz release id."""


@runtime_checkable
class MetadataProvider(Protocol):
    """Tells what files do not say. `None` means that it was asked and knows nothing."""

    async def artist(self, request: ArtistQuery) -> ArtistFacts | None:
        """Return what is known of an artist."""
        ...

    async def album(self, request: AlbumQuery) -> AlbumFacts | None:
        """Return what is known of an album."""
        ...
