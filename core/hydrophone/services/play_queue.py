"""The play queue that a user carries from one device to another."""

from collections.abc import Callable, Sequence

from hydrophone.domain.playback import PlayQueue
from hydrophone.domain.units import Milliseconds
from hydrophone.domain.user import User
from hydrophone.errors import InvalidInputError
from hydrophone.services.catalogue import Catalogue
from hydrophone.services.clock import Clock
from hydrophone.services.playables import Queued, shown_playables
from hydrophone.services.reading import Shown
from hydrophone.storage.database import Database
from hydrophone.storage.queries import play_queue
from hydrophone.storage.queries.play_queue import SavedQueue

_MAX_TRACKS = 50_000


class PlayQueueService:
    """Keeps one queue for each user."""

    def __init__(self, *, database: Database, clock: Clock, catalogue: Catalogue) -> None:
        self._database = database
        self._catalogue = catalogue
        self._clock = clock

    async def get(self, viewer: User, show: Callable[[Queued], Shown]) -> PlayQueue[Shown] | None:
        """Return the saved queue without what is gone; `None` if nothing is left of it.

        `show` makes of each entry what becomes of it, before the next are read.
        """
        saved = await self._database.read(play_queue.load, viewer.id)
        if saved is None:
            return None
        found = await shown_playables(
            self._database, viewer, saved.track_ids, lambda item: (item.id, show(item))
        )
        if not found:
            return None
        there = {identifier for identifier, _ in found}
        ids = saved.track_ids
        current = ids[saved.current_index]
        # If the current entry is gone, the next one that is there takes its place.
        before = sum(identifier in there for identifier in ids[: saved.current_index])
        index = min(before, len(found) - 1)
        return PlayQueue(
            user_name=viewer.name,
            entries=tuple([entry for _, entry in found]),
            current=found[index][0],
            current_index=index,
            position=saved.position if current in there else Milliseconds(0),
            changed=saved.changed,
            changed_by=saved.changed_by,
        )

    async def save(
        self,
        viewer: User,
        track_ids: Sequence[str],
        current_index: int,
        position: Milliseconds,
        client: str,
    ) -> None:
        """Replace the queue; an empty one is forgotten.

        Ids of what is neither a track nor an episode (radio, things of another server) are kept
        out silently when the queue is read. Raises InvalidInputError if the current one is not
        in the queue.
        """
        if not track_ids:
            await self._database.write(play_queue.clear, viewer.id)
            return
        if len(track_ids) > _MAX_TRACKS:
            raise InvalidInputError(f"A play queue holds at most {_MAX_TRACKS} tracks.")
        if not 0 <= current_index < len(track_ids):
            raise InvalidInputError("The current track is not in the queue.")
        await self._catalogue.adopt(viewer, track_ids)
        saved = SavedQueue(
            track_ids=tuple(track_ids),
            current_index=current_index,
            position=position,
            changed=self._clock.now(),
            changed_by=client,
        )
        await self._database.write(play_queue.save, viewer.id, saved)
