"""Whatever can be marked, queued and announced, as Child."""

from hydrophone.domain.playback import Playable
from hydrophone.domain.podcast import Episode
from hydrophone_subsonic.mapping.child import song
from hydrophone_subsonic.mapping.podcast import episode_child
from hydrophone_subsonic.responses.child import Child


def entry(item: Playable) -> Child:
    """Describe a track or an episode."""
    return episode_child(item) if isinstance(item, Episode) else song(item)
