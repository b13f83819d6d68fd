"""What the server itself plays."""

from hydrophone_subsonic.responses.child import Child
from hydrophone_subsonic.responses.wire import Wire


class JukeboxStatus(Wire, frozen=True, kw_only=True):
    """What is played where (jukeboxStatus). DSub needs `gain`, which OpenAPI calls `volume`."""

    current_index: int
    """Counted from 0; -1 for none."""
    playing: bool
    gain: float
    """From 0 to 1."""
    position: int
    """Seconds."""


class JukeboxPlaylist(JukeboxStatus, frozen=True, kw_only=True):
    """The same, with the queue (jukeboxPlaylist)."""

    entry: tuple[Child, ...]
