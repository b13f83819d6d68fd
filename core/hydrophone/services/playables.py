"""Tracks and episodes by their ids: what players announce, mark and queue."""

from collections.abc import Sequence

from hydrophone.domain.ids import EPISODE, kind_of
from hydrophone.domain.playback import Playable
from hydrophone.domain.user import User
from hydrophone.services.reading import by_ids, steps
from hydrophone.storage.database import Database
from hydrophone.storage.queries import episodes
from hydrophone.storage.queries.tracks import TRACKS


async def playables(
    database: Database, viewer: User, identifiers: Sequence[str]
) -> tuple[Playable, ...]:
    """Return tracks and episodes in the order of these ids, duplicates kept.

    What the viewer may not see, or is gone, is left out.
    """
    of_podcasts = [i for i in dict.fromkeys(identifiers) if kind_of(i) == EPISODE]
    tracks = await by_ids(
        database, TRACKS, viewer, [i for i in identifiers if kind_of(i) != EPISODE]
    )
    if not of_podcasts:
        return tracks
    found: dict[str, Playable] = {track.id: track for track in tracks}
    for step in steps(of_podcasts):
        found |= await database.read(episodes.by_ids, viewer.id, step)
    return tuple(found[i] for i in identifiers if i in found)
