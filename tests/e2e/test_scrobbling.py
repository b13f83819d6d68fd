"""Plays handed to other services by plugins, and plugins that hear what happens."""

import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.waiting import until

from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.plugin_server import running_plugin_server
from hydrophone.testing.plugin_site import make_site
from hydrophone.testing.server import RunningServer

DIARY = """
import json

from hydrophone.errors import NotAuthorizedError, ProviderUnavailableError
from hydrophone.plugin import PLUGIN_API, Manifest, Plugin, hookimpl
from hydrophone.plugin.capabilities.event_listener import EventKind
from hydrophone.plugin.capabilities.scrobbler import ScrobbleOutcome


class Book:
    def __init__(self, folder):
        self.folder = folder

    def write(self, name, line):
        with (self.folder / name).open("a") as file:
            file.write(json.dumps(line) + chr(10))

    def has(self, name):
        return (self.folder / name).exists()


class Pen(Book):
    async def is_linked(self, user_name):
        if self.has("unlinked"):
            self.write("seen unlinked", user_name)
        return user_name == "admin" and not self.has("unlinked")

    async def now_playing(self, request):
        self.write("beginnings", [request.user_name, request.track.title, request.client])

    async def submit(self, request):
        if self.has("away"):
            self.write("tries", len(request.plays))
            raise ProviderUnavailableError("The service is away.")
        if self.has("refused"):
            self.write("tries", len(request.plays))
            raise NotAuthorizedError("Log in again.")
        for play in request.plays:
            self.write("plays", [request.user_name, play.track.title, play.started, play.client])
        return ScrobbleOutcome(accepted=len(request.plays))


class Ear(Book):
    kinds = frozenset(EventKind)

    async def on_event(self, event):
        self.write("events", [event.kind, event.user_name, event.item_id, event.rating])


class Diary(Plugin):
    manifest = Manifest(name="diary", version="1.2", summary="Writes down.", api=PLUGIN_API)

    @hookimpl
    def scrobblers(self):
        return (Pen(self.context.data_dir),)

    @hookimpl
    def event_listeners(self):
        return (Ear(self.context.data_dir),)
"""
HOUR = 3600 * 1000


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return make_site(tmp_path_factory.mktemp("site"), {"diary": DIARY})


@pytest.fixture
def server(music: Path, environment: dict[str, str], tmp_path: Path) -> Iterator[RunningServer]:
    with running_plugin_server(
        tmp_path, {"diary": {}}, music=[music], environment=environment
    ) as running:
        yield running


@pytest.fixture
def client(server: RunningServer) -> Iterator[SubsonicClient]:
    with server.client(name="app") as logged_in:
        yield logged_in


def written(server: RunningServer, name: str) -> list[Any]:
    path = server.data / "plugins" / "diary" / name
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def song(client: SubsonicClient, title: str) -> str:
    client.await_scan(tracks=5)
    found = client.ask("search3", query=title, artistCount=0)["searchResult3"]["song"]
    return str(found[0]["id"])


def is_begun(server: RunningServer, client: SubsonicClient) -> bool:
    """Whether the scrobbler has its place: plays of before are not handed on."""
    one = song(client, "song 1")
    now = int(time.time() * 1000)
    client.ask("scrobble", id=one, time=now)
    time.sleep(0.2)
    return bool(written(server, "plays"))


def test_plays_and_beginnings_are_handed_on_once(
    server: RunningServer, client: SubsonicClient
) -> None:
    two = song(client, "song 2")
    until(lambda: is_begun(server, client))
    now = int(time.time() * 1000)
    client.ask("scrobble", id=two, submission="false")
    client.ask("scrobble", id=two, time=now - HOUR)
    client.ask("scrobble", id=two, time=now - HOUR)
    until(lambda: any(play[1] == "Song 2" for play in written(server, "plays")))
    time.sleep(2.5)
    found = [play for play in written(server, "plays") if play[1] == "Song 2"]
    assert found == [["admin", "Song 2", now - HOUR, "app"]]
    assert written(server, "beginnings") == [["admin", "Song 2", "app"]]


def test_nothing_is_lost_while_the_service_is_away_or_the_server_is_killed(
    server: RunningServer, client: SubsonicClient, music: Path, environment: dict[str, str]
) -> None:
    three = song(client, "song 3")
    until(lambda: is_begun(server, client))
    folder = server.data / "plugins" / "diary"
    (folder / "away").touch()
    now = int(time.time() * 1000)
    for hours in range(60):
        client.ask("scrobble", id=three, time=now - hours * HOUR)
    until(lambda: bool(written(server, "tries")))
    server.stop(signal.SIGKILL)
    assert not any(play[1] == "Song 3" for play in written(server, "plays"))
    (folder / "away").unlink()
    with running_plugin_server(
        server.data, {"diary": {}}, music=[music], environment=environment
    ) as again:
        until(lambda: sum(p[1] == "Song 3" for p in written(again, "plays")) >= 60)
        time.sleep(2.5)
        plays = [play[2] for play in written(again, "plays") if play[1] == "Song 3"]
    assert sorted(plays) == sorted(now - hours * HOUR for hours in range(60))
    assert max(written(server, "tries")) <= 50


def test_who_is_refused_waits_until_he_is_linked_anew(
    server: RunningServer, client: SubsonicClient
) -> None:
    five = song(client, "song 5")
    until(lambda: is_begun(server, client))
    folder = server.data / "plugins" / "diary"
    (folder / "refused").touch()
    client.ask("scrobble", id=five)
    until(lambda: bool(written(server, "tries")))
    (folder / "refused").unlink()
    time.sleep(2.5)
    assert len(written(server, "tries")) == 1
    assert not any(play[1] == "Song 5" for play in written(server, "plays"))
    (folder / "unlinked").touch()
    until(lambda: "admin" in written(server, "seen unlinked"))
    (folder / "unlinked").unlink()
    until(lambda: any(play[1] == "Song 5" for play in written(server, "plays")))


def test_listeners_hear_what_happens_in_its_order(
    server: RunningServer, client: SubsonicClient
) -> None:
    four = song(client, "song 4")
    client.ask("star", id=four)
    client.ask("setRating", id=four, rating=4)
    client.ask("unstar", id=four)
    client.ask("scrobble", id=four, submission="false")
    client.ask("scrobble", id=four)
    expected = [
        ["starred", "admin", four, 0],
        ["rated", "admin", four, 4],
        ["unstarred", "admin", four, 0],
        ["track_started", "admin", four, 0],
        ["track_played", "admin", four, 0],
    ]

    def heard() -> list[Any]:
        return [event for event in written(server, "events") if event[0] != "library_changed"]

    until(lambda: len(heard()) >= 5)
    assert heard() == expected
    assert ["library_changed", "", "", 0] in written(server, "events")
