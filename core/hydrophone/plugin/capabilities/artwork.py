"""Pictures of artists and albums."""

from enum import StrEnum
from typing import Protocol, runtime_checkable

from msgspec import Struct

from hydrophone.plugin.capabilities.source import Picture


class ArtworkSubject(StrEnum):
    """What a picture is wanted of."""

    ARTIST = "artist"
    ALBUM = "album"


class ArtworkRequest(Struct, frozen=True, kw_only=True):
    """What a picture is wanted of, with all by which it may be known elsewhere."""

    subject: ArtworkSubject
    id: str
    """Ours."""
    name: str
    """Of the artist or the album."""
    artists: tuple[str, ...] = ()
    """Of an album."""
    musicbrainz_id: str = ""
    """Artist or release id."""
    artwork_id: str = ""
    """Of the picture that files here have of it; empty if they have none."""


@runtime_checkable
class ArtworkProvider(Protocol):
    """Finds pictures."""

    async def artwork(self, request: ArtworkRequest) -> Picture | None:
        """Return the best picture; `None` if it was asked and has none."""
        ...
