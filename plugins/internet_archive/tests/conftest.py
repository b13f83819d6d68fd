"""Fixtures of this plugin's tests."""

from collections.abc import AsyncIterator, Iterator

import pytest

from archive_emulator import Emulator, emulator
from archive_emulator.collection import all_items
from hydrophone.plugin import Context
from hydrophone.plugin.capabilities.source import Source
from hydrophone.testing import pytest_plugin
from hydrophone.testing.capabilities import SOURCE
from hydrophone.testing.context import StartedPlugin, started_plugin
from hydrophone_internet_archive import InternetArchive


def pytest_configure(config: pytest.Config) -> None:
    """Have the fixtures of Hydrophone's kit, also where its entry point is not installed yet."""
    if not config.pluginmanager.hasplugin("hydrophone"):
        config.pluginmanager.register(pytest_plugin, "hydrophone")


@pytest.fixture
def anyio_backend() -> str:
    """Run `@pytest.mark.anyio` tests on asyncio, the only loop that the server uses."""
    return "asyncio"


@pytest.fixture(scope="session")
def running_archive() -> Iterator[Emulator]:
    """An Archive with some thirty items."""
    with emulator(all_items()) as running:
        yield running


@pytest.fixture
def internet_archive(running_archive: Emulator) -> Emulator:
    """The same, having been asked nothing and without faults."""
    running_archive.forget()
    return running_archive


@pytest.fixture
async def started(
    internet_archive: Emulator, hydrophone_context: Context
) -> AsyncIterator[StartedPlugin[InternetArchive]]:
    """The plugin, asking the emulated Archive for concerts and one other collection."""
    table = {"base_url": internet_archive.url, "collections": ["etree", "netlabels"]}
    async with started_plugin(InternetArchive, hydrophone_context, table) as running:
        yield running


@pytest.fixture
def source(started: StartedPlugin[InternetArchive]) -> Source:
    """Its catalogue, without a guard."""
    return started.the(SOURCE)
