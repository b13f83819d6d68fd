"""A server over files with odd names, a very long one, and one that may vanish."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.e2e.streaming.songs import ODD_NAMES

from hydrophone.testing.audio_files import make_audio
from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.server import RunningServer, running_server


@pytest.fixture(scope="session")
def odd_music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make files with odd names, a very long one, and one that may vanish."""
    root = tmp_path_factory.mktemp("odd")
    for number, name in enumerate(ODD_NAMES):
        make_audio(root / f"{name}.mp3", frequency=600 + 10 * number, tags={"title": name})
    make_audio(root / "long.flac", seconds=900.0, frequency=700, tags={"title": "long"})
    make_audio(root / "vanishing.mp3", frequency=800, tags={"title": "vanishing"})
    return root


@pytest.fixture(scope="session")
def odd_server(
    odd_music: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("odd-data"), music=[odd_music]) as running:
        with running.client() as client:
            client.await_scan(tracks=len(ODD_NAMES) + 2)
        yield running


@pytest.fixture
def odd(odd_server: RunningServer) -> Iterator[SubsonicClient]:
    with odd_server.client() as client:
        yield client
