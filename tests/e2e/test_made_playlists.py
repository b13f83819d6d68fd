"""Playlists that the server makes, through apps: each user has his own, and nobody changes them."""

import time
from collections.abc import Iterator
from io import BytesIO

import httpx
import pytest
from PIL import Image

from hydrophone.services.remote_music import album_id, track_id
from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.server import RunningServer
from hydrophone.testing.synthetic_place import SyntheticPlace

WEEK = 7 * 24 * 60 * 60 * 1000


@pytest.fixture(scope="module")
def server(place: SyntheticPlace) -> Iterator[RunningServer]:
    with place.start("made") as running:
        yield running


@pytest.fixture(scope="module")
def client(server: RunningServer) -> Iterator[SubsonicClient]:
    with server.client() as opened:
        assert lists(opened) == {}
        opened.ask("search3", query="first signal")
        opened.ask("getAlbum", id=album_id("synthetic", "album-1"))
        opened.ask("search3", query="second signal")
        opened.ask("getAlbum", id=album_id("synthetic", "album-2"))
        yield opened


def lists(client: SubsonicClient) -> dict[str, str]:
    listed = client.ask("getPlaylists")["playlists"].get("playlist", ())
    assert all(one["readonly"] and one["owner"] == client.login["u"] for one in listed)
    return {one["name"]: one["id"] for one in listed}


def titles(client: SubsonicClient, name: str) -> list[str]:
    opened = client.ask("getPlaylist", id=lists(client)[name])["playlist"]
    assert opened["songCount"] == len(opened["entry"])
    assert opened["readonly"]
    return [one["title"] for one in opened["entry"]]


def song(number: int) -> str:
    return track_id("synthetic", f"track-{number}")


def test_what_sources_showed_last_comes_first(client: SubsonicClient) -> None:
    assert titles(client, "New from sources") == [
        *(f"Second Signal {number}" for number in (1, 2, 3)),
        *(f"First Signal {number}" for number in (1, 2, 3)),
    ]
    before = changed(client, "New from sources")
    # It is no news when it is shown again.
    client.ask("search3", query="first")
    assert changed(client, "New from sources") == before


def changed(client: SubsonicClient, name: str) -> str:
    return str(client.ask("getPlaylist", id=lists(client)[name])["playlist"]["changed"])


def test_what_was_played_in_the_last_seven_days(client: SubsonicClient) -> None:
    now = round(time.time() * 1000)
    times = {1: [now - 60_000], 2: [now - 120_000, now - WEEK + 3_600_000], 3: [now - WEEK - 1000]}
    for number, played in times.items():
        client.ask("scrobble", id=[song(number)] * len(played), time=played)
    assert titles(client, "Most played this week") == ["First Signal 2", "First Signal 1"]
    before = lists(client)["Most played this week"]
    client.ask("scrobble", id=[song(1)] * 2, time=[now - 1000, now - 2000])
    assert titles(client, "Most played this week") == ["First Signal 1", "First Signal 2"]
    assert lists(client)["Most played this week"] == before


def test_what_stays_for_the_user(server: RunningServer, client: SubsonicClient) -> None:
    login = httpx.BasicAuth(server.user, server.password)
    httpx.put(f"{server.url}/api/v1/keeps/{song(4)}", auth=login).raise_for_status()
    assert titles(client, "Recently kept") == ["Second Signal 1"]
    # A star keeps as well, as soon as there is a copy.
    client.ask("star", id=song(5))
    deadline = time.monotonic() + 60
    while titles(client, "Recently kept") != ["Second Signal 2", "Second Signal 1"]:
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_nobody_changes_them(server: RunningServer, client: SubsonicClient) -> None:
    made = lists(client)["New from sources"]
    assert client.error("deletePlaylist", id=made) == 50
    assert client.error("updatePlaylist", playlistId=made, name="Mine") == 50
    assert client.error("createPlaylist", playlistId=made, songId=song(1)) == 50
    login = httpx.BasicAuth(server.user, server.password)
    kept = httpx.put(f"{server.url}/api/v1/keeps/{made}", auth=login)
    assert 400 <= kept.status_code < 500
    assert len(titles(client, "New from sources")) == 6
    # What is in one can be taken into a playlist of one's own.
    mine = client.ask("createPlaylist", name="Mine", songId=[song(1), song(2)])["playlist"]
    client.ask("deletePlaylist", id=mine["id"])


def test_they_have_covers(client: SubsonicClient) -> None:
    for name, made in lists(client).items():
        cover = client.get("getCoverArt", id=made)
        assert cover.headers["content-type"].startswith("image/"), name
        Image.open(BytesIO(cover.content)).verify()


def test_everybody_has_his_own(server: RunningServer, client: SubsonicClient) -> None:
    client.ask("createUser", username="berta", password="sesame", email="")
    with SubsonicClient(server.url, "berta", "sesame") as berta:
        assert list(lists(berta)) == ["New from sources"]
        theirs = lists(client)
        assert lists(berta)["New from sources"] != theirs["New from sources"]
        for made in theirs.values():
            assert berta.error("getPlaylist", id=made) == 70
