"""A migrated database for each test, and connections to it."""

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection
from tests.integration.storage.searching import FOUND_BY, NOISE
from tests.integration.storage.upgrading import BackUp, MakeMigrations, put_migrations

from hydrophone.backup import back_up_before_migration
from hydrophone.domain.ids import UserId
from hydrophone.domain.units import Timestamp
from hydrophone.domain.user import Roles
from hydrophone.storage.connection import connect, transaction
from hydrophone.storage.database import Database, open_database
from hydrophone.storage.queries import users
from hydrophone.storage.upgrade import MIGRATIONS, upgrade
from hydrophone.testing.factories import fill_library, make_track


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
def make_migrations(tmp_path: Path) -> MakeMigrations:
    """Copy the program's migrations and put further revisions on top."""
    return partial(put_migrations, tmp_path / "50% migrations")


@pytest.fixture
def backups(tmp_path: Path) -> Path:
    return tmp_path / "backups"


@pytest.fixture
def back_up(tmp_path: Path, backups: Path) -> BackUp:
    """Back up as the server does."""
    return lambda revision: back_up_before_migration(tmp_path, backups, revision, Timestamp(7))


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


@pytest.fixture
def ben(connection: Connection) -> UserId:
    return users.add(connection, "Ben", "no hash", Roles(), Timestamp(2))


@pytest.fixture(scope="session")
def every_script(migrated: Path) -> Iterator[Connection]:
    """A library with each of the names as title, as album and as artist, among others."""
    path = migrated.with_name("every-script.db")
    path.write_bytes(migrated.read_bytes())
    names = dict.fromkeys([*(name for name, _ in FOUND_BY), *NOISE])
    with connect(path, durable=False) as connection:
        with transaction(connection):
            fill_library(connection, [make_track(name) for name in names])
            fill_library(connection, [make_track("Song", album=name) for name in names])
            fill_library(connection, [make_track("Song", artist=name) for name in names])
        yield connection
