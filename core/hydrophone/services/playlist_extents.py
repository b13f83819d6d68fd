"""How much the playlists have whose tracks were chosen one by one, for who asks."""

from collections import OrderedDict
from collections.abc import Sequence

import msgspec

from hydrophone.domain.ids import LibraryId, PlaylistId
from hydrophone.domain.playlist import Extent, Playlist
from hydrophone.domain.units import Seconds, Timestamp
from hydrophone.domain.user import User
from hydrophone.services.clock import Clock
from hydrophone.services.reading import steps
from hydrophone.storage.database import Database
from hydrophone.storage.queries import counters, playlists

_MOST_KEPT = 4096
_SETTLED_MS = 1000
"""What was changed later may be changed once more with the same time, if a clock is set back a
little, and a change may have its time for so long before it is in the database."""
_NOTHING = Extent(track_count=0, duration=Seconds(0))

_Key = tuple[PlaylistId, Timestamp, tuple[LibraryId, ...]]


class PlaylistExtents:
    """Counts a playlist once for each change of it and of the library.

    Apps list the playlists at every start, and to count one means to look up all its tracks.
    """

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._version = -1
        self._known: OrderedDict[_Key, Extent] = OrderedDict()

    async def counted(self, viewer: User, found: Sequence[Playlist]) -> tuple[Playlist, ...]:
        """Return playlists with the numbers of all that are not smart; of these they stay 0."""
        now = self._clock.now()
        # The version first: what comes between may then be too new for it, never too old.
        version = self._database.quick(counters.value, counters.LIBRARY)
        if version != self._version:
            self._known.clear()
            self._version = version
        keys = {one.id: (one.id, one.changed, viewer.libraries) for one in found if not one.rules}
        extents = {i: self._known[key] for i, key in keys.items() if key in self._known}
        for identifier in extents:
            self._known.move_to_end(keys[identifier])
        lacking = [one for one in found if one.id in keys and one.id not in extents]
        for step in steps(lacking):
            ids = [one.id for one in step]
            counted = await self._database.read(playlists.extents, ids, viewer.libraries)
            extents |= {identifier: counted.get(identifier, _NOTHING) for identifier in ids}
        # If the library has changed meanwhile, this may be from before.
        if version == self._version:
            for one in lacking:
                if one.changed < now - _SETTLED_MS:
                    self._keep(keys[one.id], extents[one.id])
        return tuple([_with(one, extents.get(one.id, _NOTHING)) for one in found])

    def _keep(self, key: _Key, extent: Extent) -> None:
        self._known[key] = extent
        if len(self._known) > _MOST_KEPT:
            self._known.popitem(last=False)


def _with(playlist: Playlist, extent: Extent) -> Playlist:
    return msgspec.structs.replace(
        playlist, track_count=extent.track_count, duration=extent.duration
    )
