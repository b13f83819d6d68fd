"""Tracks, episodes and videos by their ids: what players announce, mark and queue."""

from collections.abc import Sequence

from hydrophone.domain.ids import EPISODE, VIDEO, kind_of
from hydrophone.domain.playback import Watchable
from hydrophone.domain.user import User
from hydrophone.services.reading import by_ids, steps
from hydrophone.storage.database import Database
from hydrophone.storage.queries import episodes
from hydrophone.storage.queries.tracks import TRACKS
from hydrophone.storage.queries.videos import VIDEOS


async def playables(
    database: Database, viewer: User, identifiers: Sequence[str]
) -> tuple[Watchable, ...]:
    """Return tracks, episodes and videos in the order of these ids, duplicates kept.

    What the viewer may not see, or is gone, is left out.
    """
    of_podcasts = [i for i in dict.fromkeys(identifiers) if kind_of(i) == EPISODE]
    of_videos = [i for i in dict.fromkeys(identifiers) if kind_of(i) == VIDEO]
    tracks = await by_ids(
        database,
        TRACKS,
        viewer,
        [i for i in identifiers if kind_of(i) not in (EPISODE, VIDEO)],
    )
    if not of_podcasts and not of_videos:
        return tracks
    found: dict[str, Watchable] = {track.id: track for track in tracks}
    for step in steps(of_podcasts):
        found |= await database.read(episodes.by_ids, viewer.id, step)
    found |= {video.id: video for video in await by_ids(database, VIDEOS, viewer, of_videos)}
    return tuple(found[i] for i in identifiers if i in found)
