"""What the runner of jobs is told of each kind, and what a handler sees of its job."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from hydrophone.domain.job import Job
from hydrophone.storage.queries.job_leases import Claim, Progress


class JobRun:
    """One try to do a job, as its handler sees it."""

    def __init__(self, claim: Claim) -> None:
        self.job = claim.job
        self.payload = claim.payload
        """The JSON that the job was queued with."""
        self.is_cancelled = False
        """Whether somebody has cancelled the job; the handler gets a CancelledError then.

        It gets one, too, when the server stops, or when another process is at the job."""
        self.result = ""
        """To be set by the handler: one sentence on what came of the job."""
        self.lease = claim.lease
        self.told = Progress(done=claim.job.done, total=claim.job.total, text=claim.job.text)

    def progress(self, done: int, total: int | None = None, text: str = "") -> None:
        """Tell how far the job is: `done` of `total`, and what it is at in a few words.

        Costs nothing; what was told last is written once a second.
        """
        self.told = Progress(done=done, total=total, text=text)


JobHandler: TypeAlias = Callable[[JobRun], Awaitable[None]]
"""Does a job, or goes on with it: a try may have been cut short at any point.

Raises RetryLaterError to be called again after the time that it names, and
ProviderUnavailableError, UnavailableError, StorageError or anything that is no HydrophoneError to
be called again after a wait that doubles each time; all other errors end the job.
"""


@dataclass(frozen=True, kw_only=True)
class JobKind:
    """What is to be known of a kind of jobs."""

    handler: JobHandler
    at_once: int = 1
    """How many this process runs at the same time."""
    attempts: int = 12
    """How often a job is tried; the waits between 12 add up to more than an hour."""
    ended: Callable[[Job], Awaitable[None]] | None = None
    """Called after a job has ended, however it did, to put its traces elsewhere right.

    A crash may prevent that; what must be so is to be looked after at the next start."""
