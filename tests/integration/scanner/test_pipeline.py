"""Files are read by several workers and come in the order in which they were asked for."""

import threading
import time

import pytest

from hydrophone.domain.ids import FolderId
from hydrophone.domain.units import Seconds
from hydrophone.errors import MediaError, UnavailableError
from hydrophone.sandbox.worker import Worker
from hydrophone.scanner.parsed import ParsedFile
from hydrophone.scanner.pipeline import Pipeline
from hydrophone.scanner.plan import FolderWork
from hydrophone.scanner.walk import FoundFile
from hydrophone.testing.scanned_library import ScannedLibrary


def _work(folder: int, count: int) -> FolderWork:
    """Ask for the one file that there is, again and again."""
    files = tuple(FoundFile("1.mp3", "mp3", (number, 0, 0)) for number in range(count))
    return FolderWork(id=FolderId(f"{folder}"), path="", changed=files, others=())


def _pipeline(library: ScannedLibrary, workers: list[Worker[ParsedFile | None]]) -> Pipeline:
    library.add("1.mp3")
    return Pipeline(str(library.root), workers, timeout=Seconds(20))


def test_order_is_that_of_the_walk(
    library: ScannedLibrary, workers: list[Worker[ParsedFile | None]]
) -> None:
    pipeline = _pipeline(library, workers)
    sizes = [300, 1, 1, 50, *[2] * 150]
    for number, size in enumerate(sizes):
        pipeline.add(_work(number, size))
    found = []
    for folder in pipeline:
        found.append((int(folder.work.id), len(folder.results)))
        if folder.work.id == "3":
            pipeline.add(_work(1000, 5))
    assert found == [*enumerate(sizes), (1000, 5)]


def test_each_file_comes_with_its_answer(
    library: ScannedLibrary, workers: list[Worker[ParsedFile | None]]
) -> None:
    pipeline = _pipeline(library, workers)
    (library.root / "bad.mp3").write_bytes(b"bad")
    good, bad = FoundFile("1.mp3", "mp3", (1, 0, 0)), FoundFile("bad.mp3", "mp3", (1, 0, 0))
    work = FolderWork(id=FolderId("1"), path="", changed=(bad,), others=(good,), whole=True)
    pipeline.add(work)
    [folder] = pipeline
    assert [file for file, _ in folder.results] == [bad, good]
    assert [type(answer) for _, answer in folder.results] == [MediaError, ParsedFile]


def test_reading_stops_when_nobody_wants_more(
    library: ScannedLibrary, workers: list[Worker[ParsedFile | None]]
) -> None:
    before = threading.active_count()
    pipeline = _pipeline(library, workers)
    for folder in range(500):
        pipeline.add(_work(folder, 20))
    folders = iter(pipeline)
    next(folders)
    folders.close()  # type: ignore[attr-defined]  # an iterator that is a generator
    end = time.monotonic() + 30
    while threading.active_count() > before and time.monotonic() < end:
        time.sleep(0.02)
    assert threading.active_count() <= before
    # The workers are ready for another.
    again = _pipeline(library, workers)
    again.add(_work(0, 3))
    assert len(list(again)) == 1


def test_workers_that_cannot_start_end_the_scan(library: ScannedLibrary) -> None:
    worker: Worker[ParsedFile | None] = Worker(
        "hydrophone.scanner.nowhere:nothing", answer=ParsedFile | None, memory=2**28
    )
    pipeline = _pipeline(library, [worker])
    pipeline.add(_work(0, 1))
    with worker, pytest.raises(UnavailableError):
        list(pipeline)
