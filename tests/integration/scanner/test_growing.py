"""Files that are being written wait until they are done, and keep what is known of them."""

import os
import time
from pathlib import Path

import msgspec
import pytest
from tests.integration.scanner.naps import Naps

from hydrophone.domain.library import ScanSummary
from hydrophone.domain.units import Seconds
from hydrophone.scanner.scan import Scan
from hydrophone.storage.connection import connect
from hydrophone.testing.scanned_library import ScannedLibrary

NEW = "Can/Ege/03 Song 3.mp3"
OLD = "Can/Ege/01 Song 1.mp3"


@pytest.fixture(autouse=True)
def naps(monkeypatch: pytest.MonkeyPatch) -> Naps:
    found = Naps()
    monkeypatch.setattr("hydrophone.scanner.growing.time", found)
    return found


class Copying:
    """A file that is written in small pieces, one whenever the scan sleeps."""

    def __init__(self, content: bytes, path: Path) -> None:
        self._file = path.open("wb", buffering=0)
        self._content = content
        self._done = self._file.write(content[: len(content) // 2])

    def go_on(self) -> None:
        self._done += self._file.write(self._content[self._done : self._done + 8])

    def finish(self) -> None:
        self._file.write(self._content[self._done :])
        self._file.close()


def _scan(library: ScannedLibrary, settle: float = 0.3, settle_new: float = 0.0) -> ScanSummary:
    request = msgspec.structs.replace(
        library.request(), settle=Seconds(settle), settle_new=Seconds(settle_new)
    )
    with connect(library.database, durable=False) as connection:
        return Scan(connection, request, library.workers, lambda progress: None).run()


def test_new_file_waits_and_gets_the_id_of_the_whole(library: ScannedLibrary, naps: Naps) -> None:
    *_, third = library.album("Can/Ege", count=3)
    library.scan()
    identifier = library.ids()[NEW]
    content = third.read_bytes()
    third.unlink()
    library.scan()
    copying = Copying(content, third)
    naps.meanwhile = copying.go_on
    summary = _scan(library)
    [music] = library.libraries()
    assert summary.growing == {music.id: (NEW,)}
    assert (summary.found, summary.added, summary.problem_count) == (3, 0, 0)
    assert NEW not in library.tracks()
    naps.meanwhile = lambda: None
    copying.finish()
    summary = _scan(library)
    assert (summary.growing, summary.moved) == ({}, 1)
    assert library.ids()[NEW] == identifier


def test_known_file_that_is_rewritten_stays_as_it_was(library: ScannedLibrary, naps: Naps) -> None:
    library.album("Can/Ege")
    library.scan()
    library.star(library.tracks()[OLD].id)
    before = library.tracks()
    path = library.root / OLD
    content = library.add("better.mp3", tags={"title": "Better", "album": "Ege"}).read_bytes()
    (library.root / "better.mp3").unlink()
    copying = Copying(content, path)
    naps.meanwhile = copying.go_on
    summary = _scan(library)
    assert (summary.changed, summary.missing, len(summary.growing)) == (0, 0, 1)
    assert library.tracks() == before
    naps.meanwhile = lambda: None
    copying.finish()
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


def test_new_file_that_is_written_with_pauses_waits(library: ScannedLibrary, naps: Naps) -> None:
    """Longer than what is between two looks, and shorter than a new file has to rest."""
    library.album("Can/Ege")
    library.scan()
    path = library.root / NEW
    content = library.add("third.mp3", tags={"title": "Third", "album": "Ege"}).read_bytes()
    (library.root / "third.mp3").unlink()
    path.write_bytes(content[: len(content) // 2])

    def write_the_rest() -> None:
        if sum(naps.slept) > 500:
            path.write_bytes(content)

    naps.meanwhile = write_the_rest
    summary = _scan(library, settle=0.1, settle_new=1000.0)
    assert (summary.added, len(summary.growing)) == (0, 1)
    naps.meanwhile = lambda: None
    assert _scan(library, settle=0.1, settle_new=1000.0).added == 1


def test_all_new_files_wait_together_and_known_ones_less(
    library: ScannedLibrary, naps: Naps
) -> None:
    for number in range(3):
        library.album(f"Can/{number}")
    assert _scan(library, settle=0.0, settle_new=1000.0).added == 6
    assert 500 < sum(naps.slept) <= 1000
    naps.slept.clear()
    for number in range(3):
        library.add(f"Can/{number}/01 Song 1.mp3", tags={"title": "Better"})
    assert _scan(library, settle=0.0, settle_new=1000.0).changed == 3
    assert naps.slept == []


def test_age_of_a_new_file_counts(library: ScannedLibrary, naps: Naps) -> None:
    library.album("Can/Ege")
    time.sleep(1.0)
    assert _scan(library, settle=0.0, settle_new=1.0).added == 2
    assert naps.slept == []


def test_unchanged_files_are_not_waited_for(library: ScannedLibrary, naps: Naps) -> None:
    library.album("Can/Ege")
    library.scan()
    _scan(library, settle=1000.0)
    assert naps.slept == []
