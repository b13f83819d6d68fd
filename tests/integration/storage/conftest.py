"""A migrated database for each test, and connections to it."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from hydrophone.domain.ids import UserId
from hydrophone.domain.units import Timestamp
from hydrophone.domain.user import Roles
from hydrophone.storage.connection import connect, transaction
from hydrophone.storage.database import Database, open_database
from hydrophone.storage.queries import users
from hydrophone.testing.factories import make_database


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database of the present schema with one user: migrating costs 0.3 s."""
    path = tmp_path_factory.mktemp("migrated") / "hydrophone.db"
    make_database(path)
    with connect(path, durable=False) as connection, transaction(connection):
        assert users.add(connection, "Anna", "no hash", Roles(), Timestamp(1)) == 1
    return path


@pytest.fixture
def path(migrated: Path, tmp_path: Path) -> Path:
    # Closed, a database is one file: nobody has written to this one since.
    return Path(shutil.copy(migrated, tmp_path))


@pytest.fixture
def connection(path: Path) -> Iterator[Connection]:
    with connect(path, durable=False) as connection:
        yield connection


@pytest.fixture
async def database(path: Path) -> AsyncIterator[Database]:
    async with open_database(path) as database:
        yield database


@pytest.fixture
def anna() -> UserId:
    return UserId(1)
