"""What is looked for, and what was found."""

from msgspec import Struct

from hydrophone.domain.library import Page
from hydrophone.domain.music import Album, Artist, Track
from hydrophone.domain.units import Timestamp


class SearchQuery(Struct, frozen=True, kw_only=True):
    """Words to look for; an empty text means everything, in a stable order."""

    text: str
    artists: Page
    albums: Page
    tracks: Page


class SearchResult(Struct, frozen=True, kw_only=True):
    """Names that begin with the query first, then the rest in the order of the library.

    Page 2 never repeats page 1, unless the library has changed between them.
    """

    artists: tuple[Artist, ...]
    albums: tuple[Album, ...]
    tracks: tuple[Track, ...]


class FieldQuery(Struct, frozen=True, kw_only=True):
    """What to look for in single fields of tracks; an empty text does not matter."""

    artist: str = ""
    album: str = ""
    title: str = ""
    any: str = ""
    """In one of these three, whichever."""
    newer_than: Timestamp | None = None
    """Only what came into the library later."""


class TrackHits(Struct, frozen=True, kw_only=True):
    """A window of the tracks that were found, by title."""

    tracks: tuple[Track, ...]
    total: int
    """How many were found in all."""
