"""Which bytes a listener gets of a track: its own, else those of another of the same recording."""

import logging
from collections.abc import AsyncIterator

from hydrophone.domain.music import Track
from hydrophone.domain.units import Seconds
from hydrophone.domain.user import User
from hydrophone.errors import (
    HydrophoneError,
    NotFoundError,
    UnavailableError,
    UnsupportedError,
)
from hydrophone.services.counterparts import Counterparts
from hydrophone.services.fetches import Fetches
from hydrophone.services.growing_track import GrowingTrack
from hydrophone.services.origins import Located, Origins
from hydrophone.services.pins import Pins

logger = logging.getLogger(__name__)

_SHORT_PATIENCE = Seconds(10.0)
"""After that another source may do better."""
_PATIENCE = Seconds(50.0)
"""For the track's own source, if none does."""
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

        If its source fails, tracks that are linked to it are tried: on the disk, cached, then in
        the order of sources; at last sources that never showed the recording are asked for it.
        For some hours the same listener (a user's app) stays with what he was given.

        Raises what the track's own source did, if none of them plays.
        """
        key = ("origin", viewer.id, client, track.id)
        pinned = self._pins.get(key)
        is_own_first = pinned in ("", track.id)
        if is_own_first and (here := await self._origins.here(track)) is not None:
            return here
        failure: HydrophoneError | None = None
        async for candidate, patience in self._candidates(viewer, track, pinned):
            try:
                is_looked_for = is_own_first and candidate.id == track.id
                chosen = await self._open(
                    viewer, candidate, patience, may_be_here=not is_looked_for
                )
            except _FAILURES as error:
                logger.info("%s cannot be had: %s", candidate.id, error)
                if candidate.id == track.id:
                    failure = error
                continue
            if candidate.id != track.id:
                logger.warning(
                    "%s (%s) is played in the place of %s, whose source fails: %s",
                    candidate.id,
                    candidate.title,
                    track.id,
                    failure or "it did a while ago",
                )
            self._pins.put(key, candidate.id)
            return chosen
        raise failure or NotFoundError("The file of this track is missing.")

    async def _candidates(
        self, viewer: User, track: Track, pinned: str
    ) -> AsyncIterator[tuple[Track, Seconds]]:
        """Yield tracks to be tried, with how long each is worth waiting for."""
        tried = {track.id}
        if pinned not in ("", track.id):
            for one in await self._counterparts.of(viewer, track):
                if one.id == pinned:
                    tried.add(one.id)
                    yield one, _SHORT_PATIENCE
        yield track, _SHORT_PATIENCE
        for one in await self._counterparts.of(viewer, track):
            if one.id not in tried:
                tried.add(one.id)
                yield one, _SHORT_PATIENCE
        await self._counterparts.look_up(viewer, track)
        for one in await self._counterparts.of(viewer, track):
            if one.id not in tried:
                yield one, _SHORT_PATIENCE
        if self._fetches.is_coming(track.id):
            # Slow is better than nothing.
            yield track, _PATIENCE

    async def _open(
        self, viewer: User, candidate: Track, patience: Seconds, *, may_be_here: bool
    ) -> Located | GrowingTrack:
        here = None
        if may_be_here:
            # One that a source has only shown becomes a part of the library, for it is played.
            candidate = await self._origins.track(viewer, candidate.id)
            here = await self._origins.here(candidate)
        return here or await self._fetches.listen(viewer, candidate, patience)
