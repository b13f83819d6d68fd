"""Albums that somebody wants: a job each, which has plugins get them and looks how far they are."""

from collections.abc import Callable

import msgspec

from hydrophone.domain.ids import UserId
from hydrophone.domain.job import NewJob
from hydrophone.errors import NotFoundError, RetryLaterError
from hydrophone.host.capabilities import ACQUIRER
from hydrophone.host.guard import Answer, Fault
from hydrophone.host.registry import Provider, Registry
from hydrophone.plugin.capabilities.acquirer import (
    Acquirer,
    AcquisitionState,
    AcquisitionStatus,
    WantedAlbum,
)
from hydrophone.services.job_kinds import JobKind, JobRun
from hydrophone.storage.folding import fold

JOB = "acquire"
_LOOK_SECONDS = 15.0
_PARTS = 1000
"""In which progress is told."""


class Acquisitions:
    """Does the jobs. Plugins begin once however often they are asked for the same album."""

    def __init__(self, *, registry: Registry, arrived: Callable[[], None]) -> None:
        """`arrived` is called when an album is there, for the libraries to be looked at."""
        self._registry = registry
        self._arrived = arrived

    @property
    def job_kind(self) -> JobKind:
        """What the runner is to know."""
        return JobKind(handler=self._run, at_once=4)

    async def _run(self, run: JobRun) -> None:
        """Look how far it is, and have the runner come back until it is there.

        The first plugin that can get an album is left to it, unless it fails; then the next one
        is asked.
        """
        wanted = msgspec.json.decode(run.payload, type=WantedAlbum)
        said = "No plugin here can get it."
        for provider in self._registry.all(ACQUIRER):
            status = await _status(provider, wanted)
            if status is None:
                continue
            run.progress(round(status.done * _PARTS), _PARTS, status.sentence)
            match status.state:
                case AcquisitionState.DONE:
                    self._arrived()
                    run.result = status.sentence or f"{provider.instance} has got it."
                    return
                case AcquisitionState.FAILED:
                    said = status.sentence or f"{provider.instance} could not get it."
                case _:
                    raise RetryLaterError(
                        status.sentence or f"{provider.instance} is at it.", after=_LOOK_SECONDS
                    )
        raise NotFoundError(said)


def wanted_job(wanted: WantedAlbum, user_id: UserId | None) -> NewJob:
    """Return the job that gets an album; the same album wanted twice is one job."""
    credit = ", ".join(wanted.artists)
    return NewJob(
        kind=JOB,
        key="\x1f".join((wanted.musicbrainz_id, fold(credit), fold(wanted.title))),
        title=f"{credit}: {wanted.title}",
        user_id=user_id,
        payload=msgspec.json.encode(wanted),
    )


async def _status(provider: Provider[Acquirer], wanted: WantedAlbum) -> AcquisitionStatus | None:
    """Return how it stands with a plugin; `None` if that cannot get it. Raises ProviderError."""
    begun = await provider.call(provider.it.acquire, wanted)
    if isinstance(begun, Fault):
        raise begun.error
    if not isinstance(begun, Answer):
        return None
    status = await provider.call(provider.it.status, begun.value)
    if isinstance(status, Fault):
        raise status.error
    return status.value if isinstance(status, Answer) else None
