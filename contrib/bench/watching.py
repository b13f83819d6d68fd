# mypy: untyped-calls-exclude=mutagen
"""How soon a file that was retagged is found under its new title, beside a full library."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

from contrib.bench.library import synthetic_library
from contrib.bench.processes import children, resident_megabytes
from contrib.bench.report import Row
from contrib.bench.scan_process import scan_once
from contrib.bench.serving import Client, serving_library
from mutagen import id3

_TIMES = 5
_PATIENCE = 30.0


def measure(tracks: int) -> Iterator[Row]:
    """Retag a file and search for its title until it is found."""
    library = synthetic_library(tracks)
    path = next(library.music.rglob("*.mp3"))
    before, status = path.read_bytes(), path.stat()
    try:
        with serving_library(library) as (server, client):
            seconds = [_seconds_until_found(client, path, number) for number in range(_TIMES)]
            watcher = max(map(resident_megabytes, children(server.pid)), default=0.0)
            resident = resident_megabytes(server.pid)
    finally:
        path.write_bytes(before)
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
        # Its ctime stays new, and other measurements count on a library without changes.
        scan_once(library.config(library.data))
    yield Row(
        name=f"retag visible, the median of {_TIMES}",
        value=sorted(seconds)[_TIMES // 2],
        unit="s",
        target=2.0,
    )
    yield Row(name="server that watches", value=resident, unit="MB", target=150)
    yield Row(name="its watch process", value=watcher, unit="MB")


def _seconds_until_found(client: Client, path: Path, number: int) -> float:
    title = f"Retagged{number}x{time.time_ns()}"
    tags = id3.ID3(path)
    tags["TIT2"] = id3.TIT2(encoding=3, text=title)
    tags.save(path)
    began = time.perf_counter()
    while b"<song " not in client.get("search3", query=title):
        if time.perf_counter() - began > _PATIENCE:
            raise RuntimeError(f"The new title was not found within {_PATIENCE:g} s.")
        time.sleep(0.02)
    found = time.perf_counter() - began
    time.sleep(1.0)
    return found
