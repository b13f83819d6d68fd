"""Who has a stream of a source open, and who makes way for whom."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from hydrophone.services.source_turns import SourceTurns

pytestmark = pytest.mark.anyio

URGENT, BULK = 0, 4


class Stream:
    """Wants a turn; when it is recalled it takes a moment to close."""

    def __init__(self, turns: SourceTurns, rank: int) -> None:
        self.turns = turns
        self.rank = rank
        self.recalls = 0
        self.has_turn = asyncio.Event()
        self.over = asyncio.Event()
        self.task = asyncio.create_task(self.run())

    def recall(self) -> None:
        self.recalls += 1

    async def run(self) -> None:
        async with self.turns.turn(self):
            self.has_turn.set()
            await self.over.wait()

    async def end(self) -> None:
        self.over.set()
        await self.task


@asynccontextmanager
async def ending(*streams: Stream) -> AsyncIterator[None]:
    try:
        yield
    finally:
        for stream in streams:
            await stream.end()


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_is_recalled_once_while_it_closes() -> None:
    turns = SourceTurns(1)
    background = Stream(turns, BULK)
    await background.has_turn.wait()
    first = Stream(turns, URGENT)
    await settle()
    second = Stream(turns, URGENT)
    await settle()
    assert background.recalls == 1
    async with ending(background, first, second):
        await background.end()
        await first.has_turn.wait()
        assert first.recalls == 0


async def test_each_newcomer_takes_another_place() -> None:
    turns = SourceTurns(2)
    background = [Stream(turns, BULK), Stream(turns, BULK)]
    await settle()
    newcomers = [Stream(turns, URGENT), Stream(turns, URGENT), Stream(turns, URGENT)]
    await settle()
    assert [one.recalls for one in background] == [1, 1]
    async with ending(*background, *newcomers):
        for one in background:
            await one.end()
        await settle()
        assert [one.has_turn.is_set() for one in newcomers] == [True, True, False]


async def test_makes_way_when_it_is_left_while_somebody_waits() -> None:
    turns = SourceTurns(1)
    left = Stream(turns, URGENT)
    await settle()
    newcomer = Stream(turns, URGENT)
    await settle()
    assert left.recalls == 0
    left.rank = BULK
    turns.look()
    assert left.recalls == 1
    async with ending(left, newcomer):
        await left.end()
        await newcomer.has_turn.wait()


async def test_two_places_at_once_are_both_taken() -> None:
    """Whoever came first may have to let another go before him, and gets what is left."""
    turns = SourceTurns(2)
    holding = [Stream(turns, URGENT), Stream(turns, URGENT)]
    await settle()
    late, soon = Stream(turns, BULK), Stream(turns, URGENT)
    await settle()
    async with ending(*holding, late, soon):
        for one in holding:
            one.over.set()
        async with asyncio.timeout(30):
            await soon.has_turn.wait()
            await late.has_turn.wait()
