"""Events that wait for a slow listener: a thousand, and of those the newest."""

import pytest

from hydrophone.domain.units import Timestamp
from hydrophone.plugin.capabilities.event_listener import Event, EventKind
from hydrophone.services.event_listeners import WaitingEvents

pytestmark = pytest.mark.anyio


async def test_the_oldest_are_dropped_and_the_log_says_so(
    caplog: pytest.LogCaptureFixture,
) -> None:
    queue = WaitingEvents("slow")
    for number in range(1500):
        queue.put(Event(kind=EventKind.STARRED, at=Timestamp(number)))
    found = [(await queue.next()).at for _ in range(1000)]
    assert found == list(range(500, 1500))
    dropping = [record for record in caplog.records if "are dropped" in record.message]
    assert len(dropping) == 1
    assert "slow" in dropping[0].message
