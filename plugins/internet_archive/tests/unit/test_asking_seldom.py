"""What keeps the Archive from being asked too often: memory and pace."""

import asyncio

import pytest

from hydrophone.domain.units import Seconds
from hydrophone.errors import OwnPaceError
from hydrophone_internet_archive.memory import Memory
from hydrophone_internet_archive.pacing import Pace

pytestmark = pytest.mark.anyio


class Asked:
    """Counts how often it was asked; answers when it is let."""

    def __init__(self) -> None:
        self.times = 0
        self.gate = asyncio.Event()

    async def __call__(self) -> int:
        self.times += 1
        times = self.times
        await self.gate.wait()
        return times


async def test_those_who_ask_together_share_an_answer() -> None:
    memory, asked = Memory[int](most=2, lifetime=Seconds(60)), Asked()
    all_of_them = asyncio.gather(*(memory.get("a", asked) for _ in range(5)))
    await asyncio.sleep(0)
    asked.gate.set()
    assert await all_of_them == [1] * 5
    assert await memory.get("a", asked, age=Seconds(60)) == 1
    assert await memory.get("a", asked) == 2
    assert memory.peek("a") == 2


async def test_one_who_gives_up_costs_the_others_nothing() -> None:
    memory, asked = Memory[int](most=2, lifetime=Seconds(60)), Asked()
    first, second = [asyncio.create_task(memory.get("a", asked)) for _ in range(2)]
    await asyncio.sleep(0)
    first.cancel()
    asked.gate.set()
    assert await second == 2


async def test_what_is_old_or_too_much_is_forgotten() -> None:
    asked = Asked()
    asked.gate.set()
    short = Memory[int](most=2, lifetime=Seconds(0))
    assert [await short.get("a", asked, age=Seconds(60)) for _ in range(2)] == [1, 2]
    small = Memory[int](most=2, lifetime=Seconds(60))
    for name in ("a", "b", "a", "c"):
        await small.get(name, asked, age=Seconds(60))
    assert (small.peek("a"), small.peek("b")) == (3, None)


async def test_twenty_pass_together_and_those_who_would_wait_too_long_do_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("hydrophone_internet_archive.pacing.monotonic", lambda: 1000.0)
    pace = Pace(per_second=1.0)
    async with asyncio.timeout(10):
        for _ in range(20):
            await pace.turn()
    waiting = [asyncio.create_task(pace.turn()) for _ in range(8)]
    await asyncio.sleep(0)
    with pytest.raises(OwnPaceError) as raised:
        await pace.turn()
    assert raised.value.after == pytest.approx(9)
    for task in waiting:
        task.cancel()
    await asyncio.wait(waiting)
    # Who gave up has asked nothing, so the next one waits for a second alone.
    async with asyncio.timeout(7):
        await pace.turn()
