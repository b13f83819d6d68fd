"""Ways from one track to another, as long as is wanted and no longer."""

import pytest

from hydrophone.domain.music import Track
from hydrophone.domain.user import User
from hydrophone.host.capabilities import SONIC_SIMILARITY
from hydrophone.host.registry import Registry
from hydrophone.plugin.capabilities.similarity import (
    SonicMatch,
    SonicNeighboursRequest,
    SonicPathRequest,
)
from hydrophone.server.wiring import Server
from hydrophone.services.sonic import Sonic

pytestmark = pytest.mark.anyio


class LongWay:
    """Goes through all tracks, however short a way is wanted."""

    def __init__(self, tracks: list[Track]) -> None:
        self._tracks = tracks

    async def neighbours(self, request: SonicNeighboursRequest) -> tuple[SonicMatch, ...]:
        return ()

    async def path(self, request: SonicPathRequest) -> tuple[SonicMatch, ...]:
        return tuple(SonicMatch(track_id=track.id, likeness=0.5) for track in self._tracks)


@pytest.mark.parametrize(
    ("count", "expected"), [(0, []), (1, [0]), (2, [0, 2]), (3, [0, 1, 2]), (9, [0, 1, 2])]
)
async def test_a_way_is_no_longer_than_is_wanted(
    server: Server, anna: User, tracks: list[Track], count: int, expected: list[int]
) -> None:
    registry = Registry(order={}, strict=True)
    registry.add("long", SONIC_SIMILARITY, LongWay(tracks[:3]))
    sonic = Sonic(database=server.database, registry=registry)
    found = await sonic.path(anna, tracks[0].id, tracks[2].id, count)
    assert [one.track.id for one in found] == [tracks[number].id for number in expected]
