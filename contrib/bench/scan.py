"""The first scan of files that are in the page cache."""

import subprocess
import sys
from collections.abc import Iterator

from contrib.bench.audio_tree import audio_tree
from contrib.bench.report import Row
from contrib.bench.scan_process import scan_once
from contrib.bench.serving import ROOT, temporary_folder

from hydrophone.config import Config, LibraryConfig, ServerConfig

_FILES = 4000
_TARGET = 1500


def measure(_: int) -> Iterator[Row]:
    """Scan a mixture of formats, however large the library of the other measurements is."""
    music = audio_tree(_FILES)
    bare = [sys.executable, "-m", "contrib.bench.bare_mutagen", str(music)]
    bound = float(subprocess.run(bare, check=True, cwd=ROOT, stdout=subprocess.PIPE).stdout)
    with temporary_folder() as folder:
        done = scan_once(
            Config(
                server=ServerConfig(data_dir=folder),
                libraries=(LibraryConfig(name="music", path=music),),
            )
        )
    if done.summary.added != _FILES or done.summary.problem_count:
        raise RuntimeError(f"The scan did not take all files: {done.summary}")
    yield Row(
        name=f"first scan of {_FILES:,} files",
        value=_FILES / done.cpu_seconds,
        unit="files/s/core",
        target=_TARGET,
        bound=_FILES / bound,
        bound_name="mutagen, class by suffix",
        more_is_better=True,
    )
    yield Row(name="first scan, on the clock", value=_FILES / done.summary.seconds, unit="files/s")
    yield Row(name="first scan, scan process", value=done.peak_megabytes, unit="MB")
    yield Row(name="first scan, worker process", value=done.worker_megabytes, unit="MB")
