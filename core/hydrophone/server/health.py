"""For process supervisors and proxies: is it alive, can it serve? No login, no secrets."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.status_codes import HTTP_200_OK, HTTP_503_SERVICE_UNAVAILABLE

from hydrophone.server.wiring import Server


@get("/health/live", sync_to_thread=False)
def live() -> dict[str, str]:
    """Answer as long as the event loop turns."""
    return {"status": "ok"}


@get("/health/ready", sync_to_thread=False)
def ready(server: NamedDependency[Server]) -> Response[dict[str, str]]:
    """Answer 200 when requests can be served, else 503 with the reason.

    A warning beside the 200 is for the admin: a nightly backup that failed stops nobody's music.
    """
    problem = server.problem()
    if problem:
        return Response(
            {"status": "unavailable", "reason": problem},
            status_code=HTTP_503_SERVICE_UNAVAILABLE,
        )
    warning = server.warning()
    answer = {"status": "ok", "warning": warning} if warning else {"status": "ok"}
    return Response(answer, status_code=HTTP_200_OK)
