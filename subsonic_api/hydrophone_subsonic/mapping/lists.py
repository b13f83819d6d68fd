"""What is playing now."""

from msgspec.structs import asdict

from hydrophone.domain.playback import NowPlaying
from hydrophone_subsonic.mapping.child import song
from hydrophone_subsonic.responses.child import NowPlayingEntry

_MINUTE = 60_000


def now_playing_entry(playing: NowPlaying) -> NowPlayingEntry:
    """Describe what somebody is playing."""
    return NowPlayingEntry(
        **asdict(song(playing.track)),
        username=playing.user_name,
        minutes_ago=playing.since_report // _MINUTE,
        player_id=playing.player_id,
        player_name=playing.player_name,
        state=playing.state.value,
        position_ms=playing.position,
        playback_rate=playing.rate,
    )
