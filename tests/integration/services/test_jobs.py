"""Jobs over a real database: who goes first, what is tried again, and who lets go of what."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection

from hydrophone.domain.job import Job, JobPriority, JobQuery, JobState, NewJob
from hydrophone.domain.units import Timestamp
from hydrophone.errors import (
    BadAnswerError,
    NotFoundError,
    ProviderUnavailableError,
    RetryLaterError,
)
from hydrophone.services.job_kinds import JobKind, JobRun
from hydrophone.services.job_runner import JobRunner
from hydrophone.services.jobs import Jobs
from hydrophone.storage.database import Database, open_database
from hydrophone.storage.queries import job_leases, jobs
from hydrophone.testing.factories import make_database

pytestmark = pytest.mark.anyio


class MovedClock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.time = 1_800_000_000_000

    def now(self) -> Timestamp:
        return Timestamp(self.time)

    def sleep(self, seconds: float) -> None:
        self.time += round(seconds * 1000)


class Works:
    """A queue on a database of its own, with as many runners as a test wants."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = MovedClock()
        self.jobs = Jobs(database=database, clock=self.clock)
        self.log: list[str] = []

    @asynccontextmanager
    async def running(self, **kinds: JobKind) -> AsyncIterator[JobRunner]:
        """Run jobs as one process does; the end is that of a server that stops in order."""
        jobs = Jobs(database=self.database, clock=self.clock)
        runner = JobRunner(jobs=jobs, database=self.database, clock=self.clock)
        self.jobs.news = jobs.news
        for name, kind in kinds.items():
            runner.register(name, kind)
        task = asyncio.create_task(runner.run())
        try:
            yield runner
        finally:
            task.cancel()
            await asyncio.wait([task])
            assert task.cancelled()

    async def add(
        self, key: str, kind: str = "dive", priority: JobPriority = JobPriority.BULK
    ) -> Job:
        return await self.jobs.enqueue(NewJob(kind=kind, key=key, title=key, priority=priority))

    async def all(self) -> dict[str, Job]:
        found, _ = await self.jobs.search(JobQuery())
        return {job.key: job for job in found}

    async def until(self, condition: Callable[[dict[str, Job]], bool]) -> dict[str, Job]:
        deadline = time.monotonic() + 30
        while not condition(found := await self.all()):
            assert time.monotonic() < deadline, found
            await asyncio.sleep(0.01)
        return found

    async def ended(self) -> dict[str, Job]:
        return await self.until(lambda jobs: all(job.finished for job in jobs.values()))


@pytest.fixture
async def works(tmp_path: Path) -> AsyncIterator[Works]:
    path = tmp_path / "hydrophone.db"
    make_database(path)
    async with open_database(path) as database:
        yield Works(database)


def noting(works: Works) -> Callable[[JobRun], Awaitable[None]]:
    async def handler(run: JobRun) -> None:
        works.log.append(run.job.key)

    return handler


async def hang(run: JobRun) -> None:
    await asyncio.sleep(3600)


async def test_the_urgent_go_first_and_nothing_is_queued_twice(works: Works) -> None:
    for key, priority in (
        ("bulk 1", JobPriority.BULK),
        ("bulk 2", JobPriority.BULK),
        ("soon", JobPriority.PREFETCH),
        ("now", JobPriority.PLAYED),
        ("bulk 2", JobPriority.PREFETCH),
        ("now", JobPriority.BULK),
    ):
        await works.add(key, priority=priority)
    async with works.running(dive=JobKind(handler=noting(works))):
        ended = await works.ended()
    assert works.log == ["now", "bulk 2", "soon", "bulk 1"]
    assert {job.state for job in ended.values()} == {JobState.DONE}
    again = await works.add("now")
    assert again.id > ended["now"].id


async def test_a_handler_gets_its_payload_and_tells_progress_and_result(works: Works) -> None:
    told = asyncio.Event()

    async def handler(run: JobRun) -> None:
        run.progress(3, 4, run.payload.decode())
        await told.wait()
        run.result = "It was deep."

    await works.jobs.enqueue(NewJob(kind="dive", key="a", title="A", payload=b'{"m":9}'))
    async with works.running(dive=JobKind(handler=handler)):
        jobs = await works.until(lambda jobs: jobs["a"].done == 3)
        assert (jobs["a"].state, jobs["a"].total, jobs["a"].text) == ("running", 4, '{"m":9}')
        told.set()
        ended = await works.ended()
    assert (ended["a"].state, ended["a"].result) == (JobState.DONE, "It was deep.")


async def test_so_many_of_a_kind_at_once_and_other_kinds_beside_them(works: Works) -> None:
    running = most = 0

    async def handler(run: JobRun) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.05)
        running -= 1

    for number in range(5):
        await works.add(str(number))
    await works.add("other", "rest")
    await works.add("unknown", "nobody's")
    async with works.running(
        dive=JobKind(handler=handler, at_once=2), rest=JobKind(handler=noting(works))
    ):
        jobs = await works.until(
            lambda jobs: all(job.finished for key, job in jobs.items() if key != "unknown")
        )
    assert most == 2
    assert works.log == ["other"]
    assert jobs["unknown"].state is JobState.WAITING


async def test_what_may_help_is_tried_again_ever_later_until_it_is_enough(works: Works) -> None:
    async def handler(run: JobRun) -> None:
        raise ProviderUnavailableError("The reef is closed.")

    await works.add("a")
    waits = []
    async with works.running(dive=JobKind(handler=handler, attempts=4)):
        for attempt in (1, 2, 3):
            jobs = await works.until(
                lambda jobs, attempt=attempt: (  # type: ignore[misc] # mypy knows no default here
                    jobs["a"].attempts == attempt and jobs["a"].state is JobState.WAITING
                )
            )
            assert jobs["a"].error == "The reef is closed."
            waits.append(jobs["a"].due - works.clock.now())
            works.clock.time = jobs["a"].due
            works.jobs.news.set()
        ended = await works.ended()
    assert (ended["a"].state, ended["a"].attempts) == (JobState.FAILED, 4)
    for least, wait in zip((2000, 4000, 8000), waits, strict=True):
        assert least <= wait <= 1.25 * least


async def test_what_cannot_help_is_not_tried_again(works: Works) -> None:
    ended: list[Job] = []

    async def note(job: Job) -> None:
        ended.append(job)

    async def handler(run: JobRun) -> None:
        raise BadAnswerError("That is no fish.")

    await works.add("a")
    async with works.running(dive=JobKind(handler=handler, ended=note)):
        # It is told after it is written, and not by a runner that was stopped in between.
        jobs = await works.until(lambda jobs: bool(jobs["a"].finished and ended))
    assert (jobs["a"].state, jobs["a"].error) == (JobState.FAILED, "That is no fish.")
    assert [job.state for job in ended] == [JobState.FAILED]


async def test_a_bug_is_tried_again_and_says_nothing_of_itself(works: Works) -> None:
    async def handler(run: JobRun) -> None:
        raise ValueError("secret")

    await works.add("a")
    async with works.running(dive=JobKind(handler=handler, attempts=2)):
        jobs = await works.until(lambda jobs: jobs["a"].error != "")
    assert jobs["a"].state is JobState.WAITING
    assert "secret" not in jobs["a"].error


async def test_a_server_that_wants_to_be_left_alone_is_and_that_is_no_try(works: Works) -> None:
    async def handler(run: JobRun) -> None:
        works.log.append(run.job.key)
        if len(works.log) < 4:
            raise RetryLaterError("Too often.", after=600.0)

    await works.add("a")
    async with works.running(dive=JobKind(handler=handler, attempts=1)):
        for number in (1, 2, 3):
            jobs = await works.until(lambda jobs: jobs["a"].due > works.clock.now())
            assert (jobs["a"].state, len(works.log)) == (JobState.WAITING, number)
            assert 600_000 <= jobs["a"].due - works.clock.now() <= 750_000
            works.clock.time = jobs["a"].due
            works.jobs.news.set()
        ended = await works.ended()
    assert (ended["a"].state, ended["a"].attempts) == (JobState.DONE, 1)


async def test_waiting_and_running_jobs_are_cancelled(works: Works) -> None:
    ended: list[str] = []

    async def note(job: Job) -> None:
        ended.append(f"{job.key} {job.state}")

    async def handler(run: JobRun) -> None:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            works.log.append(f"cancelled: {run.is_cancelled}")
            raise

    first = await works.add("first")
    second = await works.add("second")
    async with works.running(dive=JobKind(handler=handler, ended=note)):
        await works.until(lambda jobs: jobs["first"].state is JobState.RUNNING)
        for job in (second, first):
            await works.jobs.cancel_any(job.id)
        jobs = await works.ended()
        assert {job.state for job in jobs.values()} == {JobState.CANCELLED}
    assert works.log == ["cancelled: True"]
    assert sorted(ended) == ["first cancelled", "second cancelled"]
    assert (await works.jobs.cancel_any(first.id)).state is JobState.CANCELLED
    with pytest.raises(NotFoundError):
        await works.jobs.cancel_any(999)


async def test_what_is_asked_for_again_is_cancelled_no_longer(works: Works) -> None:
    job = await works.add("a")
    await works.jobs.cancel_any(job.id)
    assert (await works.add("a")).id == job.id
    async with works.running(dive=JobKind(handler=noting(works))):
        assert (await works.ended())["a"].state is JobState.DONE


async def test_a_stop_gives_leases_back_and_a_start_goes_on(works: Works) -> None:
    await works.add("a")
    async with works.running(dive=JobKind(handler=hang)):
        await works.until(lambda jobs: jobs["a"].state is JobState.RUNNING)
    jobs = await works.all()
    assert (jobs["a"].state, jobs["a"].attempts) == (JobState.WAITING, 0)
    async with works.running(dive=JobKind(handler=noting(works))):
        assert (await works.ended())["a"].state is JobState.DONE


async def test_two_runners_share_and_one_that_hangs_loses_its_job(works: Works) -> None:
    """The first one's lease expires, since its clock is held up; what it says then is void."""
    for number in range(6):
        await works.add(str(number))
    may_go_on = asyncio.Event()

    async def slow(run: JobRun) -> None:
        works.log.append(f"first {run.job.key}")
        await may_go_on.wait()
        raise BadAnswerError("Too late.")

    async def quick(run: JobRun) -> None:
        works.log.append(f"second {run.job.key}")

    async with works.running(dive=JobKind(handler=slow)):
        await works.until(lambda jobs: jobs["0"].state is JobState.RUNNING)
        async with works.running(dive=JobKind(handler=quick)):
            await works.until(lambda jobs: sum(bool(j.finished) for j in jobs.values()) == 5)
            works.clock.sleep(16)
            works.jobs.news.set()
            await works.ended()
        may_go_on.set()
        await asyncio.sleep(0.05)
        jobs = await works.all()
    assert {job.state for job in jobs.values()} == {JobState.DONE}
    assert works.log == ["first 0", *(f"second {number}" for number in (1, 2, 3, 4, 5, 0))]


async def test_a_job_that_ends_its_process_each_time_is_given_up(works: Works) -> None:
    await works.add("a")
    for _ in range(3):
        async with works.running() as runner:
            claimed = await works.database.write(_claim_and_forget, works.clock.now())
            assert claimed
            await runner.take_over()
    async with works.running(dive=JobKind(handler=noting(works), attempts=3)):
        jobs = await works.ended()
    assert jobs["a"].state is JobState.FAILED
    assert works.log == []


async def test_what_ended_long_ago_is_forgotten(works: Works) -> None:
    await works.add("a")
    async with works.running(dive=JobKind(handler=noting(works))):
        await works.ended()
    works.clock.sleep(31 * 24 * 3600)
    async with works.running(dive=JobKind(handler=noting(works))):
        await works.until(lambda jobs: not jobs)


async def test_only_so_many_that_have_ended_are_remembered(works: Works) -> None:
    for key in "abcd":
        await works.add(key)
    async with works.running(dive=JobKind(handler=noting(works))):
        await works.ended()
    await works.add("waits")
    assert await works.database.write(jobs.prune, Timestamp(0), 2) == 2
    assert await works.database.write(jobs.prune, Timestamp(0), 2) == 0
    assert (await works.all()).keys() == {"c", "d", "waits"}


def _claim_and_forget(connection: Connection, now: Timestamp) -> bool:
    """Take a job as a process does that is killed at once."""
    return job_leases.claim(connection, ["dive"], "x", now, Timestamp(now + 1000)) is not None
