"""Two albums of one artist, scanned once, for all tests that only look."""

import contextlib
from dataclasses import dataclass
from pathlib import Path

from hydrophone.domain.music import Track
from hydrophone.scanner.pipeline import parse_workers
from hydrophone.storage.data_folder import DATABASE
from hydrophone.testing.factories import make_database
from hydrophone.testing.scanned_library import ScannedLibrary

_WORKER_MEMORY = 256 * 1024 * 1024


@dataclass(frozen=True)
class SmallLibrary:
    """Files and the database that a scan has made of them; tests change neither."""

    root: Path
    database: Path
    tracks: tuple[Track, ...]
    """By album and number: `Anna`'s `First` with three tracks, and `Second` with two."""


def make_small_library(folder: Path) -> SmallLibrary:
    """Make it in an empty folder, of MP3 and FLAC; takes two seconds. Blocks."""
    database = folder / DATABASE
    make_database(database)
    workers = parse_workers(1, memory=_WORKER_MEMORY)
    with contextlib.ExitStack() as stack:
        for worker in workers:
            stack.callback(worker.close)
        scanned = ScannedLibrary(folder / "music", database, workers)
        scanned.album("Anna/First", count=3, genre="Pop", date="2001")
        scanned.album("Anna/Second", count=2, suffix="flac", genre="Rock", date="2002")
        scanned.scan()
    tracks = sorted(scanned.every_track(), key=lambda one: (one.album_name, one.track_number))
    return SmallLibrary(scanned.root, database, tuple(tracks))
