"""Measures speed and memory: `python -m contrib.bench.run`, or `make bench`."""

import compileall
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
from contrib.bench import (
    covers,
    endpoints,
    guard,
    history,
    lists,
    memory,
    ping,
    remote,
    rescan,
    scan,
    search,
    streaming,
    transcoding,
    videos,
    watching,
)
from contrib.bench.report import Row, show, write
from contrib.bench.serving import ROOT
from rich.console import Console

MEASUREMENTS: dict[str, Callable[[int], Iterator[Row]]] = {
    "scan": scan.measure,
    "remote": remote.measure,
    "rescan": rescan.measure,
    "memory": memory.measure,
    "ping": ping.measure,
    "lists": lists.measure,
    "endpoints": endpoints.measure,
    "history": history.measure,
    "search": search.measure,
    "guard": guard.measure,
    "covers": covers.measure,
    "streaming": streaming.measure,
    "transcoding": transcoding.measure,
    "videos": videos.measure,
    "watching": watching.measure,
}


@click.command()
@click.option("--only", "names", type=click.Choice(list(MEASUREMENTS)), multiple=True)
@click.option("--tracks", type=click.IntRange(1000), default=100_000, show_default=True)
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path))
def main(names: tuple[str, ...], tracks: int, json_file: Path | None) -> None:
    """Measure, print a table, and exit with 1 if a target is missed.

    Targets are for 100,000 tracks on an x86-64 machine with Linux. Close what else works hard.
    """
    progress = Console(stderr=True)
    # As pip does when it installs: else each process that is measured compiles what it imports.
    compileall.compile_dir(ROOT / "core", quiet=1)
    compileall.compile_dir(ROOT / "subsonic_api", quiet=1)
    rows: list[Row] = []
    for name in names or MEASUREMENTS:
        with progress.status(f"Measuring {name} ..."):
            rows += MEASUREMENTS[name](tracks)
    show(rows)
    if json_file is not None:
        write(rows, json_file)
    sys.exit(any(row.ok is False for row in rows))


if __name__ == "__main__":
    main()
