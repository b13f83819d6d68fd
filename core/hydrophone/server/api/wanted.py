"""Albums that are not here and that plugins are to get."""

from typing import Annotated

from litestar import post
from litestar.di import NamedDependency
from litestar.params import Body
from litestar.status_codes import HTTP_202_ACCEPTED
from msgspec import Meta, Struct

from hydrophone.domain.job import Job
from hydrophone.domain.user import User
from hydrophone.plugin.capabilities.acquirer import WantedAlbum
from hydrophone.server.api.authentication import admins_only
from hydrophone.server.wiring import Server
from hydrophone.services.acquisitions import wanted_job

_Name = Annotated[str, Meta(min_length=1, max_length=500)]


class NewWish(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An album."""

    artist: _Name
    title: _Name
    year: Annotated[int, Meta(ge=0, le=9999)] = 0
    """0 if unknown."""
    musicbrainz_id: Annotated[str, Meta(max_length=100)] = ""
    """MusicBrainz release id."""


@post(
    "/wanted",
    summary="Get an album",
    guards=[admins_only],
    tags=["wanted"],
    status_code=HTTP_202_ACCEPTED,
)
async def want(
    viewer: NamedDependency[User],
    server: NamedDependency[Server],
    data: Annotated[NewWish, Body()],
) -> Job:
    """Have plugins get an album. Returns the job that tells how far it is.

    When it is there, the libraries are scanned.
    """
    album = WantedAlbum(
        title=data.title,
        artists=(data.artist,),
        year=data.year,
        musicbrainz_id=data.musicbrainz_id,
    )
    return await server.services.jobs.enqueue(wanted_job(album, viewer.id))
