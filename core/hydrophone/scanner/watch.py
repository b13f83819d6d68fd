"""The watch process: `python -m hydrophone.scanner.watch`, told what to watch by one line on stdin.

It tells on stdout, in JSON lines, in which folders something has changed, and ends when stdin
does. It is a process of its own so that nobody waits for it while it goes through all folders,
and if a disk hangs, only this hangs.
"""

import contextlib
import os
import sys
import time
from collections.abc import Callable
from threading import Lock, Thread

import msgspec
from msgspec import Struct

from hydrophone.domain.library import Library
from hydrophone.domain.paths import escape_path
from hydrophone.sandbox.parent_death import die_with_parent
from hydrophone.scanner.folder_watches import FolderWatches
from hydrophone.scanner.messages import (
    FoldersChanged,
    RootGone,
    RootWatched,
    WatchMessage,
    WatchRequest,
)
from hydrophone.scanner.mounts import Mount, mounts_of

_LOOK_SECONDS = 1.0
"""Between two looks whether the root is still the same: of an unmount nobody tells."""
_RETRY_SECONDS = 600.0
"""After which a root is tried again that the kernel could not watch."""


class _Place(Struct, frozen=True):
    """What a root is: when this is another, so is the root, or a disk below it."""

    device: int
    inode: int
    mounts: tuple[Mount, ...]


def watch_root(library: Library, tell: Callable[[WatchMessage], None]) -> None:
    """Watch a library's root for ever; blocks.

    Whenever the root is another than before, or back, or the kernel has lost events, it is watched
    anew, and `tell` is called with RootWatched: what was changed in the meantime nobody knows.
    """
    while True:
        place = _place(library.path)
        if place is None:
            tell(RootGone(library.id))
            while place is None:
                time.sleep(_LOOK_SECONDS)
                place = _place(library.path)
        remote = next((mount for mount in place.mounts if mount.is_network), None)
        if remote:
            refusal = f"{remote.point} is a network mount ({remote.kind})."
        else:
            refusal = _watch(library, place, tell)
        if refusal:
            tell(RootWatched(library.id, polled=refusal))
            _await_change(library.path, place, None if remote else _RETRY_SECONDS)


def _place(root: str) -> _Place | None:
    """Look at a root; `None` if it is not there or no folder."""
    try:
        with os.scandir(root):
            status = os.stat(root)  # noqa: PTH116 - a str with surrogates
    except OSError:
        return None
    return _Place(status.st_dev, status.st_ino, mounts_of(os.path.realpath(root)))


def _await_change(root: str, place: _Place, seconds: float | None) -> None:
    """Wait until a root is another; at most so long."""
    end = None if seconds is None else time.monotonic() + seconds
    while _place(root) == place and (end is None or time.monotonic() < end):
        time.sleep(_LOOK_SECONDS)


def _watch(library: Library, place: _Place, tell: Callable[[WatchMessage], None]) -> str:
    """Tell of changes until the root is another or events are lost; return why it is refused."""
    try:
        with contextlib.closing(FolderWatches(library.path)) as watches:
            tell(RootWatched(library.id))
            while _place(library.path) == place:
                folders = watches.changed(_LOOK_SECONDS)
                if folders is None:
                    break
                if folders:
                    tell(FoldersChanged(library.id, tuple(sorted(map(escape_path, folders)))))
    except OSError as error:
        if _place(library.path) == place:
            return f"The kernel refuses to watch it: {error.strerror}."
    return ""


def main() -> None:
    """Watch until stdin ends."""
    die_with_parent()
    request = msgspec.json.decode(sys.stdin.buffer.readline(), type=WatchRequest)
    writing = Lock()

    def tell(message: WatchMessage) -> None:
        with writing:
            sys.stdout.buffer.write(msgspec.json.encode(message) + b"\n")
            sys.stdout.buffer.flush()

    for library in request.libraries:
        Thread(target=watch_root, args=(library, tell), daemon=True).start()
    while os.read(0, 1024):
        pass
    # Not sys.exit: a thread may be deep in a disk that hangs.
    os._exit(0)


if __name__ == "__main__":
    main()
