"""Which bytes a listener gets of a track: its own, else those of another of the same recording."""

import logging
from collections.abc import AsyncIterator

from hydrophone.domain.music import Track
from hydrophone.domain.units import Seconds
from hydrophone.domain.user import User
from hydrophone.errors import (
    NotFoundError,
    UnavailableError,
    UnsupportedError,
)
from hydrophone.services.counterparts import Counterparts
from hydrophone.services.fetches import Fetches
from hydrophone.services.growing_track import GrowingTrack
from hydrophone.services.origins import Located, Origins
from hydrophone.services.pins import Pins
from hydrophone.services.race import Race

logger = logging.getLogger(__name__)

_SHORT_PATIENCE = Seconds(3.0)
"""To the first byte, where another origin is known: then that one is tried as well."""
_USUAL_PATIENCE = Seconds(10.0)
"""Where none is: then other sources are asked for the recording."""
_PATIENCE = Seconds(50.0)
"""For all of them together, when there is nobody else to be asked."""
_FAILURES = (NotFoundError, UnsupportedError, UnavailableError)
"""Gone; refused; down, restricted or left alone for a while."""


class BestOrigin:
    """Goes from origin to origin until one plays; a listener stays with the one he has begun."""

    def __init__(
        self, *, origins: Origins, fetches: Fetches, counterparts: Counterparts, pins: Pins
    ) -> None:
        self._origins = origins
        self._fetches = fetches
        self._counterparts = counterparts
        self._pins = pins

    async def has_to_come(self, track: Track) -> bool:
        """Say whether a track is not here, and a source has it."""
        return await self._origins.here(track) is None and await self._fetches.has_place(track.id)

    async def choose(self, viewer: User, track: Track, client: str) -> Located | GrowingTrack:
        """Return the file of a track, or the track on its way.

        If its source fails, or is silent for a while, tracks that are linked to it are tried: on
        the disk, cached, then in the order of sources; at last sources that never showed the
        recording are asked for it. Who is slow may still be the first. For some hours the same
        listener (a user's app) stays with what he was given.

        Raises what the track's own source did, if none of them plays.
        """
        key = ("origin", viewer.id, client, track.id)
        pinned = self._pins.get(key)
        if pinned in ("", track.id) and (here := await self._origins.here(track)) is not None:
            return here
        race: Race[Located | GrowingTrack] = Race(_FAILURES)
        async with race:
            found = await self._first(race, viewer, track, pinned)
            if found is None:
                raise race.failures.get(track.id) or UnavailableError("The source takes too long.")
            name, chosen = found
            if name != track.id:
                logger.warning(
                    "%s (%s) is played in the place of %s, whose source fails: %s",
                    name,
                    chosen.item.title,
                    track.id,
                    race.failures.get(track.id) or "it takes too long, or did a while ago",
                )
        self._pins.put(key, name)
        return chosen

    async def _first(
        self, race: Race[Located | GrowingTrack], viewer: User, track: Track, pinned: str
    ) -> tuple[str, Located | GrowingTrack] | None:
        """Let origins run, one more whenever none has come for a while; return what plays first."""
        async for candidate in self._candidates(viewer, track, pinned):
            is_looked_for = pinned in ("", track.id) and candidate.id == track.id
            race.enter(candidate.id, self._open(viewer, candidate, may_be_here=not is_looked_for))
            # Begun already, so nobody waits for this look.
            others = await self._counterparts.of(viewer, track)
            found = await race.wait(_SHORT_PATIENCE if others else _USUAL_PATIENCE)
            if found is not None:
                return found
        # Slow is better than nothing.
        return await race.wait(_PATIENCE, all_of_them=True)

    async def _candidates(self, viewer: User, track: Track, pinned: str) -> AsyncIterator[Track]:
        """Yield tracks in the order in which they are to be tried."""
        tried = {track.id}
        if pinned not in ("", track.id):
            for one in await self._counterparts.of(viewer, track):
                if one.id == pinned:
                    tried.add(one.id)
                    yield one
        yield track
        for one in await self._counterparts.of(viewer, track):
            if one.id not in tried:
                tried.add(one.id)
                yield one
        await self._counterparts.look_up(viewer, track)
        for one in await self._counterparts.of(viewer, track):
            if one.id not in tried:
                yield one

    async def _open(
        self, viewer: User, candidate: Track, *, may_be_here: bool
    ) -> Located | GrowingTrack:
        here = await self._origins.here(candidate) if may_be_here else None
        return here or await self._fetches.listen(viewer, candidate)
