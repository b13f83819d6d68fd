"""How plugins come up and go down, and how they stand meanwhile."""

import asyncio
from typing import Any

import pytest
from tests.unit.core.host.hosting import host_of, status_of
from tests.unit.core.host.odd_plugins import (
    Asynchronous,
    Blocking,
    Empty,
    Exits,
    ExitsInHook,
    ExitsInInit,
    ExitsInStop,
    Future,
    Good,
    Hangs,
    Interrupts,
    Misspelt,
    Old,
    Panics,
    Raises,
    RaisesInInit,
    Renamed,
    Single,
    Textual,
    Words,
)

from hydrophone.domain.lyrics import Lyrics
from hydrophone.domain.units import Seconds
from hydrophone.errors import NotFoundError, PluginError, RetryLaterError
from hydrophone.host.capabilities import LYRICS
from hydrophone.host.guard import Answer
from hydrophone.host.records import PluginState
from hydrophone.host.registry import Registry
from hydrophone.plugin import Plugin
from hydrophone.plugin.capabilities.lyrics import LyricsRequest

pytestmark = pytest.mark.anyio


async def test_starts_collects_and_stops() -> None:
    Good.log.clear()
    host, registry = host_of({"good": {}})
    await host.start()
    (provider,) = registry.all(LYRICS)
    request = LyricsRequest(track_id="tr-1", title="x", artists=())
    assert await provider.call(provider.it.lyrics, request) == Answer(())
    (status,) = host.statuses()
    assert status.state is PluginState.RUNNING
    assert [(one.capability, one.calls) for one in status.capabilities] == [("lyrics_provider", 1)]
    await host.stop()
    assert Good.log == ["start good", "stop good"]
    assert registry.all(LYRICS) == ()


async def test_asks_again_at_once_whom_an_admin_resumes() -> None:
    host, registry = host_of({"good": {}})
    await host.start()
    (provider,) = registry.all(LYRICS)

    async def lyrics(request: LyricsRequest) -> tuple[Lyrics, ...]:
        raise RetryLaterError("Slow down.", after=30)

    request = LyricsRequest(track_id="tr-1", title="x", artists=())
    await provider.call(lyrics, request)
    (capability,) = host.statuses()[0].capabilities
    assert capability.suspended_calls == ("lyrics",)
    assert 20 < capability.suspended_for <= 30
    host.resume("good")
    assert await provider.call(provider.it.lyrics, request) == Answer(())
    await host.stop()
    with pytest.raises(NotFoundError):
        host.resume("good")


async def test_two_instances_are_two_plugins() -> None:
    host, registry = host_of({"mine": {"plugin": "good"}, "yours": {"plugin": "good"}})
    await host.start()
    assert [one.instance for one in registry.all(LYRICS)] == ["mine", "yours"]
    assert host.plugin("mine") is not host.plugin("yours")
    await host.stop()


def test_knows_what_a_plugin_may_do_without_running_it() -> None:
    host, _ = host_of({"good": {}})
    host.look()
    (status,) = host.statuses()
    assert status.state is PluginState.STOPPED
    assert [one.capability for one in status.capabilities] == ["lyrics_provider"]


@pytest.mark.parametrize(
    ("kind", "state", "said"),
    [
        (RaisesInInit, PluginState.START_ERROR, "It cannot be made: ValueError: no"),
        (ExitsInInit, PluginState.START_ERROR, "It cannot be made: It raised SystemExit: 3"),
        (Exits, PluginState.START_ERROR, "It cannot start: It raised SystemExit: 5"),
        (Interrupts, PluginState.START_ERROR, "It cannot start: It raised KeyboardInterrupt"),
        (Panics, PluginState.START_ERROR, "It cannot start: It raised BaseException: rust"),
        (ExitsInStop, PluginState.RUNNING, ""),
        (ExitsInHook, PluginState.START_ERROR, "hook `lyrics_providers` fails: It raised SystemE"),
        (
            Misspelt,
            PluginState.START_ERROR,
            "There is no hook `lyric_providers`; did you mean `lyrics_providers`?",
        ),
        (
            Single,
            PluginState.START_ERROR,
            "must return a sequence of LyricsProvider, as in `return (LyricsProvider(...),)`, and",
        ),
        (Textual, PluginState.START_ERROR, "and returns str."),
        (Asynchronous, PluginState.START_ERROR, "`lyrics_providers` must not be an `async def`"),
        (
            Empty,
            PluginState.START_ERROR,
            "What its hook `lyrics_providers` returns is no LyricsProvider: object.lyrics is mi",
        ),
        (Blocking, PluginState.START_ERROR, "Sync.lyrics must be an `async def`"),
        (Renamed, PluginState.START_ERROR, "Other.lyrics must take (request)"),
        (Future, PluginState.INCOMPATIBLE, "update Hydrophone"),
        (Old, PluginState.INCOMPATIBLE, "update the plugin"),
    ],
)
async def test_says_why_it_does_not_run(
    kind: type[Plugin[Any]], state: PluginState, said: str
) -> None:
    status = await status_of({}, kind)
    assert status.state is state
    assert said in status.error


async def test_tries_again_what_could_not_start() -> None:
    Raises.tries = 0
    host, registry = host_of({"good": {}}, Raises)
    await host.start()
    (status,) = host.statuses()
    assert status.state is PluginState.START_ERROR
    assert status.error == "It cannot start: The cellar is flooded."
    with pytest.raises(PluginError, match="flooded"):
        host.plugin("good")
    trying = asyncio.create_task(host.run())
    async with asyncio.timeout(30):
        while not registry.all(LYRICS):  # noqa: ASYNC110 - there is nobody to set an event
            await asyncio.sleep(0.01)
    trying.cancel()
    assert host.statuses()[0].state is PluginState.RUNNING
    await host.stop()


async def test_a_start_that_hangs_holds_nobody() -> None:
    Hangs.released = asyncio.Event()
    host, _ = host_of({"good": {}}, Hangs, start_limit=0.05)
    await host.start()
    assert "longer than 0.05 seconds" in host.statuses()[0].error
    Hangs.released.set()
    await host.stop()


async def test_an_order_of_the_configuration_comes_first() -> None:
    registry = Registry(order={"lyrics_provider": ("b", "embedded")}, strict=True)
    for name in ("a", "b", "embedded"):
        registry.add(name, LYRICS, Words(), timeout=Seconds(1))
    assert [one.instance for one in registry.all(LYRICS)] == ["b", "embedded", "a"]
