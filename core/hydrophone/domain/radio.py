"""Internet radio: stations that play for ever."""

from msgspec import Struct

from hydrophone.domain.ids import StationId


class Station(Struct, frozen=True, kw_only=True):
    """A station; apps play it from its own server."""

    id: StationId
    name: str
    stream_url: str
    """Of the stream, or of a playlist (`.pls`, `.m3u`) that names it."""
    homepage_url: str
    """Empty if there is none."""


class OnAir(Struct, frozen=True, kw_only=True):
    """A station with what it is playing."""

    station: Station
    title: str
    """As the station says it, often `Artist - Title`; empty if it does not, or not yet."""
