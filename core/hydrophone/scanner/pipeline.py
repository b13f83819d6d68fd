"""Reads files in several sandboxed workers and hands them back by folder, in order."""

import os
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Semaphore, Thread

from msgspec import Struct

from hydrophone.domain.units import Seconds
from hydrophone.errors import MediaError
from hydrophone.sandbox.worker import Worker
from hydrophone.scanner.parsed import ParsedFile
from hydrophone.scanner.plan import FolderWork
from hydrophone.scanner.walk import FoundFile

_FOLDERS_AHEAD = 64
"""Folders that may be read before the next in line is done, so memory is bounded."""


class NoMusicError(MediaError):
    """A file with moving pictures: nothing is wrong with it."""

    def __init__(self) -> None:
        super().__init__("")


class ReadFolder(Struct, frozen=True):
    """A folder whose files have been read, each with its tags or its fault."""

    work: FolderWork
    results: list[tuple[FoundFile, ParsedFile | MediaError]]


def parse_workers(count: int, *, memory: int) -> list[Worker[ParsedFile | None]]:
    """Make workers with so many bytes of memory; whoever asked closes them."""
    return [
        Worker("hydrophone.scanner.parse:parse_music", answer=ParsedFile | None, memory=memory)
        for _ in range(count)
    ]


class Pipeline:
    """Feeds workers with folders; to be iterated by one thread, which may add more work.

    The order in which folders come decides which of two equal files is the first and which the
    copy: it is the order of the walk, however many workers there are.
    """

    def __init__(
        self, root: str, workers: Sequence[Worker[ParsedFile | None]], *, timeout: Seconds
    ) -> None:
        """`workers` are those of `parse_workers`; idle ones are not started."""
        self._root = root
        self._workers = workers
        self._timeout = timeout
        self._added = 0
        self._todo: SimpleQueue[tuple[int, FolderWork] | None] = SimpleQueue()
        self._done: SimpleQueue[tuple[int, ReadFolder] | Exception] = SimpleQueue()
        # Whoever takes work has a slot first; so the folder that all wait for always has one.
        self._slots = Semaphore(_FOLDERS_AHEAD + len(workers))

    def add(self, work: FolderWork) -> None:
        """Put a folder in line."""
        self._todo.put((self._added, work))
        self._added += 1

    def __iter__(self) -> Iterator[ReadFolder]:
        """Yield folders in the order in which they were added, until there are no more.

        Raises UnavailableError if no worker process can be started.
        """
        threads = [
            Thread(target=self._run, args=(worker,), daemon=True) for worker in self._workers
        ]
        for thread in threads:
            thread.start()
        try:
            yield from self._in_order()
        finally:
            self._drop_all()
        for thread in threads:
            thread.join()

    def _drop_all(self) -> None:
        """Leave nothing in line, so that the threads end after what they are reading now."""
        with suppress(Empty):
            while True:
                self._todo.get_nowait()
        for _ in self._workers:
            self._todo.put(None)
            self._slots.release()

    def _in_order(self) -> Iterator[ReadFolder]:
        early: dict[int, ReadFolder] = {}
        number = 0
        # The reader may add work for a folder that was just yielded, hence no fixed end.
        while number < self._added:
            while number not in early:
                done = self._done.get()
                if isinstance(done, Exception):
                    raise done
                early[done[0]] = done[1]
            yield early.pop(number)
            self._slots.release()
            number += 1

    def _run(self, worker: Worker[ParsedFile | None]) -> None:
        try:
            while True:
                self._slots.acquire()
                first = self._todo.get()
                if first is None:
                    return
                self._read(worker, first)
        except Exception as error:  # noqa: BLE001 - raised by the reader, who would wait for ever
            self._done.put(error)

    def _read(self, worker: Worker[ParsedFile | None], first: tuple[int, FolderWork]) -> None:
        """Read a folder, and without a pause those that are in line behind it."""
        sent: deque[tuple[FoundFile, ReadFolder, int]] = deque()

        def paths() -> Iterator[bytes]:
            following: tuple[int, FolderWork] | None = first
            while following is not None:
                number, work = following
                folder = ReadFolder(work, [])
                for file in work.files:
                    sent.append((file, folder, number))
                    yield os.fsencode(os.path.join(self._root, work.path, file.name))  # noqa: PTH118 - a str
                following = self._next_at_once()

        for _, answer in worker.map(paths(), timeout=self._timeout):
            file, folder, number = sent.popleft()
            folder.results.append((file, NoMusicError() if answer is None else answer))
            if len(folder.results) == folder.work.file_count:
                self._done.put((number, folder))

    def _next_at_once(self) -> tuple[int, FolderWork] | None:
        """Take the next folder, but never wait: answers to what was sent are to be fetched."""
        if not self._slots.acquire(blocking=False):
            return None
        try:
            following = self._todo.get_nowait()
        except Empty:
            following = None
        else:
            if following is None:
                self._todo.put(None)
        if following is None:
            self._slots.release()
        return following
