"""Runs the scan process, and tells how far it is."""

import asyncio
import contextlib
import logging
import os
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import msgspec

from hydrophone.config import ScanConfig
from hydrophone.domain.ids import LibraryId
from hydrophone.domain.library import Library, ScanStatus, ScanSummary
from hydrophone.domain.tagging import SplitRules
from hydrophone.domain.units import Seconds
from hydrophone.domain.user import User
from hydrophone.errors import NotPermittedError, ScanError, UnavailableError
from hydrophone.scanner.messages import (
    ScanFinished,
    ScanMessage,
    ScanProgress,
    ScanRefused,
    ScanRequest,
)
from hydrophone.services.child_process import child_process
from hydrophone.storage.database import Database
from hydrophone.storage.queries import libraries as queries

logger = logging.getLogger(__name__)

_SETTLE = Seconds(0.5)
"""Who copies a file writes more often than that."""
_decode = msgspec.json.Decoder(ScanMessage).decode


def scan_request(
    config: ScanConfig,
    database: Path,
    libraries: Sequence[Library],
    *,
    full: bool = False,
    retire: bool = True,
    accepted: Sequence[LibraryId] = (),
) -> ScanRequest:
    """Say what a scan of all libraries has to do; as many workers as cores but one, if unset."""
    return ScanRequest(
        database=str(database),
        libraries=tuple(libraries),
        split=SplitRules(
            artists=config.artist_separators,
            genres=config.genre_separators,
            never=config.never_split,
        ),
        full=full,
        retire=retire,
        accepted=tuple(accepted),
        settle=_SETTLE,
        workers=config.workers or max(1, (os.cpu_count() or 2) - 1),
        worker_memory_mib=config.worker_memory_mib,
        file_timeout=config.file_timeout,
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
    """Scans when asked to and by the clock; one at a time."""

    def __init__(
        self,
        *,
        database: Database,
        request: ScanRequest,
        finished: Callable[[], Awaitable[None]],
    ) -> None:
        """`finished` is called after each scan, before it is said to be over."""
        self._database = database
        self._request = request
        self._finished = finished
        self._wanted = asyncio.Event()
        self._full = False
        self._status = ScanStatus(scanning=False, count=0)

    def status(self, viewer: User) -> ScanStatus:
        """Return how far the library is known, from memory. Only admins see problems."""
        if viewer.roles.admin:
            return self._status
        return msgspec.structs.replace(self._status, problem="")

    async def start(self, viewer: User, *, full: bool = False) -> None:
        """Ask for a scan and return; while one is running, or without libraries, nothing happens.

        Raises NotPermittedError for users who are no admins.
        """
        if not viewer.roles.admin:
            raise NotPermittedError("Only an admin may start a scan.")
        if self._request.libraries and not self._status.scanning:
            self._full = full
            self._status = msgspec.structs.replace(self._status, scanning=True)
            self._wanted.set()

    async def reload(self) -> None:
        """Look anew what is known, after a scan by a command beside the server."""
        if not self._status.scanning:
            await self._load()

    async def run(self, *, at_once: bool, interval: Seconds | None) -> None:
        """Scan whenever it is wanted or time, until cancelled; the server's task."""
        await self._load()
        if not at_once:
            await self._wait(interval)
        while True:
            await self._scan()
            await self._wait(interval)

    async def _wait(self, interval: Seconds | None) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(interval):
                await self._wanted.wait()

    async def _scan(self) -> None:
        self._wanted.clear()
        request = msgspec.structs.replace(self._request, full=self._full)
        self._full = False
        self._status = msgspec.structs.replace(self._status, scanning=True)
        failure = ""
        try:
            summary = await run_scan(request, self._progress)
        except ScanError as error:
            logger.warning("The scan failed: %s", error)
            failure = str(error)
        else:
            _log(summary)
        await self._finished()
        await self._load(failure)

    def _progress(self, progress: ScanProgress) -> None:
        self._status = msgspec.structs.replace(self._status, count=progress.found)

    async def _load(self, failure: str = "") -> None:
        count, last_scan, problem = await self._database.read(queries.state)
        self._status = ScanStatus(
            scanning=False, count=count, last_scan=last_scan, problem=failure or problem
        )


def _log(summary: ScanSummary) -> None:
    logger.info(
        "Scan: %d files, %d new, %d changed, %d moved, %d missing, %d problems, %.1f s.",
        summary.found,
        summary.added,
        summary.changed,
        summary.moved,
        summary.missing,
        summary.problem_count,
        summary.seconds,
    )
    for problem in summary.problems[:20]:
        logger.warning("Scan: %s: %s: %s", problem.library, problem.path, problem.reason)
