"""Users: showing them, and managing them from an app."""

from functools import partial

from msgspec.structs import replace

from hydrophone.domain.units import Kbps
from hydrophone.domain.user import AccountChanges, Roles
from hydrophone.errors import InvalidInputError, UnsupportedError
from hydrophone_subsonic.authentication import in_clear
from hydrophone_subsonic.call import Call, Sender
from hydrophone_subsonic.endpoint import endpoint
from hydrophone_subsonic.mapping.user import user_with_roles
from hydrophone_subsonic.parameters import ClearableText, Parameters, PossiblyEmpty
from hydrophone_subsonic.responses.user import User, Users

_BIT_RATES = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
"""Those that the protocol knows (updateUser); the command line takes any."""
_AN_HOUR = b"private, max-age=3600"


class ByUsername(Parameters, frozen=True, kw_only=True):
    """One user."""

    username: str


class CreateUser(Parameters, frozen=True, kw_only=True):
    """A new user; the roles' defaults are the protocol's own."""

    username: str
    password: str
    email: PossiblyEmpty
    """DSub's form sends an empty one."""
    ldap_authenticated: bool = False
    admin_role: bool = False
    settings_role: bool = True
    stream_role: bool = True
    jukebox_role: bool = False
    download_role: bool = False
    upload_role: bool = False
    playlist_role: bool = False
    cover_art_role: bool = False
    comment_role: bool = False
    podcast_role: bool = False
    share_role: bool = False
    video_conversion_role: bool = False
    music_folder_id: tuple[int, ...] = ()
    max_bit_rate: int | None = None
    """In no specification, but DSub's form has it."""


class UpdateUser(Parameters, frozen=True, kw_only=True):
    """What changes of a user; all that is absent stays."""

    username: str
    password: str | None = None
    email: ClearableText = None
    ldap_authenticated: bool = False
    admin_role: bool | None = None
    settings_role: bool | None = None
    stream_role: bool | None = None
    jukebox_role: bool | None = None
    download_role: bool | None = None
    upload_role: bool | None = None
    playlist_role: bool | None = None
    """Forgotten in the specification."""
    cover_art_role: bool | None = None
    comment_role: bool | None = None
    podcast_role: bool | None = None
    share_role: bool | None = None
    video_conversion_role: bool | None = None
    music_folder_id: tuple[int, ...] = ()
    max_bit_rate: int | None = None


class ChangePassword(Parameters, frozen=True, kw_only=True):
    """A new login password, in clear or as `enc:` with hexadecimal UTF-8."""

    username: str
    password: str


@endpoint("getUser", element="user")
async def get_user(call: Call, parameters: ByUsername) -> User:
    """Show oneself, or to an admin anybody.

    Apps show controls by the user's own roles, so where there is no jukebox nobody has its role.
    Of others an admin sees what he has given: DSub's form sends all of it back.
    """
    found = await call.services.accounts.user(call.user, parameters.username)
    is_own = found.id == call.user.id
    return user_with_roles(found, has_jukebox=call.services.jukebox.is_there or not is_own)


@endpoint("getUsers", element="users", role="admin")
async def get_users(call: Call, parameters: Parameters) -> Users:
    """Show everybody."""
    return Users(user=tuple(map(user_with_roles, await call.services.accounts.everybody())))


@endpoint("createUser", role="admin")
async def create_user(call: Call, parameters: CreateUser) -> None:
    """Make an account with a password that the admin hands on."""
    password = in_clear(parameters.password)
    await call.services.accounts.create(parameters.username, password, _changes(parameters))


@endpoint("updateUser", role="admin")
async def update_user(call: Call, parameters: UpdateUser) -> None:
    """Change what a user may do, and a password if one is given."""
    password = None if parameters.password is None else in_clear(parameters.password)
    changed = await call.services.accounts.user(call.user, parameters.username)
    if changed.id == call.user.id and not call.services.jukebox.is_there:
        # `getUser` has not shown the role, and forms send back what was shown.
        parameters = replace(parameters, jukebox_role=None)
    await call.services.accounts.update(
        call.user, parameters.username, _changes(parameters), password
    )


@endpoint("deleteUser", role="admin")
async def delete_user(call: Call, parameters: ByUsername) -> None:
    """Delete an account with all that belongs to it."""
    await call.services.accounts.remove(parameters.username, by=call.user)


@endpoint("changePassword")
async def change_password(call: Call, parameters: ChangePassword) -> None:
    """Change one's own password, or as an admin anybody's."""
    password = in_clear(parameters.password)
    await call.services.accounts.change_password(call.user, parameters.username, password)


@endpoint("getAvatar")
async def get_avatar(call: Call, parameters: ByUsername) -> Sender:
    """Send the picture of any user; DSub shows them in the chat and beside shares."""
    picture = await call.services.avatars.picture(parameters.username)
    return partial(call.tools.send_picture, picture=picture, caching=_AN_HOUR)


def _changes(parameters: CreateUser | UpdateUser) -> AccountChanges:
    if parameters.ldap_authenticated:
        raise UnsupportedError("This server has no LDAP: all users have passwords here.")
    if parameters.max_bit_rate is not None and parameters.max_bit_rate not in _BIT_RATES:
        rates = ", ".join(map(str, _BIT_RATES))
        raise InvalidInputError(f"Parameter maxBitRate must be one of {rates}.")
    roles = {field: getattr(parameters, f"{field}_role") for field in Roles.__struct_fields__}
    return AccountChanges(
        grant=frozenset(field for field, has in roles.items() if has is True),
        revoke=frozenset(field for field, has in roles.items() if has is False),
        email=parameters.email,
        max_bit_rate=None if parameters.max_bit_rate is None else Kbps(parameters.max_bit_rate),
        libraries=parameters.music_folder_id or None,
    )
