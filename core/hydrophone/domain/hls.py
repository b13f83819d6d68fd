"""What HTTP Live Streaming (RFC 8216) offers of a track or a video, but addresses and text."""

from msgspec import Struct

from hydrophone.domain.units import Kbps, Seconds


class Quality(Struct, frozen=True, kw_only=True):
    """What a player wants; 0 leaves a thing to the server."""

    bit_rate: Kbps = Kbps(0)
    """Of everything together."""
    width: int = 0
    """Pixels within which the pictures of a video shall fit."""
    height: int = 0


class Rendition(Struct, frozen=True, kw_only=True):
    """A track or a video at one bit rate, cut into segments."""

    token: str
    """Stands for it, and for the user who may play it, in addresses that players ask without
    any login; it ends some hours after it could be over."""
    bit_rate: Kbps
    segments: tuple[Seconds, ...]
    """How long each of them is."""
    codecs: str
    """As RFC 6381 names them."""
    width: int = 0
    """Pixels; 0 with the height for music."""
    height: int = 0
