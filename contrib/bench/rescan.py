"""A scan of a library in which nothing has changed."""

import os
from collections.abc import Iterator
from pathlib import Path
from time import process_time

from contrib.bench.library import synthetic_library
from contrib.bench.processes import cost
from contrib.bench.report import Row
from contrib.bench.scan_process import scan_once
from contrib.bench.serving import temporary_folder


def measure(tracks: int) -> Iterator[Row]:
    """Let the scan process look at all files; it reads none of them."""
    library = synthetic_library(tracks)
    runs = []
    for _ in range(3):
        with temporary_folder() as folder:
            data = library.copy_data(folder / "data")
            done = scan_once(library.config(data))
        if done.summary.unchanged != tracks:
            raise RuntimeError(f"Only {done.summary.unchanged} of {tracks} files were unchanged.")
        runs.append(done)
    yield Row(
        name=f"rescan of {tracks:,} unchanged files",
        value=min(done.cpu_seconds for done in runs),
        unit="s CPU",
        target=1.5,
        bound=cost(lambda: _walk(library.music), process_time),
        bound_name="os.scandir + stat of every file",
    )
    yield Row(
        name="rescan, scan process at its highest",
        value=max(done.peak_megabytes for done in runs),
        unit="MB",
    )


def _walk(root: Path) -> int:
    """Return the bytes below a folder."""
    size = 0
    pending = [str(root)]
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    pending.append(entry.path)
                else:
                    size += entry.stat().st_size
    return size
