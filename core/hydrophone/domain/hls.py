"""What HTTP Live Streaming (RFC 8216) offers of one track, apart from addresses and text."""

from msgspec import Struct

from hydrophone.domain.units import Kbps, Seconds


class Rendition(Struct, frozen=True, kw_only=True):
    """A track at one bit rate, cut into segments."""

    token: str
    """Stands for it, and for the user who may hear it, in addresses that players ask without
    any login; it ends some hours after the track could."""
    bit_rate: Kbps
    segments: tuple[Seconds, ...]
    """How long each of them is."""
