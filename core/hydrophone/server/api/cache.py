"""Music of sources that is on the disk of the server."""

from typing import Annotated

from litestar import Router, delete, get
from litestar.di import NamedDependency
from litestar.params import PathParameter, QueryParameter
from msgspec import Struct

from hydrophone.domain.cache import CachedFile, CacheUse
from hydrophone.domain.library import Page
from hydrophone.server.api.authentication import admins_only
from hydrophone.server.api.paging import Offset, Size
from hydrophone.server.wiring import Server

TrackId = Annotated[str, PathParameter(min_length=1, max_length=100, description="Its id.")]


class CachePage(Struct, frozen=True, kw_only=True):
    """A window into the cache."""

    files: tuple[CachedFile, ...]
    total: int
    """How many there are of those that were asked for."""
    use: CacheUse
    """Of all together."""


@get("/", summary="List the cache", guards=[admins_only])
async def list_cache(
    server: NamedDependency[Server],
    source: Annotated[str, QueryParameter(max_length=100)] = "",
    offset: Offset = 0,
    size: Size = 100,
) -> CachePage:
    """List copies of tracks of a source, or of all sources; the newest come first."""
    cache = server.services.cache
    files, total = await cache.page(source, Page(offset=offset, size=size))
    return CachePage(files=files, total=total, use=await cache.use())


@delete("/{track_id:str}", summary="Delete a copy", guards=[admins_only])
async def delete_cached(track_id: TrackId, server: NamedDependency[Server]) -> None:
    """Delete the copy of a track; the track, its stars and playlists stay.

    It comes again when it is played, and not by itself.
    """
    await server.services.cache.delete(track_id)


router = Router("/cache", route_handlers=[list_cache, delete_cached], tags=["cache"])
