"""A FLAC that is made says in its header how long it is, so any player shows it and seeks."""

import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from mutagen.flac import FLAC

from hydrophone.media.ffmpeg import find_ffmpeg
from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.server import RunningServer, running_server

FRAMES = 150_007
"""Of each channel: no round number of seconds, nor of FLAC's blocks."""
SOURCES = {"cd.wav": 44_100, "cd.flac": 44_100, "fine.flac": 96_000, "odd.wav": 48_000}
SETTINGS = "[[transcoding.rules]]\nsample_rate = 44100\n"
SHEET = """FILE "disc.wav" WAVE
  TRACK 01 AUDIO
    TITLE "disc 1"
    INDEX 01 00:00:00
  TRACK 02 AUDIO
    TITLE "disc 2"
    INDEX 01 00:01:07
  TRACK 03 AUDIO
    TITLE "disc 3"
    INDEX 01 00:02:61
"""


def ffmpeg(*arguments: str, data: bytes = b"") -> bytes:
    argv = [str(find_ffmpeg()), "-v", "error", *arguments]
    return subprocess.run(argv, input=data, capture_output=True, check=True, timeout=120).stdout


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    music = tmp_path_factory.mktemp("lengths")
    for name, rate in SOURCES.items():
        make(music / name, rate)
    (music / "disc").mkdir()
    make(music / "disc" / "disc.wav", 44_100)
    (music / "disc" / "disc.cue").write_text(SHEET)
    data = tmp_path_factory.mktemp("lengths-data")
    (data / "config.toml").write_text(SETTINGS)
    with running_server(data, music=[music]) as running:
        with running.client() as client:
            client.await_scan(tracks=len(SOURCES) + 3)
        yield running


def make(path: Path, rate: int) -> None:
    noise = f"anoisesrc=r={rate}:d=4:a=0.3:s=1"
    tags = ("-metadata", f"title={path.name}")
    ffmpeg("-f", "lavfi", "-i", noise, "-af", f"atrim=end_sample={FRAMES}", *tags, str(path))


def song_of(client: SubsonicClient, title: str) -> str:
    found = client.ask("search3", query=title, songCount=100)["searchResult3"]["song"]
    [song] = [one for one in found if one["title"] == title]
    return str(song["id"])


@pytest.mark.parametrize(
    ("title", "offset", "expected"),
    [
        ("cd.wav", 0, FRAMES),
        ("cd.wav", 1.5, FRAMES - 66_150),
        ("cd.wav", 0.0001, FRAMES - 4),
        ("cd.flac", 2, FRAMES - 88_200),
        ("fine.flac", 0, FRAMES * 44_100 // 96_000),
        ("fine.flac", 1, (FRAMES - 96_000) * 44_100 // 96_000),
        ("odd.wav", 0, FRAMES * 44_100 // 48_000),
        ("disc 1", 0, 82 * 588),
        ("disc 2", 0, 129 * 588),
        ("disc 3", 0, FRAMES - 211 * 588),
        ("disc 2", 1, 129 * 588 - 44_100),
        ("disc 3", 0.1, FRAMES - 211 * 588 - 4_410),
    ],
)
def test_header_and_sound_are_equally_long(
    server: RunningServer, title: str, offset: float, expected: int
) -> None:
    with server.client() as client:
        song = song_of(client, title)
        answer = client.get("stream", id=song, format="flac", timeOffset=offset)
    assert answer.headers["content-type"] == "audio/flac"
    told = float(answer.headers["x-content-duration"])
    assert told == pytest.approx(expected / 44_100, abs=0.001)
    decoded = ffmpeg("-i", "pipe:0", "-f", "s16le", "-ac", "1", "pipe:1", data=answer.content)
    header = FLAC(BytesIO(answer.content)).info.total_samples
    assert (header, len(decoded) // 2) == (expected, expected)


@pytest.mark.parametrize("format_", ["flac", "mp4"])
def test_a_browser_can_seek_in_it_when_it_is_first_played(
    server: RunningServer, format_: str
) -> None:
    """Chromium goes back to the beginning in what has a duration but neither size nor ranges."""
    wanted = {"Range": "bytes=0-", "User-Agent": "Mozilla/5.0 (X11; Linux x86_64)"}
    with server.client() as client:
        song = song_of(client, "disc 1")
        # On a busy machine one may take too long, and then comes without ranges.
        firsts = (
            client.get("stream", headers=wanted, id=song, format=format_, timeOffset=number / 100)
            for number in range(20, 40)
        )
        answer = next(one for one in firsts if one.status_code == 206)
    size = len(answer.content)
    assert answer.headers["content-range"] == f"bytes 0-{size - 1}/{size}"


def test_an_app_gets_it_while_it_is_made(server: RunningServer) -> None:
    with server.client() as client:
        song = song_of(client, "disc 2")
        wanted = {"Range": "bytes=0-", "User-Agent": "Symfonium"}
        answer = client.get("stream", headers=wanted, id=song, format="flac", timeOffset=0.2)
    assert (answer.status_code, answer.headers.get("content-length")) == (200, None)
