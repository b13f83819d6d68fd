"""Jobs: work that outlives a restart, one row for each."""

from enum import IntEnum, StrEnum
from typing import NewType

from msgspec import Struct

from hydrophone.domain.ids import UserId
from hydrophone.domain.units import Timestamp

JobId = NewType("JobId", int)
"""Never given twice; higher is later."""


class JobState(StrEnum):
    """How a job stands."""

    WAITING = "waiting"
    """For its turn, or until it is tried again."""
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ACTIVE = (JobState.WAITING, JobState.RUNNING)
"""What is still to come to an end."""


class JobPriority(IntEnum):
    """What goes first: the lower number. Within one priority, who came first."""

    PLAYED = 0
    """Somebody waits for it."""
    PREFETCH = 1
    """Somebody will soon."""
    BULK = 2


class NewJob(Struct, frozen=True, kw_only=True):
    """What is to be done."""

    kind: str
    """Which handler does it: a word, or `plugin.word`."""
    key: str
    """What it is done to; of one kind and key there is one active job at most."""
    title: str
    """What people see of it, such as the name of an episode."""
    user_id: UserId | None = None
    """Whose it is, and who may see it besides admins; `None` for the server's own."""
    priority: JobPriority = JobPriority.BULK
    payload: bytes = b"null"
    """JSON for the handler. Shown to nobody, but no place for secrets: it stands in backups."""


class Job(Struct, frozen=True, kw_only=True):
    """A job as people see it."""

    id: JobId
    kind: str
    key: str
    title: str
    user_id: UserId | None
    user_name: str
    """Empty if the job is nobody's, or if the account is gone."""
    state: JobState
    is_cancelled: bool
    """Whether somebody has cancelled it; while it is active, it ends soon."""
    priority: JobPriority
    done: int
    """How much of `total` is done, in a unit that the kind chooses (of downloads: bytes)."""
    total: int | None
    """`None` if unknown."""
    text: str
    """What it is at, in a few words."""
    attempts: int
    """How often it was begun, but for those times that it was told to come back later."""
    due: Timestamp
    """Not tried before."""
    result: str
    """What came of it, in one sentence; empty until it is done, and if there is nothing to say."""
    error: str
    """Why the last try failed, in one sentence."""
    created: Timestamp
    started: Timestamp | None
    """When it was begun last."""
    finished: Timestamp | None


class JobQuery(Struct, frozen=True, kw_only=True):
    """Which jobs, active ones first, then the newest first."""

    user_id: UserId | None = None
    """Only those of this user."""
    states: tuple[JobState, ...] = tuple(JobState)
    kind: str = ""
    """Only this one; empty for all."""
    offset: int = 0
    size: int = 100
