"""Words of tracks."""

from typing import Protocol, runtime_checkable

from msgspec import Struct

from hydrophone.domain.lyrics import Lyrics
from hydrophone.domain.units import Seconds


class LyricsRequest(Struct, frozen=True, kw_only=True):
    """The track whose words are wanted."""

    track_id: str
    """Ours."""
    title: str
    artists: tuple[str, ...]
    credit: str = ""
    """The artists as printed on the record."""
    album: str = ""
    duration: Seconds = Seconds(0)
    """0 if unknown."""
    musicbrainz_id: str = ""
    """MusicBrainz recording id."""


@runtime_checkable
class LyricsProvider(Protocol):
    """Finds words."""

    async def lyrics(self, request: LyricsRequest) -> tuple[Lyrics, ...]:
        """Return all versions, the best first; empty if it was asked and has none."""
        ...
