"""What the guard adds to a call of a plugin."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from time import process_time

import uvloop
from contrib.bench.report import Row

from hydrophone.domain.lyrics import Lyrics, LyricsLine
from hydrophone.host.capabilities import LYRICS
from hydrophone.host.registry import Registry
from hydrophone.plugin.capabilities.lyrics import LyricsRequest

_TARGET_US = 30
_CALLS = 5000
_ROUNDS = 5
_REQUEST = LyricsRequest(track_id="tr-1", title="Song", artists=("Anna",))
_FOUND = (Lyrics(is_synced=False, lines=(LyricsLine(text="La"),)),)


class _Provider:
    async def lyrics(self, request: LyricsRequest) -> tuple[Lyrics, ...]:
        return _FOUND


def measure(tracks: int) -> Iterator[Row]:
    """Compare a call through the guard with one that is made directly."""
    provider = _Provider()
    guarded = Registry(order={}, strict=False).add("bench", LYRICS, provider)

    async def run() -> tuple[float, float]:
        direct = await _cost(lambda: provider.lyrics(_REQUEST))
        return direct, await _cost(lambda: guarded.call(provider.lyrics, _REQUEST))

    # The loop of the server.
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        direct, through = runner.run(run())
    yield Row(
        name="guard around a call of a plugin",
        value=(through - direct) * 1e6,
        unit="µs CPU",
        target=_TARGET_US,
        bound=direct * 1e6,
        bound_name="the call itself",
    )


async def _cost(call: Callable[[], Awaitable[object]]) -> float:
    """Return seconds a call, of the best of several rounds."""
    best = float("inf")
    for _ in range(_ROUNDS):
        began = process_time()
        for _ in range(_CALLS):
            await call()
        best = min(best, (process_time() - began) / _CALLS)
    return best
