"""py-opensonic over a library that has something of everything; the rest is in `tests/e2e`."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import libopensonic
import pytest
from libopensonic.errors import DataNotFoundError

from hydrophone.testing.loopback import Loopback
from hydrophone.testing.server import RunningServer


@contextmanager
def connected(server: RunningServer, **options: Any) -> Iterator[Any]:
    """Log in; at the end close the event loop too, which `cleanup` leaves open."""
    address, _, port = server.url.rpartition(":")
    connection = libopensonic.Connection(
        address, port=int(port), app_name="py-opensonic", **options
    )
    yield connection
    connection.cleanup()
    connection._loop.close()


@pytest.fixture(params=["POST", "GET"])
def sonic(server: RunningServer, request: pytest.FixtureRequest) -> Iterator[Any]:
    login = {"username": server.user, "password": server.password}
    with connected(server, **login, use_get=request.param == "GET") as connection:
        yield connection


def read(connection: Any, response: Any) -> bytes:
    """Read the body of a response on the loop that it belongs to."""
    reading = asyncio.run_coroutine_threadsafe(response.read(), connection._loop)
    return bytes(reading.result(20))


def test_bookmarks(sonic: Any, ids: dict[str, str]) -> None:
    assert sonic.create_bookmark(ids["other"], 1234, "Here & <there>")
    bookmarks = {one.entry.id: one for one in sonic.get_bookmarks()}
    kept = bookmarks[ids["other"]]
    assert (kept.position, kept.comment, kept.username) == (1234, "Here & <there>", "admin")
    assert sonic.delete_bookmark(ids["other"])
    assert ids["other"] not in {one.entry.id for one in sonic.get_bookmarks()}


def test_podcasts(sonic: Any, ids: dict[str, str], remote: Loopback) -> None:
    channels = {one.id: one for one in sonic.get_podcasts()}
    assert channels[ids["channel"]].title == "Sea & Talk"
    assert channels[ids["broken"]].error_message
    [alone] = sonic.get_podcasts(inc_episodes=False, pid=ids["channel"])
    assert alone.id == ids["channel"]
    assert ids["episode"] in {one.id for one in sonic.get_newest_podcasts(count=50)}
    episode = sonic.get_podcast_episode(ids["episode"])
    assert (episode.title, episode.status.value) == ('First & "best"', "completed")
    assert sonic.refresh_podcasts()
    assert sonic.download_podcast_episode(ids["episode"])
    assert sonic.delete_podcast_episode(ids["spare"])
    before = set(channels)
    assert sonic.create_podcast_channel(f"{remote.url}/broken?opensonic-{sonic.use_get}")
    [new] = {one.id for one in sonic.get_podcasts()} - before
    assert sonic.delete_podcast_channel(new)
    with pytest.raises(DataNotFoundError):
        sonic.get_podcasts(pid=new)


def test_radio(sonic: Any) -> None:
    before = {one.id for one in sonic.get_internet_radio_stations()}
    assert sonic.create_internet_radio_station("http://c.example/", "C", "http://c.example/home")
    [new] = [one for one in sonic.get_internet_radio_stations() if one.id not in before]
    assert (new.name, new.stream_url) == ("C", "http://c.example/")
    assert sonic.update_internet_radio_station(new.id, "http://d.example/", "D")
    known = {one.id: one for one in sonic.get_internet_radio_stations()}
    assert (known[new.id].name, known[new.id].stream_url) == ("D", "http://d.example/")
    assert sonic.delete_internet_radio_station(new.id)
    assert {one.id for one in sonic.get_internet_radio_stations()} == before


def test_queue_by_index(sonic: Any, ids: dict[str, str]) -> None:
    queued = [ids["song"], ids["plain"], ids["song"]]
    assert sonic.save_play_queue_by_index(queued, current_index=2, position=700)
    queue = sonic.get_play_queue_by_index()
    assert [one.id for one in queue.entry] == queued
    assert (queue.current_index, queue.position, queue.username) == (2, 700, "admin")
    assert sonic.save_play_queue(queued, current=ids["plain"], position=1500)


def test_report_playback(sonic: Any, ids: dict[str, str]) -> None:
    for state in ("starting", "playing", "paused"):
        assert sonic.report_playback(ids["other"], "song", 500, state, ignore_scrobble=True)
    playing = {one.id: one for one in sonic.get_now_playing()}
    assert playing[ids["other"]].state == "paused"
    assert sonic.report_playback(ids["other"], "song", 600, "stopped", ignore_scrobble=True)


def test_jukebox(sonic: Any, ids: dict[str, str]) -> None:
    assert sonic.jukebox_control("clear").gain is not None
    sonic.jukebox_control("add", sids=[ids["song"], ids["plain"]])
    queue = sonic.jukebox_control("get")
    assert [one.id for one in queue.entry] == [ids["song"], ids["plain"]]
    sonic.jukebox_control("remove", index=0)
    assert sonic.jukebox_control("setGain", gain=0.25).gain == 0.25
    assert sonic.jukebox_control("shuffle").playing is False
    assert sonic.jukebox_control("clear").current_index == -1


def test_transcoding(sonic: Any, ids: dict[str, str]) -> None:
    info = {
        "name": "py-opensonic",
        "transcodingProfiles": [
            {"container": "mp3", "audioCodec": "mp3", "protocol": "http", "maxAudioChannels": 2}
        ],
    }
    decision = sonic.get_transcode_decision(ids["song"], "song", info)
    assert (decision.can_direct_play, decision.can_transcode) == (False, True)
    assert decision.transcode_stream.codec == "mp3"
    answer = sonic.get_transcode_stream(ids["song"], "song", decision.transcode_params, offset=1)
    assert answer.status == 200
    assert len(read(sonic, answer)) > 1000


def test_bytes_by_address(sonic: Any, ids: dict[str, str]) -> None:
    url, form = sonic.get_stream_url(ids["song"])
    answer = httpx.post(url, data=form) if form else httpx.get(url)
    assert answer.content.startswith(b"fLaC")
    picture = read(sonic, sonic.get_avatar("admin"))
    assert picture.startswith((b"\xff\xd8", b"\x89PNG"))


def test_videos_and_hls(sonic: Any, ids: dict[str, str]) -> None:
    [video] = sonic.get_videos()["videos"]["video"]
    assert video["id"] == ids["video"]
    assert read(sonic, sonic.hls(ids["video"])).startswith(b"#EXTM3U")


def test_songs_that_sound_alike(sonic: Any, ids: dict[str, str]) -> None:
    found = sonic.get_sonic_similar_tracks(ids["song"])
    assert ids["plain"] in {one.entry.id for one in found}
    path = sonic.find_sonic_path(ids["song"], ids["plain"])
    assert (path[0].entry.id, path[-1].entry.id) == (ids["song"], ids["plain"])


def test_login_by_key(server: RunningServer, new_api_key: Callable[[RunningServer], str]) -> None:
    with connected(server, api_key=new_api_key(server)) as sonic:
        assert sonic.token_info().username == "admin"
