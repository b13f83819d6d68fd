"""Whatever can be marked, queued and announced, as Child."""

from hydrophone.domain.playback import Watchable
from hydrophone.domain.podcast import Episode
from hydrophone.domain.video import Video
from hydrophone_subsonic.mapping.child import song
from hydrophone_subsonic.mapping.podcast import episode_child
from hydrophone_subsonic.mapping.video import video_child
from hydrophone_subsonic.responses.child import Child


def entry(item: Watchable) -> Child:
    """Describe a track, an episode or a video."""
    if isinstance(item, Video):
        return video_child(item)
    return episode_child(item) if isinstance(item, Episode) else song(item)
