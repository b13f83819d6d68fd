"""Tracks of a source through an app: heard while they come, killed in between, here for ever."""

import contextlib
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.e2e.waiting import until

from hydrophone.services.remote_music import album_id, track_id
from hydrophone.testing import faults
from hydrophone.testing.audio_files import make_audio
from hydrophone.testing.server import RunningServer
from hydrophone.testing.synthetic_place import SyntheticPlace, synthetic_place

NATIVE = "track-1"
SONG = track_id("synthetic", NATIVE)
PATH = f"/audio/{NATIVE}.mp3"


@pytest.fixture
def long_place(tmp_path: Path) -> Iterator[SyntheticPlace]:
    """Make a place whose tracks are long enough to be killed in."""
    with synthetic_place(tmp_path, seconds=12.0) as made:
        yield made


def show(server: RunningServer) -> None:
    """Have the album shown, as an app does before it plays something of it."""
    with server.client() as client:
        client.ask("search3", query="First Signal")
        client.ask("getAlbum", id=album_id("synthetic", "album-1"))


def cached(server: RunningServer) -> list[dict[str, object]]:
    login = httpx.BasicAuth(server.user, server.password)
    answer = httpx.get(f"{server.url}/api/v1/cache", auth=login).json()
    return list(answer["files"])


def test_plays_with_ranges_and_is_here_then(own_place: SyntheticPlace) -> None:
    content = own_place.service.files[NATIVE]
    with own_place.start("data") as server, server.client() as client:
        show(server)
        own_place.service.loopback.fail(faults.dripping(size=2000, pause=0.1), path=PATH, times=1)
        part = client.get("stream", id=SONG, headers={"Range": "bytes=100-2999"})
        assert (part.status_code, part.content) == (206, content[100:3000])
        assert part.headers["content-range"] == f"bytes 100-2999/{len(content)}"
        whole = client.get("stream", id=SONG)
        assert (whole.status_code, whole.content) == (200, content)
        assert int(whole.headers["content-length"]) == len(content)
        until(lambda: cached(server))
        own_place.service.loopback.fail(faults.status(), path="/")
        again = client.get("stream", id=SONG, headers={"If-Range": part.headers["etag"]})
        assert again.content == content
        assert again.headers["etag"] == part.headers["etag"] == whole.headers["etag"]
        assert again.headers["content-type"] == "audio/mpeg"
        assert client.get("download", id=SONG).content == content
        assert client.ask("getSong", id=SONG)["song"]["size"] == len(content)
        assert len(own_place.service.downloads(NATIVE)) == 1
        head = client.http.head("/rest/stream", params={**client.login, "id": SONG})
        assert int(head.headers["content-length"]) == len(content)


def test_goes_on_after_a_kill_and_plays_without_the_network(long_place: SyntheticPlace) -> None:
    content = long_place.service.files[NATIVE]
    # All of it would take a minute.
    long_place.service.loopback.fail(faults.dripping(size=1000, pause=0.3), path=PATH, times=1)
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(long_place.start("data"))
        show(server)
        client = stack.enter_context(server.client())
        login = {**client.login, "id": SONG}
        with client.http.stream("GET", "/rest/stream", params=login) as answer:
            got = b""
            for chunk in answer.iter_bytes():
                got += chunk
                # A map has been written by then.
                if len(got) >= 9000:
                    break
        assert content.startswith(got)
        server.stop(signal.SIGKILL)
        long_place.service.loopback.recover()
    with long_place.start("data") as server, server.client() as client:
        # The next track comes as well, before its turn.
        until(lambda: SONG in {one["track_id"] for one in cached(server)})
        first, *rest = long_place.service.downloads(NATIVE)
        assert "range" not in first.headers
        assert [int(one.headers["range"][6:-1]) >= 1000 for one in rest] == [True]
        long_place.service.loopback.fail(faults.status(), path="/")
        assert client.get("stream", id=SONG).content == content


def test_a_star_keeps_an_album_and_a_limit_of_apps_is_heeded(own_place: SyntheticPlace) -> None:
    with own_place.start("data") as server, server.client() as client:
        show(server)
        client.ask("star", albumId=album_id("synthetic", "album-1"))
        until(lambda: len(cached(server)) == 3)
        assert all(one["is_kept"] for one in cached(server))
        low = client.get("stream", id=SONG, maxBitRate=64)
        assert low.headers["content-type"] == "audio/mpeg"
        assert len(low.content) < len(own_place.service.files[NATIVE])


def test_a_break_is_no_clean_end(own_place: SyntheticPlace, tmp_path: Path) -> None:
    own_place.service.files[NATIVE] = make_audio(tmp_path / "l.mp3", seconds=30.0).read_bytes()
    own_place.service.loopback.fail(faults.broken_off(after=5000), path=PATH)
    with own_place.start("data") as server, server.client() as client:
        show(server)
        with pytest.raises(httpx.RemoteProtocolError):
            client.get("stream", id=SONG)
        assert SONG not in [one["track_id"] for one in cached(server)]


def test_is_converted_while_it_comes(own_place: SyntheticPlace, tmp_path: Path) -> None:
    own_place.service.loopback.fail(faults.dripping(size=4000, pause=0.2), path=PATH, times=1)
    with own_place.start("data") as server, server.client() as client:
        show(server)
        opus = client.get("stream", id=SONG, format="opus", maxBitRate=64)
        assert opus.headers["content-type"] == "audio/ogg"
        assert opus.content.startswith(b"OggS")
        until(lambda: cached(server))
        # Nothing was cut off: of the copy comes just as much.
        again = client.get("stream", id=SONG, format="opus", maxBitRate=64)
        assert abs(len(again.content) - len(opus.content)) < 2000


def test_half_a_track_is_no_whole_transcode(own_place: SyntheticPlace, tmp_path: Path) -> None:
    own_place.service.files[NATIVE] = make_audio(tmp_path / "l.mp3", seconds=30.0).read_bytes()
    own_place.service.loopback.fail(faults.broken_off(after=90_000), path=PATH)
    with own_place.start("data") as server, server.client() as client:
        show(server)
        with pytest.raises(httpx.RemoteProtocolError):
            client.get("stream", id=SONG, format="opus", maxBitRate=64)
