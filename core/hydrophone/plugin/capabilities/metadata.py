"""Knowledge about artists and albums: biographies, notes, links, what is heard most."""

from typing import Annotated, Protocol, runtime_checkable

from msgspec import Meta, Struct

from hydrophone.domain.music import PartialDate

_Long = Annotated[str, Meta(max_length=100_000)]


class ArtistQuery(Struct, frozen=True, kw_only=True):
    """The artist that is asked about."""

    name: str
    musicbrainz_id: str = ""


class ArtistFacts(Struct, frozen=True, kw_only=True):
    """What is known of an artist."""

    biography: _Long = ""
    """Plain text, paragraphs apart by an empty line."""
    url: str = ""
    """A page for people."""
    musicbrainz_id: str = ""


class AlbumQuery(Struct, frozen=True, kw_only=True):
    """The album that is asked about."""

    title: str
    artists: tuple[str, ...]
    musicbrainz_id: str = ""
    """MusicBrainz release id."""


class AlbumFacts(Struct, frozen=True, kw_only=True):
    """What is known of an album."""

    notes: _Long = ""
    """Plain text, paragraphs apart by an empty line."""
    url: str = ""
    """A page for people."""
    musicbrainz_id: str = ""
    original_date: PartialDate | None = None
    genres: tuple[str, ...] = ()


@runtime_checkable
class MetadataProvider(Protocol):
    """Tells what files do not say. `None` means that it was asked and knows nothing."""

    async def artist(self, request: ArtistQuery) -> ArtistFacts | None:
        """Return what is known of an artist."""
        ...

    async def album(self, request: AlbumQuery) -> AlbumFacts | None:
        """Return what is known of an album."""
        ...
