"""Jobs: downloads and other work that outlives a restart."""

from typing import Annotated

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import PathParameter, QueryParameter
from litestar.status_codes import HTTP_202_ACCEPTED
from msgspec import Struct

from hydrophone.domain.job import Job, JobQuery, JobState
from hydrophone.domain.user import User
from hydrophone.server.api.paging import Offset, Size
from hydrophone.server.wiring import Server

_MAX_KIND = 100
Number = Annotated[int, PathParameter(ge=1, le=2**62, description="The number of a job.")]


class JobPage(Struct, frozen=True, kw_only=True):
    """A window into the jobs."""

    jobs: tuple[Job, ...]
    total: int
    """How many there are of those that were asked for."""


@get("/", summary="List jobs")
async def list_jobs(
    viewer: NamedDependency[User],
    server: NamedDependency[Server],
    states: Annotated[
        list[JobState] | None, QueryParameter(name="state", max_items=len(JobState))
    ] = None,
    kind: Annotated[str, QueryParameter(max_length=_MAX_KIND)] = "",
    offset: Offset = 0,
    size: Size = 100,
) -> JobPage:
    """List one's own jobs, or as an admin everybody's: active ones first, then the newest first.

    Those that have ended are kept for 30 days.
    """
    query = JobQuery(
        states=tuple(states) if states else tuple(JobState), kind=kind, offset=offset, size=size
    )
    jobs, total = await server.services.jobs.visible(viewer, query)
    return JobPage(jobs=jobs, total=total)


@get("/{number:int}", summary="Look at a job")
async def get_job(
    number: Number, viewer: NamedDependency[User], server: NamedDependency[Server]
) -> Job:
    """Return a job of one's own, or as an admin anybody's."""
    return await server.services.jobs.one(viewer, number)


@post("/{number:int}/cancel", summary="Cancel a job", status_code=HTTP_202_ACCEPTED)
async def cancel_job(
    number: Number, viewer: NamedDependency[User], server: NamedDependency[Server]
) -> Job:
    """Cancel a job and return it as it is now; it ends a moment later.

    One that has ended already stays as it is.
    """
    return await server.services.jobs.cancel(viewer, number)


router = Router("/jobs", route_handlers=[list_jobs, get_job, cancel_job], tags=["jobs"])
