"""Runs the jobs of plugins: by the clock, and when a plugin asks for it."""

import asyncio
from functools import partial

import msgspec

from hydrophone.domain.job import JobQuery, NewJob
from hydrophone.errors import InvalidInputError
from hydrophone.host.capabilities import JOB
from hydrophone.host.guard import Fault, Outcome
from hydrophone.host.registry import Provider, Registry
from hydrophone.plugin.capabilities.job import Job, JobRun
from hydrophone.services import job_kinds
from hydrophone.services.clock import Clock
from hydrophone.services.job_kinds import JobKind
from hydrophone.services.job_runner import JobRunner
from hydrophone.services.jobs import Jobs

_LONGEST_SUBJECT = 500
_ATTEMPTS = 10
_LOOK_SECONDS = 5.0


class PluginJobQueue:
    """Takes the wishes of one instance; implements `JobQueue`."""

    def __init__(self, instance: str, jobs: Jobs) -> None:
        self._instance = instance
        self._jobs = jobs

    async def add(self, job: str, *, subject: str = "") -> None:
        """Have a job run once more; raises InvalidInputError if the subject is too long."""
        if len(subject) > _LONGEST_SUBJECT:
            raise InvalidInputError(f"A subject has at most {_LONGEST_SUBJECT} characters.")
        await self._jobs.enqueue(_new(self._instance, job, subject))


class PluginJobs:
    """Tells the runner of the jobs of running plugins, and queues those that are due."""

    def __init__(self, *, registry: Registry, jobs: Jobs, runner: JobRunner, clock: Clock) -> None:
        self._registry = registry
        self._jobs = jobs
        self._runner = runner
        self._clock = clock
        self._known: dict[str, Provider[Job]] = {}

    async def run(self) -> None:
        """Look every five seconds for new plugins and due jobs, for ever; cancel it to end."""
        while True:
            for provider in self._registry.all(JOB):
                await self._look(provider)
            await asyncio.sleep(_LOOK_SECONDS)

    async def _look(self, provider: Provider[Job]) -> None:
        kind = _kind(provider.instance, provider.it.name)
        if self._known.get(kind) is not provider:
            self._known[kind] = provider
            handler = partial(_do, provider)
            self._runner.register(kind, JobKind(handler=handler, attempts=_ATTEMPTS))
        interval = provider.it.interval
        if interval is None:
            return
        newest, _ = await self._jobs.search(JobQuery(kind=kind, size=1))
        if not newest or self._clock.now() - newest[0].created >= interval * 1000:
            await self._jobs.enqueue(_new(provider.instance, provider.it.name, ""))


async def _do(provider: Provider[Job], run: job_kinds.JobRun) -> None:
    subject = msgspec.json.decode(run.payload, type=str)
    request = JobRun(subject=subject, attempt=run.job.attempts)
    outcome: Outcome[None] = await provider.call(provider.it.run, request)
    if isinstance(outcome, Fault):
        raise outcome.error


def _kind(instance: str, job: str) -> str:
    return f"{instance}.{job}"


def _new(instance: str, job: str, subject: str) -> NewJob:
    return NewJob(
        kind=_kind(instance, job),
        key=subject,
        title=f"{instance}: {job} {subject}".rstrip(),
        payload=msgspec.json.encode(subject),
    )
