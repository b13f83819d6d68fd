"""Scans libraries one after the other: compare, read, shelve, tidy up."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import msgspec
from sqlalchemy import ColumnElement, Connection

from hydrophone.domain.ids import AlbumId, ArtworkId, FolderId, digest
from hydrophone.domain.library import Library, ScanProblem, ScanSummary
from hydrophone.domain.paths import escape_path
from hydrophone.domain.units import Seconds, Timestamp
from hydrophone.errors import MediaError
from hydrophone.scanner.artist_book import ArtistBook
from hydrophone.scanner.diff import FolderWork, Plan, compare
from hydrophone.scanner.documents import artwork_id
from hydrophone.scanner.messages import ScanProgress, ScanRequest
from hydrophone.scanner.parse import SUFFIXES
from hydrophone.scanner.pipeline import Pipeline, ReadFolder
from hydrophone.scanner.shelving import Shelver
from hydrophone.scanner.walk import walk
from hydrophone.storage.database import transaction
from hydrophone.storage.queries import catalogue, counters, inventory
from hydrophone.storage.tables.music import track

BATCH_FILES = 500
"""Files written in one transaction: the server's own writes wait no longer than that takes."""
GRACE_MS = 30 * 24 * 3600 * 1000
"""How long a missing track is still known by its id, in playlists and queues."""
_BATCH_SECONDS = 1.0
_PROGRESS_SECONDS = 0.2
_MOST_SIBLINGS = 1000
"""In a folder with more files than that a compilation is told by what has changed alone."""
_MOST_PROBLEMS = 1000
_LARGEST_COVER = 32 * 1024 * 1024

Item = TypeVar("Item")


class Scan:
    """One run over all requested libraries; makes its summary as it goes."""

    def __init__(
        self, connection: Connection, request: ScanRequest, report: Callable[[ScanProgress], None]
    ) -> None:
        self._connection = connection
        self._request = request
        self._report = report
        self._reported = 0.0
        self._started = time.monotonic()
        self._summary = ScanSummary()
        self._problems: list[ScanProblem] = []

    def run(self) -> ScanSummary:
        """Scan everything; a library that cannot be scanned is a problem in the summary."""
        configured = [library.id for library in self._request.libraries]
        with transaction(self._connection):
            inventory.retire(self._connection, configured, _now())
        for library in self._request.libraries:
            self._scan_library(library)
        with transaction(self._connection):
            for old, new in ArtistBook(self._connection).same_by_name():
                catalogue.merge_artist(self._connection, old, new)
            inventory.hide_missing(self._connection, Timestamp(_now() - GRACE_MS))
            counters.bump(self._connection, counters.LIBRARY)
        return msgspec.structs.replace(
            self._summary,
            problems=tuple(self._problems[:_MOST_PROBLEMS]),
            problem_count=len(self._problems),
            seconds=Seconds(time.monotonic() - self._started),
        )

    def _scan_library(self, library: Library) -> None:
        try:
            device = os.stat(library.path).st_dev  # noqa: PTH116 - st_dev of a str path
            os.scandir(library.path).close()
        except OSError as error:
            self._pause(library, f"cannot be read ({error.strerror})")
            return
        full = self._request.full
        plan = compare(self._connection, library, walk(library.path, SUFFIXES), full=full)
        known_device = inventory.root_device(self._connection, library.id)
        if plan.found == 0 and plan.vanished:
            self._pause(library, "is empty, although it had music before")
            return
        if known_device not in (None, device) and plan.kept_folders * 2 < plan.known_folders:
            self._pause(library, "is on another disk than before and has other folders")
            return
        self._problems += plan.problems
        self._count(found=plan.found, unchanged=plan.unchanged)
        self._read(library, plan)
        with transaction(self._connection):
            inventory.finish(self._connection, library.id, problem="", device=device, now=_now())
            counters.bump(self._connection, counters.LIBRARY)

    def _pause(self, library: Library, why: str) -> None:
        """Leave a library as it is known: an unmounted disk deletes nothing."""
        reason = f"The folder {library.path} of the library {library.name!r} {why}. "
        reason += "Nothing was changed; its scan is paused until the folder is as before."
        self._problems.append(ScanProblem(library=library.name, path="", reason=reason))
        with transaction(self._connection):
            inventory.finish(self._connection, library.id, problem=reason, device=None, now=_now())

    def _read(self, library: Library, plan: Plan) -> None:
        with transaction(self._connection):
            inventory.put_folders(self._connection, plan.folders)
        covers = self._covers(library, plan)
        shelver = Shelver(
            self._connection, library, plan, ArtistBook(self._connection), covers, _now()
        )
        pipeline = Pipeline(
            library.path,
            workers=min(self._request.workers, max(1, len(plan.work))),
            memory=self._request.worker_memory_mib * 1024 * 1024,
            timeout=self._request.file_timeout,
        )
        for work in plan.work:
            pipeline.add(work)
        self._shelve_all(library, plan, pipeline, shelver)
        self._count(added=shelver.added, changed=shelver.changed, moved=shelver.moved)
        self._tidy(library, plan, shelver)

    def _shelve_all(
        self, library: Library, plan: Plan, pipeline: Pipeline, shelver: Shelver
    ) -> None:
        to_read = sum(len(work.changed) for work in plan.work)
        read = 0
        batch: list[ReadFolder] = []
        began = time.monotonic()
        for folder in pipeline:
            more = self._with_siblings(plan, library, folder)
            if more is not None:
                to_read += len(more.others)
                pipeline.add(msgspec.structs.replace(more, others=()))
                continue
            batch.append(folder)
            read += len(folder.results)
            waited = time.monotonic() - began
            if sum(len(f.results) for f in batch) >= BATCH_FILES or waited > _BATCH_SECONDS:
                self._write(library, shelver, batch)
                batch, began = [], time.monotonic()
            self._progress(library, to_read, read)
        self._write(library, shelver, batch)

    def _with_siblings(self, plan: Plan, library: Library, folder: ReadFolder) -> FolderWork | None:
        """Return work on a whole folder, if the changed files alone cannot tell whose album it is.

        Without an album artist in the tags only all files of an album together show whether it
        is one artist's or a compilation.
        """
        work = folder.work
        if not work.others or len(work.others) > _MOST_SIBLINGS:
            return None
        parsed = [answer for _, answer in folder.results if not isinstance(answer, MediaError)]
        if all(tags.album_artists for tags in parsed):
            return None
        for name, file in inventory.files(self._connection, work.id).items():
            if file.track_id is not None and name not in plan.vanished:
                plan.known.setdefault(name, file.track_id)
        return msgspec.structs.replace(work, changed=(*work.changed, *work.others))

    def _write(self, library: Library, shelver: Shelver, batch: Sequence[ReadFolder]) -> None:
        if not batch:
            return
        with transaction(self._connection):
            for folder in batch:
                good = []
                for file, answer in folder.results:
                    if isinstance(answer, MediaError):
                        shelver.report(folder.work, file, str(answer))
                        path = escape_path(os.path.join(folder.work.path, file.name))  # noqa: PTH118 - a str
                        self._problems.append(
                            ScanProblem(library=library.name, path=path, reason=str(answer))
                        )
                    else:
                        good.append((file, answer))
                shelver.shelve(folder.work, good)
            counters.bump(self._connection, counters.LIBRARY)

    def _covers(self, library: Library, plan: Plan) -> dict[FolderId, ArtworkId]:
        """Read new covers; return the pictures of all folders that have one."""
        records = []
        locations = {}
        for work in plan.covers:
            picture = self._digest(library, work.path) if work.path else None
            if picture is not None:
                locations[picture] = escape_path(work.path)
            records.append(msgspec.structs.replace(work.folder, artwork_id=picture))
        with transaction(self._connection):
            inventory.put_artwork(self._connection, library.id, locations)
            inventory.put_folders(self._connection, records)
        known = inventory.folders(self._connection, library.id).values()
        return {record.id: record.artwork_id for record in known if record.artwork_id}

    def _digest(self, library: Library, path: str) -> ArtworkId | None:
        try:
            with open(os.path.join(library.path, path), "rb") as file:  # noqa: PTH118, PTH123 - a str
                content = file.read(_LARGEST_COVER + 1)
        except OSError as error:
            reason = error.strerror or str(error)
        else:
            if len(content) <= _LARGEST_COVER:
                return artwork_id(f"{digest(content):016x}")
            reason = "the picture is larger than 32 MiB"
        self._problems.append(
            ScanProblem(library=library.name, path=escape_path(path), reason=reason)
        )
        return None

    def _tidy(self, library: Library, plan: Plan, shelver: Shelver) -> None:
        """Mark what is gone, and bring albums up to date that were touched from outside."""
        with transaction(self._connection):
            lost = inventory.forget_origins(self._connection, list(plan.vanished))
            candidates = [*lost, *plan.known.values()]
            missing = inventory.mark_missing(self._connection, candidates, _now())
            inventory.forget_folders(self._connection, plan.gone_folders)
        self._count(missing=len(missing))
        touched = shelver.touched | self._albums_of(track.c.id, missing)
        touched |= self._albums_of(track.c.folder_id, self._below_covers(plan))
        for albums in chunks(sorted(touched), 100):
            with transaction(self._connection):
                shelver.refresh(albums)

    def _below_covers(self, plan: Plan) -> list[FolderId]:
        """Return folders whose cover has changed, with those of the discs in them."""
        changed = [work.folder.id for work in plan.covers]
        return changed + inventory.children(self._connection, changed)

    def _albums_of(self, column: ColumnElement[str], values: Sequence[str]) -> set[AlbumId]:
        return {
            place.album_id
            for chunk in chunks(values, 500)
            for place in catalogue.places(self._connection, column.in_(chunk))
        }

    def _progress(self, library: Library, to_read: int, read: int) -> None:
        now = time.monotonic()
        if now - self._reported >= _PROGRESS_SECONDS:
            self._reported = now
            self._report(
                ScanProgress(
                    library=library.name, found=self._summary.found, to_read=to_read, read=read
                )
            )

    def _count(self, **more: int) -> None:
        """Add to the counts of the summary."""
        counted = {name: getattr(self._summary, name) + number for name, number in more.items()}
        self._summary = msgspec.structs.replace(self._summary, **counted)


def chunks(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    """Cut a sequence into pieces of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _now() -> Timestamp:
    return Timestamp(time.time_ns() // 1_000_000)
