"""The command line, run as a person runs it."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path


def run(
    *words: str | Path,
    code: int | None = None,
    stdin: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run `hydrophone` on a wide terminal; with `code` it must end so."""
    ended = subprocess.run(
        [sys.executable, "-m", "hydrophone", *map(str, words)],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "COLUMNS": "200", **(environment or {})},
    )
    assert code in (None, ended.returncode), ended.stdout + ended.stderr
    return ended
