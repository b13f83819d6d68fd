"""Collects what is to be scanned, and says when: many changes at once are one scan."""

from collections.abc import Callable, Iterable

import msgspec

from hydrophone.domain.ids import LibraryId
from hydrophone.domain.units import Seconds
from hydrophone.scanner.messages import ScanRequest

QUIET = Seconds(0.2)
"""Changes wait until for so long there was none."""
LONGEST = Seconds(10.0)
"""But no longer than that, though somebody writes without a pause."""


class ScanWishes:
    """What the next scans have to look at; emptied by `take`."""

    def __init__(self, base: ScanRequest, *, clock: Callable[[], float]) -> None:
        """`base` is the request for everything; `clock` gives seconds, ever more of them."""
        self._base = base
        self._clock = clock
        self._everything = False
        self._full = False
        self._whole: set[LibraryId] = set()
        self._quick: set[LibraryId] = set()
        self._folders: dict[LibraryId, set[str]] = {}
        self._first = 0.0
        self._last = 0.0

    @property
    def everything(self) -> bool:
        """Whether a look at all libraries is wished for."""
        return self._everything

    def add_everything(self, *, full: bool = False) -> None:
        """Wish for a look at all libraries, at once; it covers all that was wished before."""
        self._everything = True
        self._full = self._full or full
        self._whole.clear()
        self._quick.clear()
        self._folders.clear()

    def add_library(self, library_id: LibraryId) -> None:
        """Wish for a look at all of a library, at once; it covers what was wished of it before."""
        self._whole.add(library_id)
        self._quick.discard(library_id)
        self._folders.pop(library_id, None)

    def add_quick(self, library_ids: Iterable[LibraryId]) -> None:
        """Wish for a quick look at libraries, at once."""
        self._quick.update(library_ids)

    def add_folders(self, library_id: LibraryId, paths: Iterable[str]) -> None:
        """Wish for a look at folders (escaped paths) when it is quiet."""
        now = self._clock()
        if not self._folders:
            self._first = now
        self._last = now
        self._folders.setdefault(library_id, set()).update(paths)

    def delay(self) -> Seconds | None:
        """Return the seconds until a scan is due, 0 if one is; `None` without a wish."""
        if self._everything or self._whole or self._quick:
            return Seconds(0.0)
        if not self._folders:
            return None
        due = min(self._last + QUIET, self._first + LONGEST)
        return Seconds(max(0.0, due - self._clock()))

    def take(self) -> ScanRequest:
        """Return the request for what is due, and forget it; for everything if nothing is."""
        if self._whole and not self._everything:
            request = self._only(self._whole)
            self._whole = set()
        elif self._quick and not self._everything:
            request = self._only(self._quick, quick=True)
            self._quick = set()
        elif self._folders and not self._everything:
            folders = {key: tuple(sorted(paths)) for key, paths in self._folders.items()}
            request = msgspec.structs.replace(self._only(folders), folders=folders)
            self._folders = {}
        else:
            request = msgspec.structs.replace(self._base, full=self._full)
            self._everything = self._full = False
            # Those that came after this wish are seen by a scan that begins now, too.
            self._folders = {}
        return request

    def _only(self, library_ids: Iterable[LibraryId], *, quick: bool = False) -> ScanRequest:
        chosen = set(library_ids)
        libraries = tuple(one for one in self._base.libraries if one.id in chosen)
        return msgspec.structs.replace(self._base, libraries=libraries, quick=quick, retire=False)
