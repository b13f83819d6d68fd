"""A plugin written from the template alone, installed as a wheel beside ours, in a real app."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import libsonic
import pytest

from hydrophone.testing.server import RunningServer, running_server

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


def run(*words: object, cwd: Path = ROOT, python: object = sys.executable) -> str:
    """Run a module of Python, away from this working copy's own import path."""
    environment = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [str(python), "-m", *map(str, words)],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        env=environment,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ours, that of core made of its source distribution."""
    folder = tmp_path_factory.mktemp("wheels")
    run("hatchling", "build", "-t", "sdist", "-d", folder, cwd=ROOT / "core")
    run("hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT / "subsonic_api")
    [sdist] = folder.glob("*.tar.gz")
    run("tarfile", "-e", sdist, folder)
    run("hatchling", "build", "-t", "wheel", "-d", folder, cwd=folder / sdist.name[:-7])
    return folder


@pytest.fixture(scope="module")
def python(wheels: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with our wheels, which sees what they depend on where it is already."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=True)
    [site] = folder.glob("lib/python3*/site-packages")
    for wheel in wheels.glob("*.whl"):
        zipfile.ZipFile(wheel).extractall(site)
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return folder / "bin" / "python"


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
    environment = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
    with subprocess.Popen(
        command, cwd=repository, stdout=subprocess.PIPE, text=True, env=environment
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
