"""Runs jobs: as many of each kind at once as it may be, again when that may help, and to an end.

Nothing is lost: a job is a row from the moment it was queued. Whoever is at one holds a lease that
ends by itself when it is not renewed, so that a process that was killed or hangs keeps no job;
a process that stops in order gives its leases back at once.
"""

import asyncio
import contextlib
import logging
import random
import secrets
import time

from hydrophone.domain.job import Job, JobState
from hydrophone.domain.units import Seconds, Timestamp
from hydrophone.errors import (
    HydrophoneError,
    ProviderUnavailableError,
    RetryLaterError,
    StorageError,
    UnavailableError,
    reason_of,
)
from hydrophone.services.clock import Clock
from hydrophone.services.job_kinds import JobKind, JobRun
from hydrophone.services.jobs import Jobs
from hydrophone.storage.database import Database
from hydrophone.storage.queries import job_leases, jobs
from hydrophone.storage.queries.job_leases import Progress

logger = logging.getLogger(__name__)

_BEAT_SECONDS = 1.0
_LEASE_MS = 15_000
_RENEW_SECONDS = 5.0
_LONGEST_REST = 30.0
_GRACE_SECONDS = 2.0
"""What a handler has for its tidying up when it is cancelled; the server stops in five."""
_FIRST_WAIT = 2.0
_LONGEST_WAIT = 3600.0
_LONGEST_WISH = 24 * 3600.0
"""How long another server may put us off."""
_JITTER = 0.25
_KEPT_MS = 30 * 24 * 3600 * 1000
"""How long jobs are remembered that have ended."""
_MOST_KEPT = 10_000
"""How many of them: what a plugin does every minute would fill the database."""
_PRUNE_SECONDS = 3600.0
_PASSING = (ProviderUnavailableError, UnavailableError, StorageError)
"""What trying again may help against. Other errors of ours are for good."""
_BUG = "It failed; the log says more."


class JobRunner:
    """Does the jobs of those kinds that it was told of."""

    def __init__(self, *, jobs: Jobs, database: Database, clock: Clock) -> None:
        self._jobs = jobs
        self._database = database
        self._clock = clock
        self._kinds: dict[str, JobKind] = {}
        self._running: dict[str, tuple[JobRun, asyncio.Task[None]]] = {}
        """By lease."""

    def register(self, name: str, kind: JobKind) -> None:
        """Do jobs of this kind from now on."""
        self._kinds[name] = kind
        self._jobs.news.set()

    async def take_over(self) -> None:
        """Take all jobs for forsaken, at the start of the only server of a database."""
        released = await self._database.write(job_leases.release_all)
        if released:
            logger.info("Going on with %d jobs that were interrupted.", released)

    async def run(self) -> None:
        """Do jobs until cancelled; then those that run go back to the queue."""
        next_prune = 0.0
        async with asyncio.TaskGroup() as group:
            while True:
                self._jobs.news.clear()
                try:
                    await self._cancel()
                    while (run := await self._claim()) is not None:
                        group.create_task(self._attend(run))
                    if time.monotonic() >= next_prune:
                        next_prune = time.monotonic() + _PRUNE_SECONDS
                        await self._prune()
                except (StorageError, UnavailableError) as error:
                    # What runs is not to be stopped because a scan is writing or the disk is full.
                    logger.warning("Jobs have to wait: %s", error)
                await self._rest()

    async def _cancel(self) -> None:
        """End what has been cancelled: here at once, elsewhere when its lease is over."""
        ended = await self._database.write(job_leases.end_cancelled, self._clock.now())
        if ended:
            self._jobs.tell()
        for job in ended:
            await self._tell_ended(job)
        for lease in await self._database.read(job_leases.cancelled, list(self._running)):
            if lease in self._running:
                run, task = self._running[lease]
                run.is_cancelled = True
                task.cancel()

    async def _claim(self) -> JobRun | None:
        """Take the next job of a kind that has room."""
        kinds = self._with_room()
        if not kinds:
            return None
        now = self._clock.now()
        claim = await self._database.write(
            job_leases.claim, kinds, secrets.token_hex(8), now, Timestamp(now + _LEASE_MS)
        )
        if claim is None:
            return None
        self._jobs.tell()
        run = JobRun(claim)
        self._running[run.lease] = (run, asyncio.create_task(self._handle(run)))
        return run

    def _with_room(self) -> list[str]:
        running = [run.job.kind for run, _ in self._running.values()]
        return [name for name, kind in self._kinds.items() if running.count(name) < kind.at_once]

    async def _rest(self) -> None:
        """Wait until there is news, or until the clock makes the next job due."""
        seconds = _LONGEST_REST
        due = await self._database.read(job_leases.next_due, self._with_room())
        if due is not None:
            seconds = min(max((due - self._clock.now()) / 1000, _BEAT_SECONDS / 10), seconds)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._jobs.news.wait()

    async def _handle(self, run: JobRun) -> None:
        kind = self._kinds[run.job.kind]
        if run.job.attempts > kind.attempts:
            # Only what was never put off gets here: each try has ended with its process.
            raise HydrophoneError("It was given up: each try ended with the server's own end.")
        await kind.handler(run)

    async def _attend(self, run: JobRun) -> None:
        """Hold the lease of a job while its handler is at it, and put down what comes of it."""
        _, task = self._running[run.lease]
        renew = time.monotonic() + _RENEW_SECONDS
        told: Progress | None = None
        try:
            while not task.done():
                await asyncio.wait([task], timeout=_BEAT_SECONDS)
                is_news = run.told is not told
                if is_news or time.monotonic() >= renew:
                    told, renew = run.told, time.monotonic() + _RENEW_SECONDS
                    await self._keep(run, task, is_news=is_news)
            await self._settle(run, task)
        except asyncio.CancelledError:
            task.cancel()
            await asyncio.wait([task], timeout=_GRACE_SECONDS)
            await self._settle(run, task, is_stopping=True)
            raise
        except (StorageError, UnavailableError) as error:
            # Whoever finds its lease expired does it again.
            logger.warning("What became of job %d cannot be written: %s", run.job.id, error)
        finally:
            del self._running[run.lease]
            self._jobs.news.set()
            self._jobs.tell()

    async def _keep(self, run: JobRun, task: asyncio.Task[None], *, is_news: bool) -> None:
        now = self._clock.now()
        expires = Timestamp(now + _LEASE_MS)
        is_mine = await self._database.write_soon(
            job_leases.keep, run.lease, now, expires, run.told, is_news=is_news
        )
        self._jobs.tell()
        if not is_mine:
            logger.warning("Job %d was taken by another process meanwhile.", run.job.id)
            task.cancel()

    async def _settle(
        self, run: JobRun, task: asyncio.Task[None], *, is_stopping: bool = False
    ) -> None:
        """Put down how a try has ended."""
        if not task.done() or task.cancelled():
            if run.is_cancelled or is_stopping:
                # If nobody has asked for it again meanwhile, `_cancel` ends what was cancelled.
                now = self._clock.now()
                await self._database.write(job_leases.give_back, run.lease, now, run.told)
            else:
                await self._failed(run, UnavailableError("It was interrupted."))
            return
        error = task.exception()
        if error is None:
            await self._finish(run, JobState.DONE, result=run.result)
        else:
            await self._failed(run, error)

    async def _failed(self, run: JobRun, error: BaseException) -> None:
        job = run.job
        is_ours = isinstance(error, HydrophoneError)
        reason = reason_of(error) or _BUG
        if not is_ours:
            logger.error("Job %d (%s) failed", job.id, job.kind, exc_info=error)
        wait = _wait_after(error, job.attempts, self._kinds[job.kind].attempts)
        if wait is None:
            logger.warning("Job %d (%s, %r) has failed: %s", job.id, job.kind, job.title, reason)
            await self._finish(run, JobState.FAILED, error=reason)
            return
        # Jobs that one server has put off must not come back to it all at the same time.
        wait = Seconds(wait * (1.0 + random.uniform(0.0, _JITTER)))  # noqa: S311 - nothing secret
        now = self._clock.now()
        await self._database.write(
            job_leases.put_off,
            run.lease,
            now,
            Timestamp(now + round(wait * 1000)),
            run.told,
            reason,
            counts=not isinstance(error, RetryLaterError),
        )

    async def _finish(
        self, run: JobRun, state: JobState, *, result: str = "", error: str = ""
    ) -> None:
        now = self._clock.now()
        job = await self._database.write(
            job_leases.finish, run.lease, state, now, run.told, result=result, error=error
        )
        if job is not None:
            await self._tell_ended(job)

    async def _tell_ended(self, job: Job) -> None:
        kind = self._kinds.get(job.kind)
        if kind is None or kind.ended is None:
            return
        try:
            await kind.ended(job)
        except Exception:  # the border: what one kind gets wrong is no matter of the others
            logger.exception("Job %d (%s) has ended, with traces of it left", job.id, job.kind)

    async def _prune(self) -> None:
        before = Timestamp(self._clock.now() - _KEPT_MS)
        while await self._database.write(jobs.prune, before, _MOST_KEPT):
            pass


def _wait_after(error: BaseException, attempts: int, most: int) -> Seconds | None:
    """Return how long to wait before the next try; `None` if there is to be none."""
    if isinstance(error, RetryLaterError):
        return Seconds(min(max(error.after, 1.0), _LONGEST_WISH))
    is_for_good = isinstance(error, HydrophoneError) and not isinstance(error, _PASSING)
    if is_for_good or attempts >= most:
        return None
    return Seconds(min(_FIRST_WAIT * 2.0 ** min(attempts - 1, 16), _LONGEST_WAIT))
