"""What is known about artists and albums beyond their music."""

from typing import Annotated

from msgspec import Meta, Struct

from hydrophone.domain.music import PartialDate

_Long = Annotated[str, Meta(max_length=100_000)]


class ArtistFacts(Struct, frozen=True, kw_only=True):
    """What is known of an artist."""

    biography: _Long = ""
    """Plain text, paragraphs apart by an empty line."""
    url: str = ""
    """A page for people."""
    musicbrainz_id: str = ""


class AlbumFacts(Struct, frozen=True, kw_only=True):
    """What is known of an album."""

    notes: _Long = ""
    """Plain text, paragraphs apart by an empty line."""
    url: str = ""
    """A page for people."""
    musicbrainz_id: str = ""
    original_date: PartialDate | None = None
    genres: tuple[str, ...] = ()
