"""An empty library with a database of its own for each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from hydrophone.domain.units import Timestamp
from hydrophone.domain.user import Roles
from hydrophone.sandbox.worker import Worker
from hydrophone.scanner.parsed import ParsedFile
from hydrophone.scanner.pipeline import parse_workers
from hydrophone.storage.connection import connect, transaction
from hydrophone.storage.queries import users
from hydrophone.testing.factories import make_database
from hydrophone.testing.scanned_library import ANYBODY, ScannedLibrary


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of the present schema with one user: migrating costs 0.3 s."""
    path = tmp_path_factory.mktemp("migrated") / "hydrophone.db"
    make_database(path)
    with connect(path, durable=False) as connection, transaction(connection):
        assert users.add(connection, "Anna", "no hash", Roles(), Timestamp(1)) == ANYBODY
    return path


@pytest.fixture(scope="session")
def workers() -> Iterator[list[Worker[ParsedFile | None]]]:
    """Two workers for all scans: each costs half a second to start."""
    workers = parse_workers(2, memory=256 * 1024 * 1024)
    yield workers
    for worker in workers:
        worker.close()


@pytest.fixture
def library(
    empty_database: Path, workers: list[Worker[ParsedFile | None]], tmp_path: Path
) -> ScannedLibrary:
    data = tmp_path / "data"
    data.mkdir()
    # Closed, a database is one file: nobody has written to this one since.
    return ScannedLibrary(tmp_path / "music", Path(shutil.copy(empty_database, data)), workers)
