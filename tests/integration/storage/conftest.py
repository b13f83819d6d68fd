"""A migrated database for each test, and connections to it."""

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection

from hydrophone.domain.ids import UserId
from hydrophone.domain.units import Timestamp
from hydrophone.domain.user import Roles
from hydrophone.storage.connection import connect, transaction
from hydrophone.storage.database import Database, open_database
from hydrophone.storage.queries import users
from hydrophone.storage.upgrade import MIGRATIONS, upgrade


@pytest.fixture(scope="session")
def migrated(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a database of the present schema with one user."""
    path = Path(shutil.copy(empty_database, tmp_path_factory.mktemp("migrated")))
    with connect(path, durable=False) as connection, transaction(connection):
        assert users.add(connection, "Anna", "no hash", Roles(), Timestamp(1)) == 1
    return path


def make_schema(folder: Path, revision: str) -> Path:
    """Make an empty database of an older schema."""
    migrations, path = folder / "migrations", folder / "hydrophone.db"
    names = [file.name for file in (MIGRATIONS / "versions").glob("0*.py")]
    newer = [name for name in names if name[:4] > revision]
    shutil.copytree(MIGRATIONS, migrations, ignore=shutil.ignore_patterns("__pycache__", *newer))
    upgrade(path, back_up=lambda revision: folder / revision, migrations=migrations)
    return path


@pytest.fixture(scope="session")
def first_schema(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an empty database of the schema 0001, the first that was released; to be copied."""
    return make_schema(tmp_path_factory.mktemp("first"), "0001")


@pytest.fixture
def schema_of(tmp_path: Path) -> Callable[[str], Path]:
    """Make an empty database of the schema of a revision."""
    return partial(make_schema, tmp_path)


@pytest.fixture
def old_path(first_schema: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(first_schema, tmp_path))


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
