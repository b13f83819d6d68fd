"""Tracks on their way from a source, for what wants more of them than their bytes in order."""

import shutil
import subprocess
from collections.abc import Iterator
from threading import Event
from urllib.parse import urlencode

import httpx
import pytest
from tests.e2e.waiting import until

from hydrophone.media.ffmpeg import find_ffmpeg
from hydrophone.services.remote_music import album_id, track_id
from hydrophone.testing import faults
from hydrophone.testing.client import Parameter, SubsonicClient
from hydrophone.testing.server import RunningServer
from hydrophone.testing.synthetic_place import SyntheticPlace, synthetic_place

NAMES = ("track-1", "track-2", "track-3")
SONGS = [str(track_id("synthetic", name)) for name in NAMES]
SECONDS = 12.0
PROFILE = {
    "name": "a player",
    "maxAudioBitrate": 64_000,
    "maxTranscodingAudioBitrate": 64_000,
    "directPlayProfiles": [],
    "transcodingProfiles": [
        {"container": "ogg", "audioCodec": "opus", "protocol": "http", "maxAudioChannels": 2}
    ],
    "codecProfiles": [],
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SyntheticPlace]:
    with synthetic_place(tmp_path_factory.mktemp("coming"), seconds=SECONDS) as made:
        yield made


@pytest.fixture
def rest() -> Iterator[Event]:
    """Lets the last quarter of each track come."""
    come = Event()
    yield come
    come.set()


@pytest.fixture
def slow(place: SyntheticPlace, rest: Event) -> SyntheticPlace:
    for name in NAMES:
        fault = faults.held(rest, after=len(place.service.files[name]) * 3 // 4)
        place.service.loopback.fail(fault, path=f"/audio/{name}.mp3", times=1)
    return place


def show(client: SubsonicClient) -> None:
    client.ask("search3", query="First Signal")
    client.ask("getAlbum", id=album_id("synthetic", "album-1"))


def cached(server: RunningServer) -> set[str]:
    login = httpx.BasicAuth(server.user, server.password)
    files = httpx.get(f"{server.url}/api/v1/cache", auth=login).json()["files"]
    return {one["track_id"] for one in files}


def test_a_player_of_hls_hears_all_of_it(slow: SyntheticPlace, rest: Event) -> None:
    with slow.start("hls") as server, server.client() as client:
        show(client)
        playlist = client.get("hls.m3u8", id=SONGS[0], bitRate="96").text
        [first, *_] = [line for line in playlist.splitlines() if line and line[0] != "#"]
        assert httpx.get(f"{server.url}/rest/{first}", timeout=120).content
        # It was there before all of the track was.
        assert SONGS[0] not in cached(server)
        rest.set()
        url = f"{server.url}/rest/hls.m3u8?{urlencode({**client.login, 'id': SONGS[0]})}"
        done = subprocess.run(
            [str(find_ffmpeg()), "-v", "warning", "-i", url,
             "-f", "s16le", "-ac", "1", "-ar", "8000", "-"],
            capture_output=True, check=True, timeout=120,
        )  # fmt: skip
        assert not done.stderr, done.stderr
        assert len(done.stdout) / 2 / 8000 == pytest.approx(SECONDS, abs=0.1)


def test_an_app_is_told_how_to_play_it_and_has_it_converted(
    slow: SyntheticPlace, rest: Event
) -> None:
    with slow.start("decision") as server, server.client() as client:
        show(client)
        media: dict[str, Parameter] = {"mediaId": SONGS[0], "mediaType": "song"}
        answer = httpx.post(
            f"{server.url}/rest/getTranscodeDecision",
            params={**client.login, **media, "f": "json"},
            json=PROFILE,
            timeout=120,
        ).json()["subsonic-response"]
        decision = answer["transcodeDecision"]
        assert decision["canTranscode"], decision
        rest.set()
        wanted = {**media, "transcodeParams": decision["transcodeParams"]}
        opus = client.get("getTranscodeStream", **wanted)
        assert opus.headers["content-type"] == "audio/ogg"
        assert opus.content.startswith(b"OggS")


@pytest.mark.skipif(shutil.which("mpv") is None, reason="there is no mpv here")
def test_the_jukebox_waits_for_a_track_and_fetches_the_next(
    slow: SyntheticPlace, rest: Event
) -> None:
    settings = '[jukebox]\nenabled = true\ndevice = "null/"\n'
    with slow.start("jukebox", settings=settings) as server, server.client() as client:
        show(client)
        client.ask("jukeboxControl", action="set", id=SONGS)
        status = client.ask("jukeboxControl", action="start")["jukeboxStatus"]
        assert (status["playing"], status["position"], cached(server)) == (True, 0, set())
        rest.set()

        def position() -> int:
            found = client.ask("jukeboxControl", action="status")["jukeboxStatus"]
            assert (found["playing"], found["currentIndex"]) == (True, 0)
            return int(found["position"])

        until(lambda: position() > 0)
        assert SONGS[0] in cached(server)
        until(lambda: cached(server) == set(SONGS))


@pytest.mark.skipif(shutil.which("mpv") is None, reason="there is no mpv here")
def test_the_jukebox_goes_on_where_a_track_cannot_be_had(place: SyntheticPlace) -> None:
    settings = '[jukebox]\nenabled = true\ndevice = "null/"\n'
    with place.start("gone", settings=settings) as server, server.client() as client:
        show(client)
        client.ask("jukeboxControl", action="set", id=SONGS[:2])
        place.service.loopback.fail(faults.status("404 Not Found"), path=f"/audio/{NAMES[0]}.mp3")
        client.ask("jukeboxControl", action="start")

        def index() -> int:
            found = client.ask("jukeboxControl", action="status")["jukeboxStatus"]
            return int(found["currentIndex"])

        until(lambda: index() == 1)
