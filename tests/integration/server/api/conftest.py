"""The native API in this process, with people who ask; tests must not depend on each other."""

from collections.abc import AsyncIterator

import pytest

from hydrophone.config import Config, LibraryConfig, ScanConfig, ServerConfig
from hydrophone.domain.user import AccountChanges
from hydrophone.server.api import create_api
from hydrophone.server.wiring import open_server
from hydrophone.testing.native_api import Api


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """Keep one loop for the tests of a module, which share a server."""
    return "asyncio"


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    tmp_path = tmp_path_factory.mktemp("api")
    (tmp_path / "one").mkdir()
    return Config(
        server=ServerConfig(data_dir=tmp_path / "data"),
        libraries=(
            LibraryConfig(name="One", path=tmp_path / "one"),
            LibraryConfig(name="Two", path=tmp_path / "two", users=("user",)),
        ),
        scan=ScanConfig(on_start=False, interval_minutes=0),
    )


@pytest.fixture(scope="module")
async def api(config: Config) -> AsyncIterator[Api]:
    async with open_server(config) as server:
        accounts, devices = server.services.accounts, server.people.devices
        for name in ("user", "other", "guest"):
            await accounts.add(name)
        await accounts.change("guest", AccountChanges(revoke=frozenset({"settings"})))
        keys = {}
        for name in ("admin", "user", "other", "guest"):
            keys[name] = (await devices.add_api_key(name, "test")).secret
        yield Api(server, create_api(server, base_path=""), keys)
