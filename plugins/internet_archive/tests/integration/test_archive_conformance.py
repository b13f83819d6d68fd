"""The checker of OpenSubsonic servers has nothing to say against a server with this source."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from archive_emulator import Emulator
from hydrophone.testing.audio_files import make_audio
from hydrophone.testing.installed import environment, install
from hydrophone.testing.plugin_server import running_plugin_server

COMMAND = [sys.executable, "-m", "hydrophone_subsonic.conformance", "--write", "--format", "json"]


@pytest.mark.slow
def test_our_server_passes_with_it(running_archive: Emulator, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    install(site, "internet_archive", "hydrophone_internet_archive:InternetArchive")
    table = {"base_url": running_archive.url, "collections": ["etree", "netlabels"]}
    folders = [tmp_path / "One", tmp_path / "Two"]
    for folder in folders:
        tags = {"artist": f"Artist {folder.name}", "album": folder.name, "title": "Song"}
        make_audio(folder / tags["artist"] / "1.flac", seconds=1.0, tags=tags)
    with running_plugin_server(
        tmp_path / "data", {"internet_archive": table}, music=folders, environment=environment(site)
    ) as server:
        with server.client() as client:
            client.await_scan(tracks=2)
        finished = subprocess.run(
            [*COMMAND, server.url, "-u", server.user],
            capture_output=True,
            text=True,
            timeout=300,
            env={**os.environ, "SUBSONIC_PASSWORD": server.password},
            check=False,
        )
    results = json.loads(finished.stdout)["results"]
    assert [one for one in results if one["outcome"] == "failed"] == []
    assert [one for one in results if one["notPutBack"]] == []
