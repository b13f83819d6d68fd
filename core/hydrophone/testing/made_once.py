"""Files that all processes of a test run have in common, each made by whoever wants it first."""

import tempfile
from collections.abc import Callable
from pathlib import Path


def made_once(path: Path, make: Callable[[Path], object]) -> Path:
    """Return `path`, where `make` makes the file now unless that was done before.

    Another process may be at it, too: each has a file of its own, and the later one stays. The
    folder must be there. Blocks for as long as `make` does, and raises what it raises.
    """
    if not path.exists():
        with tempfile.TemporaryDirectory(dir=path.parent) as own:
            unfinished = Path(own) / path.name
            make(unfinished)
            unfinished.replace(path)
    return path
