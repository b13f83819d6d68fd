"""What tests over a database share."""

from pathlib import Path

import pytest

from hydrophone.testing.factories import make_database


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a database of the present schema, to be copied: migrating costs 0.3 s."""
    path = tmp_path_factory.mktemp("empty") / "hydrophone.db"
    make_database(path)
    return path
