"""Sources as libraries of a user: chosen on the command line, and heeded by the server."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.commands import run

from hydrophone.testing import installed
from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.server import RunningServer
from hydrophone.testing.synthetic_place import SyntheticPlace


@pytest.fixture(scope="module")
def server(place: SyntheticPlace, hydrophone_library: Any) -> Iterator[RunningServer]:
    library = f'[[libraries]]\nname = "Disk"\npath = {json.dumps(str(hydrophone_library.root))}\n'
    with place.start("users", sources=("synthetic", "second"), settings=library) as running:
        with running.client() as client:
            client.await_scan(tracks=5)
        yield running


def users(place: SyntheticPlace, data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    site = installed.environment(place.folder / "site")
    return run("users", *words, "--data", data, environment=site)


def listed(place: SyntheticPlace, server: RunningServer, name: str) -> str:
    rows = users(place, server.data, "list").stdout.splitlines()
    return next(row.split("│")[3].strip() for row in rows if f" {name} " in row)


def test_a_user_is_given_a_library_and_a_source(
    place: SyntheticPlace, server: RunningServer
) -> None:
    made = users(place, server.data, "add", "anna", "--json")
    password = json.loads(made.stdout)["password"]
    assert listed(place, server, "anna") == "all"
    changed = users(place, server.data, "edit", "anna", "--library", "Disk", "--library", "second")
    assert "Libraries: Disk, Synthetic (second)." in changed.stderr
    assert listed(place, server, "anna") == "Disk, Synthetic (second)"
    with SubsonicClient(server.url, "anna", password) as client:
        folders = client.ask("getMusicFolders")["musicFolders"]["musicFolder"]
        assert [one["name"] for one in folders] == ["Disk", "Synthetic (second)"]


def test_the_libraries_of_the_disk_alone_are_not_all(
    place: SyntheticPlace, server: RunningServer
) -> None:
    users(place, server.data, "add", "berta")
    users(place, server.data, "edit", "berta", "--library", "Disk")
    assert listed(place, server, "berta") == "Disk"
    users(place, server.data, "edit", "berta", "--all-libraries")
    assert listed(place, server, "berta") == "all"


def test_what_there_is_is_said_of_a_name_that_is_none(
    place: SyntheticPlace, server: RunningServer
) -> None:
    refused = users(place, server.data, "edit", "admin", "--library", "Nowhere")
    assert refused.returncode == 2
    assert "Disk, Synthetic, Synthetic (second)" in " ".join(refused.stderr.split())
