"""Fixtures for all tests."""

import os
from math import ceil
from pathlib import Path

import pytest
from httpx._config import DEFAULT_TIMEOUT_CONFIG

from hydrophone.testing import pytest_plugin
from hydrophone.testing.audio_files import keep_audio_in
from hydrophone.testing.server import keep_database_in
from hydrophone.testing.video_files import FilmStock


def pytest_configure(config: pytest.Config) -> None:
    """Let the programs that tests start keep their bytecode, even if the caller keeps none.

    There are hundreds of them, and each would compile all of Hydrophone anew. Besides, have the
    fixtures of the kit, also where an editable install does not know its entry point yet; and let
    httpx wait for longer than its five seconds, which a busy machine may need for an answer.
    """
    for what in ("connect", "read", "write", "pool"):
        setattr(DEFAULT_TIMEOUT_CONFIG, what, 60.0)
    if not config.pluginmanager.hasplugin("hydrophone"):
        config.pluginmanager.register(pytest_plugin, "hydrophone")
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        os.environ["PYTHONPYCACHEPREFIX"] = str(config.rootpath / ".pytest_cache" / "bytecode")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Run half as many workers again as there are processors: many tests wait for a scan."""
    return ceil((os.cpu_count() or 1) * 1.5)


@pytest.fixture
def anyio_backend() -> str:
    """Run `@pytest.mark.anyio` tests on asyncio, the only loop that the server uses."""
    return "asyncio"


@pytest.fixture(scope="session")
def common_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of a test run have in common; pytest removes it some runs later."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session", autouse=True)
def _made_once(common_folder: Path) -> None:
    keep_audio_in(common_folder / "audio")
    keep_database_in(common_folder / "database")


@pytest.fixture(scope="session")
def films(common_folder: Path) -> FilmStock:
    """Tiny films, each made once."""
    return FilmStock(common_folder / "films")
