"""Small real files of five formats with different tags and audio; made once and kept."""

import tempfile
from pathlib import Path

from xxhash import xxh3_64_digest, xxh3_64_hexdigest

from hydrophone.testing.audio_files import make_audio

_SUFFIXES = ("mp3", "flac", "ogg", "opus", "m4a")
_FILES_PER_ALBUM = 10


def audio_tree(count: int) -> Path:
    """Return a folder with so many files, ten to an album and all of it of one format."""
    version = xxh3_64_hexdigest(Path(__file__).read_bytes())[:8]
    folder = Path(tempfile.gettempdir()) / f"hydrophone-bench-audio-{version}-{count}"
    if not folder.exists():
        print(f"Making {count:,} audio files in {folder} (once) ...", flush=True)
        making = folder.with_name(f"{folder.name}-making")
        for number in range(count):
            _make(making, number)
        making.rename(folder)
    return folder


def _make(folder: Path, number: int) -> None:
    album, track = divmod(number, _FILES_PER_ALBUM)
    suffix = _SUFFIXES[album % len(_SUFFIXES)]
    artist = album // 3
    path = folder / f"Artist {artist}" / f"Album {album}" / f"{track + 1:02} Song.{suffix}"
    tags = {
        "title": f"Song {number} of many",
        "artist": f"Artist {artist}",
        "albumartist": f"Artist {artist}",
        "album": f"Album {album}",
        "tracknumber": f"{track + 1}/{_FILES_PER_ALBUM}",
        "discnumber": "1/1",
        "date": f"{1960 + album % 60}-05-01",
        "genre": ["Jazz", "Fusion"],
    }
    make_audio(path, tags=tags)
    _vary_audio(path, number)


def _vary_audio(path: Path, number: int) -> None:
    """Change a few bytes of the audio, so that no two files have the same fingerprint."""
    data = bytearray(path.read_bytes())
    at = data.rfind(b"mdat") + 64 if path.suffix == ".m4a" else len(data) - 16
    data[at : at + 8] = xxh3_64_digest(number.to_bytes(8, "big"))
    path.write_bytes(data)
