"""A track whose source fails is played from elsewhere, and its bytes are never mixed."""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from hydrophone.plugin.capabilities.source import RefusalReason
from hydrophone.services.remote_music import track_id
from hydrophone.testing import faults
from hydrophone.testing.audio_files import make_audio
from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.installed import environment, install
from hydrophone.testing.loopback import loopback
from hydrophone.testing.plugin_server import running_plugin_server
from hydrophone.testing.server import RunningServer
from hydrophone.testing.synthetic_service import SyntheticService, refusal
from hydrophone.testing.synthetic_source import TARGET

LOCAL = "Second Signal 3"


@dataclass(frozen=True)
class Stage:
    """One server, whose two sources have the same recordings in different files."""

    server: RunningServer
    first: SyntheticService
    second: SyntheticService
    local: bytes

    def client(self, name: str) -> SubsonicClient:
        return self.server.client(name=name)

    def folder(self, client: SubsonicClient, name: str) -> int:
        folders = client.ask("getMusicFolders")["musicFolders"]["musicFolder"]
        return next(int(one["id"]) for one in folders if one["name"] == name)

    def api(self, method: str, path: str, body: object = None) -> Any:
        login = httpx.BasicAuth(self.server.user, self.server.password)
        address = f"{self.server.url}/api/v1{path}"
        answer = httpx.request(method, address, auth=login, json=body, timeout=120)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def until_cached(self, song: str) -> None:
        deadline = time.monotonic() + 60
        while song not in [one["track_id"] for one in self.api("GET", "/cache")["files"]]:
            assert time.monotonic() < deadline
            time.sleep(0.05)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    site, audio = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("audio")
    music = tmp_path_factory.mktemp("music")
    tags = {"title": LOCAL, "artist": "The Emitters", "album": "Tape"}
    local = make_audio(music / "a.mp3", seconds=1.2, frequency=1000, tags=tags)
    install(site, "synthetic", TARGET)
    with ExitStack() as stack:
        services = {
            name: SyntheticService(stack.enter_context(loopback()), audio, seconds=seconds)
            for name, seconds in (("first", 1.0), ("second", 1.5))
        }
        tables = {
            name: {"plugin": "synthetic", "base_url": one.url, "title": name}
            for name, one in services.items()
        }
        server = stack.enter_context(
            running_plugin_server(
                tmp_path_factory.mktemp("data"),
                tables,
                music=[music],
                # What is here already is not sought.
                settings="[cache]\nprefetch = 0",
                environment=environment(site),
            )
        )
        with server.client() as client:
            client.await_scan(tracks=1)
        yield Stage(server, services["first"], services["second"], local.read_bytes())


def song(number: int, source: str = "first") -> str:
    return track_id(source, f"track-{number}")


def refuse(service: SyntheticService, number: int) -> None:
    service.refusals[f"track-{number}"] = refusal(RefusalReason.REGION)


def test_another_source_plays_what_one_refuses_and_goes_on_with_it(stage: Stage) -> None:
    with stage.client("going on") as client:
        client.ask("search3", query="first signal")
        refuse(stage.first, 1)
        right = stage.second.files["track-1"]
        begun = client.get("stream", id=song(1), headers={"Range": "bytes=0-999"})
        assert (begun.status_code, begun.content) == (206, right[:1000])
        # It is back, and even here: the listener stays with what he has begun.
        del stage.first.refusals["track-1"]
        with stage.client("somebody else") as other:
            assert other.get("stream", id=song(1)).content == stage.first.files["track-1"]
        stage.until_cached(song(1))
        rest = client.get("stream", id=song(1), headers={"Range": "bytes=1000-"})
        assert (rest.status_code, rest.content) == (206, right[1000:])
    assert f"is played in the place of {song(1)}" in stage.server.log.read_text()


def test_a_part_of_another_file_is_refused(stage: Stage) -> None:
    with stage.client("parts") as client:
        client.ask("search3", query="first signal")
        begun = client.get("stream", id=song(2), headers={"Range": "bytes=0-999"})
        assert begun.content == stage.first.files["track-2"][:1000]
        stage.until_cached(song(2))
        refuse(stage.first, 2)
        stage.api("DELETE", f"/cache/{song(2)}")
        later = {"Range": "bytes=1000-1999"}
        refused, again = (client.get("stream", id=song(2), headers=later) for _ in range(2))
        assert (refused.status_code, refused.content, again.status_code) == (416, b"", 416)
        right = stage.second.files["track-2"]
        assert refused.headers["content-range"] == f"bytes */{len(right)}"
        # By If-Range the app says what it has: it is given the whole.
        known = {**later, "If-Range": begun.headers["etag"]}
        whole = client.get("stream", id=song(2), headers=known)
        assert (whole.status_code, whole.content) == (200, right)
        part = client.get("stream", id=song(2), headers=later)
        assert (part.status_code, part.content) == (206, right[1000:2000])


def test_a_source_that_never_showed_it_is_asked_for_the_recording(stage: Stage) -> None:
    # One that no other test looks for.
    added = [
        one.add_album("Quiet", artist="Nobody", count=1) for one in (stage.first, stage.second)
    ]
    [track] = stage.first.albums[added[0]].tracks
    quiet = int(track.native_id.removeprefix("track-"))
    with stage.client("matching") as client:
        number = stage.folder(client, "first")
        client.ask("search3", query="quiet", musicFolderId=number)
        refuse(stage.first, quiet)
        assert stage.api("GET", f"/tracks/{song(quiet)}/links") == []
        right = stage.second.files[track.native_id]
        assert client.get("stream", id=song(quiet)).content == right
        [link] = stage.api("GET", f"/tracks/{song(quiet)}/links")
        assert (link["track"], link["kind"]) == (song(quiet, "second"), "fuzzy")
        assert link["library"] == stage.folder(client, "second")


def test_the_disk_goes_before_other_sources(stage: Stage) -> None:
    with stage.client("disk") as client:
        number = stage.folder(client, "first")
        client.ask("search3", query="second signal", musicFolderId=number)
        stage.api("POST", f"/tracks/{song(6)}/links")
        refuse(stage.first, 6)
        assert client.get("stream", id=song(6)).content == stage.local


def test_what_a_person_says_counts(stage: Stage) -> None:
    with stage.client("saying") as client:
        client.ask("search3", query="live at the pier")
        refuse(stage.first, 7)
        links = f"/tracks/{song(7)}/links"
        found = stage.api("POST", links)
        same = [one["track"] for one in found]
        assert song(7, "second") in same
        assert all(other.startswith("tr-") and other != song(7) for other in same)
        for other in same:
            stage.api("PUT", f"{links}/{other}", {"is_same": False})
        assert {one["kind"] for one in stage.api("POST", links)} == {"different"}
        assert client.error("stream", id=song(7)) == 0
        # Whatever its name and length.
        stage.api("PUT", f"{links}/{song(1, 'second')}", {"is_same": True})
        assert client.get("stream", id=song(7)).content == stage.second.files["track-1"]
        stage.api("DELETE", f"{links}/{song(1, 'second')}")
        assert {one["kind"] for one in stage.api("GET", links)} == {"different"}
        for other in same:
            stage.api("DELETE", f"{links}/{other}")
        assert stage.api("GET", links) == []


@pytest.mark.parametrize(("path", "number"), [("/resolve", 3), ("/audio/track-5.mp3", 5)])
def test_a_source_that_is_silent_costs_three_seconds(stage: Stage, path: str, number: int) -> None:
    with stage.client(f"waiting {number}") as client:
        client.ask("search3", query="signal")
        assert stage.api("POST", f"/tracks/{song(number)}/links")
        silence = threading.Event()
        stage.first.loopback.fail(faults.held(silence), path=path)
        began = time.monotonic()
        assert (
            client.get("stream", id=song(number)).content == stage.second.files[f"track-{number}"]
        )
        # Without a known other it would be ten.
        assert 3 <= time.monotonic() - began < 9
        silence.set()
        stage.first.loopback.recover()
    assert "is played in the place of" in stage.server.log.read_text()
