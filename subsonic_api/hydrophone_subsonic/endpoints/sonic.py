"""Songs that sound alike (extension sonicSimilarity); needs a plugin that compares sounds."""

from collections.abc import Sequence

from hydrophone.services.sonic import Alike
from hydrophone_subsonic.call import Call
from hydrophone_subsonic.endpoint import endpoint
from hydrophone_subsonic.mapping.child import song
from hydrophone_subsonic.parameters import Count, Parameters
from hydrophone_subsonic.responses.information import SonicMatch


class GetSonicSimilarTracks(Parameters, frozen=True, kw_only=True):
    """Which songs sound like this one?"""

    id: str
    count: Count = 10


class FindSonicPath(Parameters, frozen=True, kw_only=True):
    """A way from one song to another; `count` is its length at most, both ends included."""

    start_song_id: str
    end_song_id: str
    count: Count = 25


@endpoint("getSonicSimilarTracks", element="sonicMatch")
async def get_sonic_similar_tracks(
    call: Call, parameters: GetSonicSimilarTracks
) -> tuple[SonicMatch, ...]:
    """List songs that sound like one, the most alike first."""
    found = await call.services.sonic.neighbours(call.user, parameters.id, parameters.count)
    return _matches(found)


@endpoint("findSonicPath", element="sonicMatch")
async def find_sonic_path(call: Call, parameters: FindSonicPath) -> tuple[SonicMatch, ...]:
    """Find a way from one song to another in small steps of sound."""
    ids = (parameters.start_song_id, parameters.end_song_id)
    return _matches(await call.services.sonic.path(call.user, *ids, parameters.count))


def _matches(found: Sequence[Alike]) -> tuple[SonicMatch, ...]:
    return tuple(SonicMatch(entry=song(one.track), similarity=one.likeness) for one in found)
