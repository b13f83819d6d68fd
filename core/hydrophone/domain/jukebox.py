"""The jukebox: music played by the server itself, on loudspeakers of its own."""

from msgspec import Struct

from hydrophone.domain.units import Seconds


class JukeboxStatus(Struct, frozen=True, kw_only=True):
    """What the jukebox is at, as one user may know it."""

    current_index: int
    """In the queue as this user sees it; -1 if it is at nothing there."""
    is_playing: bool
    gain: float
    """Loudness, from 0 to 1."""
    position: Seconds
    """In the current track."""
