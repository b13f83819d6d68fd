"""Videos over HTTP Live Streaming and converted, from the real server, with ffmpeg as a player."""

import re
import subprocess
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from hydrophone.media.ffmpeg import find_ffmpeg
from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.server import RunningServer, running_server
from hydrophone.testing.video_files import make_video

SECONDS = 7.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    library = tmp_path_factory.mktemp("films")
    make_video(library / "film.mkv", seconds=SECONDS, size="320x240", sounds=("eng", "ger"))
    with running_server(tmp_path_factory.mktemp("data"), music=[library]) as running:
        with running.client() as client:
            end = time.monotonic() + 60
            while not client.ask("getVideos")["videos"]["video"]:
                assert time.monotonic() < end
                time.sleep(0.05)
        yield running


@pytest.fixture
def client(server: RunningServer) -> Iterator[SubsonicClient]:
    with server.client() as logged_in:
        yield logged_in


@pytest.fixture
def film(client: SubsonicClient) -> str:
    return str(client.ask("getVideos")["videos"]["video"][0]["id"])


def addresses(playlist: str) -> list[str]:
    return [line for line in playlist.splitlines() if line and not line.startswith("#")]


def played(server: RunningServer, client: SubsonicClient, *options: str, **query: str) -> bytes:
    """Let ffmpeg play a playlist without a complaint."""
    url = f"{server.url}/rest/hls.m3u8?{urlencode({**client.login, **query})}"
    done = subprocess.run(
        [str(find_ffmpeg()), "-v", "warning", "-i", url, *options, "-"],
        capture_output=True, check=True, timeout=100,
    )  # fmt: skip
    assert not done.stderr, done.stderr
    return done.stdout


def test_a_player_sees_and_hears_all_of_it(
    server: RunningServer, client: SubsonicClient, film: str
) -> None:
    query = {"id": film, "bitRate": "300@160x120", "audioTrack": "1"}
    pictures = played(server, client, "-map", "0:v", "-f", "rawvideo", **query)
    # The sound of a Matroska file ends a frame later than its pictures.
    assert len(pictures) / (160 * 120 * 1.5 * 25) == pytest.approx(SECONDS, abs=0.1)
    sound = memoryview(
        played(server, client, "-map", "0:a", "-ac", "1", "-ar", "8000", "-f", "s16le", **query)
    ).cast("h")
    assert len(sound) / 8000 == pytest.approx(SECONDS, abs=0.1)
    crossings = sum(1 for one, two in pairwise(sound) if one < 0 <= two)
    assert crossings / SECONDS == pytest.approx(880, abs=10)


def test_the_playlists(server: RunningServer, client: SubsonicClient, film: str) -> None:
    several = client.get("hls", id=film, bitRate=["300@160x120", "9000@4000x3000"]).text
    assert re.findall(r"RESOLUTION=(\S+)", several) == ["160x120", "320x240"]
    assert 'CODECS="avc1.42c01e,mp4a.40.2"' in several
    listed = httpx.get(f"{server.url}/rest/{addresses(several)[0]}").text
    lengths = [float(one) for one in re.findall(r"#EXTINF:([\d.]+),", listed)]
    assert lengths == pytest.approx([3.0, 3.0, 1.0], abs=0.1)
    assert "#EXT-X-PLAYLIST-TYPE:VOD" in listed
    assert listed.endswith("#EXT-X-ENDLIST\n")


def test_segments_are_made_in_any_order_and_kept(
    server: RunningServer, client: SubsonicClient, film: str
) -> None:
    listed = client.get("hls", id=film, bitRate="333").text
    before = kept(server)
    last, first = (
        httpx.get(f"{server.url}/rest/{addresses(listed)[number]}", timeout=120)
        for number in (2, 0)
    )
    for segment in (last, first):
        assert segment.headers["content-type"] == "video/mp2t"
        assert segment.content[::188].count(0x47) == len(segment.content) / 188
    assert len(kept(server) - before) == 2
    again = httpx.get(f"{server.url}/rest/{addresses(listed)[0]}")
    assert again.content == first.content
    assert again.headers["accept-ranges"] == "bytes"
    gone = addresses(listed)[0].replace("number=0", "number=9")
    assert httpx.get(f"{server.url}/rest/{gone}").status_code == 404


def kept(server: RunningServer) -> set[Path]:
    return set(server.data.glob("**/transcodes/*.ts"))


@pytest.mark.parametrize("name", ["mp4", "webm", "flv"])
def test_a_video_is_converted(client: SubsonicClient, film: str, name: str, tmp_path: Path) -> None:
    answer = client.get(
        "stream", id=film, format=name, size="160x1000", maxBitRate="400", timeOffset="2"
    )
    assert answer.headers["content-type"].startswith("video/")
    file = tmp_path / f"got.{name}"
    file.write_bytes(answer.content)
    raw = subprocess.run(
        [str(find_ffmpeg()), "-v", "error", "-i", file,
         *("-map", "0:v", "-vf", "fps=25", "-f", "rawvideo", "-pix_fmt", "gray", "-")],
        capture_output=True, check=True, timeout=120,
    ).stdout  # fmt: skip
    assert len(raw) / (160 * 120 * 25) == pytest.approx(SECONDS - 2, abs=0.2)


def test_what_fits_is_not_encoded_again(client: SubsonicClient, film: str, tmp_path: Path) -> None:
    answer = client.get("stream", id=film, format="mp4")
    assert answer.content[4:8] == b"ftyp"
    raw = client.get("stream", id=film, format="raw")
    assert raw.content[:4] == bytes.fromhex("1a45dfa3")
    assert len(answer.content) == pytest.approx(len(raw.content), rel=0.6)


def test_who_may_not_stream_any_more_gets_no_segment(
    server: RunningServer, client: SubsonicClient, film: str
) -> None:
    login = {"u": "eve", "p": "evening-star-7", "c": "test", "f": "json"}
    client.ask("createUser", username="eve", password=login["p"], email="eve@example.org")
    listed = client.http.get("/rest/hls", params={**login, "id": film, "bitRate": "300"}).text
    segment = f"{server.url}/rest/{addresses(listed)[0]}"
    assert httpx.get(segment, timeout=120).status_code == 200
    client.ask("updateUser", username="eve", maxBitRate="320")
    limited = client.http.get("/rest/hls", params={**login, "id": film, "bitRate": "9000"}).text
    assert addresses(limited)
    client.ask("updateUser", username="eve", streamRole="false")
    assert httpx.get(segment).status_code == 403


@pytest.mark.parametrize(
    ("endpoint", "query", "code"),
    [
        ("hls.m3u8", {"audioTrack": "2"}, 0),
        ("hls.m3u8", {"audioTrack": "x"}, 0),
        ("hls.m3u8", {"bitRate": "100@x"}, 0),
        ("stream", {"format": "mp3"}, 0),
        ("stream", {"size": "large"}, 0),
        ("stream", {"timeOffset": "99"}, 0),
    ],
)
def test_bad_requests(
    client: SubsonicClient, film: str, endpoint: str, query: dict[str, str], code: int
) -> None:
    assert client.error(endpoint, id=film, **query) == code


def test_an_ffmpeg_that_is_too_old_is_said(tmp_path: Path) -> None:
    make_video(tmp_path / "films" / "film.mkv", seconds=0.5, size="64x48")
    old = tmp_path / "ffmpeg"
    old.write_text(
        '#!/bin/sh\n[ "$1" = -version ] && echo "ffmpeg version 4.3.9-0+deb11u1" && exit\n'
        f'exec {find_ffmpeg()} "$@"\n'
    )
    old.chmod(0o755)
    (tmp_path / "config.toml").write_text(f'[transcoding]\nffmpeg = "{old}"\n')
    with running_server(tmp_path, music=[tmp_path / "films"]) as running, running.client() as app:
        end = time.monotonic() + 60
        while not (videos := app.ask("getVideos")["videos"]["video"]):
            assert time.monotonic() < end
            time.sleep(0.05)
        refused = app.get("hls.m3u8", id=videos[0]["id"])
        assert "needs ffmpeg 5 or newer; this server has 4.3.9" in refused.text
        assert app.get("stream", id=videos[0]["id"], format="mp4").content[4:8] == b"ftyp"
        assert "needs ffmpeg 5 or newer" in running.log.read_text()
