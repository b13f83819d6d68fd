"""Plugins whose import blocks, for a while or for ever."""

import asyncio
import threading
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from types import SimpleNamespace
from typing import Any, cast

import pytest

from hydrophone.domain.units import Seconds
from hydrophone.host.discovery import GROUP, installed_plugins
from hydrophone.host.lifecycle import Host
from hydrophone.host.records import PluginState
from hydrophone.host.registry import Registry
from hydrophone.plugin import PLUGIN_API, Context, Manifest, Plugin

pytestmark = pytest.mark.anyio

RELEASED = threading.Event()


class Slow(Plugin[Any]):
    """Takes its time to import."""

    manifest = Manifest(name="slow", version="1", summary="Slow.", api=PLUGIN_API)


class Quick(Plugin[Any]):
    """Is there at once."""

    manifest = Manifest(name="quick", version="1", summary="Quick.", api=PLUGIN_API)


class Ends(type):
    """Makes classes that would end the program where they are looked at."""

    @property
    def manifest(cls) -> Manifest:
        """Say nothing."""
        raise SystemExit(3)


class Place(EntryPoint):
    """Entry points of these classes."""

    def load(self) -> object:
        if self.name == "slow":
            RELEASED.wait(30)
            return Slow
        if self.name == "odd":
            return Ends("Odd", (Plugin,), {})
        return Quick


@pytest.fixture(autouse=True)
def released() -> Iterator[threading.Event]:
    RELEASED.clear()
    yield RELEASED
    RELEASED.set()


def host_of(*names: str, import_limit: float = 0.2) -> Host:
    points = [Place(name=name, value=f"m:{name}", group=GROUP) for name in names]
    return Host(
        tables={name: {} for name in names},
        installed=installed_plugins(points),
        registry=Registry(order={}, strict=True),
        make_context=lambda instance, _: cast("Context", SimpleNamespace(instance=instance)),
        environ={},
        import_limit=Seconds(import_limit),
        first_wait=Seconds(0.01),
    )


def states(host: Host) -> list[PluginState]:
    return [status.state for status in host.statuses()]


async def test_the_loop_goes_on_while_one_is_imported(released: threading.Event) -> None:
    host = host_of("slow", import_limit=60.0)
    starting = asyncio.create_task(host.start())
    for _ in range(10):
        await asyncio.sleep(0.01)
        assert not starting.done()
    released.set()
    await starting
    assert states(host) == [PluginState.RUNNING]
    await host.stop()


async def test_one_that_hangs_at_its_import_says_so_and_holds_nobody() -> None:
    host = host_of("slow", "quick", import_limit=3.0)
    async with asyncio.timeout(15):
        await host.start()
    slow, quick = host.statuses()
    assert slow.state is PluginState.LOAD_ERROR
    assert slow.error == (
        "Its code cannot be imported: that has taken longer than 3 seconds. "
        "It starts if that comes to an end."
    )
    assert quick.state is PluginState.RUNNING
    await host.stop()


async def test_one_whose_import_ends_late_runs_then(released: threading.Event) -> None:
    host = host_of("slow")
    await host.start()
    running = asyncio.create_task(host.run())
    await asyncio.sleep(0.05)
    assert states(host) == [PluginState.LOAD_ERROR]
    released.set()
    async with asyncio.timeout(30):
        while states(host) != [PluginState.RUNNING]:  # noqa: ASYNC110 - nobody sets an event
            await asyncio.sleep(0.01)
    assert host.statuses()[0].error == ""
    running.cancel()
    await host.stop()


async def test_a_server_that_ends_does_not_wait_for_an_import() -> None:
    host = host_of("slow", import_limit=60.0)
    starting = asyncio.create_task(host.start())
    await asyncio.sleep(0.05)
    starting.cancel()
    async with asyncio.timeout(10):
        await asyncio.wait((starting,))
        await host.stop()


async def test_a_class_that_cannot_be_looked_at_is_no_plugin() -> None:
    host = host_of("odd")
    await host.start()
    (status,) = host.statuses()
    assert status.state is PluginState.LOAD_ERROR
    assert status.error == "It raised SystemExit: 3"
