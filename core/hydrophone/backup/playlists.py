"""Playlists as files that other players read (extended M3U, UTF-8)."""

import re
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection

from hydrophone.domain.paths import unescape_path
from hydrophone.domain.playlist import PlaylistFile
from hydrophone.storage.queries import playlists

_LONGEST_NAME = 100
_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')
"""What no file name may have on some system; a zip is opened on any."""


def playlist_files(connection: Connection) -> Iterator[tuple[str, bytes]]:
    """Yield (`owner/name.m3u8`, content) for every playlist of every user.

    Paths are absolute: a player on the same machine finds the files wherever the playlist lies,
    and for another machine there is one beginning to replace.
    """
    taken: set[str] = set()
    for playlist_id, owner, name in playlists.names(connection):
        lines = ["#EXTM3U", f"#PLAYLIST:{_line(name)}"]
        for file in playlists.files(connection, playlist_id):
            lines += _entry(file)
        text = "\n".join([*lines, ""])
        yield _free_name(f"{_safe(owner)}/{_safe(name)}", taken), text.encode()


def _entry(file: PlaylistFile) -> Iterator[str]:
    if file.title:
        shown = f"{file.artist} - {file.title}" if file.artist else file.title
        yield f"#EXTINF:{round(file.duration)},{_line(shown)}"
    yield _location(file.path) if file.path else f"# There is no file: {file.track_id}"


def _location(escaped: str) -> str:
    if "\\" not in escaped and escaped.isprintable():
        return escaped
    # A name that is no UTF-8 or has a line's end in it: a URI can hold any byte.
    return Path(unescape_path(escaped)).as_uri()


def _line(text: str) -> str:
    return " ".join(text.split())


def _safe(name: str) -> str:
    """Turn a name into that of a file, for any system."""
    return _UNSAFE.sub("_", name)[:_LONGEST_NAME].strip(" .") or "_"


def _free_name(stem: str, taken: set[str]) -> str:
    """Tell names apart that are the same for a file system."""
    name, count = stem, 1
    while name.casefold() in taken:
        count += 1
        name = f"{stem} ({count})"
    taken.add(name.casefold())
    return f"{name}.m3u8"
