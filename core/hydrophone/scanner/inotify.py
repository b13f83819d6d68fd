"""inotify(7), by which Linux tells what happens in folders: the C library's calls, and events.

Names are kept as `os` gives them, whatever bytes they are.
"""

import ctypes
import errno
import os
import select
import struct
from collections.abc import Iterator

from msgspec import Struct

MOVED_FROM = 0x0040
MOVED_TO = 0x0080
CREATE = 0x0100
DELETE = 0x0200
QUEUE_OVERFLOW = 0x4000
"""Told without a folder: events were lost, because nobody read them quickly enough."""
IGNORED = 0x8000
"""The watch has ended: the folder was deleted or unmounted, or should be watched no more."""
IS_FOLDER = 0x4000_0000
_MODIFY = 0x0002
_ATTRIBUTES = 0x0004
_CLOSE_WRITE = 0x0008
"""The only word of what was written through a memory map."""
_ONLY_FOLDERS = 0x0100_0000
_WATCHED = (
    _MODIFY | _ATTRIBUTES | _CLOSE_WRITE | MOVED_FROM | MOVED_TO | CREATE | DELETE | _ONLY_FOLDERS
)
"""Not what only reads, or all who listen would be told of."""

_HEADER = struct.Struct("iIII")
_MOST_BYTES = 64 * 1024
_REASONS = {
    errno.ENOSPC: "the limit fs.inotify.max_user_watches is reached",
    errno.EMFILE: "the limit fs.inotify.max_user_instances is reached",
}
"""Where the kernel's number stands for something else than its usual text."""

_libc = ctypes.CDLL(None, use_errno=True)


class Event(Struct, frozen=True, gc=False):
    """Something that has happened in a folder that is watched."""

    descriptor: int
    """Of the folder, as `Inotify.add` has returned it."""
    mask: int
    """What it was: one of the constants, and perhaps IS_FOLDER."""
    name: str
    """Of whom in the folder; empty for the folder itself."""


class Inotify:
    """A queue of events in the kernel, and the folders of which it tells."""

    def __init__(self) -> None:
        """Raises OSError if there are too many of them, or this is no Linux."""
        self._file = _call("inotify_init1", os.O_CLOEXEC | os.O_NONBLOCK)
        self._poll = select.poll()
        self._poll.register(self._file, select.POLLIN)

    def add(self, path: str) -> int:
        """Watch a folder, without what is below; links are followed.

        Return its descriptor: the same for the same folder by whatever path, and that of no other
        later. Raises OSError.
        """
        return _call("inotify_add_watch", self._file, os.fsencode(path), _WATCHED)

    def remove(self, descriptor: int) -> None:
        """Watch a folder no more. Raises OSError if that has ended already."""
        _call("inotify_rm_watch", self._file, descriptor)

    def read(self, seconds: float) -> list[Event]:
        """Wait for events, at most so long; return them in their order, or none. Blocks."""
        if not self._poll.poll(max(seconds, 0) * 1000):
            return []
        return list(_events(os.read(self._file, _MOST_BYTES)))

    def close(self) -> None:
        """Watch nothing any more."""
        os.close(self._file)


def _call(function: str, *arguments: int | bytes) -> int:
    if not hasattr(_libc, function):
        raise OSError(errno.ENOSYS, "this system has no inotify")
    result: int = getattr(_libc, function)(*arguments)
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, _REASONS.get(number) or os.strerror(number))
    return result


def _events(data: bytes) -> Iterator[Event]:
    place = 0
    while place < len(data):
        descriptor, mask, _cookie, length = _HEADER.unpack_from(data, place)
        place += _HEADER.size + length
        yield Event(descriptor, mask, os.fsdecode(data[place - length : place].rstrip(b"\0")))
