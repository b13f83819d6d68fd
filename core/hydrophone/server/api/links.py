"""Which tracks are one recording: what was found, and what a person says of two."""

from collections.abc import Sequence
from typing import Annotated

from litestar import Router, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT
from msgspec import Struct

from hydrophone.domain.ids import LibraryId, TrackId
from hydrophone.domain.recording import LinkedTrack, LinkKind
from hydrophone.domain.units import Seconds, Timestamp
from hydrophone.domain.user import User
from hydrophone.server.api.authentication import admins_only
from hydrophone.server.wiring import Server

Identifier = Annotated[str, PathParameter(min_length=1, max_length=100)]


class Link(Struct, frozen=True, kw_only=True):
    """Another track, and what is known of both."""

    track: TrackId
    title: str
    artist: str
    """As credited."""
    album: str
    duration: Seconds
    library: LibraryId
    """A source is a library, too."""
    kind: LinkKind
    created: Timestamp
    """When it was found or said."""


class Word(Struct, frozen=True, kw_only=True):
    """What a person says of two tracks."""

    is_same: bool
    """Whether they are one recording."""


@get("/", summary="List links of a track")
async def list_links(
    track: Identifier, viewer: NamedDependency[User], server: NamedDependency[Server]
) -> tuple[Link, ...]:
    """List the tracks that are the same recording, or are said not to be; the latest first."""
    return _links(await server.services.matcher.linked(viewer, track))


@post("/", summary="Look for a recording at sources", status_code=HTTP_200_OK)
async def look_up(
    track: Identifier, viewer: NamedDependency[User], server: NamedDependency[Server]
) -> tuple[Link, ...]:
    """Ask each source for the recording, wait for five seconds, and list the links then.

    What a source has answered is taken for current as long as what it was searched for.
    """
    found = await server.services.tracks.track(viewer, track)
    await server.elsewhere.counterparts.look_up(viewer, found)
    return _links(await server.services.matcher.linked(viewer, track))


@put(
    "/{other:str}",
    summary="Say what two tracks are",
    status_code=HTTP_204_NO_CONTENT,
    guards=[admins_only],
)
async def say(
    track: Identifier,
    other: Identifier,
    data: JSONBody[Word],
    viewer: NamedDependency[User],
    server: NamedDependency[Server],
) -> None:
    """Say that two tracks are one recording, or that they are not; nothing overrules it."""
    await server.services.matcher.decide(viewer, track, other, same=data.is_same)


@delete("/{other:str}", summary="Forget what two tracks are", guards=[admins_only])
async def forget(
    track: Identifier,
    other: Identifier,
    viewer: NamedDependency[User],
    server: NamedDependency[Server],
) -> None:
    """Forget a link, or what was said; what is found by itself is found again."""
    await server.services.matcher.forget(viewer, track, other)


def _links(found: Sequence[LinkedTrack]) -> tuple[Link, ...]:
    return tuple(
        Link(
            track=one.track.id,
            title=one.track.title,
            artist=one.track.display_artist,
            album=one.track.album_name,
            duration=one.track.duration,
            library=one.track.library_id,
            kind=one.link.kind,
            created=one.link.created,
        )
        for one in found
    )


router = Router(
    "/tracks/{track:str}/links",
    route_handlers=[list_links, look_up, say, forget],
    tags=["links"],
)
