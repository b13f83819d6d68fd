"""The watch process: `python -m hydrophone.scanner.watch`, told what to watch by one line on stdin.

It tells on stdout, in JSON lines, in which folders something has changed, and ends when stdin
does. It is a process of its own because watchfiles holds Python's lock while it walks all
folders: in the server nobody would be answered for that long, and if a disk hangs, for ever.
"""

import contextlib
import os
import re
import sys
import time
from collections.abc import Callable, Generator
from pathlib import Path
from threading import Lock, Thread

import msgspec
from msgspec import Struct
from watchfiles import watch

from hydrophone.domain.library import Library
from hydrophone.domain.paths import escape_path
from hydrophone.sandbox.parent_death import die_with_parent
from hydrophone.scanner.file_events import FileChange, changed_folders
from hydrophone.scanner.messages import (
    FoldersChanged,
    RootGone,
    RootWatched,
    WatchMessage,
    WatchRequest,
)
from hydrophone.scanner.mounts import Mount, mounts_of

_QUIET_MS = 100
"""After so long without a change, what has changed is told."""
_LONGEST_MS = 10_000
"""But no later than that, though somebody writes without a pause: a drop is one scan."""
_LOOK_SECONDS = 1.0
"""Between two looks whether the root is still the same: of an unmount nobody tells."""
_RETRY_SECONDS = 600.0
"""After which a root is tried again that the kernel could not watch."""
_PAUSE_SECONDS = 1.0
"""Until a watch begins anew that a name has ended."""
_CALM_SECONDS = 60.0
"""A watch that has lasted so long was ended by something new."""
_MOST_ENDS = 3
"""The last of so many without calm is the last. A new file ends the watch when it comes and again
when it is read; a folder whenever somebody looks into it, a scan and the next watch too."""


class _UnreadableNameError(Exception):
    """Something has happened to a file whose name is no UTF-8: watchfiles gives up on those."""

    def __init__(self, written: str) -> None:
        """`written` is the path as watchfiles writes it."""
        super().__init__(f"A name in it is not UTF-8 and should be changed: {written}.")
        self.path = os.fsdecode(_ESCAPE.sub(_unescape, os.fsencode(written)))


_UNREADABLE = re.compile(r'decode path "(.*)" to string', re.DOTALL)
"""What watchfiles 1.x says of a name that is no UTF-8."""
_ESCAPE = re.compile(rb"\\(?:x([0-9A-F]{2})|u\{([0-9a-f]+)\}|(.))")
"""How Rust writes bytes, odd characters and signs of its own in a path."""
_CONTROLS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"0": b"\0"}


class _Place(Struct, frozen=True):
    """What a root is: when this is another, so is the root, or a disk below it."""

    device: int
    inode: int
    mounts: tuple[Mount, ...]


def watch_root(library: Library, tell: Callable[[WatchMessage], None]) -> None:
    """Watch a library's root for ever; blocks.

    Whenever the root is another than before, or back, it is watched anew, and `tell` is called
    with RootWatched: what was changed in the meantime nobody knows. A name that ends the watch
    again and again has the library polled: a folder's until it is changed, a file's for ten
    minutes.
    """
    interrupted = ""
    ends, ended = 0, -_CALM_SECONDS
    while True:
        place = _place(library.path)
        if place is None:
            tell(RootGone(library.id))
            while place is None:
                time.sleep(_LOOK_SECONDS)
                place = _place(library.path)
        remote = next((mount for mount in place.mounts if mount.is_network), None)
        refusal = f"{remote.point} is a network mount ({remote.kind})." if remote else ""
        lasting = remote is not None
        path = library.path
        if not refusal:
            try:
                refusal = _watch(library, place, interrupted, tell)
                interrupted = ""
            except _UnreadableNameError as error:
                ends = ends + 1 if time.monotonic() - ended < _CALM_SECONDS else 1
                ended = time.monotonic()
                if ends < _MOST_ENDS:
                    interrupted = str(error)
                    time.sleep(_PAUSE_SECONDS)
                    continue
                refusal = str(error)
                if Path(error.path).is_dir():
                    lasting, path = True, error.path
        if refusal:
            tell(RootWatched(library.id, polled=refusal))
            _await_change(library.path, place, path, None if lasting else _RETRY_SECONDS)


def _place(root: str) -> _Place | None:
    """Look at a root; `None` if it is not there or no folder."""
    try:
        with os.scandir(root):
            status = os.stat(root)  # noqa: PTH116 - a str with surrogates
    except OSError:
        return None
    return _Place(status.st_dev, status.st_ino, mounts_of(os.path.realpath(root)))


def _await_change(root: str, place: _Place, path: str, seconds: float | None) -> None:
    """Wait until a root is another, or `path` in it is no more; at most so long."""
    end = None if seconds is None else time.monotonic() + seconds
    while (
        _place(root) == place and os.path.lexists(path) and (end is None or time.monotonic() < end)
    ):
        time.sleep(_LOOK_SECONDS)


def _watch(
    library: Library, place: _Place, interrupted: str, tell: Callable[[WatchMessage], None]
) -> str:
    """Tell of changes until the root is another; return at once why the kernel refuses to.

    Raises _UnreadableNameError.
    """
    events = _events(library.path, tolerant=False)
    try:
        try:
            first = next(events)
        except PermissionError:
            # A folder that may not be read, as lost+found, must not cost the watch of all others.
            # But then watchfiles is silent about limits, too: one more watch brings them out.
            events = _events(library.path, tolerant=True)
            first = next(events)
            with contextlib.closing(_events(library.path, tolerant=False, recursive=False)) as one:
                next(one)
        tell(RootWatched(library.id, interrupted=interrupted))
        _tell_changes(library, first, tell)
        looked = time.monotonic()
        for changes in events:
            _tell_changes(library, changes, tell)
            if time.monotonic() - looked >= _LOOK_SECONDS:
                if _place(library.path) != place:
                    return ""
                looked = time.monotonic()
    except (OSError, RuntimeError) as error:
        # watchfiles raises RuntimeError where it has no better name: EMFILE is one of those.
        if found := _UNREADABLE.search(str(error)):
            raise _UnreadableNameError(found[1]) from error
        return f"The kernel refuses to watch it: {error}."
    finally:
        events.close()
    return ""


def _unescape(found: re.Match[bytes]) -> bytes:
    byte, character, sign = found.groups()
    if byte:
        return bytes.fromhex(byte.decode())
    if character:
        return chr(int(character, 16)).encode()
    return _CONTROLS.get(sign, sign)


def _events(
    root: str, *, tolerant: bool, recursive: bool = True
) -> Generator[set[FileChange], None, None]:
    return watch(
        root,
        watch_filter=None,
        debounce=_LONGEST_MS,
        step=_QUIET_MS,
        rust_timeout=round(_LOOK_SECONDS * 1000 / 4),
        yield_on_timeout=True,
        raise_interrupt=False,
        force_polling=False,
        recursive=recursive,
        ignore_permission_denied=tolerant,
    )


def _tell_changes(
    library: Library, changes: set[FileChange], tell: Callable[[WatchMessage], None]
) -> None:
    folders = changed_folders(library.path, changes)
    if folders:
        tell(FoldersChanged(library.id, tuple(sorted(map(escape_path, folders)))))


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
