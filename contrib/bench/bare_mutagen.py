"""Reads all files below a folder by mutagen alone and prints the CPU seconds, for comparison."""

import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time

from mutagen.flac import FLAC
from mutagen.mp3 import MP3
from mutagen.mp4 import MP4
from mutagen.oggopus import OggOpus
from mutagen.oggvorbis import OggVorbis

CLASSES: dict[str, Callable[[Path], object]] = {
    ".mp3": MP3,
    ".flac": FLAC,
    ".ogg": OggVorbis,
    ".opus": OggOpus,
    ".m4a": MP4,
}

if __name__ == "__main__":
    files = [path for path in Path(sys.argv[1]).rglob("*.*") if path.suffix in CLASSES]
    began = process_time()
    for file in files:
        CLASSES[file.suffix](file)
    print(process_time() - began)
