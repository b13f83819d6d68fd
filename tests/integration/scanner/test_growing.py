"""Files that are being written wait until they are done, and keep what is known of them."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread, Timer

import msgspec
import pytest

from hydrophone.domain.library import ScanSummary
from hydrophone.domain.units import Seconds
from hydrophone.scanner.scan import Scan
from hydrophone.storage.connection import connect
from hydrophone.testing.scanned_library import ScannedLibrary

NEW = "Can/Ege/03 Song 3.mp3"
OLD = "Can/Ege/01 Song 1.mp3"


@contextmanager
def _copying(content: bytes, path: Path) -> Iterator[None]:
    """Write a file in small pieces until the block is left, and then the rest at once."""
    stop = Event()
    begun = Event()

    def write() -> None:
        with path.open("wb", buffering=0) as file:
            done = len(content) // 2
            file.write(content[:done])
            begun.set()
            while not stop.wait(0.02) and done < len(content):
                done += file.write(content[done : done + 8])
            file.write(content[done:])

    thread = Thread(target=write)
    thread.start()
    assert begun.wait(5)
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _scan(library: ScannedLibrary, settle: float = 0.3, settle_new: float = 0.0) -> ScanSummary:
    request = msgspec.structs.replace(
        library.request(), settle=Seconds(settle), settle_new=Seconds(settle_new)
    )
    with connect(library.database, durable=False) as connection:
        return Scan(connection, request, library.workers, lambda progress: None).run()


def test_new_file_waits_and_gets_the_id_of_the_whole(library: ScannedLibrary) -> None:
    *_, third = library.album("Can/Ege", count=3)
    library.scan()
    identifier = library.ids()[NEW]
    content = third.read_bytes()
    third.unlink()
    library.scan()
    with _copying(content, third):
        summary = _scan(library)
        [music] = library.libraries()
        assert summary.growing == {music.id: (NEW,)}
        assert (summary.found, summary.added, summary.problem_count) == (3, 0, 0)
        assert NEW not in library.tracks()
    summary = _scan(library)
    assert (summary.growing, summary.moved) == ({}, 1)
    assert library.ids()[NEW] == identifier


def test_known_file_that_is_rewritten_stays_as_it_was(library: ScannedLibrary) -> None:
    library.album("Can/Ege")
    library.scan()
    library.star(library.tracks()[OLD].id)
    before = library.tracks()
    path = library.root / OLD
    content = library.add("better.mp3", tags={"title": "Better", "album": "Ege"}).read_bytes()
    (library.root / "better.mp3").unlink()
    with _copying(content, path):
        summary = _scan(library)
        assert (summary.changed, summary.missing, len(summary.growing)) == (0, 0, 1)
        assert library.tracks() == before
    assert _scan(library).changed == 1
    assert library.tracks()[OLD].id == before[OLD].id
    assert library.tracks()[OLD].title == "Better"
    assert library.tracks()[OLD].annotation == before[OLD].annotation


@pytest.mark.parametrize("seconds_from_now", [-3600.0, 3600.0])
def test_time_in_the_future_keeps_no_file_waiting(
    library: ScannedLibrary, seconds_from_now: float
) -> None:
    [path] = library.album("Can/Ege", count=1)
    then = time.time() + seconds_from_now
    os.utime(path, (then, then))
    summary = _scan(library, settle=0.05)
    assert (summary.added, summary.growing) == (1, {})


def test_new_file_that_is_written_with_pauses_waits(library: ScannedLibrary) -> None:
    library.album("Can/Ege")
    library.scan()
    path = library.root / NEW
    content = library.add("third.mp3", tags={"title": "Third", "album": "Ege"}).read_bytes()
    (library.root / "third.mp3").unlink()
    path.write_bytes(content[: len(content) // 2])
    rest = Timer(0.6, path.write_bytes, (content,))
    rest.start()
    summary = _scan(library, settle=0.1, settle_new=1.5)
    rest.join()
    assert (summary.added, len(summary.growing)) == (0, 1)
    assert _scan(library, settle=0.1, settle_new=1.5).added == 1


def test_all_new_files_wait_together_and_known_ones_less(library: ScannedLibrary) -> None:
    for number in range(3):
        library.album(f"Can/{number}")
    began = time.monotonic()
    assert _scan(library, settle=0.0, settle_new=1.0).added == 6
    assert 0.5 < time.monotonic() - began < 2.5
    for number in range(3):
        library.add(f"Can/{number}/01 Song 1.mp3", tags={"title": "Better"})
    began = time.monotonic()
    assert _scan(library, settle=0.0, settle_new=20.0).changed == 3
    assert time.monotonic() - began < 10.0


def test_age_of_a_new_file_counts(library: ScannedLibrary) -> None:
    library.album("Can/Ege")
    time.sleep(1.0)
    began = time.monotonic()
    assert _scan(library, settle=0.0, settle_new=1.0).added == 2
    assert time.monotonic() - began < 0.9


def test_unchanged_files_are_not_waited_for(library: ScannedLibrary) -> None:
    library.album("Can/Ege")
    library.scan()
    began = time.monotonic()
    _scan(library, settle=20.0)
    assert time.monotonic() - began < 10.0
