"""Where files of libraries are on this machine."""

import os
from collections.abc import Iterable
from pathlib import Path

from hydrophone.domain.ids import LibraryId
from hydrophone.domain.library import Library
from hydrophone.domain.paths import unescape_path
from hydrophone.errors import NotFoundError
from hydrophone.scanner.sidecar_links import leads_out


class Locations:
    """Turns (library, escaped relative path), as the database has it, into a path."""

    def __init__(self, libraries: Iterable[Library], *, private: Path) -> None:
        """`private` is the server's own folder, out of which nothing beside music is read."""
        self._private = str(private)
        self._roots = {library.id: library.path for library in libraries}

    def path(self, library_id: int, relative: str) -> Path:
        """Return the path of a file. Raises NotFoundError if the library is not configured."""
        root = self._roots.get(LibraryId(library_id))
        if root is None:
            raise NotFoundError("The library of this file is not configured any more.")
        return Path(os.path.join(root, unescape_path(relative)))  # noqa: PTH118 - may hold any byte

    def beside(self, library_id: int, relative: str) -> Path:
        """Return the path of what lies beside music, which links must not lead out of its library.

        Blocking. Raises NotFoundError, also for such a link.
        """
        path = self.path(library_id, relative)
        if leads_out(self._roots[LibraryId(library_id)], unescape_path(relative), self._private):
            raise NotFoundError("This file is not in the library.")
        return path
