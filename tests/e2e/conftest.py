"""A small library and the real server over it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hydrophone.testing.audio_files import make_audio, make_picture
from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.server import RunningServer, running_server
from hydrophone.testing.synthetic_place import SyntheticPlace, synthetic_place


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is below this folder: who is in a hurry leaves out all that starts servers."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make two albums in five formats."""
    root = tmp_path_factory.mktemp("music")
    for number, suffix in enumerate(("mp3", "flac", "ogg", "opus", "m4a"), start=1):
        album = "First" if number < 4 else "Second"
        make_audio(
            root / "Anna" / album / f"{number:02} Song.{suffix}",
            seconds=3.0,
            frequency=200 + 50 * number,
            tags={
                "title": f"Song {number}",
                "artist": "Anna",
                "albumartist": "Anna",
                "album": album,
                "tracknumber": str(number),
                "date": f"200{number}",
                "genre": ["Pop", "Rock"],
            },
            picture=make_picture(color="teal") if number == 1 else None,
        )
    return root


@pytest.fixture(scope="session")
def server(music: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """Run a server that has scanned the music; tests must not depend on what others wrote."""
    with running_server(tmp_path_factory.mktemp("data"), music=[music]) as running:
        with running.client() as client:
            client.await_scan(tracks=5)
        yield running


@pytest.fixture
def client(server: RunningServer) -> Iterator[SubsonicClient]:
    """Log in as the first admin."""
    with server.client() as logged_in:
        yield logged_in


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SyntheticPlace]:
    """Make a place of servers with the synthetic source; the tests of a module share it."""
    with synthetic_place(tmp_path_factory.mktemp("remote")) as made:
        yield made


@pytest.fixture
def own_place(tmp_path: Path) -> Iterator[SyntheticPlace]:
    """Make such a place for one test, which nobody else has asked for anything."""
    with synthetic_place(tmp_path) as made:
        yield made
