"""The scan process beside a server that goes on working, and its sudden end."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import msgspec
import pytest
from sqlalchemy import Connection, event, func, select

from hydrophone.domain.units import Seconds
from hydrophone.errors import ScanError
from hydrophone.sandbox.worker import Worker
from hydrophone.scanner.messages import ScanFinished, ScanMessage, ScanProgress
from hydrophone.scanner.parsed import ParsedFile
from hydrophone.scanner.scan import Scan
from hydrophone.services.scans import run_scan
from hydrophone.storage.connection import connect
from hydrophone.storage.tables.annotation import annotation
from hydrophone.storage.tables.music import track
from hydrophone.testing.processes import alive, descendants
from hydrophone.testing.scanned_library import ScannedLibrary

MANY = 1200
PATIENCE = 60.0


def _fill(
    library: ScannedLibrary, count: int, *, folder_size: int, artist_size: int = MANY
) -> None:
    """Write many files that differ in their audio and titles, 50 microseconds each."""
    template = library.add(
        "template.mp3",
        tags={"title": "Title 00000", "artist": "Artist 00000", "album": "Album 00000"},
    )
    content = template.read_bytes()
    template.unlink()
    for number in range(count):
        folder = number // folder_size
        path = library.root / f"Album {folder:03}" / f"{number:05}.mp3"
        path.parent.mkdir(exist_ok=True)
        audio = content[:-8].replace(b"Title 00000", b"Title %05d" % number)
        audio = audio.replace(b"Artist 00000", b"Artist %05d" % (number // artist_size))
        audio = audio.replace(b"Album 00000", b"Album %05d" % folder)
        path.write_bytes(audio + number.to_bytes(8, "big"))


def _track_count(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(track)).scalar_one()


def _star_count(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(annotation)).scalar_one()


class _Process:
    """A scan process whose messages are read line by line."""

    def __init__(self, library: ScannedLibrary, *, settle_new: float = 0.0) -> None:
        request = msgspec.structs.replace(library.request(), settle_new=Seconds(settle_new))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "hydrophone.scanner"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdin is not None
        self.stdin = self._process.stdin
        self.stdin.write(msgspec.json.encode(request) + b"\n")
        self.stdin.flush()

    def messages(self) -> Iterator[ScanMessage]:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            yield msgspec.json.decode(line, type=ScanMessage)

    def descendants(self) -> set[int]:
        return descendants(self._process.pid)

    def signal(self, number: int) -> None:
        self._process.send_signal(number)

    def wait(self) -> int:
        assert self._process.stdout is not None
        code = self._process.wait(PATIENCE)
        self._process.stdout.close()
        if not self.stdin.closed:
            self.stdin.close()
        return code


def _have_ended(pids: set[int]) -> bool:
    end = time.monotonic() + PATIENCE
    while alive(pids) and time.monotonic() < end:
        time.sleep(0.02)
    return not alive(pids)


def _killed(library: ScannedLibrary) -> int:
    """Kill a scan that has written something; return how many tracks there are."""
    process = _Process(library)
    for _ in process.messages():
        if library.query(_track_count):
            break
    children = process.descendants()
    process.signal(signal.SIGKILL)
    process.wait()
    assert _have_ended(children)
    return library.query(_track_count)


def test_killed_scan_is_taken_up_by_the_next(
    library: ScannedLibrary, empty_database: Path, tmp_path: Path
) -> None:
    _fill(library, MANY, folder_size=100)
    before = MANY
    while before == MANY:
        # On a busy machine all of a scan may be over before the kill comes.
        library.database.unlink()
        library.database.write_bytes(empty_database.read_bytes())
        before = _killed(library)
    assert before > 0

    summary = library.scan_in_child()

    assert (summary.found, summary.added, summary.problem_count) == (MANY, MANY - before, 0)
    assert summary.unchanged == before
    undisturbed = tmp_path / "undisturbed.db"
    undisturbed.write_bytes(empty_database.read_bytes())
    other = ScannedLibrary(library.root, undisturbed, library.workers)
    other.scan()
    assert library.ids() == other.ids()
    assert library.albums() == other.albums()
    assert library.artists() == other.artists()


def test_scan_ends_when_its_starter_goes(library: ScannedLibrary) -> None:
    _fill(library, MANY, folder_size=100)
    # By itself it would wait for longer than the test.
    process = _Process(library, settle_new=600.0)
    next(process.messages())
    children = process.descendants()
    process.stdin.close()
    assert process.wait() == 1
    assert _have_ended(children)
    # No lock is left behind.
    assert library.scan_in_child().found == MANY


def test_second_scan_is_refused(library: ScannedLibrary) -> None:
    _fill(library, MANY, folder_size=100)
    process = _Process(library, settle_new=3.0)
    messages = process.messages()
    next(messages)
    # Held in the middle, however fast it is.
    process.signal(signal.SIGSTOP)
    try:
        with pytest.raises(ScanError, match="Another scan"):
            library.scan_in_child()
    finally:
        process.signal(signal.SIGCONT)
    *_, last = messages
    assert isinstance(last, ScanFinished)
    assert last.summary.added == MANY
    assert process.wait() == 0
    assert library.scan_in_child().unchanged == MANY


@pytest.mark.anyio
async def test_cancelled_scan_ends(library: ScannedLibrary) -> None:
    _fill(library, MANY, folder_size=100)
    request = library.request()
    before = descendants(os.getpid())
    running = asyncio.Event()
    scan = asyncio.create_task(run_scan(request, lambda _: running.set()))
    await asyncio.wait_for(running.wait(), PATIENCE)
    scan.cancel()
    with pytest.raises(asyncio.CancelledError):
        await scan
    assert descendants(os.getpid()) == before
    assert (await run_scan(request, lambda _: None)).found == MANY


class _Listener:
    """A user who stars one thing after the other, as the server would write it."""

    def __init__(self, library: ScannedLibrary) -> None:
        self._library = library
        self._enough = Event()
        self._thread = Thread(target=self._star)
        self.written = 0
        self.seen: set[int] = set()
        """How many tracks there were."""

    def __enter__(self) -> "_Listener":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._enough.set()
        self._thread.join()

    def _star(self) -> None:
        while not self._enough.wait(0.002):
            self._library.star(f"tr-{self.written}")
            self.written += 1
            self.seen.add(self._library.query(_track_count))


def test_writes_of_the_server_go_on(library: ScannedLibrary) -> None:
    _fill(library, MANY, folder_size=10)
    reports: list[ScanProgress] = []
    with _Listener(library) as listener:
        summary = asyncio.run(run_scan(library.request(), reports.append))
    assert summary.added == MANY
    assert library.query(_star_count) == listener.written
    # Otherwise he has waited for the whole of it.
    assert any(0 < count < MANY for count in listener.seen)

    assert {report.found for report in reports} == {MANY}
    assert {report.to_read for report in reports} == {MANY}
    read = [report.read for report in reports]
    assert read == sorted(read)
    assert read[-1] == MANY
    assert len(read) > 2


def test_heap_of_files_is_one_album_in_many_transactions(
    library: ScannedLibrary, workers: list[Worker[ParsedFile | None]]
) -> None:
    """None but the last hundred files tell that it is a compilation."""
    _fill(library, 3000, folder_size=3000, artist_size=2900)
    counts = set()
    with connect(library.database, durable=False) as connection:

        @event.listens_for(connection, "before_cursor_execute")
        def note(_: object, cursor: object, statement: str, *__: object) -> None:
            if statement == "COMMIT":
                counts.add(_track_count(connection))

        Scan(connection, library.request(), workers, lambda _: None).run()
    # How many files have room in one transaction is a matter of time, see test_turns.
    assert counts > {0, 3000}
    album = library.the_album()
    assert (album.track_count, album.display_artist) == (3000, "Various Artists")
    assert {thing.album_id for thing in library.tracks().values()} == {album.id}


def test_scan_without_a_usable_database_says_so(library: ScannedLibrary) -> None:
    request = library.request()
    library.database.write_bytes(b"no database at all" * 500)
    with pytest.raises(ScanError, match="not a database"):
        asyncio.run(run_scan(request, lambda _: None))
