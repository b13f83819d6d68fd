"""Work by the clock, or when the plugin asks for it."""

from typing import Protocol, runtime_checkable

from msgspec import Struct

from hydrophone.domain.units import Seconds


class JobRun(Struct, frozen=True, kw_only=True):
    """What a job is to do now, and how often that was tried."""

    subject: str = ""
    """What `context.jobs.add` was given; empty for a run by the clock."""
    attempt: int
    """1 for the first."""


@runtime_checkable
class Job(Protocol):
    """Something that is done now and then; it survives restarts and is tried again."""

    @property
    def name(self) -> str:
        """`[a-z0-9_]`, at most 40; unique in the plugin."""
        ...

    @property
    def interval(self) -> Seconds | None:
        """Between two runs by the clock; `None` if it only runs when asked for."""
        ...

    async def run(self, request: JobRun) -> None:
        """Do it, within an hour.

        RetryLaterError and ProviderUnavailableError have it done again later, up to ten times;
        any other error ends it and is shown.
        """
        ...
