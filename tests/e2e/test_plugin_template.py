"""A plugin written from the template alone, installed as a wheel beside ours, in a real app."""

import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import libsonic
import pytest
from tests.e2e.fresh_environment import build_wheels, make_environment, outside_environment, run

from hydrophone.testing.server import RunningServer, running_server


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    wheels = tmp_path_factory.mktemp("wheels")
    build_wheels(wheels)
    return make_environment(tmp_path_factory.mktemp("environment"), wheels)


@pytest.fixture(scope="module")
def repository(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("repositories")
    run("hydrophone", "plugins", "new", "deep_sea", "--to", folder, python=python)
    return folder / "hydrophone-deep-sea"


@pytest.fixture(scope="module")
def installed(repository: Path, python: Path) -> Path:
    """The environment's Python, once the plugin's wheel is installed in it."""
    run("hatchling", "build", "-t", "wheel", cwd=repository)
    [wheel] = (repository / "dist").glob("*.whl")
    [site] = python.parents[1].glob("lib/python3*/site-packages")
    zipfile.ZipFile(wheel).extractall(site)
    return python


@pytest.fixture(scope="module")
def service(installed: Path, repository: Path) -> Iterator[str]:
    """What is to be added to the configuration for the template's own service, which runs."""
    command = [str(installed), "tests/fake_service.py"]
    with subprocess.Popen(
        command, cwd=repository, stdout=subprocess.PIPE, text=True, env=outside_environment()
    ) as process:
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "Ends with Ctrl-C.\n")
        yield "".join(line for line in lines if line.startswith(("[", "base_url")))
        process.terminate()


@pytest.fixture(scope="module")
def server(
    installed: Path, service: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningServer]:
    """A server of that environment, with its plugin switched on."""
    data = tmp_path_factory.mktemp("data")
    (data / "config.toml").write_text(service)
    with running_server(data, python=str(installed), environment={"PYTHONPATH": ""}) as running:
        yield running


def test_nothing_is_left_to_be_filled_in(repository: Path) -> None:
    files = [file for file in repository.rglob("*") if file.is_file()]
    assert len(files) == 16
    assert [file for file in files if "<<" in file.read_text()] == []
    run("ruff", "check", "--no-cache", ".", cwd=repository)


def test_its_tests_pass(repository: Path, installed: Path) -> None:
    assert "passed" in run(
        "pytest", "-q", "-p", "no:cacheprovider", cwd=repository, python=installed
    )


@pytest.fixture
def app(server: RunningServer) -> Any:
    """Log in with py-sonic."""
    address, _, port = server.url.rpartition(":")
    return libsonic.Connection(address, server.user, server.password, port=int(port))


def test_a_stock_app_browses_it(app: Any) -> None:
    folders = app.getMusicFolders()["musicFolders"]["musicFolder"]
    [source] = [one["id"] for one in folders if one["name"] == "Deep Sea"]
    indexes = app.getIndexes(musicFolderId=source)["indexes"]["index"]
    places = {one["name"]: one["id"] for index in indexes for one in index["artist"]}
    album = app.getMusicDirectory(places["Low Water"])["directory"]
    assert [one["title"] for one in album["child"]] == [
        f"Low Water, part {number}" for number in (1, 2, 3)
    ]


def test_a_stock_app_finds_stars_and_plays_it(app: Any) -> None:
    song = app.search3("blue")["searchResult3"]["song"][0]
    audio = app.stream(song["id"]).read()
    assert len(audio) == song["size"]
    app.star(sids=[song["id"]])
    assert [one["id"] for one in app.getStarred2()["starred2"]["song"]] == [song["id"]]
    assert app.getCoverArt(song["coverArt"]).read().startswith(b"\xff\xd8\xff")
