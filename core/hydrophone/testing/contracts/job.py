"""What everybody who works by the clock must do."""

import re
from typing import Any, ClassVar

from hydrophone.host.capabilities import JOB
from hydrophone.host.guard import Fault, Outcome
from hydrophone.host.registry import Provider
from hydrophone.plugin.capabilities.job import Job, JobRun
from hydrophone.testing.contracts.contract import Contract

_NAME = re.compile(r"[a-z0-9_]{1,40}")


class JobContract(Contract[Job]):
    """Has it run."""

    capability = JOB
    subject: ClassVar[str] = ""
    """What it is run for."""

    async def ask(self, guarded: Provider[Job]) -> Outcome[Any]:
        """Run it."""
        return await guarded.call(guarded.it.run, JobRun(subject=self.subject, attempt=1))

    def test_its_name_and_interval_can_be_kept(self, provider: Job) -> None:
        """They are what its runs are found by."""
        assert _NAME.fullmatch(provider.name)
        assert provider.interval is None or provider.interval > 0

    async def test_it_may_be_run_again(self, guarded: Provider[Job]) -> None:
        """A restart in the middle has it run from the beginning."""
        for attempt in (1, 2):
            run = JobRun(subject=self.subject, attempt=attempt)
            assert not isinstance(await guarded.call(guarded.it.run, run), Fault)
