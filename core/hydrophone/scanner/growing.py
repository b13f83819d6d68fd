"""Tells files that are still being written from those that are done (traps 8)."""

import os
import time

import msgspec

from hydrophone.domain.ids import LibraryId
from hydrophone.domain.library import Library
from hydrophone.domain.paths import escape_path
from hydrophone.domain.units import Seconds
from hydrophone.scanner.pipeline import ReadFolder
from hydrophone.scanner.plan import FolderWork, Plan
from hydrophone.scanner.walk import FoundFile
from hydrophone.storage.queries.native_ids import native_id

_YOUNG_NS = 60_000_000_000
"""Files whose times are older than that are not looked at twice. A clock of a file server that
is ahead makes them look younger, so they are; one that is a minute behind hides them."""


class Growing:
    """Looks again at young files of one library once they were read; one for each scan.

    What has changed since the walk is being written by somebody: it is left out, so that no id
    is made from half a file, and what is known of the file stays as it is. Old files cost
    nothing, and a time in the future keeps no file waiting: what counts is that it changes.
    """

    def __init__(
        self, library: Library, plan: Plan, *, began_ns: int, settle: Seconds, settle_new: Seconds
    ) -> None:
        """`began_ns` is when the walk began.

        Between two looks are at least `settle` seconds, and a file that is new by the plan has
        been left alone for at least `settle_new`: from half of it an id for life would be made.
        """
        self._library = library
        self._plan = plan
        self._began_ns = began_ns
        self._walked = time.monotonic()
        self._settle = settle
        self._settle_new = settle_new
        self.paths: dict[str, None] = {}
        """Escaped, relative to the root; a file that is cut into tracks is there once."""

    def by_library(self) -> dict[LibraryId, tuple[str, ...]]:
        """Return the files as a scan's summary has them."""
        return {self._library.id: tuple(self.paths)} if self.paths else {}

    def leave_out(self, folder: ReadFolder) -> ReadFolder:
        """Return the folder without files that are being written; may wait for a moment."""
        work = folder.work
        young = [file for file, _ in folder.results if self._is_young(file)]
        changed = {file.name for file in work.changed} if young else set()
        growing = set()
        for file in young:
            is_new = file.name in changed and self._is_new(work, file)
            after = self._rest(file) if is_new else self._settle
            if self._has_grown(file, work.path_of(file), after):
                growing.add(file.name)
        if not growing:
            return folder
        results = [result for result in folder.results if result[0].name not in growing]
        return msgspec.structs.replace(folder, results=results)

    def is_growing(self, file: FoundFile, path: str, *, is_new: bool = False) -> bool:
        """Say whether a file at a path below the root has changed since the walk; note it then.

        May wait for a moment. A file that is gone by now is left to the next scan as well.
        """
        if not self._is_young(file):
            return False
        return self._has_grown(file, path, self._rest(file) if is_new else self._settle)

    def _is_young(self, file: FoundFile) -> bool:
        return file.newest >= self._began_ns - _YOUNG_NS

    def _is_new(self, work: FolderWork, file: FoundFile) -> bool:
        name = native_id(self._library.id, work.path_of(file))
        return name not in self._plan.known and name not in self._plan.parts

    def _rest(self, file: FoundFile) -> float:
        """Return the seconds from the walk after which a new file has been left alone for long.

        What it had behind it at the walk counts, by a clock that may be wrong.
        """
        age = (self._began_ns - file.newest) / 1e9
        return max(self._settle, self._settle_new - max(0.0, age))

    def _has_grown(self, file: FoundFile, path: str, after: float) -> bool:
        # From the walk, not from the last look: all files of a scan wait together.
        time.sleep(max(0.0, self._walked + after - time.monotonic()))
        if file.is_at(os.path.join(self._library.path, path)):  # noqa: PTH118 - a str
            return False
        self.paths[escape_path(path)] = None
        return True
