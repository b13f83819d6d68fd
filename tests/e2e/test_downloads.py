"""Albums, artists, folders and playlists as one archive."""

import contextlib
import io
import socket
import time
import zipfile
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from hydrophone.testing.audio_files import make_audio
from hydrophone.testing.client import SubsonicClient
from hydrophone.testing.server import RunningServer, running_server


def archive(client: SubsonicClient, identifier: str) -> zipfile.ZipFile:
    answer = client.get("download", id=identifier)
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["accept-ranges"] == "none"
    assert int(answer.headers["content-length"]) == len(answer.content)
    opened = zipfile.ZipFile(io.BytesIO(answer.content))
    assert opened.testzip() is None
    return opened


def album(client: SubsonicClient, name: str) -> dict[str, str]:
    found: list[dict[str, str]] = client.ask("search3", query=name)["searchResult3"]["album"]
    return next(one for one in found if one["name"] == name)


FIRST = ["Anna - First/01 Song 1.mp3", "Anna - First/02 Song 2.flac", "Anna - First/03 Song 3.ogg"]
SECOND = ["Anna - Second/04 Song 4.opus", "Anna - Second/05 Song 5.m4a"]


def test_an_album(client: SubsonicClient, music: Path) -> None:
    first = album(client, "First")
    with archive(client, first["id"]) as opened:
        assert opened.namelist() == FIRST
        assert opened.read(FIRST[0]) == (music / "Anna/First/01 Song.mp3").read_bytes()
    answer = client.get("download", id=first["id"])
    assert answer.headers["content-disposition"] == (
        "attachment; filename=\"Anna - First.zip\"; filename*=UTF-8''Anna%20-%20First.zip"
    )
    # A part of it is not offered, and a whole one never goes for a part.
    part = client.get("download", id=first["id"], headers={"range": "bytes=10-"})
    assert (part.status_code, len(part.content)) == (200, len(answer.content))
    head = client.http.head("/rest/download", params={**client.login, "id": first["id"]})
    assert int(head.headers["content-length"]) == len(answer.content)
    assert head.content == b""


def test_an_artist_and_folders(client: SubsonicClient) -> None:
    first = album(client, "First")
    with archive(client, first["artistId"]) as opened:
        assert sorted(opened.namelist()) == FIRST + SECOND
    folder = client.ask("getIndexes")["indexes"]["index"][0]["artist"][0]["id"]
    with archive(client, folder) as opened:
        assert sorted(opened.namelist()) == FIRST + SECOND
    below = client.ask("getMusicDirectory", id=folder)["directory"]["child"][0]["id"]
    with archive(client, below) as opened:
        assert sorted(opened.namelist()) == FIRST


def test_a_playlist_comes_with_its_list(client: SubsonicClient) -> None:
    songs = {song["title"]: song["id"] for song in client.songs()}
    chosen = [songs["Song 4"], songs["Song 1"], songs["Song 4"]]
    made = client.ask("createPlaylist", name="Ä/B", songId=chosen)["playlist"]
    with archive(client, made["id"]) as opened:
        assert opened.namelist() == [
            "Ä_B/01 Anna - Song 4.opus",
            "Ä_B/02 Anna - Song 1.mp3",
            "Ä_B/Ä_B.m3u8",
        ]
        assert opened.read("Ä_B/Ä_B.m3u8").decode().splitlines() == [
            "#EXTM3U",
            "#EXTINF:3,Anna - Song 4",
            "01 Anna - Song 4.opus",
            "#EXTINF:3,Anna - Song 1",
            "02 Anna - Song 1.mp3",
            "#EXTINF:3,Anna - Song 4",
            "01 Anna - Song 4.opus",
        ]
    client.ask("deletePlaylist", id=made["id"])
    assert client.error("download", id=made["id"]) == 70


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A folder of two long files on one album."""
    for number in (1, 2):
        file = make_audio(
            tmp_path / "music" / "Anna" / f"{number}.flac",
            frequency=200 * number,
            tags={"title": f"Song {number}", "album": "Big", "artist": "Anna"},
        )
        with file.open("ab") as audio:
            audio.truncate(60_000_000)
    return tmp_path / "music"


def _ask(server: RunningServer, client: SubsonicClient, identifier: str) -> socket.socket:
    address = urlsplit(server.url)
    connection = socket.create_connection((address.hostname or "", address.port or 0), timeout=120)
    query = urlencode({**client.login, "id": identifier})
    connection.sendall(f"GET /rest/download?{query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    return connection


def _open_files(server: RunningServer, folder: Path) -> int:
    opened = 0
    for one in Path(f"/proc/{server.process.pid}/fd").iterdir():
        # What is closed meanwhile is not there any more.
        with contextlib.suppress(FileNotFoundError):
            opened += folder in one.readlink().parents
    return opened


def test_what_goes_wrong_in_the_middle(large: Path, tmp_path: Path) -> None:
    with running_server(tmp_path / "data", music=[large]) as server, server.client() as client:
        client.await_scan(tracks=2)
        big = album(client, "Big")
        with _ask(server, client, big["id"]) as connection:
            connection.recv(1000)
            assert _open_files(server, large) == 1
        deadline = time.monotonic() + 30
        while _open_files(server, large):
            assert time.monotonic() < deadline, "nobody listens, and the file is still read"
            time.sleep(0.05)

        # Too large for what lies in the buffers of both sides: the second has yet to be opened.
        with _ask(server, client, big["id"]) as connection:
            received = len(connection.recv(1000))
            (large / "Anna" / "2.flac").write_bytes(b"short")
            while chunk := connection.recv(1024 * 1024):
                received += len(chunk)
        assert 60_000_000 < received < 120_000_000
        assert "A stream broke off" in server.log.read_text()

        (large / "Anna" / "2.flac").unlink()
        answer = client.get("download", id=big["id"]).json()["subsonic-response"]
        assert answer["status"] == "failed"
