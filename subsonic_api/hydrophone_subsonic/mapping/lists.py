"""What is playing now."""

from msgspec.structs import asdict

from hydrophone.domain.playback import NowPlaying
from hydrophone.domain.radio import OnAir
from hydrophone_subsonic.mapping.playable import entry
from hydrophone_subsonic.mapping.radio import on_air
from hydrophone_subsonic.responses.child import NowPlayingEntry

_MINUTE = 60_000


def now_playing_entry(playing: NowPlaying) -> NowPlayingEntry:
    """Describe what somebody is playing."""
    item = playing.item
    child = on_air(item) if isinstance(item, OnAir) else entry(item)
    return NowPlayingEntry(
        **asdict(child),
        username=playing.user_name,
        minutes_ago=playing.since_report // _MINUTE,
        player_id=playing.player_id,
        player_name=playing.player_name,
        state=playing.state.value,
        position_ms=playing.position,
        playback_rate=playing.rate,
    )
