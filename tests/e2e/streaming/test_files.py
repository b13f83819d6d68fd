"""Music as the bytes of its files, whole or in part, over real connections."""

from pathlib import Path

import pytest
from tests.e2e.streaming.songs import SUFFIXES, TYPES, song_of

from hydrophone.testing.client import SubsonicClient


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
