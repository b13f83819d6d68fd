"""The server itself: what it is, how it is, and which libraries it has."""

from litestar import Router, get
from litestar.di import NamedDependency
from msgspec import UNSET, Struct, UnsetType

from hydrophone import __version__
from hydrophone.domain.ids import LibraryId
from hydrophone.domain.units import Timestamp
from hydrophone.domain.user import User
from hydrophone.server.wiring import Server


class ServerState(Struct, frozen=True, kw_only=True):
    """How the server is."""

    version: str
    problem: str
    """Why requests cannot be served, in one sentence; empty if they can."""
    warnings: tuple[str, ...] | UnsetType = UNSET
    """For admins: what to look at although requests are served."""


class LibraryState(Struct, frozen=True, kw_only=True):
    """A library, as its users see it, and more for admins."""

    id: LibraryId
    name: str
    is_paused: bool
    """Whether it is not scanned because its folder is not as it was; its music stays listed."""
    scanned: Timestamp | None
    """When it was last looked at; `null` before its first scan."""
    path: str | UnsetType = UNSET
    problem: str | UnsetType = UNSET
    """Why it is paused, in one sentence; empty if it is not."""
    polled: str | UnsetType = UNSET
    """Why it cannot be watched and is polled instead; empty if it is watched."""


@get("/server", summary="The server's state", sync_to_thread=False)
def server_state(viewer: NamedDependency[User], server: NamedDependency[Server]) -> ServerState:
    """Return the version, and how the server is. Without a login `/health/ready` says less."""
    warning = server.warning()
    warnings = (warning,) if warning else ()
    return ServerState(
        version=__version__,
        problem=server.problem(),
        warnings=warnings if viewer.roles.admin else UNSET,
    )


@get("/libraries", summary="List libraries")
async def list_libraries(
    viewer: NamedDependency[User], server: NamedDependency[Server]
) -> tuple[LibraryState, ...]:
    """List the libraries that one may see, and as an admin all."""
    is_admin = viewer.roles.admin
    return tuple(
        LibraryState(
            id=library.id,
            name=library.name,
            is_paused=bool(library.problem),
            scanned=library.scanned,
            path=library.path if is_admin else UNSET,
            problem=library.problem if is_admin else UNSET,
            polled=library.polled if is_admin else UNSET,
        )
        for library in await server.services.scans.libraries()
        if is_admin or library.id in viewer.libraries
    )


router = Router("/", route_handlers=[server_state, list_libraries], tags=["server"])
