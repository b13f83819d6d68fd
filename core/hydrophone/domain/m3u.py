"""Playlists as files of other players: (extended) M3U, read as they come and written in UTF-8.

There is no standard. What is here follows Winamp's old description of extended M3U, the
`#PLAYLIST` line of VLC and foobar2000, VLC's `#EXTVLCOPT` lines for a part of a file, and what such
files look like in the wild.
"""

import codecs
import posixpath
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote_to_bytes

from msgspec import Struct

from hydrophone.domain.paths import unescape_path
from hydrophone.domain.playlist import PlaylistFile
from hydrophone.domain.units import Seconds
from hydrophone.errors import InvalidInputError

SUFFIXES = ("m3u", "m3u8")
MAX_SIZE = 16 * 1024 * 1024
"""Bytes of a file."""
MAX_ENTRIES = 100_000
_NAME = "#playlist:"
_START = "#extvlcopt:start-time="
_TIME = re.compile(r"[0-9]{1,9}(\.[0-9]{0,9})?")
_DRIVE = re.compile(r"[A-Za-z]:/")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")


class M3uEntry(Struct, frozen=True, kw_only=True):
    """One file, or a part of it, that a playlist names."""

    location: str
    """A path or an address as it stands there; bytes that are no UTF-8 as `os` gives them."""
    start: Seconds | None = None
    """Where in the file the part begins; `None` = all of the file."""


class M3u(Struct, frozen=True, kw_only=True):
    """What such a file says."""

    name: str = ""
    """Empty if it has none: then it is called like the file."""
    entries: tuple[M3uEntry, ...]


def read_m3u(data: bytes) -> M3u:
    """Read a file in UTF-8 or UTF-16, with or without a mark, or in bytes of any kind.

    Raises InvalidInputError if it has too many entries. Nothing else is wrong with a text: what
    is no file will not be found.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = data.decode("utf-16", "replace")
    else:
        text = data.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")
    name = ""
    start: Seconds | None = None
    entries: list[M3uEntry] = []
    # Not splitlines: there are names with the other characters that it takes for ends of lines.
    for line in re.split(r"\r\n|\n|\r", text):
        entry = line.strip(" \t\x00")
        if entry.lower().startswith(_NAME):
            said = " ".join(entry[len(_NAME) :].split())
            name = name or readable(said)
        elif entry.lower().startswith(_START):
            start = _seconds(entry[len(_START) :])
        elif entry and not entry.startswith("#"):
            entries.append(M3uEntry(location=entry, start=start))
            start = None
            if len(entries) > MAX_ENTRIES:
                raise InvalidInputError(f"There are more than {MAX_ENTRIES} entries.")
    return M3u(name=name, entries=tuple(entries))


def readable(text: str) -> str:
    """Return a text as `os` gives it for people to read."""
    try:
        text.encode()
    except UnicodeEncodeError:
        # Most bytes that are no UTF-8 are from Windows in the west.
        return _bytes(text).decode("cp1252", "replace")
    return text


def places(location: str, folder: str) -> Iterator[str]:
    """Yield the absolute paths that a location in a playlist in a folder may mean, likely first.

    `folder` is absolute. What is no file, such as the address of a station, gives none. Nothing
    is looked up here.
    """
    spellings = dict.fromkeys(_spellings(location))
    for path in spellings:
        joined = posixpath.normpath(posixpath.join(folder, path))
        yield from dict.fromkeys((joined, *_forms(joined)))


def tails(location: str) -> Iterator[str]:
    r"""Yield the ends of a path from another machine, the longest first.

    `D:\Music\Artist\Song.mp3` may be `Artist/Song.mp3` of a library. A name alone is no
    end: too many songs are called `01.mp3`.
    """
    for path in dict.fromkeys(_spellings(location)):
        if not path.startswith("/") and not _DRIVE.match(path):
            continue
        parts = [part for part in path.split("/") if part not in ("", ".", "..")]
        for start in range(1, len(parts) - 1):
            tail = "/".join(parts[start:])
            yield from dict.fromkeys((tail, *_forms(tail)))


def write_m3u(name: str, files: Iterable[PlaylistFile]) -> bytes:
    """Write a playlist with absolute paths.

    A player on the same machine finds the files wherever the playlist lies, and for another
    machine there is one beginning to replace. A track within a file is that file with the times
    that VLC plays; players that do not know them play all of it.
    """
    lines = ["#EXTM3U", f"#PLAYLIST:{_line(name)}"]
    for file in files:
        lines += _entry(file)
    return "\n".join([*lines, ""]).encode()


def extended_line(title: str, artist: str, seconds: float) -> str:
    """Return the line in front of an entry that tells players what it is."""
    shown = f"{artist} - {title}" if artist else title
    return f"#EXTINF:{round(seconds)},{_line(shown)}"


def _spellings(entry: str) -> Iterator[str]:
    scheme = _SCHEME.match(entry)
    if scheme is not None:
        if scheme[1].lower() != "file":
            return
        path = unquote_to_bytes(_bytes(entry[scheme.end() :]))
        # What stands before the path names a machine: this one, whatever it is called.
        entry = "/" + path.decode("utf-8", "surrogateescape").partition("/")[2]
        if _DRIVE.match(entry[1:]):
            entry = entry[1:]
    if "\0" in entry:
        return
    yield entry
    if "\\" in entry:
        yield entry.replace("\\", "/")


def _forms(path: str) -> Iterator[str]:
    """Yield the same path in other bytes: composed, decomposed (macOS), from Latin-1."""
    if path.isascii():
        return
    yield unicodedata.normalize("NFC", path)
    yield unicodedata.normalize("NFD", path)
    yield readable(path)


def _bytes(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")


def _entry(file: PlaylistFile) -> Iterator[str]:
    if file.title:
        yield extended_line(file.title, file.artist, file.duration)
    if file.start is not None:
        # Three digits are what VLC keeps; a frame of a CUE sheet is 13 ms.
        yield f"#EXTVLCOPT:start-time={file.start:.3f}"
        yield f"#EXTVLCOPT:stop-time={file.start + file.duration:.3f}"
    yield _location(file.path) if file.path else f"# There is no file: {file.track_id}"


def _seconds(text: str) -> Seconds | None:
    """Read a time; what is none counts as not said."""
    found = _TIME.fullmatch(text.strip())
    return Seconds(float(found[0])) if found else None


def _location(escaped: str) -> str:
    if "\\" not in escaped and escaped.isprintable():
        return escaped
    # A name that is no UTF-8 or has a line's end in it: a URI can hold any byte.
    return Path(unescape_path(escaped)).as_uri()


def _line(text: str) -> str:
    return " ".join(text.split())
