"""Looks at a library, and says what a scan of it has to do, or why there is to be none."""

import os
import shlex

from sqlalchemy import Connection

from hydrophone.domain.library import Library
from hydrophone.scanner.changed_folders import by_time, is_new, named
from hydrophone.scanner.diff import compare
from hydrophone.scanner.messages import ScanRequest
from hydrophone.scanner.plan import Plan
from hydrophone.scanner.reading import reading_of
from hydrophone.scanner.suffixes import SUFFIXES
from hydrophone.scanner.walk import walk
from hydrophone.storage.queries import inventory, libraries, video_files

_OR_ACCEPTED = ", or `hydrophone scan --accept-root {}` says that it is right as it is"
_FEW = 20
"""Files of a library that is too small to tell a deleted album from another folder."""


class Planner:
    """Compares libraries with what is known of them; reads the database, writes nothing."""

    def __init__(self, connection: Connection, request: ScanRequest) -> None:
        self._connection = connection
        self._request = request
        self._reading = reading_of(request.split)

    def plan(self, library: Library) -> Plan | str:
        """Return what there is to do, or, if nothing may be changed now, the reason in a sentence.

        An unmounted disk deletes nothing.
        """
        try:
            device = os.stat(library.path).st_dev  # noqa: PTH116 - st_dev of a str path
            os.scandir(library.path).close()
        except OSError as error:
            return _paused(library, f"cannot be read ({error.strerror})")
        known_device, problem = libraries.root(self._connection, library.id)
        plan = None
        if known_device == device and not problem:
            plan = self._compare_in_part(library)
        if plan is None:
            plan = self._compare_all(library)
            why = _doubt(plan, is_moved=known_device not in (None, device))
            if why and library.id not in self._request.accepted:
                return _paused(library, why, _OR_ACCEPTED.format(shlex.quote(library.name)))
        plan.device = device
        return plan

    def _compare_all(self, library: Library) -> Plan:
        found = walk(library.path, SUFFIXES, private=self._request.private)
        return compare(
            self._connection, library, found, reading=self._reading, full=self._request.full
        )

    def _compare_in_part(self, library: Library) -> Plan | None:
        """Look at some folders; return `None` if all are to be looked at.

        That is so, too, when most of the library seems to be gone: only the sight of all of it
        tells whether it was moved, or a disk is not there.
        """
        request = self._request
        if request.folders is None and not request.quick:
            return None
        if request.quick and inventory.is_read_otherwise(
            self._connection, library.id, self._reading
        ):
            return None
        known = inventory.folders(self._connection, library.id).values()
        times = {record.path: record.mtime_ns for record in known}
        if request.folders is None:
            begin = by_time(library.path, times)
        else:
            begin = named(library.path, request.folders.get(library.id, ()), times)
        found = walk(
            library.path,
            SUFFIXES,
            begin=begin,
            enter=is_new(library.path, times),
            private=request.private,
        )
        plan = compare(
            self._connection,
            library,
            found,
            reading=self._reading,
            full=request.full,
            in_part=True,
        )
        files = inventory.file_count(self._connection, library.id)
        files += len(video_files.paths(self._connection, library.id))
        return None if (len(plan.vanished) + plan.lost_videos) * 2 > files else plan


def _paused(library: Library, why: str, or_else: str = "") -> str:
    return (
        f"The folder {library.path} of the library {library.name!r} {why}. "
        f"Nothing was changed; its scan is paused until the folder is as before{or_else}."
    )


def _doubt(plan: Plan, *, is_moved: bool) -> str:
    """Say why the root of a library may not be what it was; empty if it seems to be."""
    vanished = len(plan.vanished) + plan.lost_videos
    if plan.found == 0 and vanished:
        return f"is empty, although it had {'music' if plan.vanished else 'videos'} before"
    if is_moved and plan.kept < vanished:
        return "is on another disk and has other files"
    if _is_exchanged(plan):
        return "has other files than before"
    return ""


def _is_exchanged(plan: Plan) -> bool:
    """Say whether most files of a library are gone, and were not only moved within it."""
    lost = len(plan.lost)
    if lost <= plan.kept or lost + plan.kept < _FEW:
        return False
    here = {file.stat[:2] for work in plan.work for file in work.changed}
    return sum(stat in here for stat in plan.lost) * 2 < lost
