"""Scans libraries: looks at all of them first, then reads one after the other."""

import time
from collections.abc import Callable, Sequence

import msgspec
from sqlalchemy import Connection

from hydrophone.domain.ids import LibraryId
from hydrophone.domain.library import Library, ScanProblem, ScanSummary
from hydrophone.domain.units import Seconds, Timestamp
from hydrophone.sandbox.worker import Worker
from hydrophone.scanner.album_ids import AlbumIds
from hydrophone.scanner.artist_book import ArtistBook
from hydrophone.scanner.books import Books
from hydrophone.scanner.growing import Growing
from hydrophone.scanner.library_scan import LibraryScan
from hydrophone.scanner.messages import ScanProgress, ScanRequest
from hydrophone.scanner.parsed import ParsedFile
from hydrophone.scanner.pipeline import Pipeline
from hydrophone.scanner.plan import Plan
from hydrophone.scanner.planner import Planner
from hydrophone.scanner.playlists import PlaylistImport
from hydrophone.scanner.takeover import Takeover
from hydrophone.scanner.track_ids import TrackIds
from hydrophone.scanner.turns import Turns
from hydrophone.scanner.videos import VideoImport
from hydrophone.storage import search_index
from hydrophone.storage.queries import (
    catalogue,
    counters,
    former_albums,
    former_files,
    inventory,
    libraries,
    missing,
    playlist_files,
    remarks,
    remote_credits,
    video_files,
)

GRACE_MS = 30 * 24 * 3600 * 1000
"""How long a missing track is still known by its id, in playlists and queues, and an album may
take to be retagged file by file."""
_PROGRESS_SECONDS = 0.2
_MOST_PROBLEMS = 1000
_MANY = 1000
"""New or changed tracks that are worth writing the search index anew."""


class Scan:
    """One run over all requested libraries; makes its summary as it goes."""

    def __init__(
        self,
        connection: Connection,
        request: ScanRequest,
        workers: Sequence[Worker[ParsedFile | None]],
        report: Callable[[ScanProgress], None],
    ) -> None:
        self._connection = connection
        self._turns = Turns(connection)
        self._workers = workers
        self._request = request
        self._planner = Planner(connection, request)
        self._report = report
        self._reported = 0.0
        self._started = time.monotonic()
        self._began_ns = time.time_ns()
        self._growing: dict[LibraryId, Growing] = {}
        self._summary = ScanSummary()
        self._problems: list[ScanProblem] = []

    def run(self) -> ScanSummary:
        """Scan everything; a library that cannot be scanned is a problem in the summary.

        All libraries are compared before the first is read, so that a file which was moved from
        one to another is known to be gone there when it turns up here.
        """
        configured = [library.id for library in self._request.libraries]
        if self._request.retire:
            with self._turns.transaction():
                inventory.retire(self._connection, configured, _now())
                video_files.retire(self._connection, configured, _now())
                remarks.retire(self._connection, configured)
        plans = [
            (library, plan)
            for library in self._request.libraries
            if (plan := self._plan(library)) is not None
        ]
        artists = ArtistBook(self._connection)
        self._read(plans, artists)
        for old, new in artists.same_by_name():
            with self._turns.transaction():
                catalogue.merge_artist(self._connection, old, new)
                counters.bump(self._connection, counters.LIBRARY, _now())
        self._merge_shown(artists)
        self._import_videos(plans)
        self._import_playlists(plans)
        with self._turns.transaction():
            before = Timestamp(_now() - GRACE_MS)
            hidden = missing.hide(self._connection, before)
            former_albums.forget_before(self._connection, before)
            # Apps sync again, and servers load again, only when there is something new.
            if hidden or self._has_changed():
                counters.bump(self._connection, counters.LIBRARY, _now())
        if self._summary.added + self._summary.changed >= _MANY:
            for kind in search_index.KINDS:
                with self._turns.transaction():
                    search_index.optimize(self._connection, kind)
        return self._finished()

    def _merge_shown(self, artists: ArtistBook) -> None:
        """Give artists what sources have shown of them by mere names."""
        if not remote_credits.has_any(self._connection):
            return
        by_name = artists.by_name()
        for old in remote_credits.shown(self._connection, by_name):
            with self._turns.transaction():
                remote_credits.merge(self._connection, old, by_name[old])
                catalogue.put_alias(self._connection, old, by_name[old])
                counters.bump(self._connection, counters.LIBRARY, _now())

    def _plan(self, library: Library) -> Plan | None:
        """Look at a library; return `None` if nothing in it may be changed now."""
        plan = self._planner.plan(library)
        if isinstance(plan, str):
            self._pause(library, plan)
            return None
        self._count(found=plan.found, unchanged=plan.unchanged)
        return plan

    def _pause(self, library: Library, reason: str) -> None:
        """Leave a library as it is known: an unmounted disk deletes nothing."""
        self._problems.append(ScanProblem(library=library.name, path="", reason=reason))
        with self._turns.transaction():
            libraries.finish_scan(
                self._connection, library.id, problem=reason, device=None, now=_now()
            )

    def _read(self, plans: Sequence[tuple[Library, Plan]], artists: ArtistBook) -> None:
        tracks = TrackIds(self._connection, [plan for _, plan in plans])
        books = Books(
            connection=self._connection,
            turns=self._turns,
            rules=self._request.split,
            tracks=tracks,
            albums=AlbumIds(self._connection, tracks),
            artists=artists,
            takeover=Takeover(self._connection, tracks, [library.id for library, _ in plans]),
            now=_now(),
        )
        scans = [
            LibraryScan(
                books,
                library,
                plan,
                pipeline=Pipeline(library.path, self._workers, timeout=self._request.file_timeout),
                growing=self._growing_in(library, plan),
            )
            for library, plan in plans
        ]
        with self._turns.transaction():
            former_files.forget_settled(self._connection)
        for scan in scans:
            scan.give_back()
        for scan, (library, _) in zip(scans, plans, strict=True):
            scan.read(self._progress_of(library))
        for scan in scans:
            scan.finish()
            self._problems += scan.problems
            self._count(
                added=scan.shelver.added,
                changed=scan.shelver.changed,
                moved=scan.shelver.moved,
                missing=scan.missing,
            )

    def _import_playlists(self, plans: Sequence[tuple[Library, Plan]]) -> None:
        """Bring playlists of files up to date, now that the tracks in them are."""
        settings = self._request.playlists
        if settings is None:
            return
        owner = playlist_files.owner(self._connection, settings.owner)
        if owner is None:
            if any(files for _, plan in plans for files in plan.playlists.values()):
                whose = f"The user {settings.owner!r}" if settings.owner else "An admin"
                reason = f"{whose}, to own the playlists in it, is not there yet."
                library = plans[0][0]
                self._problems.append(ScanProblem(library=library.name, path="", reason=reason))
            return
        # Also those that are not scanned now: a playlist may name what is in another library.
        everything = libraries.everything(self._connection)
        for library, plan in plans:
            importing = PlaylistImport(
                self._connection,
                everything,
                library,
                settings=settings,
                owner=owner,
                turns=self._turns,
                now=_now(),
            )
            importing.run(plan.playlists, tracks_changed=self._has_changed())

    def _import_videos(self, plans: Sequence[tuple[Library, Plan]]) -> None:
        if not any(plan.videos for _, plan in plans):
            return
        importing = VideoImport(
            self._connection,
            plans,
            ffmpeg=self._request.ffmpeg,
            full=self._request.full,
            time_limit=self._request.file_timeout,
            growing={library.id: self._growing_in(library, plan) for library, plan in plans},
            turns=self._turns,
            now=_now(),
        )
        importing.run()
        self._count(**importing.counts)

    def _growing_in(self, library: Library, plan: Plan) -> Growing:
        known = self._growing.get(library.id)
        if known is None:
            known = self._growing[library.id] = Growing(
                library,
                plan,
                began_ns=self._began_ns,
                settle=self._request.settle,
                settle_new=self._request.settle_new,
            )
        return known

    def _progress_of(self, library: Library) -> Callable[[int, int], None]:
        def progress(to_read: int, read: int) -> None:
            now = time.monotonic()
            if now - self._reported >= _PROGRESS_SECONDS or to_read == read:
                self._reported = now
                found = self._summary.found
                self._report(ScanProgress(library.name, found=found, to_read=to_read, read=read))

        return progress

    def _count(self, **more: int) -> None:
        """Add to the counts of the summary."""
        counted = {name: getattr(self._summary, name) + number for name, number in more.items()}
        self._summary = msgspec.structs.replace(self._summary, **counted)

    def _has_changed(self) -> bool:
        summary = self._summary
        return any((summary.added, summary.changed, summary.moved, summary.missing))

    def _finished(self) -> ScanSummary:
        """Return the summary, with all unreadable files that are known, not only today's."""
        others = len(self._problems)
        self._problems += playlist_files.problems(self._connection, _MOST_PROBLEMS)
        self._problems += video_files.problems(self._connection, _MOST_PROBLEMS)
        self._problems += inventory.problems(self._connection, _MOST_PROBLEMS)
        return msgspec.structs.replace(
            self._summary,
            growing={
                k: v for growing in self._growing.values() for k, v in growing.by_library().items()
            },
            problems=tuple(self._problems[:_MOST_PROBLEMS]),
            problem_count=others
            + playlist_files.problem_count(self._connection)
            + video_files.problem_count(self._connection)
            + inventory.problem_count(self._connection),
            remark_count=remarks.file_count(self._connection),
            seconds=Seconds(time.monotonic() - self._started),
        )


def _now() -> Timestamp:
    return Timestamp(time.time_ns() // 1_000_000)
