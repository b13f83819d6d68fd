"""HTTP Live Streaming from the real server, played by ffmpeg as a client."""

import re
import struct
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from hydrophone.media.ffmpeg import find_ffmpeg
from hydrophone.testing.audio_files import make_audio
from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.server import RunningServer, running_server

SECONDS = 20.0
FREQUENCIES = {"flac": 441, "mp3": 500, "ogg": 600, "opus": 700, "m4a": 800}
RATE = 8000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    music = tmp_path_factory.mktemp("music")
    for suffix, frequency in FREQUENCIES.items():
        make_audio(
            music / f"a.{suffix}", seconds=SECONDS, frequency=frequency, tags={"title": suffix}
        )
    with running_server(tmp_path_factory.mktemp("data"), music=[music]) as running:
        with running.client() as client:
            client.await_scan(tracks=len(FREQUENCIES))
        yield running


@pytest.fixture
def client(server: RunningServer) -> Iterator[SubsonicClient]:
    with server.client() as logged_in:
        yield logged_in


def song(client: SubsonicClient, suffix: str = "flac") -> str:
    return next(str(one["id"]) for one in client.songs() if one["suffix"] == suffix)


def addresses(playlist: str) -> list[str]:
    return [line for line in playlist.splitlines() if line and not line.startswith("#")]


def durations(playlist: str) -> list[float]:
    return [float(found) for found in re.findall(r"#EXTINF:([0-9.]+),", playlist)]


def played(server: RunningServer, client: SubsonicClient, *options: str, **query: str) -> list[int]:
    """Let ffmpeg play a playlist; return the samples."""
    url = f"{server.url}/rest/hls.m3u8?{urlencode({**client.login, **query})}"
    done = subprocess.run(
        [str(find_ffmpeg()), "-v", "warning", *options, "-i", url,
         "-f", "s16le", "-ac", "1", "-ar", str(RATE), "-"],
        capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    assert not done.stderr, done.stderr
    return [sample for (sample,) in struct.iter_unpack("<h", done.stdout)]


def frequency_of(samples: list[int]) -> float:
    """Count how often a tone crosses zero."""
    crossings = sum(1 for one, two in pairwise(samples) if one < 0 <= two)
    return crossings * RATE / len(samples)


@pytest.mark.parametrize("suffix", FREQUENCIES)
def test_a_player_hears_all_of_it(
    server: RunningServer, client: SubsonicClient, suffix: str
) -> None:
    samples = played(server, client, id=song(client, suffix))
    assert len(samples) / RATE == pytest.approx(SECONDS, abs=0.1)
    middle = samples[RATE:-RATE]
    assert frequency_of(middle) == pytest.approx(FREQUENCIES[suffix], abs=1)
    # A seam that is heard would be louder, or silent for a moment.
    tops = [max(map(abs, middle[at : at + 80])) for at in range(0, len(middle) - 80, 80)]
    assert max(tops) < 1.15 * min(tops)


def test_seams_are_as_good_as_the_rest(server: RunningServer, client: SubsonicClient) -> None:
    """A tone is a sine: no sample may be far from what the two before it say."""
    samples = played(server, client, id=song(client))[RATE:-RATE]
    turn = 2 * 0.9406  # cosine of 441 Hz at 8,000 samples a second
    errors = [
        abs(three - (turn * two - one))
        for one, two, three in zip(samples, samples[1:], samples[2:], strict=False)
    ]
    assert max(errors) < 0.05 * max(samples)


def test_seeking_makes_only_what_is_heard(server: RunningServer, client: SubsonicClient) -> None:
    samples = played(server, client, "-ss", "13", id=song(client))
    assert len(samples) / RATE == pytest.approx(SECONDS - 13, abs=0.2)
    assert frequency_of(samples[RATE:-RATE]) == pytest.approx(FREQUENCIES["flac"], abs=1)
    before = kept(server)
    playlist = client.get("hls", id=song(client), bitRate="72").text
    assert httpx.get(f"{server.url}/rest/{addresses(playlist)[2]}").content
    assert len(kept(server) - before) == 1


def kept(server: RunningServer) -> set[Path]:
    return set(server.data.glob("**/transcodes/*.aac"))


def test_the_playlist(client: SubsonicClient) -> None:
    answers = [
        client.get(path, id=song(client))
        for path in ("hls.m3u8", "hls", "hls.view", "hls.m3u8.view")
    ]
    for answer in answers:
        assert answer.headers["content-type"] == "application/vnd.apple.mpegurl"
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["cache-control"] == "no-store"
    answer = answers[0]
    lengths = durations(answer.text)
    target = re.search(r"#EXT-X-TARGETDURATION:(\d+)\n", answer.text)
    assert target is not None
    assert max(lengths) <= int(target[1])
    assert sum(lengths) == pytest.approx(SECONDS, abs=0.05)
    assert answer.text.endswith("#EXT-X-ENDLIST\n")
    assert client.login["t"] not in answer.text
    assert client.login["s"] not in answer.text


def test_several_bit_rates(client: SubsonicClient, server: RunningServer) -> None:
    rates = ["64", "128@480x360", "64", "9999"]
    answer = client.get("hls", id=song(client), bitRate=rates)
    assert re.findall(r"BANDWIDTH=(\d+)", answer.text) == ["70400", "140800", "352000"]
    sizes = []
    for address in addresses(answer.text):
        playlist = httpx.get(f"{server.url}/rest/{address}").text
        assert durations(playlist) == durations(client.get("hls", id=song(client)).text)
        sizes.append(len(httpx.get(f"{server.url}/rest/{addresses(playlist)[1]}").content))
    # A tone needs less than it may take.
    assert sizes == sorted(set(sizes))
    assert sizes[1] < 128_000 / 8 * 6 * 1.05


def test_a_segment_is_made_once(client: SubsonicClient, server: RunningServer) -> None:
    playlist = client.get("hls", id=song(client), bitRate="97").text
    segment = httpx.get(f"{server.url}/rest/{addresses(playlist)[0]}")
    assert segment.headers["content-type"] == "audio/aac"
    assert segment.content.startswith(b"ID3")
    again = httpx.get(f"{server.url}/rest/{addresses(playlist)[0]}")
    assert again.content == segment.content
    assert again.headers["accept-ranges"] == "bytes"


def test_addresses_that_the_server_did_not_make(
    client: SubsonicClient, server: RunningServer
) -> None:
    playlist = client.get("hls", id=song(client)).text
    address = addresses(playlist)[0]
    token = re.search(r"token=([\w-]+)", address)
    assert token is not None
    forged = token[1][:-1] + ("A" if token[1][-1] != "A" else "B")
    decided = client.http.post(
        "/rest/getTranscodeDecision",
        params={**client.login, "f": "json", "mediaId": song(client), "mediaType": "song"},
        json={"transcodingProfiles": [{"container": "mp3", "audioCodec": "mp3"}]},
    ).json()["subsonic-response"]["transcodeDecision"]["transcodeParams"]
    for wrong, status in (
        (address.replace(token[1], forged), 400),
        (address.replace(token[1], "x"), 400),
        (address.replace(token[1], decided), 400),
        (address.replace("number=0", "number=99"), 404),
        (address.replace("number=0", "number=-1"), 400),
        (address.replace("number=0", ""), 400),
    ):
        assert httpx.get(f"{server.url}/rest/{wrong}").status_code == status, wrong


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"id": "nothing"}, 70),
        ({}, 10),
        ({"id": "{song}", "bitRate": "fast"}, 0),
        ({"id": "{song}", "bitRate": "1" * 30}, 0),
        ({"id": "{song}", "bitRate": ["64"] * 21}, 0),
    ],
)
def test_bad_requests(client: SubsonicClient, query: dict[str, str], code: int) -> None:
    wanted = {name: song(client) if value == "{song}" else value for name, value in query.items()}
    assert client.error("hls.m3u8", **wanted) == code
