"""The server with sources whose own code is wrong, as users run it: nothing of it is raised."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.waiting import until

from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.installed import environment, install
from hydrophone.testing.server import RunningServer, running_server

DEADLINE = 1.5
"""Seconds that a search waits, as `[search] deadline` is."""
WAYS = ("raising", "hanging", "stubborn", "rubbish", "lying", "flooding", "exiting", "cancelling")
CODE = """
import asyncio

from hydrophone.domain.remote import RemoteTrack
from hydrophone.plugin import PLUGIN_API, Manifest, Plugin, hookimpl
from hydrophone.plugin.capabilities.source import SearchHits, SourceInfo
from hydrophone.testing.synthetic_source import SyntheticSource


class Misbehaving(SyntheticSource):
    def __init__(self, how):
        self.how = how
        self.info = SourceInfo(title=how, is_browsable=True)

    async def search(self, request):
        match self.how:
            case "raising":
                raise KeyError("a bug")
            case "hanging":
                await asyncio.Event().wait()
            case "stubborn":
                while True:
                    try:
                        await asyncio.sleep(60)
                    except asyncio.CancelledError:
                        pass
            case "rubbish":
                return {"songs": 3}
            case "lying":
                return SearchHits(tracks=(RemoteTrack(native_id="", title=5),))
            case "flooding":
                return SearchHits(tracks=(RemoteTrack(native_id="1", title="Song"),) * 1_000_000)
            case "exiting":
                raise SystemExit(3)
            case "cancelling":
                raise asyncio.CancelledError


class Wrong(Plugin):
    manifest = Manifest(name="wrong", version="1", summary="Is wrong.", api=PLUGIN_API)

    @hookimpl
    def sources(self):
        return (Misbehaving(self.context.instance),)
"""


@pytest.fixture(scope="module")
def server(
    hydrophone_library: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningServer]:
    site: Path = tmp_path_factory.mktemp("site")
    install(site, "wrong", "hydrophone_wrong:Wrong")
    (site / "hydrophone_wrong.py").write_text(CODE)
    data = tmp_path_factory.mktemp("data")
    (data / "config.toml").write_text("".join(f'[plugins.{w}]\nplugin = "wrong"\n' for w in WAYS))
    with running_server(
        data, music=[hydrophone_library.root], environment=environment(site)
    ) as running:
        yield running
        # None of them has ended it, and none keeps it from ending.
        assert running.process.poll() is None
        assert running.stop() < 20


@pytest.fixture(scope="module")
def client(server: RunningServer) -> Iterator[SubsonicClient]:
    with server.client() as logged_in:
        logged_in.await_scan(tracks=5)
        # The server does not wait for its plugins for long.
        until(lambda: len(folders(logged_in)) > len(WAYS), "all sources")
        yield logged_in


def folders(client: SubsonicClient) -> dict[str, Any]:
    """Return {name: id} of the music folders."""
    listed = client.ask("getMusicFolders")["musicFolders"]["musicFolder"]
    return {one["name"]: one["id"] for one in listed}


@pytest.mark.parametrize("way", WAYS)
def test_a_search_of_it_finds_nothing_and_ends(client: SubsonicClient, way: str) -> None:
    folder = folders(client)[way]
    began = time.monotonic()
    found = client.ask("search3", query="song", musicFolderId=folder)["searchResult3"]
    # Not as long as a call of a plugin may take, which is 20 s; the rest is for busy machines.
    assert time.monotonic() - began < 15
    assert found["song"] == []


def test_the_library_is_found_among_all_of_them(client: SubsonicClient) -> None:
    for _ in range(3):
        began = time.monotonic()
        found = client.ask("search3", query="song", songCount=20)["searchResult3"]["song"]
        assert len(found) == 5
        assert time.monotonic() - began < 15
