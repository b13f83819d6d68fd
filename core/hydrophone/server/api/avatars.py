"""Pictures of users: one's own, and for admins everybody's. Apps fetch them by `getAvatar`."""

from dataclasses import dataclass
from typing import Any

from litestar import Request, Router, delete, put
from litestar.di import NamedDependency
from litestar.status_codes import HTTP_204_NO_CONTENT

from hydrophone.domain.user import User
from hydrophone.errors import InvalidInputError
from hydrophone.server.api.accounts import Name, changeable
from hydrophone.server.api.files import TakesFile
from hydrophone.server.wiring import Server
from hydrophone.services.avatars import LARGEST_FILE


@dataclass
class _TakesPicture(TakesFile):
    kinds = ("image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp")


@put(
    "/",
    summary="Set a picture",
    status_code=HTTP_204_NO_CONTENT,
    request_max_body_size=LARGEST_FILE,
    operation_class=_TakesPicture,
)
async def set_avatar(
    name: Name,
    request: Request[Any, Any, Any],
    viewer: NamedDependency[User],
    server: NamedDependency[Server],
) -> None:
    """Set one's own picture, which needs the role `settings`, or as an admin anybody's.

    The body is the file itself: JPEG, PNG, WebP, GIF or BMP of 32 MiB at most, whatever its
    Content-Type says. It is scaled to 512 pixels and written anew.
    """
    user = await changeable(viewer, name, server)
    data = await request.body()
    if not data:
        raise InvalidInputError("The body is empty; it is to be a picture.")
    await server.services.avatars.set(user.name, data)


@delete("/", summary="Take a picture away")
async def remove_avatar(
    name: Name, viewer: NamedDependency[User], server: NamedDependency[Server]
) -> None:
    """Take one's own picture away, or as an admin anybody's; the server draws one again."""
    user = await changeable(viewer, name, server)
    await server.services.avatars.remove(user.name)


router = Router(
    "/accounts/{name:str}/avatar", route_handlers=[set_avatar, remove_avatar], tags=["accounts"]
)
