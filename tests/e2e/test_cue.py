"""Tracks of a disc in one file, played and converted as if each had a file of its own."""

import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest

from hydrophone.media.ffmpeg import find_ffmpeg
from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.server import RunningServer, running_server

TONES = ((300, 1.0), (600, 0.6), (900, 1.4))
"""Pitch (hertz) and length (seconds) of each track."""
RATE = 8000
SHEET = """TITLE "Disc {suffix}"
PERFORMER "Anna"
FILE "disc.{suffix}" WAVE
  TRACK 01 AUDIO
    TITLE "Low"
    INDEX 01 00:00:00
  TRACK 02 AUDIO
    TITLE "Mid/dle"
    INDEX 01 00:01:00
  TRACK 03 AUDIO
    TITLE "High"
    INDEX 01 00:01:45
"""


@pytest.fixture(scope="module")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the same disc lossless, lossy, and in a file that no app plays."""
    root = tmp_path_factory.mktemp("discs")
    tones = [f"sine=f={pitch}:d={length}:r=44100[{pitch}]" for pitch, length in TONES]
    joined = "".join(f"[{pitch}]" for pitch, _ in TONES) + "concat=n=3:v=0:a=1"
    for suffix in ("flac", "wav", "mp3"):
        folder = root / suffix
        folder.mkdir()
        command = [str(find_ffmpeg()), "-v", "error", "-filter_complex", ";".join([*tones, joined])]
        subprocess.run([*command, str(folder / f"disc.{suffix}")], check=True, timeout=120)
        (folder / "disc.cue").write_text(SHEET.format(suffix=suffix))
    return root


@pytest.fixture(scope="module")
def server(music: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("data"), music=[music]) as running:
        with running.client() as client:
            client.await_scan(tracks=9)
        yield running


@pytest.fixture
def client(server: RunningServer) -> Iterator[SubsonicClient]:
    with server.client() as logged_in:
        yield logged_in


def tracks(client: SubsonicClient, suffix: str) -> list[dict[str, Any]]:
    """Return the tracks of one disc, as an app lists them."""
    albums = client.ask("search3", query=f"Disc {suffix}")["searchResult3"]["album"]
    songs = client.ask("getAlbum", id=albums[0]["id"])["album"]["song"]
    assert [song["title"] for song in songs] == ["Low", "Mid/dle", "High"]
    return list(songs)


def heard(answer: httpx.Response) -> tuple[int, float]:
    """Decode an answer; return its pitch in hertz and its length in seconds."""
    assert answer.status_code == 200
    decoded = subprocess.run(
        [
            str(find_ffmpeg()),
            *["-v", "error", "-i", "pipe:0", "-f", "s16le", "-ac", "1", "-ar", f"{RATE}", "pipe:1"],
        ],
        input=answer.content,
        capture_output=True,
        timeout=120,
        check=True,
    )
    samples = memoryview(decoded.stdout).cast("h")
    middle = samples[len(samples) // 4 : len(samples) * 3 // 4]
    crossings = sum((a < 0) != (b < 0) for a, b in pairwise(middle))
    return round(crossings * RATE / len(middle) / 2), len(samples) / RATE


@pytest.mark.parametrize("suffix", ["flac", "wav"])
@pytest.mark.parametrize("endpoint", ["stream", "download"])
def test_lossless_tracks_are_cut_exactly(
    client: SubsonicClient, suffix: str, endpoint: str
) -> None:
    for song, (pitch, length) in zip(tracks(client, suffix), TONES, strict=True):
        assert (song["suffix"], song["contentType"]) == ("flac", "audio/flac")
        # Nobody knows how many bytes it will be cut out as.
        assert "size" not in song
        answer = client.get(endpoint, id=song["id"])
        assert answer.headers["content-type"] == "audio/flac"
        found, sounds = heard(answer)
        assert found == pytest.approx(pitch, abs=5)
        assert sounds == pytest.approx(length, abs=0.01)


@pytest.mark.parametrize("wanted", ["mp3", "opus", "mp4", "flac"])
@pytest.mark.parametrize("suffix", ["wav", "mp3"])
def test_tracks_are_converted(client: SubsonicClient, suffix: str, wanted: str) -> None:
    for song, (pitch, length) in zip(tracks(client, suffix), TONES, strict=True):
        found, sounds = heard(client.get("stream", id=song["id"], format=wanted))
        assert found == pytest.approx(pitch, abs=10)
        assert sounds == pytest.approx(length, abs=0.1)


def test_offset_counts_from_the_beginning_of_the_track(client: SubsonicClient) -> None:
    last = tracks(client, "flac")[2]
    found, sounds = heard(client.get("stream", id=last["id"], timeOffset=1.0))
    assert found == pytest.approx(900, abs=5)
    assert sounds == pytest.approx(0.4, abs=0.01)
    assert client.error("stream", id=last["id"], timeOffset=1.5) == 0


def test_cut_track_is_served_in_ranges_once_it_is_there(client: SubsonicClient) -> None:
    song = tracks(client, "flac")[1]
    whole = client.get("stream", id=song["id"]).content
    part = client.get("stream", id=song["id"], headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, whole[100:200])


def test_download_has_the_name_of_the_track(client: SubsonicClient) -> None:
    answer = client.get("download", id=tracks(client, "wav")[1]["id"])
    assert 'filename="02 Mid_dle.flac"' in answer.headers["content-disposition"]
