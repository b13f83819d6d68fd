"""What somebody wants to stay on the disk of the server."""

from typing import Annotated

from litestar import Router, delete, get, put
from litestar.di import NamedDependency
from litestar.params import PathParameter
from litestar.status_codes import HTTP_204_NO_CONTENT
from msgspec import Struct

from hydrophone.domain.ids import TrackId
from hydrophone.domain.library import Page
from hydrophone.domain.user import User
from hydrophone.server.api.paging import Offset, Size
from hydrophone.server.wiring import Server

Identifier = Annotated[
    str,
    PathParameter(min_length=1, max_length=100, description="Of a track, an album or a playlist."),
]


class KeptTrack(Struct, frozen=True, kw_only=True):
    """A track that somebody has asked to be kept."""

    id: TrackId
    title: str
    artist: str
    """As credited."""


@get("/", summary="List kept tracks")
async def list_keeps(
    viewer: NamedDependency[User],
    server: NamedDependency[Server],
    offset: Offset = 0,
    size: Size = 100,
) -> tuple[KeptTrack, ...]:
    """List the tracks that one has asked to be kept; the newest come first."""
    found = await server.services.keeps.page(viewer, Page(offset=offset, size=size))
    return tuple(KeptTrack(id=one.id, title=one.title, artist=one.display_artist) for one in found)


@put("/{identifier:str}", summary="Keep something", status_code=HTTP_204_NO_CONTENT)
async def keep(
    identifier: Identifier, viewer: NamedDependency[User], server: NamedDependency[Server]
) -> None:
    """Keep a track, an album or one's own playlist with all its tracks, also later ones, for ever.

    What is not here is fetched soon.
    """
    await server.services.keeps.keep(viewer, identifier)


@delete("/{identifier:str}", summary="Keep something no longer")
async def unkeep(
    identifier: Identifier, viewer: NamedDependency[User], server: NamedDependency[Server]
) -> None:
    """Take it back. Copies that are here stay, until there is a limit or an admin deletes them."""
    await server.services.keeps.unkeep(viewer, identifier)


router = Router("/keeps", route_handlers=[list_keeps, keep, unkeep], tags=["cache"])
