"""Jobs: work that is queued, looked at and cancelled by anybody, and done by a runner."""

import asyncio

from msgspec.structs import replace
from sqlalchemy import Connection

from hydrophone.domain.job import Job, JobQuery, NewJob
from hydrophone.domain.user import User
from hydrophone.errors import NotFoundError
from hydrophone.services.clock import Clock
from hydrophone.services.events import Events
from hydrophone.storage.database import Database
from hydrophone.storage.queries import counters, jobs


class Jobs:
    """The queue of a database; works in every process, also where nothing is run."""

    def __init__(self, *, database: Database, clock: Clock, events: Events | None = None) -> None:
        """`events` are told when there are new ones; `None` where nobody follows them."""
        self._database = database
        self._events = events
        self._clock = clock
        self.news = asyncio.Event()
        """Set when there may be something for this process's runner to look at."""

    async def changed(self) -> None:
        """Have this process's runner look: another process has queued or cancelled something."""
        self.news.set()
        self.tell()

    def tell(self) -> None:
        """Have those look who follow the events: a job has changed."""
        if self._events is not None:
            self._events.wake()

    async def enqueue(self, new: NewJob) -> Job:
        """Have something done, once: return the active job of this kind and key if there is one.

        That one gets more urgent if the new one is. On disk on return.
        """

        def write(connection: Connection) -> Job:
            queued = jobs.add(connection, new, self._clock.now())
            counters.bump(connection, counters.JOBS, self._clock.now())
            return queued

        queued = await self._database.write(write)
        self.news.set()
        self.tell()
        return queued

    async def visible(self, viewer: User, query: JobQuery) -> tuple[tuple[Job, ...], int]:
        """Return a page of jobs, those of everybody to admins, with the number of all of them."""
        if not viewer.roles.admin:
            query = replace(query, user_id=viewer.id)
        return await self.search(query)

    async def search(self, query: JobQuery) -> tuple[tuple[Job, ...], int]:
        """Return a page of everybody's jobs, whoever asks, with the number of all: for commands."""
        return await self._database.read(jobs.search, query)

    async def one(self, viewer: User, job_id: int) -> Job:
        """Return a job. Raises NotFoundError, also for those of others to users."""
        job = await self._database.read(jobs.one, job_id)
        if job is None or not (viewer.roles.admin or job.user_id == viewer.id):
            raise NotFoundError(f"There is no job {job_id}.")
        return job

    async def cancel(self, viewer: User, job_id: int) -> Job:
        """Cancel one's own job, or as an admin anybody's; raises NotFoundError as `one` does."""
        job = await self.one(viewer, job_id)
        return await self.cancel_any(job.id)

    async def cancel_any(self, job_id: int) -> Job:
        """Cancel a job, whoever asks: for commands and for what queued it. Raises NotFoundError.

        Returns at once: the job ends when a runner has looked. One that has ended stays as it is.
        """

        def write(connection: Connection) -> Job | None:
            counters.bump(connection, counters.JOBS, self._clock.now())
            return jobs.cancel(connection, job_id, self._clock.now())

        job = await self._database.write(write)
        if job is None:
            raise NotFoundError(f"There is no job {job_id}.")
        self.news.set()
        self.tell()
        return job

    async def active(self, kind: str, key: str) -> Job | None:
        """Return the active job of a kind and key; `None` if there is none."""
        return await self._database.read(jobs.active, kind, key)
