"""Tracks, episodes and videos by their ids: what players announce, mark and queue."""

from collections.abc import Callable, Sequence

from hydrophone.domain.ids import EPISODE, VIDEO, kind_of
from hydrophone.domain.playback import Watchable
from hydrophone.domain.podcast import Episode
from hydrophone.domain.stored_track import StoredTrack
from hydrophone.domain.user import User
from hydrophone.domain.video import Video
from hydrophone.services.reading import Shown, shown_by_ids, steps
from hydrophone.storage.database import Database
from hydrophone.storage.queries import episodes
from hydrophone.storage.queries.tracks import stored
from hydrophone.storage.queries.videos import VIDEOS

Queued = StoredTrack | Episode | Video
"""What players announce, mark and queue; tracks are not read yet."""


def watchable(item: Queued) -> Watchable:
    """Return the same, read if it is not yet."""
    return item.whole() if isinstance(item, StoredTrack) else item


async def playables(
    database: Database, viewer: User, identifiers: Sequence[str]
) -> tuple[Watchable, ...]:
    """Return tracks, episodes and videos in the order of these ids, duplicates kept.

    What the viewer may not see, or is gone, is left out.
    """
    return await shown_playables(database, viewer, identifiers, watchable)


async def shown_playables(
    database: Database,
    viewer: User,
    identifiers: Sequence[str],
    show: Callable[[Queued], Shown],
) -> tuple[Shown, ...]:
    """Do what `playables` does, and let `show` make of each what becomes of it at once."""
    kinds = {identifier: kind_of(identifier) for identifier in identifiers}
    of_podcasts = [i for i, kind in kinds.items() if kind == EPISODE]
    of_videos = [i for i, kind in kinds.items() if kind == VIDEO]
    if not of_podcasts and not of_videos:
        return await shown_by_ids(database, stored, viewer, identifiers, show)
    of_music = [i for i, kind in kinds.items() if kind not in (EPISODE, VIDEO)]
    found: dict[str, Shown] = {}

    def keep(item: Queued) -> None:
        found[item.id] = show(item)

    await shown_by_ids(database, stored, viewer, of_music, keep)
    await shown_by_ids(database, VIDEOS.each_by_id, viewer, of_videos, keep)
    for step in steps(of_podcasts):
        for episode in (await database.read(episodes.by_ids, viewer.id, step)).values():
            keep(episode)
    return tuple(found[i] for i in identifiers if i in found)
