"""What is playing now."""

from msgspec.structs import asdict

from hydrophone.domain.playback import NowPlaying
from hydrophone.domain.units import Timestamp
from hydrophone_subsonic.mapping.child import song
from hydrophone_subsonic.responses.child import NowPlayingEntry

_MINUTE = 60_000


def now_playing_entry(playing: NowPlaying, now: Timestamp) -> NowPlayingEntry:
    """Describe what somebody has been playing until `now`, in whole minutes."""
    return NowPlayingEntry(
        **asdict(song(playing.track)),
        username=playing.user_name,
        minutes_ago=max(0, now - playing.since) // _MINUTE,
        player_id=playing.player_id,
        player_name=playing.player_name,
    )
