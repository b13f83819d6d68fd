"""Who wins where several ways are tried side by side."""

import asyncio
import time

import pytest

from hydrophone.domain.units import Seconds
from hydrophone.errors import MediaError, UnavailableError
from hydrophone.services.race import Race

pytestmark = pytest.mark.anyio

SHORT, LONG = Seconds(0.02), Seconds(60.0)


class Way:
    """Something that comes when it is let, or fails."""

    def __init__(self) -> None:
        self.ready = asyncio.Event()
        self.is_cancelled = False

    async def come(self) -> str:
        try:
            await self.ready.wait()
        except asyncio.CancelledError:
            self.is_cancelled = True
            raise
        return "here"


async def failing(error: Exception) -> str:
    raise error


def race() -> Race[str]:
    return Race((UnavailableError,))


async def test_the_first_that_comes_wins_and_the_others_end() -> None:
    slow, quick = Way(), Way()
    async with race() as tried:
        tried.enter("slow", slow.come())
        assert await tried.wait(SHORT) is None
        tried.enter("quick", quick.come())
        quick.ready.set()
        assert await tried.wait(LONG) == ("quick", "here")
    assert (slow.is_cancelled, quick.is_cancelled) == (True, False)


async def test_who_was_slow_may_still_win() -> None:
    slow, other = Way(), Way()
    async with race() as tried:
        tried.enter("slow", slow.come())
        assert await tried.wait(SHORT) is None
        tried.enter("other", other.come())
        asyncio.get_running_loop().call_later(0.01, slow.ready.set)
        assert await tried.wait(LONG) == ("slow", "here")


async def test_nobody_waits_for_what_has_failed() -> None:
    slow, error = Way(), UnavailableError("Down.")
    began = time.monotonic()
    async with race() as tried:
        tried.enter("slow", slow.come())
        await tried.wait(SHORT)
        tried.enter("failing", failing(error))
        assert await tried.wait(LONG) is None
        assert tried.failures == {"failing": error}
        slow.ready.set()
        assert await tried.wait(LONG, all_of_them=True) == ("slow", "here")
    assert time.monotonic() - began < 20


async def test_it_is_over_when_all_have_failed() -> None:
    async with race() as tried:
        for name in ("one", "other"):
            tried.enter(name, failing(UnavailableError(name)))
        assert await tried.wait(LONG, all_of_them=True) is None
        assert sorted(tried.failures) == ["one", "other"]


async def test_what_is_no_failure_is_raised() -> None:
    slow = Way()
    async with race() as tried:
        tried.enter("slow", slow.come())
        await tried.wait(SHORT)
        tried.enter("odd", failing(MediaError("Odd.")))
        with pytest.raises(MediaError):
            await tried.wait(LONG)
    assert slow.is_cancelled
