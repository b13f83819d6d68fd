# mypy: untyped-calls-exclude=mutagen
"""A library of any size, tagged as completely as Picard would; made and scanned once, and kept.

The files are real, if short, so that everything which is measured meets what a scan leaves. Each
album has a folder at the top, so that the folder view has as many there as the tag view. They stay
in the temporary folder for as long as neither the schema, what is read of files, nor this module
changes.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from contrib.bench.scan_process import scan_once
from mutagen import id3
from xxhash import xxh3_64_digest, xxh3_64_hexdigest, xxh3_64_intdigest

from hydrophone.config import Config, LibraryConfig, ServerConfig
from hydrophone.scanner import reading
from hydrophone.storage.data_folder import DATABASE
from hydrophone.storage.migrations import versions
from hydrophone.testing.audio_files import make_audio

TRACKS_PER_ALBUM = 10
_GENRES = (
    "Jazz",
    "Ambient",
    "Hip-Hop",
    "Baroque",
    "Techno",
    "Folk",
    "Soul",
    "Metal",
    "Dub",
    "Fado",
)
_SYLLABLES = tuple(a + b for a in "bdfgklmnprst" for b in ("a", "e", "i", "o", "u", "or", "an"))


@dataclass(frozen=True, kw_only=True)
class SyntheticLibrary:
    """Folders with a scanned library."""

    music: Path
    data: Path
    """Use a copy: see `copy_data`."""
    tracks: int

    @property
    def albums(self) -> int:
        """The number of albums, and of album artists: each artist has one."""
        return self.tracks // TRACKS_PER_ALBUM

    def copy_data(self, folder: Path) -> Path:
        """Copy the database, so that what a run writes is not there in the next one."""
        folder.mkdir()
        shutil.copy(self.data / DATABASE, folder)
        return folder

    def config(self, data: Path) -> Config:
        """Return the configuration that `serve --data --music` makes."""
        return _config(data, self.music)


def synthetic_library(tracks: int) -> SyntheticLibrary:
    """Return the library of so many tracks (whole thousands), made at the first call."""
    tracks -= tracks % 1000
    folder = Path(tempfile.gettempdir()) / f"hydrophone-bench-{_version()}-{tracks}"
    if not folder.exists():
        print(f"Making a library of {tracks:,} tracks in {folder} (once) ...", flush=True)
        making = folder.with_name(f"{folder.name}-{os.getpid()}")
        music = making / "music"
        for path, content in _files(tracks):
            (music / path).parent.mkdir(parents=True, exist_ok=True)
            (music / path).write_bytes(content)
        done = scan_once(_config(making / "data", music))
        if done.summary.added != tracks:
            raise RuntimeError(f"The scan did not take all files: {done.summary}")
        making.rename(folder)
    return SyntheticLibrary(music=folder / "music", data=folder / "data", tracks=tracks)


def _version() -> str:
    """Name what the library depends on; a revision may still change before it is released."""
    files = [
        Path(__file__),
        Path(reading.__file__),
        *sorted(Path(versions.__path__[0]).glob("*.py")),
    ]
    return xxh3_64_hexdigest(b"".join(file.read_bytes() for file in files))[:8]


def _config(data: Path, music: Path) -> Config:
    library = LibraryConfig(name=music.name, path=music)
    return Config(server=ServerConfig(data_dir=data), libraries=(library,))


def _files(tracks: int) -> Iterator[tuple[str, bytes]]:
    """Yield paths and contents: tags, and a fifth of a second that is different in each."""
    with tempfile.TemporaryDirectory() as folder:
        audio = make_audio(Path(folder) / "tone.mp3", seconds=0.2).read_bytes()[:-8]
    for track in range(tracks):
        album, number = divmod(track, TRACKS_PER_ALBUM)
        place = f"{_name('artist', album, 2)} - {_name('album', album, 2)} ({album})"
        tags = BytesIO()
        _tags(album, track).save(tags, padding=lambda _: 0)
        yield (
            f"{place}/{number + 1:02}.mp3",
            tags.getvalue() + audio + xxh3_64_digest(track.to_bytes(8, "big")),
        )


def _tags(album: int, track: int) -> id3.ID3:
    """Make tags, always the same for the same numbers. Each album has an artist of its own."""
    artist = _name("artist", album, 2)
    year = 1960 + album % 65
    genres = [_GENRES[album % len(_GENRES)], _GENRES[(album + 3) % len(_GENRES)]]
    texts: dict[str, object] = {
        "TIT2": _name("track", track, 3),
        "TALB": _name("album", album, 2),
        "TPE1": artist,
        "TPE2": artist,
        "TRCK": f"{track % TRACKS_PER_ALBUM + 1}/{TRACKS_PER_ALBUM}",
        "TPOS": "1/1",
        "TDRC": f"{year + 20}-{1 + album % 12:02}-{1 + album % 28:02}",
        "TDOR": str(year),
        "TCON": genres,
        "TPUB": _name("label", album % 300, 1),
    }
    described = {
        "MusicBrainz Artist Id": _uuid("artist", album),
        "MusicBrainz Album Artist Id": _uuid("artist", album),
        "MusicBrainz Album Id": _uuid("release", album),
        "MusicBrainz Release Group Id": _uuid("group", album),
        "MusicBrainz Album Type": "album",
        "ALBUMARTISTSORT": artist.upper(),
        "REPLAYGAIN_TRACK_GAIN": f"-{track % 9}.5 dB",
        "REPLAYGAIN_TRACK_PEAK": "0.98",
        "REPLAYGAIN_ALBUM_GAIN": "-7.0 dB",
        "REPLAYGAIN_ALBUM_PEAK": "1.0",
    }
    tags = id3.ID3()
    for name, text in texts.items():
        tags.add(getattr(id3, name)(encoding=3, text=text))
    for description, text in described.items():
        tags.add(id3.TXXX(encoding=3, desc=description, text=text))
    recording = _uuid("recording", track).encode()
    tags.add(id3.UFID(owner="http://musicbrainz.org", data=recording))
    return tags


def _name(kind: str, number: int, words: int) -> str:
    """Make words of two or three syllables."""
    bits = xxh3_64_intdigest(f"{kind} {number}".encode())
    made = []
    for _ in range(words):
        bits, more = divmod(bits, 2)
        word = ""
        for _ in range(2 + more):
            bits, syllable = divmod(bits, len(_SYLLABLES))
            word += _SYLLABLES[syllable]
        made.append(word.title())
    return " ".join(made)


def _uuid(kind: str, number: int) -> str:
    digits = xxh3_64_hexdigest(f"{kind} {number}".encode()) * 2
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:]}"
