"""App passwords and API keys: one for each device."""

from typing import Annotated

from litestar import Router, delete, get, post
from litestar.di import NamedDependency
from litestar.params import Body, FromPath, PathParameter
from litestar.status_codes import HTTP_201_CREATED
from msgspec import Meta, Struct

from hydrophone.domain.device import Device, NewDevice, SecretKind
from hydrophone.domain.user import User
from hydrophone.server.api.accounts import Name, changeable
from hydrophone.server.wiring import Server

_LONGEST = 1000


class WantedDevice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A device that is to have a secret."""

    name: Annotated[str, Meta(min_length=1, max_length=_LONGEST)]
    """What one calls the device; compared case-insensitively."""
    kind: SecretKind
    """An app password for Subsonic apps, an API key for this API and for scripts."""


@get("/", summary="List devices")
async def list_devices(
    name: Name, viewer: NamedDependency[User], server: NamedDependency[Server]
) -> tuple[Device, ...]:
    """List app passwords and API keys, without the secrets, with the day of the last login."""
    user = await server.services.accounts.user(viewer, name)
    return await server.people.devices.of_user(user.name)


@post("/", summary="Make an app password or API key", status_code=HTTP_201_CREATED)
async def create_device(
    name: Name,
    viewer: NamedDependency[User],
    server: NamedDependency[Server],
    data: Annotated[WantedDevice, Body()],
) -> NewDevice:
    """Make a secret for a device. It is in the answer, and nowhere else later.

    For oneself, which needs the role `settings`, or as an admin for anybody.
    """
    user = await changeable(viewer, name, server)
    devices = server.people.devices
    add = devices.add_api_key if data.kind is SecretKind.API_KEY else devices.add_app_password
    return await add(user.name, data.name)


@delete("/{kind:str}/{device:str}", summary="Revoke an app password or API key")
async def revoke_device(
    name: Name,
    kind: FromPath[SecretKind],
    device: Annotated[str, PathParameter(min_length=1, max_length=_LONGEST)],
    viewer: NamedDependency[User],
    server: NamedDependency[Server],
) -> None:
    """Take a secret back; who is logged in by it is so no longer."""
    user = await changeable(viewer, name, server)
    await server.people.devices.revoke(user.name, device, kind)


router = Router(
    "/accounts/{name:str}/devices",
    route_handlers=[list_devices, create_device, revoke_device],
    tags=["devices"],
)
