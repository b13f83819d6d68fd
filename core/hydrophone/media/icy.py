"""What radio stations say beside the music: titles in the stream, and playlists before it.

The way of Icecast and SHOUTcast: whoever asks with `Icy-MetaData: 1` is told by `icy-metaint`
after how many bytes of music there is a byte with the length of a text, in units of 16.
"""

import re
from collections.abc import AsyncIterator

_UNIT = 16
_MOST_BLOCKS = 8
"""Texts looked at; all but the first are empty until the title changes."""
_TITLE = re.compile(rb"StreamTitle='(.*?)';", re.DOTALL)
_LONGEST_TITLE = 300
_PLS = re.compile(r"^\s*File\d+\s*=\s*(\S.*?)\s*$", re.IGNORECASE | re.MULTILINE)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f]+")

PLAYLIST_TYPES = frozenset(
    {
        "audio/x-scpls",
        "application/pls+xml",
        "audio/mpegurl",
        "audio/x-mpegurl",
        "application/x-mpegurl",
        "application/vnd.apple.mpegurl",
    }
)
"""Content types of playlists, which name a stream but are none."""


async def read_title(chunks: AsyncIterator[bytes], interval: int) -> str:
    """Return the first title in a stream; empty if there is none in its first few texts.

    `interval` is what `icy-metaint` says. Reads no further than it must.
    """
    buffer = bytearray()
    place = interval
    blocks = 0
    async for chunk in chunks:
        buffer += chunk
        while len(buffer) > place:
            end = place + 1 + buffer[place] * _UNIT
            if len(buffer) < end:
                break
            title = decode_title(bytes(buffer[place + 1 : end]))
            blocks += 1
            if title or blocks == _MOST_BLOCKS:
                return title
            del buffer[:end]
    return ""


def decode_title(block: bytes) -> str:
    """Return the title in a text such as `StreamTitle='A - B';`; empty if there is none.

    In UTF-8, else in Latin-1, as old stations have it.
    """
    match = _TITLE.search(block)
    if match is None:
        return ""
    try:
        text = match[1].decode("utf-8")
    except UnicodeDecodeError:
        text = match[1].decode("latin-1")
    return _UNPRINTABLE.sub(" ", text).strip()[:_LONGEST_TITLE]


def first_stream(playlist: bytes) -> str:
    """Return the first address in a playlist of either kind (`.pls`, `.m3u`); empty if none."""
    text = playlist.decode("utf-8", "replace")
    named = _PLS.findall(text)
    lines = named or [line.strip() for line in text.splitlines()]
    return next((line for line in lines if line.lower().startswith(("http://", "https://"))), "")
