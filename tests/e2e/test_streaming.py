"""Music and pictures as bytes, from the real server over real connections."""

import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode

import pytest

from hydrophone.media.ffmpeg import find_ffmpeg
from hydrophone.testing.audio_files import make_audio
from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.processes import descendants
from hydrophone.testing.server import RunningServer, running_server

SUFFIXES = ("mp3", "flac", "ogg", "opus", "m4a")
TYPES = {
    "mp3": "audio/mpeg",
    "flac": "audio/flac",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "m4a": "audio/mp4",
}
RAW = ("-f", "s16le", "-ac", "1", "-ar", "8000")
ODD_NAMES = ('A "quoted" name', "Ночь; 100%", "봄날 'n' more")


def song_of(client: SubsonicClient, suffix: str) -> dict[str, Any]:
    return next(song for song in client.songs() if song["suffix"] == suffix)


def seconds_of(audio: bytes) -> float:
    """Decode audio and return how long it sounds."""
    finished = subprocess.run(
        [
            str(find_ffmpeg()),
            *["-v", "error", "-i", "pipe:0", "-f", "s16le", "-ac", "1", "-ar", "8000", "pipe:1"],
        ],
        input=audio,
        capture_output=True,
        timeout=30,
        check=True,
    )
    assert not finished.stderr
    return len(finished.stdout) / 2 / 8000


@pytest.fixture(scope="module")
def odd_music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make files with odd names, a very long one, and one that may vanish."""
    root = tmp_path_factory.mktemp("odd")
    for number, name in enumerate(ODD_NAMES):
        make_audio(root / f"{name}.mp3", frequency=600 + 10 * number, tags={"title": name})
    make_audio(root / "long.flac", seconds=900.0, frequency=700, tags={"title": "long"})
    make_audio(root / "vanishing.mp3", frequency=800, tags={"title": "vanishing"})
    return root


@pytest.fixture(scope="module")
def odd_server(
    odd_music: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("odd-data"), music=[odd_music]) as running:
        with running.client() as client:
            client.await_scan(tracks=len(ODD_NAMES) + 2)
        yield running


@pytest.fixture
def odd(odd_server: RunningServer) -> Iterator[SubsonicClient]:
    with odd_server.client() as client:
        yield client


def titled(client: SubsonicClient, title: str) -> str:
    return str(next(song["id"] for song in client.songs() if song["title"] == title))


@pytest.mark.parametrize("endpoint", ["stream", "download"])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_bytes_are_those_of_the_file(
    client: SubsonicClient, music: Path, suffix: str, endpoint: str
) -> None:
    song = song_of(client, suffix)
    answer = client.get(endpoint, id=song["id"])
    file = music / song["path"]
    assert answer.status_code == 200
    assert answer.content == file.read_bytes()
    assert answer.headers["content-type"] == TYPES[suffix] == song["contentType"]
    assert int(answer.headers["content-length"]) == file.stat().st_size == song["size"]
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["etag"].strip('"')


@pytest.mark.parametrize("endpoint", ["stream", "download"])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_ranges(client: SubsonicClient, music: Path, suffix: str, endpoint: str) -> None:
    """DSub and Ultrasonic resume by them, and append to their file only what is a 206."""
    song = song_of(client, suffix)
    whole = (music / song["path"]).read_bytes()
    size = len(whole)
    for value, first, last in (
        ("bytes=0-", 0, size - 1),
        ("bytes=0-0", 0, 0),
        ("bytes=0-99", 0, 99),
        (f"bytes={size // 2}-{size // 2 + 999}", size // 2, size // 2 + 999),
        (f"bytes={size - 5}-", size - 5, size - 1),
        ("bytes=-500", size - 500, size - 1),
        (f"bytes=-{size * 2}", 0, size - 1),
        (f"bytes=100-{size * 9}", 100, size - 1),
    ):
        answer = client.get(endpoint, headers={"Range": value}, id=song["id"])
        assert answer.status_code == 206, value
        assert answer.headers["content-range"] == f"bytes {first}-{last}/{size}"
        assert answer.content == whole[first : last + 1]


@pytest.mark.parametrize("value", ["bytes={size}-", "bytes={far}-", "bytes=-0"])
def test_ranges_past_the_end(client: SubsonicClient, value: str) -> None:
    song = song_of(client, "flac")
    wanted = value.format(size=song["size"], far=10**15)
    answer = client.get("stream", headers={"Range": wanted}, id=song["id"])
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{song['size']}"


@pytest.mark.parametrize(
    "value",
    ["bytes=0-1,5-9", "bytes=9-1", "bytes=", "seconds=1-2", "bytes=a-b", "0-1", "bytes=--1"],
)
def test_ranges_that_mean_nothing_get_the_whole(client: SubsonicClient, value: str) -> None:
    """RFC 9110, 14.2: what cannot be understood is ignored; several parts are not needed."""
    song = song_of(client, "mp3")
    answer = client.get("stream", headers={"Range": value}, id=song["id"])
    assert answer.status_code == 200
    assert len(answer.content) == song["size"]


def test_conditions(client: SubsonicClient) -> None:
    song = song_of(client, "ogg")["id"]
    first = client.get("stream", id=song)
    etag, date = first.headers["etag"], first.headers["last-modified"]
    for value, status in (
        (etag, 206),
        (date, 206),
        ('"other"', 200),
        (f"W/{etag}", 200),
        ("Sat, 01 Jan 2000 00:00:00 GMT", 200),
    ):
        answer = client.get("stream", headers={"Range": "bytes=5-9", "If-Range": value}, id=song)
        assert answer.status_code == status, value
    for value, status in ((etag, 304), (f'"x", {etag}', 304), ("*", 304), ('"x"', 200)):
        answer = client.get("stream", headers={"If-None-Match": value}, id=song)
        assert answer.status_code == status, value
        assert answer.headers["etag"] == etag
        assert bool(answer.content) == (status == 200)


def test_head_has_the_headers_and_no_body(client: SubsonicClient) -> None:
    song = song_of(client, "m4a")
    for endpoint in ("stream", "download", "getCoverArt"):
        parameters = {**client.login, "id": song["id"]}
        answer = client.http.head(f"/rest/{endpoint}", params=parameters)
        whole = client.http.get(f"/rest/{endpoint}", params=parameters)
        assert answer.status_code == 200
        assert answer.content == b""
        for name in ("content-type", "content-length", "etag"):
            assert answer.headers[name] == whole.headers[name]


def test_a_posted_form_may_ask_for_a_range(client: SubsonicClient) -> None:
    """py-opensonic does."""
    song = song_of(client, "mp3")
    form = {**client.login, "id": song["id"]}
    answer = client.http.post("/rest/stream.view", data=form, headers={"Range": "bytes=0-9"})
    assert answer.status_code == 206


@pytest.mark.parametrize(
    ("format_", "content_type"),
    [
        ("mp3", "audio/mpeg"),
        ("opus", "audio/ogg"),
        ("aac", "audio/aac"),
        ("flac", "audio/flac"),
    ],
)
@pytest.mark.parametrize("offset", [0, 1.5])
def test_transcodes(client: SubsonicClient, format_: str, content_type: str, offset: float) -> None:
    """The offset decides where a song begins (extension transcodeOffset)."""
    song = song_of(client, "ogg")
    answer = client.get("stream", id=song["id"], format=format_, maxBitRate=64, timeOffset=offset)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == content_type
    assert "content-length" not in answer.headers
    assert "accept-ranges" not in answer.headers
    assert seconds_of(answer.content) == pytest.approx(3.0 - offset, abs=0.06)
    assert float(answer.headers["x-content-duration"]) == pytest.approx(3.0 - offset, abs=0.06)


def test_a_bit_rate_is_a_limit(client: SubsonicClient) -> None:
    """Only what is above it is transcoded, to the format of the configuration."""
    flac, opus = song_of(client, "flac"), song_of(client, "opus")
    assert flac["bitRate"] > 48
    limited = client.get("stream", id=flac["id"], maxBitRate=48)
    assert limited.headers["content-type"] == "audio/mpeg"
    assert len(limited.content) == pytest.approx(3.0 * 48_000 / 8, rel=0.15)
    assert len(client.get("stream", id=opus["id"], maxBitRate=320).content) == opus["size"]


@pytest.mark.parametrize("format_", ["mp3", "opus", "aac"])
def test_an_estimated_length_is_kept(client: SubsonicClient, format_: str) -> None:
    """aonsoku asks for it; a player that was promised so many bytes gets so many."""
    song = song_of(client, "flac")
    answer = client.get(
        "stream", id=song["id"], format=format_, maxBitRate=64, estimateContentLength="true"
    )
    promised = int(answer.headers["content-length"])
    assert len(answer.content) == promised
    assert promised == pytest.approx(3.0 * 64_000 / 8, rel=0.1)


def test_head_starts_no_transcode(client: SubsonicClient, server: RunningServer) -> None:
    parameters = {**client.login, "id": song_of(client, "flac")["id"], "format": "mp3"}
    answer = client.http.head("/rest/stream", params=parameters)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "audio/mpeg"
    assert not ffmpegs(server)


def ffmpegs(server: RunningServer) -> set[int]:
    found = set()
    for pid in descendants(server.process.pid):
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            continue
        if b"ffmpeg" in command.partition(b"\0")[0]:
            found.add(pid)
    return found


def await_ffmpegs(server: RunningServer, number: int, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while len(ffmpegs(server)) != number:
        assert time.monotonic() < deadline, f"{len(ffmpegs(server))} ffmpegs are running"
        time.sleep(0.02)


@contextmanager
def begun(server: RunningServer, client: SubsonicClient, **parameters: str) -> Iterator[None]:
    """Begin to listen to the long song and read no further."""
    query = urlencode({**client.login, "id": titled(client, "long"), **parameters})
    host, _, port = server.url.removeprefix("http://").rpartition(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(f"GET /rest/stream?{query} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        assert connection.recv(1024).startswith(b"HTTP/1.1 200")
        yield


def test_a_client_that_leaves_ends_its_ffmpeg(
    odd: SubsonicClient, odd_server: RunningServer
) -> None:
    with begun(odd_server, odd, format="opus"):
        await_ffmpegs(odd_server, 1, 5.0)
    # To the end it would take several times as long.
    await_ffmpegs(odd_server, 0, 1.5)


def test_a_client_that_reads_slowly_holds_up_nobody(
    odd: SubsonicClient, odd_server: RunningServer
) -> None:
    with begun(odd_server, odd):
        started = time.monotonic()
        for _ in range(20):
            odd.ask("ping")
        assert time.monotonic() - started < 2.0


def test_one_transcode_too_many_is_a_clear_failure(
    odd: SubsonicClient, odd_server: RunningServer
) -> None:
    """The limits are those of the configuration; files as they are have none."""
    with ExitStack() as stack:
        for bit_rate in ("32", "48", "64"):
            stack.enter_context(begun(odd_server, odd, format="opus", maxBitRate=bit_rate))
        answer = odd.get("stream", id=titled(odd, ODD_NAMES[0]), format="opus")
        assert answer.status_code == 200
        error = answer.json()["subsonic-response"]["error"]
        assert error == {
            "code": 0,
            "message": "3 transcodes of yours are running; try again soon.",
        }
        assert odd.get("stream", id=titled(odd, ODD_NAMES[0])).headers["accept-ranges"]
    await_ffmpegs(odd_server, 0, 1.5)


def test_a_finished_transcode_has_ranges(client: SubsonicClient) -> None:
    """A player that seeks in it, or goes on with it, gets the bytes that it has heard before."""
    wanted = {"id": song_of(client, "flac")["id"], "format": "mp3", "maxBitRate": "72"}
    first = client.get("stream", headers={"Range": "bytes=100-"}, **wanted)
    # Nobody knows yet where the range ends.
    assert first.status_code == 200
    assert "content-length" not in first.headers
    assert "accept-ranges" not in first.headers
    size = len(first.content)
    whole = client.get("stream", **wanted)
    assert whole.content == first.content
    assert whole.headers["accept-ranges"] == "bytes"
    assert int(whole.headers["content-length"]) == size
    assert whole.headers["content-type"] == "audio/mpeg"
    assert whole.headers["etag"] == first.headers["etag"]
    assert whole.headers["x-content-duration"] == first.headers["x-content-duration"]
    part = client.get("stream", headers={"Range": f"bytes={size // 2}-"}, **wanted)
    assert part.status_code == 206
    assert part.headers["content-range"] == f"bytes {size // 2}-{size - 1}/{size}"
    assert part.content == first.content[size // 2 :]
    for tag, status in ((first.headers["etag"], 206), ('"other"', 200)):
        conditions = {"Range": "bytes=5-9", "If-Range": tag}
        assert client.get("stream", headers=conditions, **wanted).status_code == status
    estimated = client.get("stream", estimateContentLength="true", **wanted)
    assert int(estimated.headers["content-length"]) == size


def test_a_paused_player_leaves_the_slots_to_others(
    odd: SubsonicClient, odd_server: RunningServer
) -> None:
    """They have all their music on the disk; what they do not take costs nobody anything."""
    wanted: list[dict[str, Any]] = [
        {"format": "flac", "timeOffset": f"{offset}"} for offset in (100, 200, 300, 400)
    ]
    with ExitStack() as stack:
        for parameters in wanted[:3]:
            stack.enter_context(begun(odd_server, odd, **parameters))
        await_ffmpegs(odd_server, 0, 20.0)
        with begun(odd_server, odd, **wanted[3]):
            answer = odd.get("stream", id=titled(odd, "long"), **wanted[0])
        assert answer.headers["accept-ranges"] == "bytes"


def test_a_file_that_is_replaced_is_heard_at_once(odd: SubsonicClient, odd_music: Path) -> None:
    song, file = titled(odd, "vanishing"), odd_music / "vanishing.mp3"
    before = odd.get("stream", id=song, format="opus").content
    assert odd.get("stream", id=song, format="opus").headers["accept-ranges"]
    original = file.read_bytes()
    try:
        make_audio(file, frequency=1600, tags={"title": "vanishing"})
        answer = odd.get("stream", id=song, format="opus")
        assert "accept-ranges" not in answer.headers
        assert answer.content != before
    finally:
        file.write_bytes(original)


def test_a_file_that_has_vanished_is_a_clear_failure(odd: SubsonicClient, odd_music: Path) -> None:
    song = titled(odd, "vanishing")
    file = odd_music / "vanishing.mp3"
    hidden = file.rename(file.with_suffix(".hidden"))
    wishes: tuple[dict[str, str], ...] = ({}, {"format": "opus"}, {"timeOffset": "0.5"})
    try:
        for parameters in wishes:
            for endpoint in ("stream", "download"):
                answer = odd.http.get(
                    f"/rest/{endpoint}", params={**odd.login, "id": song, **parameters}
                )
                assert answer.status_code == 200
                assert answer.headers["content-type"].startswith("text/xml")
                assert 'status="failed"' in answer.text
        assert odd.error("stream", id=song) == 70
    finally:
        hidden.rename(file)
    assert odd.get("stream", id=song).content == file.read_bytes()


@pytest.mark.parametrize("name", ODD_NAMES)
def test_downloads_have_the_name_of_the_file(odd: SubsonicClient, name: str) -> None:
    """RFC 6266: once in ASCII for old clients, once in full."""
    answer = odd.get("download", id=titled(odd, name))
    header = answer.headers["content-disposition"]
    match = re.fullmatch(r"attachment; filename=\"([^\"\\]+)\"; filename\*=UTF-8''(\S+)", header)
    assert match, header
    assert match[1].isascii()
    assert match[1].endswith(".mp3")
    assert unquote(match[2]) == f"{name}.mp3"
