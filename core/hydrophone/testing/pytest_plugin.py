"""Fixtures for tests of plugins; pytest loads them wherever hydrophone-core is installed.

None is used by itself, and what is heavy is imported inside the functions, because every test run
of the environment loads this module. So fixtures whose type would be a heavy import say it in
words.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from hydrophone.testing.audio_files import make_audio
from hydrophone.testing.clock import StandingClock
from hydrophone.testing.loopback import Loopback, loopback

pytest.register_assert_rewrite("hydrophone.testing.contracts")


@pytest.fixture
def hydrophone_loopback() -> Iterator[Loopback]:
    """Another's server on 127.0.0.1, for a test to fill: paths, files, faults, what was asked."""
    with loopback() as running:
        yield running


@pytest.fixture
def hydrophone_clock() -> StandingClock:
    """The clock of `hydrophone_context`; it stands still until the test moves it."""
    return StandingClock()


@pytest.fixture
def hydrophone_audio(tmp_path: Path) -> Callable[..., Path]:
    """Makes a tagged audio file of a name in the test's folder; as `audio_files.make_audio`."""

    def make(name: str, **wanted: Any) -> Path:  # noqa: ANN401 - handed on
        return make_audio(tmp_path / name, **wanted)

    return make


@pytest.fixture(scope="session")
def hydrophone_library(tmp_path_factory: pytest.TempPathFactory) -> Any:  # noqa: ANN401 - see above
    """A `small_library.SmallLibrary`: five tracks of `Anna`, scanned once. Only to be read."""
    from hydrophone.testing.small_library import make_small_library

    return make_small_library(tmp_path_factory.mktemp("hydrophone-library"))


@pytest.fixture
async def hydrophone_context(
    anyio_backend: object,
    tmp_path_factory: pytest.TempPathFactory,
    hydrophone_library: Any,  # noqa: ANN401 - see above
    hydrophone_clock: StandingClock,
) -> AsyncIterator[Any]:
    """A `hydrophone.plugin.Context` whose every part works, without a server.

    It shows `hydrophone_library`, and its HTTP client calls 127.0.0.1 only. For tests marked
    `anyio`.
    """
    from hydrophone.testing.context import open_context

    folder = tmp_path_factory.mktemp("hydrophone-context")
    async with open_context(folder, library=hydrophone_library, clock=hydrophone_clock) as context:
        yield context


@pytest.fixture
def hydrophone_plugins() -> Mapping[str, Mapping[str, object]]:
    """What stands in `[plugins]` of `hydrophone_server`'s configuration; for tests to override.

    Empty by default: no plugin is switched on, whatever is installed.
    """
    return {}


@pytest.fixture
def hydrophone_server(
    tmp_path_factory: pytest.TempPathFactory,
    hydrophone_library: Any,  # noqa: ANN401 - see above
    hydrophone_plugins: Mapping[str, Mapping[str, object]],
) -> Iterator[Any]:
    """A `server.RunningServer`: the real program with `hydrophone_library` and one's plugins.

    Bugs of plugins are raised where they are called, so the request fails and the log has their
    traces; a test that leaves such a trace behind fails.
    """
    from hydrophone.testing.plugin_server import running_plugin_server

    data = tmp_path_factory.mktemp("hydrophone-server")
    music = [hydrophone_library.root]
    with running_plugin_server(data, hydrophone_plugins, music=music) as running:
        yield running


@pytest.fixture
def hydrophone_client(hydrophone_server: Any) -> Iterator[Any]:  # noqa: ANN401 - see above
    """A `client.SubsonicClient` of `hydrophone_server`'s admin, its library scanned."""
    with hydrophone_server.client() as logged_in:
        logged_in.await_scan(tracks=5)
        yield logged_in
