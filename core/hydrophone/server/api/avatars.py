"""Pictures of users: one's own, and for admins everybody's. Apps fetch them by `getAvatar`."""

import asyncio
from dataclasses import dataclass
from typing import Any

from litestar import Request, Router, delete, put
from litestar.di import NamedDependency
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.openapi.spec import (
    OpenAPIFormat,
    OpenAPIMediaType,
    OpenAPIType,
    Operation,
    RequestBody,
    Schema,
)
from litestar.status_codes import HTTP_204_NO_CONTENT

from hydrophone.domain.user import User
from hydrophone.errors import InvalidInputError
from hydrophone.server.api.accounts import Name, changeable
from hydrophone.server.wiring import Server
from hydrophone.services.avatars import LARGEST_FILE

_UPLOAD_SECONDS = 60.0
_KINDS = ("image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp")


@dataclass
class _TakesPicture(Operation):
    """Describes a body that is read as bytes, of which Litestar knows nothing."""

    def __post_init__(self) -> None:
        file = OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY))
        self.request_body = RequestBody(content=dict.fromkeys(_KINDS, file), required=True)


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
    try:
        async with asyncio.timeout(_UPLOAD_SECONDS):
            data = await request.body()
    except TimeoutError as error:
        raise InvalidInputError("The picture did not come within a minute.") from error
    except RequestEntityTooLarge as error:
        raise RequestEntityTooLarge("The picture is larger than 32 MiB.") from error
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
