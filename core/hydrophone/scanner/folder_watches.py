"""All folders of a library under the kernel's watch, and in which of them something counts.

The kernel watches single folders, and knows them by numbers. So each folder that comes is watched
with all below it *before* it is listed, and then told as a whole: what came earlier is found by
the scan, and what comes later is an event. One that is moved is forgotten and, where it turns up,
watched anew.
"""

import contextlib
import errno
import os
import time
from collections.abc import Iterator

from hydrophone.domain.video import CAPTION_SUFFIXES, VIDEO_TYPES
from hydrophone.scanner.inotify import (
    CREATE,
    DELETE,
    IGNORED,
    IS_FOLDER,
    MOVED_FROM,
    MOVED_TO,
    QUEUE_OVERFLOW,
    Event,
    Inotify,
)
from hydrophone.scanner.suffixes import SUFFIXES
from hydrophone.scanner.walk import COVER_SUFFIXES, PLAYLIST_SUFFIXES, SHEET_SUFFIX, is_left_out

_QUIET_SECONDS = 0.1
"""After so long without anything new, what has changed is told."""
_LONGEST_SECONDS = 10.0
"""But no later than that, though somebody writes without a pause: a drop is one scan."""
_EXHAUSTED = frozenset({errno.ENOSPC, errno.EMFILE, errno.ENFILE, errno.ENOMEM})
"""What ends the watch of all: any other folder would be refused as well."""
_COUNTING = frozenset(
    {
        *(*SUFFIXES, *COVER_SUFFIXES, *PLAYLIST_SUFFIXES, SHEET_SUFFIX),
        *(*VIDEO_TYPES, *CAPTION_SUFFIXES),
    }
)


class FolderWatches:
    """Watches the folders of a library that a scan enters; for one thread.

    Paths are relative to the root, `""` for itself, as `os` gives them.
    """

    def __init__(self, root: str) -> None:
        """Go through all folders; blocks.

        Raises OSError if the root cannot be watched, or the kernel's limits do not allow for all.
        Other folders that cannot be read are passed over: the scan tells of them.
        """
        self._root = root
        self._paths: dict[int, str] = {}
        """{descriptor: path}; of several paths, by links, the one that the scan meets first."""
        self._links: set[str] = set()
        """Which of the paths are links."""
        self._inotify = Inotify()
        try:
            self._watch("")
        except OSError:
            self.close()
            raise

    def close(self) -> None:
        """Watch nothing any more."""
        self._inotify.close()

    def changed(self, seconds: float) -> set[str] | None:
        """Wait until something happens, at most so long, and then until it is quiet; blocks.

        Return the folders in which something counts: music, videos, covers, captions, CUE sheets,
        playlists and folders do; what is hidden does not. Lyrics beside the music are read when
        somebody wants them. `None` means that the kernel has lost events: begin anew, and take
        everything for changed. Raises OSError as `__init__` does, for folders that came.
        """
        folders: set[str] = set()
        known: set[tuple[int, str]] = set()
        now = time.monotonic()
        latest, until = now + seconds + _LONGEST_SECONDS, now + seconds
        while now < until:
            events = self._inotify.read(until - now)
            for event in events:
                if event.mask & QUEUE_OVERFLOW:
                    return None
                folders.update(self._of_event(event))
            now = time.monotonic()
            names = {(event.descriptor, event.name) for event in events}
            if not names <= known:
                # A file that only grows on must not hold back the others.
                known |= names
                until = min(now + _QUIET_SECONDS, latest)
        return folders

    def _of_event(self, event: Event) -> Iterator[str]:
        """Yield the folders in which an event counts, and keep up the watches."""
        folder = self._paths.get(event.descriptor)
        if event.mask & IGNORED:
            self._paths.pop(event.descriptor, None)
        if folder is None or not event.name or is_left_out(event.name):
            return
        path = _join(folder, event.name)
        was_link = path in self._links
        if was_link or event.mask & IS_FOLDER or self._is_new_link(path, event):
            yield folder
            if was_link or event.mask & MOVED_FROM:
                yield from self._forget(path)
            elif not event.mask & DELETE:
                yield from self._watch(path)
        elif event.name.rpartition(".")[2].lower() in _COUNTING:
            yield folder

    def _is_new_link(self, path: str, event: Event) -> bool:
        """Say whether a link to a folder has come: the kernel calls none of these a folder."""
        return bool(event.mask & (CREATE | MOVED_TO)) and os.path.isdir(self._absolute(path))  # noqa: PTH112 - a str with surrogates

    def _watch(self, begin: str) -> list[str]:
        """Watch a folder and all below it; return them in the order in which a scan enters them.

        Links are followed, but no folder is entered twice.
        """
        entered: dict[int, str] = {}
        pending = [begin]
        while pending:
            path = pending.pop()
            absolute = self._absolute(path)
            try:
                descriptor = self._inotify.add(absolute)
                if descriptor in entered:
                    continue
                entered[descriptor] = path
                if os.path.islink(absolute):  # noqa: PTH114 - a str with surrogates
                    self._links.add(path)
                if not self._still_leads(self._paths.get(descriptor), absolute):
                    self._paths[descriptor] = path
                below = _folders_in(absolute)
            except OSError as error:
                if not path or error.errno in _EXHAUSTED:
                    raise
                continue
            pending += (_join(path, name) for name in sorted(below, reverse=True))
        return list(entered.values())

    def _forget(self, path: str) -> list[str]:
        """Watch a folder no more that is not there, nor what was below it.

        Return what to look at because of that: what a link has led to may have another path, so
        where there were links all is gone through again.
        """
        below = f"{path}/"
        for descriptor, known in list(self._paths.items()):
            if known == path or known.startswith(below):
                del self._paths[descriptor]
                # One that was deleted as well has ended by itself, and its event is to come.
                with contextlib.suppress(OSError):
                    self._inotify.remove(descriptor)
        links = {link for link in self._links if link == path or link.startswith(below)}
        self._links -= links
        return self._watch("") if links else []

    def _still_leads(self, known: str | None, absolute: str) -> bool:
        """Say whether a folder that turns up is still where it was known: one path is a link."""
        try:
            return known is not None and os.path.samefile(self._absolute(known), absolute)  # noqa: PTH121 - strs
        except OSError:
            return False

    def _absolute(self, path: str) -> str:
        return os.path.join(self._root, path) if path else self._root  # noqa: PTH118 - a str with surrogates


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _folders_in(absolute: str) -> list[str]:
    with os.scandir(absolute) as entries:
        return [entry.name for entry in entries if _is_entered(entry)]


def _is_entered(entry: os.DirEntry[str]) -> bool:
    if is_left_out(entry.name):
        return False
    if entry.is_symlink():
        # `entry.is_dir()` raises an error for a link that leads to itself.
        return os.path.isdir(entry.path)  # noqa: PTH112 - a str with surrogates
    return entry.is_dir(follow_symlinks=False)
