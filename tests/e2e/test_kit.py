"""The kit's own server: with one's plugins alone, and without mercy for their bugs."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.installed import environment, install
from hydrophone.testing.loopback import Loopback
from hydrophone.testing.plugin_server import running_plugin_server
from hydrophone.testing.server import RunningServer
from hydrophone.testing.synthetic_service import SyntheticService
from hydrophone.testing.synthetic_source import TARGET

BUGGY = """
from hydrophone.plugin import PLUGIN_API, Manifest, Plugin, hookimpl


class Chore:
    name = "chore"
    interval = 3600.0

    async def run(self, request):
        raise KeyError("a bug")


class Buggy(Plugin):
    manifest = Manifest(name="buggy", version="1", summary="Has a bug.", api=PLUGIN_API)

    @hookimpl
    def jobs(self):
        return (Chore(),)
"""


def statuses(server: RunningServer, site: Path) -> dict[str, dict[str, Any]]:
    listed = subprocess.run(
        [sys.executable, "-m", "hydrophone", "plugins", "--data", str(server.data), "--json"],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        env={**os.environ, **environment(site)},
    )
    return {one["instance"]: one for one in json.loads(listed.stdout)}


def test_a_server_has_the_small_library_and_no_plugin(
    hydrophone_client: SubsonicClient, hydrophone_server: RunningServer
) -> None:
    titles = {(one["album"], one["title"]) for one in hydrophone_client.songs()}
    assert len(titles) == 5
    assert ("First", "Song 3") in titles
    assert "[plugins" not in (hydrophone_server.data / "config.toml").read_text()


def test_runs_plugins_and_tells_of_their_bugs(
    tmp_path: Path, hydrophone_loopback: Loopback
) -> None:
    service = SyntheticService(hydrophone_loopback, tmp_path / "audio", seconds=1.0)
    site = tmp_path / "site"
    install(site, "synthetic", TARGET)
    install(site, "buggy", "hydrophone_buggy:Buggy")
    (site / "hydrophone_buggy.py").write_text(BUGGY)
    tables = {"synthetic": {"base_url": service.url}, "buggy": {}}
    found: dict[str, dict[str, Any]] = {}

    def run() -> None:
        data = tmp_path / "data"
        with running_plugin_server(data, tables, environment=environment(site)) as server:
            deadline = time.monotonic() + 60
            while "buggy.job has a bug" not in server.log.read_text():
                assert time.monotonic() < deadline
                time.sleep(0.1)
            found.update(statuses(server, site))

    with pytest.raises(AssertionError, match=r"buggy\.job has a bug: KeyError"):
        run()
    assert found["synthetic"]["state"] == "running"
    assert [one["capability"] for one in found["synthetic"]["capabilities"]] == ["source"]
