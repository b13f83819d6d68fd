"""The scan process: `python -m hydrophone.scanner`, told what to do by one line on stdin.

It ends when its work is done, or at once when stdin ends: whoever started it has gone or wants
it to stop. That is safe at any moment, since what was not committed is found by the next scan.
"""

import gc
import os
import sys
from contextlib import ExitStack
from pathlib import Path
from threading import Thread

import msgspec
from sqlalchemy.exc import DBAPIError

from hydrophone.domain.library import ScanSummary
from hydrophone.errors import HydrophoneError
from hydrophone.sandbox.parent_death import die_with_parent
from hydrophone.scanner.messages import ScanFinished, ScanMessage, ScanRefused, ScanRequest
from hydrophone.scanner.pipeline import parse_workers
from hydrophone.scanner.scan import Scan
from hydrophone.storage.connection import connect
from hydrophone.storage.data_folder import SCAN_LOCK, locked

NICENESS = 10
_MANY_OBJECTS = 50_000
"""Made between two searches for garbage: what a scan holds is in use, or gone without them."""


def main() -> int:
    """Run one scan; returns the exit code: 0 done, 3 refused."""
    die_with_parent()
    os.nice(NICENESS)
    # What was imported stays to the end: to look for garbage in it takes a tenth of a scan.
    gc.freeze()
    gc.set_threshold(_MANY_OBJECTS)
    request = msgspec.json.decode(sys.stdin.buffer.readline(), type=ScanRequest)
    Thread(target=_end_with_stdin, daemon=True).start()
    database = Path(request.database)
    lock = database.parent / SCAN_LOCK
    try:
        with locked(lock, "Another scan of this library is running."):
            summary = _scan(request, database)
    except HydrophoneError as error:
        _tell(ScanRefused(str(error)))
        return 3
    except DBAPIError as error:
        _tell(ScanRefused(f"The database cannot be used: {error.orig}."))
        return 3
    _tell(ScanFinished(summary))
    return 0


def _scan(request: ScanRequest, database: Path) -> ScanSummary:
    with connect(database, durable=False) as connection, ExitStack() as stack:
        workers = parse_workers(request.workers, memory=request.worker_memory_mib * 1024 * 1024)
        for worker in workers:
            stack.enter_context(worker)
        return Scan(connection, request, workers, _tell).run()


def _tell(message: ScanMessage) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(message) + b"\n")
    sys.stdout.buffer.flush()


def _end_with_stdin() -> None:
    # Not through sys.stdin: a thread that waits in its buffer breaks the interpreter's end.
    while os.read(0, 1024):
        pass
    # Not sys.exit: the main thread may be deep in a transaction, which is rolled back.
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
