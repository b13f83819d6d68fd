"""Plugins that analyze tracks, recognize recordings and get albums, in the real server."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.e2e.commands import run

from hydrophone.testing.plugin_server import running_plugin_server
from hydrophone.testing.plugin_site import make_site
from hydrophone.testing.server import RunningServer

EAR = """
import shutil
from pathlib import Path

from msgspec import Struct

from hydrophone.domain.analysis import Analysis, GivenTag
from hydrophone.plugin import PLUGIN_API, Manifest, Plugin, hookimpl
from hydrophone.plugin.capabilities.acquirer import (
    AcquisitionState,
    AcquisitionStatus,
    AcquisitionTicket,
)
from hydrophone.plugin.capabilities.recognizer import Recognition


class Config(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    shop: str
    music: str


class Ear(Plugin[Config]):
    manifest = Manifest(name="ear", version="1.2", summary="Hears.", api=PLUGIN_API, config=Config)
    version = "7"

    async def analyze(self, request):
        with (self.context.data_dir / "heard").open("a") as file:
            file.write(request.track.title + chr(10))
        if request.track.title == "Song 2":
            return None
        size = request.file.stat().st_size
        tag = GivenTag(field="mood", value="calm", confidence=0.5)
        return Analysis(features={"size": size}, tags=(tag,), embedding=(0.5, 1.0))

    async def recognize(self, request):
        if request.file.read_bytes() == b"noise":
            return ()
        return (
            Recognition(score=0.4, title="Far away", artists=("Nobody",)),
            Recognition(score=0.9, title="song 3", artists=("Anna",)),
        )

    async def acquire(self, request):
        if request.title == "Nowhere":
            return None
        return AcquisitionTicket(ticket=request.title)

    async def status(self, request):
        there = Path(self.config.music) / "bought.mp3"
        if request.ticket.startswith("Broken"):
            return AcquisitionStatus(state=AcquisitionState.FAILED, sentence="It is sold out.")
        shutil.copy(self.config.shop, there)
        return AcquisitionStatus(state=AcquisitionState.DONE, done=1, sentence="It is bought.")

    @hookimpl
    def analyzers(self):
        return (self,)

    @hookimpl
    def recognizers(self):
        return (self,)

    @hookimpl
    def acquirers(self):
        return (self,)
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return make_site(tmp_path_factory.mktemp("site"), {"ear": EAR})


@pytest.fixture(scope="module")
def server(
    music: Path, site: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningServer]:
    bought = tmp_path_factory.mktemp("bought")
    table = {"shop": str(music / "Anna" / "First" / "01 Song.mp3"), "music": str(bought)}
    with running_plugin_server(
        tmp_path_factory.mktemp("data"), {"ear": table}, music=[music, bought], environment=site
    ) as running:
        with running.client() as client:
            client.await_scan(tracks=5)
        yield running


def ask(server: RunningServer, method: str, path: str, **options: Any) -> Any:
    answer = httpx.request(
        method,
        f"{server.url}/api/v1{path}",
        auth=(server.user, server.password),
        timeout=120,
        **options,
    )
    assert answer.is_success, answer.text
    return answer.json()


def ended(server: RunningServer, kind: str, title: str) -> dict[str, Any]:
    deadline = time.monotonic() + 60
    while True:
        for job in ask(server, "GET", "/jobs", params={"kind": kind})["jobs"]:
            if title in job["title"] and job["finished"] is not None:
                return dict(job)
        assert time.monotonic() < deadline
        time.sleep(0.1)


def song(server: RunningServer, title: str) -> str:
    with server.client() as client:
        found = client.ask("search3", query=title, artistCount=0)["searchResult3"]["song"]
    return str(found[0]["id"])


def test_each_track_is_analyzed_once(server: RunningServer) -> None:
    three, two = song(server, "song 3"), song(server, "song 2")
    deadline = time.monotonic() + 60
    while not (found := ask(server, "GET", f"/tracks/{three}/analyses")):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert [(one["analyzer"], one["version"]) for one in found] == [("ear", "7")]
    assert found[0]["analysis"]["features"]["size"] > 1000
    assert found[0]["analysis"]["tags"] == [{"field": "mood", "value": "calm", "confidence": 0.5}]
    assert found[0]["analysis"]["embedding"] == [0.5, 1.0]
    with server.client() as client:
        client.ask("star", id=two)
    ended(server, "analyze", "Analysis")
    # That there is nothing to hear in it is known as well.
    assert ask(server, "GET", f"/tracks/{two}/analyses")[0]["analysis"]["features"] == {}
    heard = (server.data / "plugins" / "ear" / "heard").read_text().splitlines()
    assert heard.count("Song 2") == heard.count("Song 3") == 1


def test_recordings_are_recognized_the_surest_first(server: RunningServer) -> None:
    found = ask(server, "POST", "/recognize", content=b"some sound")
    assert [(one["score"], one["track_id"]) for one in found] == [
        (0.9, song(server, "song 3")),
        (0.4, ""),
    ]
    assert ask(server, "POST", "/recognize", content=b"noise") == []
    for content, status in ((b"", 400), (b"x" * (32 * 1024 * 1024 + 1), 413)):
        answer = httpx.post(
            f"{server.url}/api/v1/recognize",
            content=content,
            auth=(server.user, server.password),
            timeout=120,
        )
        assert answer.status_code == status


def test_wanted_albums_are_got_and_scanned(server: RunningServer) -> None:
    for title in ("Nowhere", "Broken", "Hers"):
        job = ask(server, "POST", "/wanted", json={"artist": "Berta", "title": title})
        assert job["title"] == f"Berta: {title}"
    assert ended(server, "acquire", "Nowhere")["error"] == "No plugin here can get it."
    assert ended(server, "acquire", "Broken")["error"] == "It is sold out."
    job = ended(server, "acquire", "Hers")
    assert (job["state"], job["result"]) == ("done", "It is bought.")
    with server.client() as client:
        client.await_scan(tracks=6)


def command(server: RunningServer, site: dict[str, str], *words: str | Path) -> Any:
    return run(*words, "--data", server.data, code=0, environment=site)


def test_commands_do_the_same(server: RunningServer, site: dict[str, str], music: Path) -> None:
    file = music / "Anna" / "First" / "01 Song.mp3"
    assert command(server, site, "recognize", file).stdout.startswith("90%  Anna: song 3")
    assert "Berta: Broken too" in command(server, site, "want", "Berta", "Broken too").stderr
    assert ended(server, "acquire", "Broken too")["error"] == "It is sold out."
    assert command(server, site, "plugins", "analyze").stderr.startswith("Job ")
