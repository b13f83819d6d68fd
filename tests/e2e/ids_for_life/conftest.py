"""A library that is never empty, and a server over it that the tests of a module share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hydrophone.testing.audio_files import make_audio
from hydrophone.testing.server import RunningServer, running_server


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a library that is never empty."""
    root = tmp_path_factory.mktemp("music")
    make_audio(root / "Keeper" / "Album" / "1.mp3")
    return root


@pytest.fixture(scope="module")
def server(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """Run a server over it."""
    with running_server(tmp_path_factory.mktemp("data"), music=[root]) as running:
        yield running
