"""Accounts: one's own, and everybody's for admins."""

from typing import Annotated

from litestar import Router, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import Body, PathParameter
from litestar.status_codes import HTTP_201_CREATED
from msgspec import Meta, Struct

from hydrophone.domain.ids import LibraryId
from hydrophone.domain.units import Kbps, Timestamp
from hydrophone.domain.user import MAX_NAME, AccountChanges, NewCredentials, Roles, User
from hydrophone.errors import InvalidInputError, NotPermittedError
from hydrophone.server.api.authentication import admins_only
from hydrophone.server.wiring import Server

Name = Annotated[
    str, PathParameter(min_length=1, max_length=MAX_NAME, description="A user's name.")
]
_Password = Annotated[str, Meta(min_length=1, max_length=1000)]
_ROLES = frozenset(Roles.__struct_fields__)


class Account(Struct, frozen=True, kw_only=True):
    """Somebody with an account."""

    name: str
    email: str
    roles: Roles
    libraries: tuple[LibraryId, ...]
    """The ids of the libraries that the user may see."""
    max_bit_rate: Kbps
    """Upper limit for streams; 0 = none."""
    created: Timestamp


class Changes(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to change of an account; what is not named stays."""

    password: _Password | None = None
    roles: dict[str, bool] = {}
    """Names of roles, and whether the user is to have them."""
    email: Annotated[str, Meta(max_length=1000)] | None = None
    max_bit_rate: int | None = None
    """0 takes the limit away."""
    libraries: Annotated[tuple[int, ...], Meta(max_length=1000)] | None = None


class NewAccount(Changes, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An account to be made; without a password a random one is made, and shown in the answer."""

    name: Annotated[str, Meta(min_length=1, max_length=MAX_NAME)]
    admin: bool = False
    """Whether it begins with all roles."""


class NewPassword(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A login password."""

    password: _Password


@get("/account", summary="One's own account")
async def own_account(viewer: NamedDependency[User]) -> Account:
    """Say who is logged in, and what he may do."""
    return _account(viewer)


@put("/account/password", summary="Change one's own password", status_code=204)
async def change_own_password(
    viewer: NamedDependency[User],
    server: NamedDependency[Server],
    data: Annotated[NewPassword, Body()],
) -> None:
    """Set a login password; needs the role `settings`. Devices stay logged in."""
    await server.services.accounts.change_password(viewer, viewer.name, data.password)


@get("/accounts", summary="List accounts", guards=[admins_only])
async def list_accounts(server: NamedDependency[Server]) -> tuple[Account, ...]:
    """List all accounts by name."""
    return tuple(map(_account, await server.services.accounts.everybody()))


@post("/accounts", summary="Make an account", guards=[admins_only], status_code=HTTP_201_CREATED)
async def create_account(
    server: NamedDependency[Server], data: Annotated[NewAccount, Body()]
) -> NewCredentials:
    """Make an account. Its secrets are in the answer, and nowhere else later."""
    return await server.services.accounts.add(
        data.name, password=data.password, admin=data.admin, changes=_changes(data)
    )


@get("/accounts/{name:str}", summary="Look at an account")
async def get_account(
    name: Name, viewer: NamedDependency[User], server: NamedDependency[Server]
) -> Account:
    """Return one's own account, or as an admin anybody's."""
    return _account(await server.services.accounts.user(viewer, name))


@patch("/accounts/{name:str}", summary="Change an account", guards=[admins_only])
async def change_account(
    name: Name,
    viewer: NamedDependency[User],
    server: NamedDependency[Server],
    data: Annotated[Changes, Body()],
) -> Account:
    """Change what is named of an account. The last admin stays one."""
    accounts = server.services.accounts
    await accounts.update(viewer, name, _changes(data), data.password)
    return _account(await accounts.named(name))


@delete("/accounts/{name:str}", summary="Delete an account", guards=[admins_only])
async def delete_account(
    name: Name, viewer: NamedDependency[User], server: NamedDependency[Server]
) -> None:
    """Delete an account with its playlists, stars and history; never one's own."""
    await server.services.accounts.remove(name, by=viewer)


async def changeable(viewer: User, name: str, server: Server) -> User:
    """Return whose devices and picture the viewer may change: himself, and for an admin anybody.

    Raises NotPermittedError, also without the role `settings`, and NotFoundError.
    """
    user = await server.services.accounts.user(viewer, name)
    if not (viewer.roles.admin or viewer.roles.settings):
        raise NotPermittedError("Your account lacks the role settings.")
    return user


def _account(user: User) -> Account:
    return Account(
        name=user.name,
        email=user.email,
        roles=user.roles,
        libraries=user.libraries,
        max_bit_rate=user.max_bit_rate,
        created=user.created,
    )


def _changes(data: Changes) -> AccountChanges:
    unknown = sorted(data.roles.keys() - _ROLES)
    if unknown:
        raise InvalidInputError(f"There is no role {unknown[0]!r}.")
    return AccountChanges(
        grant=frozenset(role for role, given in data.roles.items() if given),
        revoke=frozenset(role for role, given in data.roles.items() if not given),
        email=data.email,
        max_bit_rate=None if data.max_bit_rate is None else Kbps(data.max_bit_rate),
        libraries=data.libraries,
    )


router = Router(
    "/",
    route_handlers=[
        own_account,
        change_own_password,
        list_accounts,
        create_account,
        get_account,
        change_account,
        delete_account,
    ],
    tags=["accounts"],
)
