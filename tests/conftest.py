"""Fixtures for all tests."""

import os

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Let the programs that tests start keep their bytecode, even if the caller keeps none.

    There are hundreds of them, and each would compile all of Hydrophone anew.
    """
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        os.environ["PYTHONPYCACHEPREFIX"] = str(config.rootpath / ".pytest_cache" / "bytecode")


@pytest.fixture
def anyio_backend() -> str:
    """Run `@pytest.mark.anyio` tests on asyncio, the only loop that the server uses."""
    return "asyncio"
