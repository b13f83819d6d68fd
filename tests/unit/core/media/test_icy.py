"""Titles in the streams of stations, and playlists in front of them."""

from collections.abc import AsyncIterator

import pytest

from hydrophone.media.icy import decode_title, first_stream, read_title

pytestmark = pytest.mark.anyio


def block(text: bytes) -> bytes:
    units = -(-len(text) // 16)
    return bytes([units]) + text.ljust(units * 16, b"\0")


async def pieces(data: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


@pytest.mark.parametrize("size", [1, 7, 100, 10_000])
async def test_the_first_title_is_found_however_it_comes(size: int) -> None:
    music = b"\x10" * 100
    data = music + b"\0" + music + block(b"StreamTitle='Anna - It's me';StreamUrl='';") + music
    assert await read_title(pieces(data, size), 100) == "Anna - It's me"


async def test_a_stream_without_a_title_is_left() -> None:
    assert await read_title(pieces(b"x" * 100 + b"\0" + b"x" * 50, 10), 100) == ""
    assert await read_title(pieces((b"x" * 10 + b"\0") * 1000, 10), 10) == ""
    assert await read_title(pieces(b"x" * 10 + b"\xffStreamTi", 10), 10) == ""


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (b"StreamTitle='';", ""),
        (b"StreamTitle=' A\0\nB ';", "A B"),
        ("StreamTitle='Köln';".encode(), "Köln"),
        ("StreamTitle='Köln';".encode("latin-1"), "Köln"),
        (b"StreamUrl='x';", ""),
        (b"\xff\xfe", ""),
    ],
)
def test_titles(text: bytes, title: str) -> None:
    assert decode_title(text) == title


@pytest.mark.parametrize(
    ("text", "url"),
    [
        (
            b"[playlist]\nNumberOfEntries=2\nFile1=http://a.example/x\nFile2=http://b/\n",
            "http://a.example/x",
        ),
        (b"#EXTM3U\r\n#EXTINF:-1,Name\r\nhttps://a.example/y\r\n", "https://a.example/y"),
        (b"file:///etc/passwd\nHTTP://a.example/z", "HTTP://a.example/z"),
        (b"[playlist]\nfile1 = ftp://x\n", ""),
        (b"", ""),
        (b"\xff\xfe\x00", ""),
    ],
)
def test_playlists(text: bytes, url: str) -> None:
    assert first_stream(text) == url
