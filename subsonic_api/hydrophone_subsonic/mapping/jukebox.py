"""What the server itself plays."""

from msgspec.structs import asdict

from hydrophone.domain import jukebox
from hydrophone_subsonic.responses.child import Child
from hydrophone_subsonic.responses.jukebox import JukeboxPlaylist, JukeboxStatus


def jukebox_status(status: jukebox.JukeboxStatus) -> JukeboxStatus:
    """Describe what is played where, in whole seconds."""
    return JukeboxStatus(
        current_index=status.current_index,
        playing=status.is_playing,
        gain=status.gain,
        position=int(status.position),
    )


def jukebox_playlist(status: jukebox.JukeboxStatus, songs: tuple[Child, ...]) -> JukeboxPlaylist:
    """Describe the same, with the queue."""
    return JukeboxPlaylist(**asdict(jukebox_status(status)), entry=songs)
