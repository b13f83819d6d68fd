"""Work that is done ahead leaves time to others, and is done all the same."""

import asyncio
import itertools
import time
from types import SimpleNamespace

import pytest

from hydrophone.domain.units import Seconds
from hydrophone_subsonic import ahead
from hydrophone_subsonic.ahead import Ahead, Rest

pytestmark = pytest.mark.anyio


async def test_a_slice_that_waited_long_does_not_hold_up_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It was so at a start while apps asked for much: the root was not written when asked for."""
    minutes = itertools.count(step=60)
    clock = SimpleNamespace(perf_counter=minutes.__next__, monotonic=time.monotonic)
    monkeypatch.setattr(ahead, "time", clock)
    monkeypatch.setattr(ahead, "_LONGEST_REST", Seconds(0.001))
    done = asyncio.Event()

    async def work(rest: Rest) -> None:
        for _ in range(3):
            await rest()
        done.set()

    worker = Ahead(work, lambda: Seconds(0.0))
    worker.begin()
    task = asyncio.create_task(worker.run())
    async with asyncio.timeout(10):
        await done.wait()
    task.cancel()
