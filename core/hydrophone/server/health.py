"""For process supervisors and proxies: is it alive, can it serve? No login, no secrets."""

from collections.abc import Iterable

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.status_codes import HTTP_200_OK, HTTP_503_SERVICE_UNAVAILABLE
from msgspec import Struct

from hydrophone.server.wiring import Server

_PAUSED = "paused"


class LibraryHealth(Struct, frozen=True, kw_only=True):
    """How a library stands, without its folder: `hydrophone scan --status` tells an admin more."""

    name: str
    state: str
    """`ok`, or `paused` while its folder is not as it was; its music stays listed."""
    polled: bool
    """Whether the kernel cannot tell of its changes."""


class Readiness(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whether requests can be served."""

    status: str
    reason: str = ""
    warning: str = ""
    """What an admin should look at: a backup that failed, libraries that are paused."""
    libraries: tuple[LibraryHealth, ...] = ()


@get("/health/live", sync_to_thread=False)
def live() -> dict[str, str]:
    """Answer as long as the event loop turns."""
    return {"status": "ok"}


@get("/health/ready")
async def ready(server: NamedDependency[Server]) -> Response[Readiness]:
    """Answer 200 when requests can be served, else 503 with the reason.

    A library that is paused is no reason: the others, and all lists, are served. Nor is a warning,
    which is for the admin: a nightly backup that failed stops nobody's music.
    """
    problem = server.problem()
    if problem:
        return Response(
            Readiness(status="unavailable", reason=problem),
            status_code=HTTP_503_SERVICE_UNAVAILABLE,
        )
    libraries = tuple(
        LibraryHealth(
            name=library.name,
            state=_PAUSED if library.problem else "ok",
            polled=bool(library.polled),
        )
        for library in await server.services.scans.libraries()
    )
    return Response(
        Readiness(status="ok", warning=_warning(server, libraries), libraries=libraries),
        status_code=HTTP_200_OK,
    )


def _warning(server: Server, libraries: Iterable[LibraryHealth]) -> str:
    paused = [repr(library.name) for library in libraries if library.state == _PAUSED]
    scans = f"Paused libraries: {', '.join(paused)}; see the log." if paused else ""
    return " ".join(filter(None, (server.warning(), scans)))
