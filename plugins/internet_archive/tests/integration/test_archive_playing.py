"""Played while it is downloaded, killed in between, and played once more without the Archive."""

import signal
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from socket import socket
from threading import Event, Thread

import httpx
import pytest

from archive_emulator import EmulatedItem, emulator
from archive_emulator.collection import all_items
from archive_emulator.items import item
from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.faults import held
from hydrophone.testing.installed import environment, install
from hydrophone.testing.loopback import Fault, Request, Route
from hydrophone.testing.plugin_server import running_plugin_server
from hydrophone.testing.server import RunningServer

LONG = "gd2001-01-01.sbd.1234.flac16"


def begun(rest: Event) -> Fault:
    """Send of each whole file a megabyte, and the rest when it is let; parts come at once."""
    whole = held(rest, after=1_000_000)

    def fault(request: Request, connection: socket, route: Route) -> None:
        if "range" in request.headers:
            route(request, connection)
        else:
            whole(request, connection, route)

    return fault


@pytest.fixture(scope="module")
def long_item() -> EmulatedItem:
    """A recording of large files."""
    return item(
        LONG,
        ("Long Jam", "Longer Jam"),
        upload="WAVE",
        derived=(),
        seconds=15.0,
        mediatype="etree",
        collection=["GratefulDead", "etree"],
        creator="Grateful Dead",
        title="Grateful Dead Live at Hall on 2001-01-01",
        date="2001-01-01",
        venue="Hall",
    )


@pytest.fixture
def installed(tmp_path: Path) -> Mapping[str, str]:
    install(tmp_path / "site", "internet_archive", "hydrophone_internet_archive:InternetArchive")
    return environment(tmp_path / "site")


def ids(client: SubsonicClient) -> dict[str, str]:
    """Return the ids of the long tracks by their titles."""
    [found] = client.ask("search3", query="jam hall 2001-01-01")["searchResult3"]["album"]
    songs = client.ask("getAlbum", id=found["id"])["album"]["song"]
    return {song["title"]: song["id"] for song in songs}


def await_cached(server: RunningServer, songs: Iterable[str]) -> None:
    """Wait until songs have been looked at and kept, which comes after their last byte."""
    login = httpx.BasicAuth(server.user, server.password)
    deadline = time.monotonic() + 60
    while True:
        files = httpx.get(f"{server.url}/api/v1/cache", auth=login, timeout=120).json()["files"]
        if {*songs} <= {one["track_id"] for one in files}:
            return
        assert time.monotonic() < deadline
        time.sleep(0.05)


def part(client: SubsonicClient, song: str, first: int, last: int | None = None) -> bytes:
    wanted = f"bytes={first}-{'' if last is None else last}"
    answer = client.get("stream", id=song, headers={"Range": wanted})
    assert answer.status_code == 206
    assert answer.headers["content-range"].startswith(f"bytes {first}-")
    return answer.content


@pytest.mark.slow
def test_seeks_while_it_comes_a_kill_and_a_silent_archive(
    tmp_path: Path, long_item: EmulatedItem, installed: Mapping[str, str]
) -> None:
    whole, second = (long_item.content[f"gd2001-01-01t0{place}.wav"] for place in (1, 2))
    data = tmp_path / "data"
    with emulator([long_item]) as archive:
        tables = {"internet_archive": {"base_url": archive.url}}
        rest = Event()
        archive.node.fail(begun(rest))
        with (
            running_plugin_server(data, tables, environment=installed) as server,
            server.client() as client,
            server.client() as other,
        ):
            known = ids(client)
            heard: list[bytes] = []
            listener = Thread(
                target=lambda: heard.append(client.get("stream", id=known["Long Jam"]).content)
            )
            listener.start()
            try:
                for first, last in ((0, 999), (70_000, 80_000), (2_000_000, 2_000_999)):
                    seen = part(other, known["Long Jam"], first, last)
                    assert seen == whole[first : last + 1]
                assert part(other, known["Long Jam"], len(whole) - 300_000) == whole[-300_000:]
                assert listener.is_alive()
            finally:
                rest.set()
                listener.join()
            assert heard == [whole]
            # The next track comes as well, before its turn.
            asked = [
                request.headers.get("range", "")
                for request in archive.node.requests
                if "t01" in request.path
            ]
            assert asked[0] == ""
            assert all(asked[1:]), "The file was fetched from its beginning more than once."

            parameters = {**other.login, "id": known["Longer Jam"]}
            with other.http.stream("GET", "/rest/stream", params=parameters) as answer:
                assert next(answer.iter_bytes())
                server.process.send_signal(signal.SIGKILL)
                server.process.wait()
        with (
            running_plugin_server(data, tables, environment=installed) as server,
            server.client() as client,
        ):
            assert client.get("stream", id=known["Longer Jam"]).content == second
            # It may have been killed while the first one was looked at before being kept.
            assert client.get("stream", id=known["Long Jam"]).content == whole
            await_cached(server, known.values())
    with (
        running_plugin_server(data, tables, environment=installed) as server,
        server.client() as client,
    ):
        assert ids(client) == known
        assert client.get("stream", id=known["Long Jam"]).content == whole
        assert part(client, known["Longer Jam"], 1_000_000) == second[1_000_000:]


@pytest.mark.slow
def test_what_is_refused_plays_as_what_is_given_or_says_why(
    tmp_path: Path, installed: Mapping[str, str]
) -> None:
    with emulator(all_items()) as archive:
        tables = {"internet_archive": {"base_url": archive.url}}
        with (
            running_plugin_server(tmp_path / "data", tables, environment=installed) as server,
            server.client() as client,
        ):
            found = client.ask("search3", query="quiet ones mill")["searchResult3"]["album"]
            days = {one["releaseDate"]["day"]: one["id"] for one in found}

            def played(day: int) -> tuple[str, str]:
                album = client.ask("getAlbum", id=days[day])["album"]
                answer = client.get("stream", id=album["song"][0]["id"])
                kind = answer.headers["content-type"]
                return kind, answer.text if kind == "application/json" else ""

            assert played(1)[0] == "audio/mpeg"
            # Of this one the Archive lists lossless files, and refuses them when they are fetched.
            assert "audio/mpeg" in (played(2)[0], played(2)[0])
            assert "restricts this recording" in played(3)[1]
            assert "restricts this recording" in played(4)[1]
            assert "nothing plays (Shorten)" in played(6)[1]
