"""A server over 121 albums of two libraries, and two users of it."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.integration.subsonic_api.fragments.household import SHELF, Household, elsewhere

from hydrophone.config import Config
from hydrophone.server.data_folder import make_data_dir, prepare
from hydrophone.server.wiring import Server, open_server
from hydrophone.storage.data_folder import DATABASE
from hydrophone.testing.factories import fill_library


@pytest.fixture
async def server(config: Config, empty_database: Path) -> AsyncIterator[Server]:
    shutil.copy(empty_database, make_data_dir(config) / DATABASE)
    prepare(config)
    async with elsewhere(config) as connection:
        fill_library(connection, SHELF)
    async with open_server(config) as opened:
        yield opened


@pytest.fixture
async def household(server: Server) -> AsyncIterator[Household]:
    services = server.services
    users = {}
    for name in ("anna", "berta"):
        password = (await services.accounts.add(name)).password
        users[name] = (await services.logins.verify_password(name, password), password)
    household = Household(server, users)
    async with household.client:
        yield household
