"""Reads files in several sandboxed workers and hands them back by folder."""

import os
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from queue import Empty, Queue, SimpleQueue
from threading import Thread

from msgspec import Struct

from hydrophone.domain.units import Seconds
from hydrophone.errors import HydrophoneError, MediaError
from hydrophone.sandbox import Worker
from hydrophone.scanner.diff import FolderWork
from hydrophone.scanner.parsed import ParsedFile
from hydrophone.scanner.walk import FoundFile

_FOLDERS_AHEAD = 64
"""Folders that may wait to be written; then the workers wait, so memory is bounded."""


class ReadFolder(Struct, frozen=True):
    """A folder whose changed files have been read, each with its tags or its fault."""

    work: FolderWork
    results: Sequence[tuple[FoundFile, ParsedFile | MediaError]]


class Pipeline:
    """Feeds workers with folders; to be iterated by one thread, which may add more work."""

    def __init__(self, root: str, *, workers: int, memory: int, timeout: Seconds) -> None:
        self._root = root
        self._timeout = timeout
        self._todo: SimpleQueue[FolderWork | None] = SimpleQueue()
        self._done: Queue[ReadFolder | HydrophoneError] = Queue(_FOLDERS_AHEAD)
        self._outstanding = 0
        self._workers = [
            Worker("hydrophone.scanner.parse:parse_file", answer=ParsedFile, memory=memory)
            for _ in range(workers)
        ]

    def add(self, work: FolderWork) -> None:
        """Put a folder in line."""
        self._outstanding += 1
        self._todo.put(work)

    def __iter__(self) -> Iterator[ReadFolder]:
        """Yield folders as they are done, in no particular order, until none is outstanding.

        Raises UnavailableError if no worker process can be started.
        """
        threads = [
            Thread(target=self._run, args=(worker,), daemon=True) for worker in self._workers
        ]
        for thread in threads:
            thread.start()
        try:
            while self._outstanding:
                folder = self._done.get()
                if isinstance(folder, HydrophoneError):
                    raise folder
                # The reader may add work for this very folder before it asks for the next.
                yield folder
                self._outstanding -= 1
        finally:
            for worker in self._workers:
                self._todo.put(None)
                if self._outstanding:
                    worker.close()
        for thread in threads:
            thread.join()
        for worker in self._workers:
            worker.close()

    def _run(self, worker: Worker[ParsedFile]) -> None:
        try:
            while (first := self._todo.get()) is not None:
                self._read(worker, first)
        except HydrophoneError as error:
            self._done.put(error)

    def _read(self, worker: Worker[ParsedFile], first: FolderWork) -> None:
        """Read a folder, and without a pause those that are in line behind it."""
        sent: deque[tuple[FolderWork, FoundFile]] = deque()

        def paths() -> Iterator[bytes]:
            work: FolderWork | None = first
            while work is not None:
                for file in work.changed:
                    sent.append((work, file))
                    yield os.fsencode(os.path.join(self._root, work.path, file.name))  # noqa: PTH118 - a str
                # Never wait here: answers to what was sent would not be fetched meanwhile.
                with suppress(Empty):
                    work = self._todo.get_nowait()
                    continue
                return
            self._todo.put(None)

        results: list[tuple[FoundFile, ParsedFile | MediaError]] = []
        for _, answer in worker.map(paths(), timeout=self._timeout):
            work, file = sent.popleft()
            results.append((file, answer))
            if file is work.changed[-1]:
                self._done.put(ReadFolder(work, results))
                results = []
