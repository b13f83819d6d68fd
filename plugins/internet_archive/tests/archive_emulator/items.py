"""Items with their metadata, files and audio, in the shapes in which real ones come."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hydrophone.testing.audio_files import make_audio, make_picture

_CODECS = {
    "Flac": "flac",
    "24bit Flac": "flac",
    "VBR MP3": "mp3",
    "64Kbps MP3": "mp3",
    "Ogg Vorbis": "ogg",
    "WAVE": "wav",
    "Shorten": "",
}
SUFFIXES = {
    "Flac": ".flac",
    "24bit Flac": ".flac",
    "VBR MP3": ".mp3",
    "64Kbps MP3": "_64kb.mp3",
    "Ogg Vorbis": ".ogg",
    "WAVE": ".wav",
    "Shorten": ".shn",
}
DERIVED = ("VBR MP3", "64Kbps MP3")


@dataclass
class EmulatedItem:
    """An item of the Archive."""

    identifier: str
    metadata: dict[str, Any]
    entries: list[dict[str, Any]] = field(default_factory=list)
    """Of `files`, as the metadata interface lists them."""
    content: dict[str, bytes] = field(default_factory=dict)
    """The files' bytes by name."""
    found: dict[str, Any] = field(default_factory=dict)
    """What the search says besides the metadata: ratings, downloads."""
    reviews: list[dict[str, Any]] = field(default_factory=list)
    is_dark: bool = False
    refused: frozenset[str] = frozenset()
    """Files that are listed and answered with 403."""

    def document(self) -> dict[str, Any]:
        """Return what the metadata interface says."""
        if self.is_dark:
            return {"created": 1, "is_dark": True, "metadata": {}}
        return {
            "created": 1763700000,
            "d1": "ia800100.us.archive.org",
            "dir": f"/7/items/{self.identifier}",
            "files": self.entries,
            "files_count": len(self.entries),
            "item_size": self.size,
            "metadata": {"identifier": self.identifier, **self.metadata},
            "server": "ia800100.us.archive.org",
            **({"reviews": self.reviews} if self.reviews else {}),
        }

    def fields(self) -> dict[str, Any]:
        """Return what the search says."""
        formats = sorted({one["format"] for one in self.entries})
        return {
            "identifier": self.identifier,
            **self.metadata,
            **({"format": formats if len(formats) != 1 else formats[0]} if formats else {}),
            "item_size": self.size,
            **self.found,
        }

    @property
    def size(self) -> int:
        """The bytes of all files."""
        return sum(map(len, self.content.values()))

    def add(self, name: str, content: bytes, **entry: Any) -> None:
        """Add a file with its checksums."""
        self.content[name] = content
        listed = {
            "name": name,
            "mtime": "1226362310",
            "size": str(len(content)),
            "md5": hashlib.md5(content).hexdigest(),
            "crc32": "00000000",
            "sha1": hashlib.sha1(content).hexdigest(),
            **entry,
        }
        self.entries.append({key: value for key, value in listed.items() if value is not None})


Namer = Callable[[str, int], str]
"""From an identifier and a track's place to the file's name without its suffix."""


def of_name(identifier: str, place: int) -> str:
    """Name files as tapers do: `gd77-05-08t03`."""
    return f"{identifier.partition('.')[0]}t{place:02}"


def clock(seconds: float) -> str:
    """Write a length as derivatives have it."""
    return f"{int(seconds) // 60:02}:{int(seconds) % 60:02}"


def item(
    identifier: str,
    songs: Sequence[str],
    *,
    upload: str = "Flac",
    derived: Sequence[str] = DERIVED,
    named: Namer = of_name,
    track: Callable[[int], str | None] = "{:02}".format,
    length: Callable[[float], str | None] = "{:.2f}".format,
    entry: Mapping[str, Any] | None = None,
    found: Mapping[str, Any] | None = None,
    cover: str = "",
    seconds: float = 2.0,
    tone: int = 0,
    **metadata: Any,
) -> EmulatedItem:
    """Make an item whose songs were uploaded in one format, with what is derived of each.

    A song without a name has no title in its files. `entry` is added to all files of music.
    """
    listed = {"description": f"Songs: {', '.join(songs)}."} if all(songs) else {}
    said = {name: value for name, value in {**listed, **metadata}.items() if value is not None}
    made = EmulatedItem(identifier, said, found=dict(found or {}))
    for place, song in enumerate(songs, start=1):
        stem = named(identifier, place)
        original = stem + SUFFIXES[upload]
        for form in (upload, *derived):
            is_original = form == upload
            made.add(
                original if is_original else stem + SUFFIXES[form],
                audio(form, seconds, tone + place),
                source="original" if is_original else "derivative",
                original=None if is_original else original,
                format=form,
                title=song or None,
                track=track(place),
                length=None if form == "Shorten" else length(seconds),
                **(entry or {}),
            )
    if cover:
        made.add(cover, make_picture(), source="original", format="JPEG")
    made.add(f"{identifier}_meta.xml", b"<metadata/>", source="metadata", format="Metadata")
    made.add("__ia_thumb.jpg", make_picture(size=8), source="original", format="Item Tile")
    return made


def audio(form: str, seconds: float, tone: int) -> bytes:
    """Return a tone in a format of the Archive."""
    return _audio(_CODECS[form], seconds, 300 + 20 * (tone % 6))


@cache
def _audio(codec: str, seconds: float, frequency: int) -> bytes:
    if not codec:
        return b"ajkg\x02" + bytes(2000)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"tone.{codec}"
        return make_audio(path, seconds=seconds, frequency=frequency).read_bytes()
