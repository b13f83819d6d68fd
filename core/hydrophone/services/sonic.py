"""Which tracks sound alike, as far as a plugin can tell."""

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple, TypeVar

from msgspec import Struct

from hydrophone.domain.music import Track
from hydrophone.domain.user import User
from hydrophone.errors import NotFoundError, ProviderError, UnsupportedError
from hydrophone.host.capabilities import SONIC_SIMILARITY
from hydrophone.host.guard import Answer, Fault
from hydrophone.host.registry import Provider, Registry
from hydrophone.plugin.capabilities.similarity import (
    SonicMatch,
    SonicNeighboursRequest,
    SonicPathRequest,
    SonicSimilarity,
)
from hydrophone.services.reading import by_ids
from hydrophone.storage.database import Database
from hydrophone.storage.queries.tracks import TRACKS

RequestT = TypeVar("RequestT", bound=Struct)

_Ask = Callable[[SonicSimilarity], Callable[[RequestT], Awaitable[tuple[SonicMatch, ...]]]]


class Alike(NamedTuple):
    """A track, and how much it sounds like the one that was asked about."""

    track: Track
    likeness: float
    """From 0 to 1."""


class Sonic:
    """Asks the plugins that compare sounds, one after the other until one answers."""

    def __init__(self, *, database: Database, registry: Registry) -> None:
        self._database = database
        self._registry = registry

    @property
    def is_available(self) -> bool:
        """Whether a running plugin compares sounds."""
        return bool(self._registry.all(SONIC_SIMILARITY))

    async def neighbours(self, viewer: User, track_id: str, count: int) -> tuple[Alike, ...]:
        """Return tracks that sound like this one, the most alike first; without itself.

        Raises NotFoundError, UnsupportedError if no plugin compares sounds, and ProviderError if
        those that do have failed.
        """
        await self._visible(viewer, [track_id])
        request = SonicNeighboursRequest(track_id=track_id, count=count)
        matches = await self._ask(lambda it: it.neighbours, request)
        return (await self._found(viewer, matches))[:count]

    async def path(self, viewer: User, start_id: str, end_id: str, count: int) -> tuple[Alike, ...]:
        """Return a way from one track to another in small steps of sound, both ends included.

        No longer than `count`, whose first one is the start; just the ends if there is no way.
        Raises as `neighbours` does.
        """
        start, end = await self._visible(viewer, [start_id, end_id])
        request = SonicPathRequest(start_id=start_id, end_id=end_id, count=count)
        found = await self._found(viewer, await self._ask(lambda it: it.path, request))
        ends = (start_id, end_id)
        likeness = next((one.likeness for one in found if one.track.id == end_id), 0.0)
        between = [one for one in found if one.track.id not in ends][: max(0, count - 2)]
        return (Alike(start, 1.0), *between, Alike(end, likeness))[:count]

    async def _visible(self, viewer: User, track_ids: Sequence[str]) -> tuple[Track, ...]:
        tracks = await by_ids(self._database, TRACKS, viewer, track_ids)
        if len(tracks) < len(track_ids):
            raise NotFoundError("There is no such track.")
        return tracks

    async def _ask(self, ask: _Ask[RequestT], request: RequestT) -> tuple[SonicMatch, ...]:
        providers: tuple[Provider[SonicSimilarity], ...] = self._registry.all(SONIC_SIMILARITY)
        if not providers:
            raise UnsupportedError("No plugin on this server compares how music sounds.")
        errors: list[ProviderError] = []
        for provider in providers:
            match await provider.call(ask(provider.it), request):
                case Answer(value):
                    return value
                case Fault(error):
                    errors.append(error)
        raise errors[0]

    async def _found(self, viewer: User, matches: Sequence[SonicMatch]) -> tuple[Alike, ...]:
        likeness = {match.track_id: match.likeness for match in matches}
        tracks = await by_ids(self._database, TRACKS, viewer, list(likeness))
        return tuple(Alike(track, likeness[track.id]) for track in tracks)
