"""Fixtures for all tests."""

import os

import pytest

from hydrophone.testing import pytest_plugin
from hydrophone.testing.video_files import FilmStock


def pytest_configure(config: pytest.Config) -> None:
    """Let the programs that tests start keep their bytecode, even if the caller keeps none.

    There are hundreds of them, and each would compile all of Hydrophone anew. Besides, have the
    fixtures of the kit, also where an editable install does not know its entry point yet.
    """
    if not config.pluginmanager.hasplugin("hydrophone"):
        config.pluginmanager.register(pytest_plugin, "hydrophone")
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        os.environ["PYTHONPYCACHEPREFIX"] = str(config.rootpath / ".pytest_cache" / "bytecode")


@pytest.fixture
def anyio_backend() -> str:
    """Run `@pytest.mark.anyio` tests on asyncio, the only loop that the server uses."""
    return "asyncio"


@pytest.fixture(scope="session")
def films(tmp_path_factory: pytest.TempPathFactory) -> FilmStock:
    """Tiny films, each made once."""
    return FilmStock(tmp_path_factory.mktemp("films"))
