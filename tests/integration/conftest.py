"""What tests of several layers share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hydrophone.config import Config, LibraryConfig, ScanConfig, ServerConfig
from hydrophone.testing.factories import make_database
from hydrophone.testing.loopback import Loopback, loopback


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a database of the present schema, to be copied: migrating costs 0.3 s."""
    path = tmp_path_factory.mktemp("empty") / "hydrophone.db"
    make_database(path)
    return path


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Configure two libraries; the second is Berta's alone."""
    return Config(
        server=ServerConfig(data_dir=tmp_path / "data"),
        libraries=(
            LibraryConfig(name="Music 1", path=tmp_path / "one"),
            LibraryConfig(name="Music 2", path=tmp_path / "two", users=("berta",)),
        ),
        # Each test would start a process that watches folders which are not there.
        scan=ScanConfig(on_start=False, interval_minutes=0, watch=False),
    )


@pytest.fixture
def remote() -> Iterator[Loopback]:
    """Run a server that is not ours, on this machine."""
    with loopback() as running:
        yield running
