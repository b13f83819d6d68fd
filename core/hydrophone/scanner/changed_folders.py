"""Which folders of a library are looked at, where not all of them are."""

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from hydrophone.domain.paths import escape_path, unescape_path


def named(root: str, paths: Iterable[str], known: Collection[str]) -> set[str]:
    """Return what to look at for folders (escaped paths) in which something has changed.

    The paths that come back are as `os` gives them. For a folder that is gone, or was not known,
    it is the nearest known one above: there it is missed, or found together with what is below.
    A folder that is reached through links is meant by its own place, too.
    """
    return {
        _nearest(root, place, known)
        for path in paths
        for place in _places(root, unescape_path(path))
    }


def by_time(root: str, times: Mapping[str, int]) -> set[str]:
    """Return the folders whose own time is another than is known (escaped path: mtime in ns).

    That is quick, and blind to files that were written in their place (traps 9).
    """
    return {
        _nearest(root, unescape_path(path), times)
        for path, mtime_ns in times.items()
        if _mtime_ns(root, unescape_path(path)) != mtime_ns
    }


def is_new(root: str, known: Collection[str]) -> Callable[[str], bool]:
    """Return what says of a folder (path as `os` gives it) whether it has not been known so far.

    A link to another place in the library leads to nothing new: that has its own place, or waits
    for the next look at all folders, which decides.
    """

    def decide(path: str) -> bool:
        return escape_path(path) not in known and _inside(root, path) in (None, path)

    return decide


def _mtime_ns(root: str, path: str) -> int | None:
    try:
        return os.stat(os.path.join(root, path)).st_mtime_ns  # noqa: PTH116, PTH118 - strs
    except OSError:
        return None


def _places(root: str, path: str) -> Iterator[str]:
    yield path
    inside = _inside(root, path)
    if inside is not None:
        yield inside


def _inside(root: str, path: str) -> str | None:
    """Return where a path leads to by all its links; `None` if that is outside of the root."""
    real_root = os.path.realpath(root)
    real = os.path.realpath(os.path.join(root, path))  # noqa: PTH118 - a str with surrogates
    if real == real_root:
        return ""
    return real.removeprefix(f"{real_root}/") if real.startswith(f"{real_root}/") else None


def _nearest(root: str, path: str, known: Collection[str]) -> str:
    while path and not (
        escape_path(path) in known and os.path.isdir(os.path.join(root, path))  # noqa: PTH112, PTH118 - a str
    ):
        path = path.rpartition("/")[0]
    return path
