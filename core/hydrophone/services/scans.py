"""Runs the scan process, and tells how far it is."""

import asyncio
import contextlib
import logging
import math
import os
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from pathlib import Path

import msgspec

from hydrophone.config import Config
from hydrophone.domain.event import EventKind, ScanNews, encode_event
from hydrophone.domain.ids import LibraryId
from hydrophone.domain.library import Library, LibraryStatus, ScanProblem, ScanStatus, ScanSummary
from hydrophone.domain.tagging import SplitRules
from hydrophone.domain.units import Seconds
from hydrophone.domain.user import User
from hydrophone.errors import NotPermittedError, ScanError, UnavailableError
from hydrophone.scanner.messages import (
    ImportedPlaylists,
    ScanFinished,
    ScanMessage,
    ScanProgress,
    ScanRefused,
    ScanRequest,
)
from hydrophone.services.child_process import child_process
from hydrophone.services.events import Events
from hydrophone.services.scan_wishes import ScanWishes
from hydrophone.storage.database import Database
from hydrophone.storage.queries import libraries as queries

logger = logging.getLogger(__name__)

_SETTLE = Seconds(0.4)
"""Who copies a file writes more often than that."""
_SETTLE_NEW = Seconds(2.0)
"""Who copies over a slow network may pause for a second, and half a file has no right id."""
_RETRY_SECONDS = 5.0
_FIRST_PATIENCE = 1.0
_LONGEST_PATIENCE = 60.0
"""Seconds until files that are being written are looked at again."""
_decode = msgspec.json.Decoder(ScanMessage).decode


def scan_request(
    config: Config,
    database: Path,
    libraries: Sequence[Library],
    *,
    ffmpeg: Path | None,
    full: bool = False,
    retire: bool = True,
    accepted: Sequence[LibraryId] = (),
) -> ScanRequest:
    """Say what a scan of all libraries has to do; as many workers as cores but one, if unset.

    Without ffmpeg, videos are listed with the little that they tell themselves.
    """
    scan, playlists = config.scan, config.playlists
    return ScanRequest(
        database=str(database),
        private=str(config.server.data_dir),
        libraries=tuple(libraries),
        split=SplitRules(
            artists=scan.artist_separators,
            genres=scan.genre_separators,
            never=scan.never_split,
        ),
        playlists=ImportedPlaylists(owner=playlists.owner, public=playlists.public)
        if playlists.import_files
        else None,
        ffmpeg=str(ffmpeg) if ffmpeg else "",
        full=full,
        retire=retire,
        accepted=tuple(accepted),
        settle=_SETTLE,
        settle_new=_SETTLE_NEW,
        workers=scan.workers or max(1, (os.cpu_count() or 2) - 1),
        worker_memory_mib=scan.worker_memory_mib,
        file_timeout=scan.file_timeout,
    )


async def run_scan(request: ScanRequest, report: Callable[[ScanProgress], None]) -> ScanSummary:
    """Run one scan in a child process until it is done; cancelling ends the child.

    Raises ScanError if another scan is running or the process failed.
    """
    try:
        async with child_process("hydrophone.scanner", request) as child:
            async for line in child.lines:
                match _decode(line):
                    case ScanProgress() as progress:
                        report(progress)
                    case ScanFinished(summary=summary):
                        return summary
                    case ScanRefused(reason=reason):
                        raise ScanError(reason)
            raise ScanError(f"The scan process ended early (exit code {await child.exit_code()}).")
    except UnavailableError as error:
        raise ScanError(f"The scan cannot be run: {error}") from error


class Scans:
    """Scans when asked to, when something has changed, and by the clock; one at a time."""

    def __init__(
        self,
        *,
        database: Database,
        request: ScanRequest,
        events: Events,
        finished: Callable[[], Awaitable[None]],
    ) -> None:
        """`finished` is called after each scan, before it is said to be over."""
        self._database = database
        self._libraries = request.libraries
        self._wishes = ScanWishes(request, clock=time.monotonic)
        self._events = events
        self._finished = finished
        self._woken = asyncio.Event()
        self._at_work = False
        """Whether there is a scan whose end is not being settled yet."""
        self._looks_at_everything = False
        self._patience = _FIRST_PATIENCE
        self._told: set[ScanProblem] = set()
        self._status = ScanStatus(scanning=False, count=0)
        self._tracks: dict[LibraryId, int] = {}

    @property
    def is_running(self) -> bool:
        """Whether a scan is running, or will be at once."""
        return self._status.scanning

    def status(self, viewer: User) -> ScanStatus:
        """Return how far the viewer's libraries are known, from memory. Only admins see problems.

        Who does not see all libraries is not told how many files a running scan has found.
        """
        status = self._status
        own = sum(count for one, count in self._tracks.items() if one in viewer.libraries)
        sees_all = all(library.id in viewer.libraries for library in self._libraries)
        if not (status.scanning and sees_all):
            status = msgspec.structs.replace(status, count=own)
        return status if viewer.roles.admin else msgspec.structs.replace(status, problem="")

    async def libraries(self) -> tuple[LibraryStatus, ...]:
        """Return how the configured libraries stand."""
        ids = [library.id for library in self._libraries]
        return await self._database.read(queries.statuses, ids)

    async def start(self, viewer: User, *, full: bool = False) -> None:
        """Ask for a scan of everything and return; nothing happens while one is running.

        Without libraries nothing happens either. Raises NotPermittedError for users who are no
        admins.
        """
        if not viewer.roles.admin:
            raise NotPermittedError("Only an admin may start a scan.")
        if self._libraries and not self._looks_at_everything:
            self._wishes.add_everything(full=full)
            self._status = msgspec.structs.replace(self._status, scanning=True)
            self._woken.set()

    def look(self, library_id: LibraryId, folders: Iterable[str]) -> None:
        """Have folders (escaped paths) scanned that have changed, as soon as it is quiet there.

        What comes while a scan is running is looked at after it.
        """
        self._wishes.add_folders(library_id, folders)
        self._woken.set()

    def look_quickly(self, library_ids: Iterable[LibraryId]) -> None:
        """Have those folders of libraries scanned whose own times have changed."""
        self._wishes.add_quick(library_ids)
        self._woken.set()

    def look_at(self, library_id: LibraryId) -> None:
        """Have all of a library scanned, after the scan that may be running."""
        self._wishes.add_library(library_id)
        self._woken.set()

    def look_at_everything(self) -> None:
        """Have all libraries scanned, after the scan that may be running."""
        self._wishes.add_everything()
        self._woken.set()

    async def reload(self) -> None:
        """Look anew what is known, after a scan by a command beside the server."""
        if not self._status.scanning:
            await self._load()

    async def run(self, *, at_once: bool, interval: Seconds | None) -> None:
        """Scan whenever it is wanted or time, until cancelled; the server's task.

        May be called again after it has failed, be it in the middle of a scan.
        """
        self._at_work = self._looks_at_everything = False
        await self._load()
        if at_once:
            self._wishes.add_everything()
        next_time = _after(interval)
        async with asyncio.TaskGroup() as tasks:
            settling: asyncio.Task[None] | None = None
            while True:
                await self._wait(next_time)
                request = self._wishes.take()
                if _is_of_everything(request):
                    next_time = _after(interval)
                failure = await self._scan(request)
                # Beside the next scan: who retags one file after the other sees each of them
                # at once, though a large library takes a second to load.
                if settling is not None:
                    await settling
                self._at_work = False
                settling = tasks.create_task(self._settle(failure))

    async def _wait(self, next_time: float) -> None:
        """Wait until a wish is due, or it is time for a look at everything."""
        while (delay := self._wishes.delay()) != 0.0:
            left = next_time - time.monotonic()
            if left <= 0.0:
                self._wishes.add_everything()
                return
            longest = min(left, math.inf if delay is None else delay)
            self._woken.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(longest if math.isfinite(longest) else None):
                    await self._woken.wait()

    async def _scan(self, request: ScanRequest) -> str:
        """Run one scan; return why it failed, empty if there is nothing to tell."""
        self._at_work = True
        self._looks_at_everything = _is_of_everything(request)
        self._status = msgspec.structs.replace(self._status, scanning=True)
        await self._events.publish(encode_event(EventKind.SCAN, ScanNews(scanning=True)))
        failure = ""
        try:
            summary = await run_scan(request, self._progress)
        except ScanError as error:
            failure = self._failed(request, error)
        else:
            self._log(summary)
            self._look_again(summary)
        self._looks_at_everything = False
        return failure

    async def _settle(self, failure: str) -> None:
        """Have it seen what a scan has changed, then say that it is over."""
        await self._finished()
        await self._load(failure)
        news = ScanNews(scanning=self._status.scanning)
        await self._events.publish(encode_event(EventKind.SCAN, news))

    def _failed(self, request: ScanRequest, error: ScanError) -> str:
        """Put a look at a part off: perhaps `hydrophone scan` is at work. Return what to tell."""
        if _is_of_everything(request):
            logger.warning("The scan failed: %s", error)
            return str(error)
        logger.info("A look at what has changed is put off: %s", error)
        later = asyncio.get_running_loop().call_later
        for library in request.libraries if request.folders is None else ():
            if request.quick:
                later(_RETRY_SECONDS, self.look_quickly, [library.id])
            else:
                later(_RETRY_SECONDS, self.look_at, library.id)
        for library_id, folders in (request.folders or {}).items():
            later(_RETRY_SECONDS, self.look, library_id, folders)
        return ""

    def _look_again(self, summary: ScanSummary) -> None:
        """Come back to files that are being written: soon, and ever later while they are."""
        self._patience = (
            min(self._patience * 2, _LONGEST_PATIENCE) if summary.growing else _FIRST_PATIENCE
        )
        for library_id, paths in summary.growing.items():
            folders = {path.rpartition("/")[0] for path in paths}
            later = asyncio.get_running_loop().call_later
            later(self._patience, self.look, library_id, folders)

    def _progress(self, progress: ScanProgress) -> None:
        if self._looks_at_everything:
            self._status = msgspec.structs.replace(self._status, count=progress.found)

    async def _load(self, failure: str = "") -> None:
        self._tracks, last_scan, problem = await self._database.read(queries.state)
        count = sum(self._tracks.values())
        self._status = ScanStatus(
            scanning=self._at_work or self._wishes.everything,
            count=count,
            last_scan=last_scan,
            problem=failure or problem,
        )

    def _log(self, summary: ScanSummary) -> None:
        """Write what a scan has done; problems that were there before are not told again."""
        idle = not any((summary.added, summary.changed, summary.moved, summary.missing))
        logger.log(
            # A file that grows is looked at every few seconds.
            logging.DEBUG if summary.growing and idle else logging.INFO,
            "Scan: %d files, %d new, %d changed, %d moved, %d missing, %d growing, %d problems, "
            "%.1f s.",
            summary.found,
            summary.added,
            summary.changed,
            summary.moved,
            summary.missing,
            sum(map(len, summary.growing.values())),
            summary.problem_count,
            summary.seconds,
        )
        for problem in [one for one in summary.problems if one not in self._told][:20]:
            where = ": ".join(filter(None, (problem.library, problem.path)))
            logger.warning("Scan: %s: %s", where, problem.reason)
        # A look at a part says nothing of libraries that are paused elsewhere.
        self._told = set(summary.problems) | (set() if self._looks_at_everything else self._told)


def _is_of_everything(request: ScanRequest) -> bool:
    # Of a part alone, what is not in it is not retired.
    return request.retire


def _after(interval: Seconds | None) -> float:
    return math.inf if interval is None else time.monotonic() + interval
