"""Tells files that are still being written from those that are done (traps 8)."""

import os
import time

import msgspec

from hydrophone.domain.ids import LibraryId
from hydrophone.domain.library import Library
from hydrophone.domain.paths import escape_path
from hydrophone.domain.units import Seconds
from hydrophone.scanner.pipeline import ReadFolder
from hydrophone.scanner.walk import FoundFile

_YOUNG_NS = 60_000_000_000
"""Files whose times are older than that are not looked at twice. A clock of a file server that
is ahead makes them look younger, so they are; one that is a minute behind hides them."""


class Growing:
    """Looks again at young files of one library once they were read; one for each scan.

    What has changed since the walk is being written by somebody: it is left out, so that no id
    is made from half a file, and what is known of the file stays as it is. Old files cost
    nothing, and a time in the future keeps no file waiting: what counts is that it changes.
    """

    def __init__(self, library: Library, *, began_ns: int, settle: Seconds) -> None:
        """`began_ns` is when the walk began; between two looks are at least `settle` seconds."""
        self._library = library
        self._young = began_ns - _YOUNG_NS
        self._looks_again = time.monotonic() + settle
        self.paths: dict[str, None] = {}
        """Escaped, relative to the root; a file that is cut into tracks is there once."""

    def by_library(self) -> dict[LibraryId, tuple[str, ...]]:
        """Return the files as a scan's summary has them."""
        return {self._library.id: tuple(self.paths)} if self.paths else {}

    def leave_out(self, folder: ReadFolder) -> ReadFolder:
        """Return the folder without files that are being written; may wait for a moment."""
        growing = {
            file.name
            for file, _ in folder.results
            if self.is_growing(file, folder.work.path_of(file))
        }
        if not growing:
            return folder
        results = [result for result in folder.results if result[0].name not in growing]
        return msgspec.structs.replace(folder, results=results)

    def is_growing(self, file: FoundFile, path: str) -> bool:
        """Say whether a file at a path below the root has changed since the walk; note it then.

        May wait for a moment. A file that is gone by now is left to the next scan as well.
        """
        if file.newest < self._young:
            return False
        time.sleep(max(0.0, self._looks_again - time.monotonic()))
        if file.is_at(os.path.join(self._library.path, path)):  # noqa: PTH118 - a str
            return False
        self.paths[escape_path(path)] = None
        return True
